import Model
import Scheduling

/// The nodes that might be emptied, and what that would mean.
struct ConsolidationField {
  struct Candidate {
    let node: TargetNode
    let pool: NodePoolSpec
  }

  /// What starting anew takes beside the work that is lost: images are fetched, and models read.
  private static let restart = Seconds.minutes(10)

  private(set) var candidates: [Candidate] = []
  /// How many more nodes of each pool may begin to go.
  private(set) var budgets: [PoolName: Int] = [:]
  private let draft: Draft
  private let standing: Standing
  private let input: PlanningInput
  private let pools: [PoolName: NodePoolSpec]
  private let nodes: [NodeID: TargetNode]

  init(_ draft: Draft, _ standing: Standing, _ input: PlanningInput) {
    self.draft = draft
    self.standing = standing
    self.input = input
    pools = Dictionary(
      input.desired.nodePools.filter { !standing.frozen.contains($0.cluster) }
        .map { ($0.name, $0) }
    ) { first, _ in first }
    nodes = Dictionary(draft.decision.target.nodes.map { ($0.id, $0) }) { first, _ in first }
    guard pools.values.contains(where: { $0.disruption.empties && !$0.metadata.isProtected })
    else { return }
    budgets = draft.leaving.budgets
    for (node, _) in draft.decision.givingBack.causes {
      if let pool = standing.seen[node]?.pool { budgets[pool, default: 0] -= 1 }
    }
    let target = draft.decision.target
    let decided = Dictionary(grouping: target.replicas, by: \.node)
    let live = Dictionary(grouping: input.observed.replicas.filter(\.holdsResources), by: \.node)
    let taken = Set(input.observed.occupants.map(\.node) + target.surge.map(\.node))
    let busy = Set(draft.wants.wants.filter { $0.isInTransit || $0.isFrozen }.map(\.workload.name))
    candidates = target.nodes.compactMap { node in
      guard let pool = pools[node.pool], pool.disruption.empties, !pool.metadata.isProtected,
        !taken.contains(node.id), let residents = decided[node.id],
        isQuiet(node, pool, residents, live[node.id] ?? [], busy)
      else { return nil }
      return Candidate(node: node, pool: pool)
    }
  }

  /// Whether nothing has come to the node for as long as its pool asks for, and nothing is on its way.
  private func isQuiet(
    _ node: TargetNode, _ pool: NodePoolSpec, _ residents: [TargetReplica],
    _ live: [ObservedReplica], _ busy: Set<WorkloadName>
  ) -> Bool {
    guard let patience = pool.disruption.consolidateAfter, live.count == residents.count,
      let seen = standing.seen[node.id], seen.phase == .ready,
      seen.createdAt + patience <= input.now
    else { return false }
    return residents.allSatisfy { resident in
      !busy.contains(resident.id.workload)
        && live.contains {
          $0.follows(resident) && $0.phase == .ready && $0.startedAt + patience <= input.now
        }
    }
  }

  // MARK: The question

  /// The best set among `candidates`, within the budgets where some are given.
  func search(_ candidates: [Candidate], within budgets: [PoolName: Int]?) -> Consolidation? {
    let target = draft.decision.target
    let touched = Set(candidates.map(\.node.id))
    let gangs = Set(
      target.replicas.lazy.filter { touched.contains($0.node) }.map(\.id.workload))
    let counts = Dictionary(target.nodes.map { ($0.pool, 1) }, uniquingKeysWith: +)
    return Scheduler.consolidate(
      draft.question(standing, input, closed: surplus(of: draft.decision)),
      ConsolidationTerms(
        candidates: candidates.map { candidate in
          ConsolidationTerms.Candidate(
            node: candidate.node.id, pool: candidate.node.pool,
            pricePerHour: candidate.node.pricePerHour,
            horizon: candidate.pool.disruption.savingHorizon,
            marginPercent: candidate.pool.disruption.savingPercentMin)
        },
        pools: pools.values.sorted { $0.name < $1.name }.map { pool in
          ConsolidationTerms.PoolTerms(
            pool: pool.name, drainsMax: budgets.map { $0[pool.name] ?? 0 } ?? .max,
            spare: (counts[pool.name] ?? 0) - pool.nodes.min)
        },
        losses: draft.wants.wants.filter { $0.workload.isGang && gangs.contains($0.workload.name) }
          .map { ConsolidationTerms.WorkloadLoss(workload: $0.workload.name, amount: loss(of: $0)) }
      ))
  }

  /// What it costs to start a gang anew: its devices for the time since they saved their work last, and
  /// for as long as the start takes. A gang without devices counts by its cores.
  private func loss(of want: Want) -> Money {
    var micros: Int64 = 0
    for ordinal in want.homes.keys.sorted() {
      guard let home = want.homes[ordinal], let node = nodes[home.node] else { continue }
      let replica = ReplicaID(want.workload.name, ordinal)
      let seconds = want.unsaved(of: replica, home, standing, at: input.now)
        .addingSaturated(Self.restart.count)
      let (part, whole) = want.workload.resources.share(of: node.capacity)
      let perHour = Int128(max(0, node.pricePerHour.micros)) * Int128(part) / Int128(whole)
      micros = micros.addingSaturated(Int64(clamping: perHour * Int128(seconds) / 3600))
    }
    return Money(micros: micros)
  }

