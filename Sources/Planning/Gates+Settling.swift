import Model

/// Plays a plan's course out: what planning again and again would do, once each plan has been carried
/// out and time has passed.
///
/// Nothing fails on the way, nodes boot and replicas get ready at once. What is looked for are plans
/// that undo one another, so states are told apart by what there is, and not by the names of nodes,
/// which are never used twice.
struct Settling {
  /// Plans that are made before it is taken for restless.
  static let plansMax = 24
  /// Between two plans after which nothing was left to do, so that rules that wait come into play.
  static let pause = Seconds.minutes(15)
  /// Quiet pauses after which it is at rest.
  static let quietMin = 4

  enum Outcome: Equatable {
    case settles
    /// Plans that come back to where they began, as their summaries.
    case oscillates([String])
    case restless(plans: Int)
  }

  let outcome: Outcome

  /// Where `target` was decided on `input`.
  init(_ target: Target, _ input: PlanningInput) {
    var input = input
    // Whoever asks is a gate itself.
    input.desired.gates = []
    let old = Set(input.observed.nodes.map(\.id))
    var known = [Self.state(target)]
    var steps: [String] = []
    var (next, quiet) = (target, 0)
    for _ in 0..<Self.plansMax {
      input = input.carriedOut(next)
      let plan = Planner.plan(input)
      let state = Self.state(plan.target)
      let isQuiet = plan.nodes.isEmpty && plan.placements.isEmpty
      quiet = isQuiet ? quiet + 1 : 0
      if quiet >= Self.quietMin {
        outcome = .settles
        return
      }
      if isQuiet {
        input.now = input.now + Self.pause
      } else {
        steps.append(Self.summary(plan))
        if let first = known.firstIndex(of: state),
          first < known.count - 1 || Self.isTurnover(plan, beside: old)
        {
          outcome = .oscillates(Array(steps.suffix(max(1, known.count - first))))
          return
        }
        known.append(state)
      }
      next = plan.target
    }
    outcome = .restless(plans: Self.plansMax)
  }

  /// Whether nodes go that were bought on the way, only for the same to be bought again.
  private static func isTurnover(_ plan: Plan, beside old: Set<NodeID>) -> Bool {
    plan.nodes.contains { $0.kind == .create }
      && plan.nodes.contains { $0.kind == .delete && !old.contains($0.node) }
  }

  private static func summary(_ plan: Plan) -> String {
    let parts = plan.nodes.map { change in
      let sign = change.kind == .create ? "+" : "−"
      return "\(sign)\(change.pool?.text ?? change.node.name) \(change.instanceType)"
    }
    let moves = plan.placements.count
    return (parts + (moves == 0 ? [] : ["\(moves) \(moves == 1 ? "replica" : "replicas")"]))
      .joined(separator: ", ")
  }

  /// What there is, without the names of nodes.
  private static func state(_ target: Target) -> [String] {
    let residents = Dictionary(grouping: target.replicas, by: \.node)
    return target.nodes.map { node in
      let names = (residents[node.id] ?? []).map { "\($0.id) \($0.revision)" }
      return "\(node.pool) \(node.instanceType) \(node.zone) \(node.capacityType.rawValue) "
        + names.joined(separator: " ")
    }.sorted()
  }
}

extension PlanningInput {
  /// The same after `target` was carried out without a fault, in no time.
  fileprivate func carriedOut(_ target: Target) -> PlanningInput {
    var next = self
    let complete = Set(observed.observations.filter(\.isComplete).map(\.cluster))
    next.observed.observations = observed.observations.map { seen in
      guard complete.contains(seen.cluster) else { return seen }
      let nodes = nodes(of: target, in: seen)
      let there = Set(nodes.map(\.id))
      return Observation(
        cluster: seen.cluster, at: now, isComplete: true, nodes: nodes,
        replicas: replicas(of: target, in: seen),
        occupants: seen.occupants.filter { there.contains($0.node) })
    }
    next.previous = target
    next.changes = []
    for node in target.nodes { next.done[.create(node.id)] = now }
    for replica in target.replicas + target.surge { next.done[.start(replica)] = now }
    return next
  }

  private func nodes(of target: Target, in seen: Observation) -> [ObservedNode] {
    let used = Set((target.replicas + target.surge).map(\.node) + seen.occupants.map(\.node))
    let known = Dictionary(seen.nodes.map { ($0.id, $0) }) { first, _ in first }
    let ours = target.nodes.filter { $0.id.cluster == seen.cluster }.map { node in
      var there =
        known[node.id]
        ?? ObservedNode(
          id: node.id, pool: node.pool, instanceType: node.instanceType, zone: node.zone,
          capacityType: node.capacityType, labels: node.labels, taints: node.taints,
          capacity: node.capacity, phase: .ready, createdAt: now)
      there.phase = .ready
      there.emptySince = used.contains(node.id) ? nil : there.emptySince ?? now
      return there
    }
    return ours + seen.nodes.filter { $0.pool == nil }
  }

  private func replicas(of target: Target, in seen: Observation) -> [ObservedReplica] {
    let workloads = Dictionary(desired.workloads.map { ($0.name, $0) }) { first, _ in first }
    let known = Dictionary(grouping: seen.replicas, by: \.id)
    let finished = seen.replicas.filter { $0.phase == .finished }
    let running = target.replicas.filter { $0.node.cluster == seen.cluster }.map { decision in
      var there =
        known[decision.id]?.first { $0.follows(decision) && $0.phase != .crashLooping }
        ?? ObservedReplica(
          id: decision.id, node: decision.node, devices: decision.devices,
          resources: workloads[decision.id.workload]?.resources ?? ReplicaResources(),
          revision: decision.revision, incarnation: decision.incarnation, phase: .ready,
          startedAt: now)
      if there.phase == .starting { there.phase = .ready }
      return there
    }
    return finished.filter { done in !running.contains { $0.id == done.id } } + running
  }
}
