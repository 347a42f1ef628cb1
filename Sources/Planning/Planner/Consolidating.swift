import Model
import Scheduling

/// What a plan comes to before its effect is told: what leaves, what is wanted, and what was decided.
struct Draft {
  private(set) var leaving: Leaving
  let wants: Wants
  let decision: Decision

  init(_ leaving: Leaving, _ standing: Standing, _ input: PlanningInput) {
    self.leaving = leaving
    wants = Wants(standing, leaving, input)
    decision = Planner.decide(wants, standing, leaving, input)
  }

  /// What the scheduler would be asked once all is where it was decided to be: nothing is missing but
  /// what is pending.
  func question(
    _ standing: Standing, _ input: PlanningInput, closed: Set<NodeID> = []
  ) -> SchedulingInput {
    wants.question(decision.target, standing, input, closed: closed)
  }

  mutating func explain(_ nodes: [NodeID], _ cause: Cause) { leaving.explain(nodes, cause) }

  mutating func putOff(_ nodes: [ReportEntry]) { leaving.putOff(nodes) }
}

/// After the decision: under-used nodes are emptied where what they cost is better saved.
///
/// The scheduler looks for nodes whose replicas fit elsewhere; the planner then decides anew without
/// them, as if they had to leave. What comes out is kept only where it says what was promised: nobody
/// else is touched, nobody loses a home, and the fleet is cheaper once everything that is idle by then
/// has been given back too. So no other rule undoes it, and planning again moves nothing back.
enum Consolidating {
  /// Proposals that are tried before all stays as it is.
  static let attemptsMax = 3

  static func improve(_ first: Draft, _ standing: Standing, _ input: PlanningInput) -> Draft {
    let draft = resume(first, standing, input)
    let field = ConsolidationField(draft, standing, input)
    guard !field.candidates.isEmpty, let wish = field.search(field.candidates, within: nil) else {
      return draft
    }
    let isWhole = field.isWithinBudgets(wish.nodes)
    var candidates = field.candidates
    var choice = isWhole ? wish : field.search(candidates, within: field.budgets)
    guard choice != nil else {
      var waiting = draft
      waiting.putOff(field.putOff(wish.nodes))
      return waiting
    }
    for _ in 0..<attemptsMax {
      guard let proposed = choice else { break }
      if var next = field.accept(proposed, from: draft) {
        let done = Set(proposed.nodes)
        if !isWhole { next.putOff(field.putOff(wish.nodes.filter { !done.contains($0) })) }
        return next
      }
      // Some of them don't go as they should: half of them may.
      let nodes = Set(proposed.nodes)
      let half = Set(proposed.nodes.prefix(proposed.nodes.count / 2))
      candidates.removeAll { nodes.contains($0.node.id) && !half.contains($0.node.id) }
      choice = field.search(candidates, within: field.budgets)
    }
    return draft
  }

  /// Nodes that a plan decided to empty, and that nobody began with: they are ours again, and go still.
  private static func resume(
    _ draft: Draft, _ standing: Standing, _ input: PlanningInput
  ) -> Draft {
    guard let previous = input.previous else { return draft }
    let known = Set(previous.nodes.map(\.id))
    let next = Dictionary(
      previous.nextNodeOrdinals.map { ($0.pool, $0.next) }, uniquingKeysWith: max)
    let homes = Dictionary(previous.replicas.map { ($0.id, $0.node) }) { first, _ in first }
    let used = Set((draft.decision.target.replicas + draft.decision.target.surge).map(\.node))
    let pools = Dictionary(
      input.desired.nodePools.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var budgets = draft.leaving.budgets
    for (node, _) in draft.decision.givingBack.causes {
      if let pool = standing.seen[node]?.pool { budgets[pool, default: 0] -= 1 }
    }
    let again = standing.nodes.filter { node in
      guard !known.contains(node.id), !used.contains(node.id), !standing.isFrozen(node.id),
        !draft.leaving.isLeaving(node.id), standing.seen[node.id]?.phase == .ready,
        let pool = pools[node.pool], pool.disruption.empties, !pool.metadata.isProtected,
        let ordinal = node.id.ordinal(in: node.pool), ordinal < next[node.pool] ?? 0,
        standing.load(of: node.id) > 0, budgets[node.pool] ?? 0 > 0
      else { return false }
      let isMovedAway = input.observed.replicas.filter {
        $0.node == node.id && $0.holdsResources
      }.allSatisfy { homes[$0.id].map { $0 != node.id } ?? false }
      if isMovedAway { budgets[node.pool, default: 0] -= 1 }
      return isMovedAway
    }
    guard !again.isEmpty else { return draft }
    var leaving = draft.leaving
    for node in again {
      leaving.empty([node], .underused(nodes: 1, savingPerHour: node.pricePerHour), idle: [])
    }
    return Draft(leaving, standing, input)
  }
}

extension Disruption {
  /// Whether nodes on which something stands may be emptied for money's sake.
  var empties: Bool { consolidate == .underused && consolidateAfter != nil }
}

extension Want {
  /// Whether all that it has is what was decided.
  fileprivate func isWhere(_ decided: [TargetReplica]) -> Bool {
    decided.count == homes.count && decided.allSatisfy { homes[$0.id.ordinal] == Home($0) }
  }
}

extension Wants {
  /// What the scheduler would be asked once all is where the target has it.
  func question(
    _ target: Target, _ standing: Standing, _ input: PlanningInput, closed: Set<NodeID> = []
  ) -> SchedulingInput {
    let members = Dictionary(grouping: target.replicas, by: \.id.workload)
    let wants = wants.map { want in
      let stays = want.asBefore.map { $0.isWhere(members[want.workload.name] ?? []) } ?? false
      return stays ? want.asBefore ?? want : want
    }
    var fleet = Fleet(wants, on: target.nodes, closed: closed, standing, input)
    var homes: [WorkloadName: [Int: Want.Home]] = [:]
    for replica in target.replicas {
      homes[replica.id.workload, default: [:]][replica.id.ordinal] = Want.Home(replica)
    }
    fleet.settle(homes, done: Set(wants.map(\.workload.name)))
    var question = fleet.question([:]).input
    question.headrooms = fleet.headrooms
    return question
  }
}