  /// Nodes that nothing stands on and that are given back sooner or later: they are no place to move
  /// to, and what they cost is no cost.
  private func surplus(of decision: Decision) -> Set<NodeID> {
    let target = decision.target
    let used = Set(
      (target.replicas + target.surge).map(\.node) + input.observed.occupants.map(\.node)
    ).union(decision.arrangement.headroom)
    let members = Dictionary(grouping: target.nodes, by: \.pool)
    var surplus: Set<NodeID> = []
    for pool in pools.values
    where pool.disruption.consolidateAfter != nil && !pool.metadata.isProtected {
      let nodes = members[pool.name] ?? []
      let idle = nodes.filter { !used.contains($0.id) }.map(\.id).sorted()
      surplus.formUnion(idle.prefix(max(0, nodes.count - pool.nodes.min)))
    }
    return surplus
  }

  // MARK: The answer

  /// The decision without the chosen nodes; nil where it isn't what was promised.
  func accept(_ choice: Consolidation, from draft: Draft) -> Draft? {
    let chosen = Set(choice.nodes)
    let nodes = draft.decision.target.nodes.filter { chosen.contains($0.id) }
    let cause = Cause.underused(nodes: nodes.count, savingPerHour: choice.savingPerHour)
    var leaving = draft.leaving
    leaving.empty(nodes, cause, idle: surplus(of: draft.decision))
    var next = Draft(leaving, standing, input)
    let saving = lasting(draft.decision) - lasting(next.decision)
    let missing = choice.savingPerHour - saving
    let horizon = nodes.compactMap { pools[$0.pool]?.disruption.savingHorizon.count }.max() ?? 0
    let worth = Int128(choice.worth.micros) - Int128(missing.micros) * Int128(horizon) / 3600
    guard worth > 0, saving > .zero, leavesAloneAllBut(chosen, draft, next),
      Neighbourhood(next.decision.target, standing, input).against
        == Neighbourhood(draft.decision.target, standing, input).against
    else { return nil }
    next.explain(
      choice.nodes, .underused(nodes: nodes.count, savingPerHour: saving))
    return next
  }

  /// What the target costs when all that is surplus has been given back.
  private func lasting(_ decision: Decision) -> Money {
    let idle = surplus(of: decision)
    return decision.target.nodes.reduce(Money.zero) {
      $0 + (idle.contains($1.id) ? .zero : $1.pricePerHour)
    }
  }

  private func leavesAloneAllBut(
    _ chosen: Set<NodeID>, _ draft: Draft, _ next: Draft
  ) -> Bool {
    let (before, after) = (draft.decision, next.decision)
    func pending(_ decision: Decision) -> [[String]] {
      decision.arrangement.pending.map { ["\($0.workload)"] + $0.ordinals.map(String.init) }
    }
    guard pending(before) == pending(after),
      Set(before.arrangement.preemptions.keys) == Set(after.arrangement.preemptions.keys),
      Set(before.arrangement.held.keys) == Set(after.arrangement.held.keys)
    else { return false }
    let moved = before.target.replicas.filter { chosen.contains($0.node) }
    let names = Set(moved.map(\.id))
    let gangs = Set(
      draft.wants.wants.lazy.map(\.workload).filter(\.isGang).map(\.name)
    ).intersection(moved.map(\.id.workload))
    func others(_ target: Target) -> [TargetReplica] {
      (target.replicas + target.surge).filter {
        !names.contains($0.id) && !gangs.contains($0.id.workload)
      }
    }
    let alike = zip(others(before.target), others(after.target)).allSatisfy {
      $0.id == $1.id && $0.node == $1.node && $0.devices == $1.devices
        && $0.revision == $1.revision
    }
    return alike && before.target.replicas.count == after.target.replicas.count
      && before.target.surge == after.target.surge && keepsMinimums(after.target)
  }

  private func keepsMinimums(_ target: Target) -> Bool {
    let before = Dictionary(draft.decision.target.nodes.map { ($0.pool, 1) }, uniquingKeysWith: +)
    let after = Dictionary(target.nodes.map { ($0.pool, 1) }, uniquingKeysWith: +)
    return pools.values.allSatisfy {
      (after[$0.name] ?? 0) >= min(before[$0.name] ?? 0, $0.nodes.min)
    }
  }

  // MARK: Budgets

  func isWithinBudgets(_ nodes: [NodeID]) -> Bool {
    let counts = Dictionary(
      nodes.compactMap { standing.seen[$0]?.pool }.map { ($0, 1) }, uniquingKeysWith: +)
    return counts.allSatisfy { $0.value <= budgets[$0.key] ?? 0 }
  }

  func putOff(_ nodes: [NodeID]) -> [ReportEntry] {
    nodes.compactMap { node in
      guard let pool = standing.seen[node]?.pool.flatMap({ pools[$0] }) else { return nil }
      return .disruptionDeferred(node, budget: pool.disruption.budget.of(standing.size(of: pool)))
    }
  }
}

extension ReplicaResources {
  /// The part of a node that a replica takes, as a fraction.
  fileprivate func share(of capacity: NodeCapacity) -> (part: Int64, whole: Int64) {
    if let accelerator, let devices = capacity.accelerators?.count, devices > 0 {
      return (accelerator.milliDevices, Int64(devices).multipliedSaturated(by: 1000))
    }
    return (amounts.cpuMilli, max(1, capacity.amounts.cpuMilli))
  }
}
