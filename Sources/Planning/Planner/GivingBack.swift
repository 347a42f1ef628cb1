import Model

/// Fifth step: which nodes go because nothing needs them. Those that are there have been empty for as
/// long as their pool allows, and go within its disruption budget; those that were decided and never
/// ordered are dropped. A pool keeps its minimum.
struct GivingBack {
  private(set) var causes: [NodeID: Cause] = [:]
  /// Never ordered, and not needed any more.
  private(set) var dropped: Set<NodeID> = []
  private(set) var report: [ReportEntry] = []

  init(
    _ places: some Sequence<NodeID>, _ bought: [TargetNode], _ standing: Standing,
    _ leaving: Leaving, _ input: PlanningInput
  ) {
    let used = Set(places).union(input.observed.occupants.map(\.node))
    let new = Dictionary(bought.map { ($0.pool, 1) }, uniquingKeysWith: +)
    let members = Dictionary(
      grouping: standing.nodes.filter { !leaving.isLeaving($0.id) }, by: \.pool)
    for pool in input.desired.nodePools {
      let members = members[pool.name] ?? []
      let spare = members.count + (new[pool.name] ?? 0) - pool.nodes.min
      let idle = members.filter { !used.contains($0.id) && !standing.isFrozen($0.id) }
      giveBack(idle, pool, spare: spare, leaving.budgets[pool.name] ?? 0, standing, input)
    }
  }

  private mutating func giveBack(
    _ idle: [TargetNode], _ pool: NodePoolSpec, spare: Int, _ budget: Int, _ standing: Standing,
    _ input: PlanningInput
  ) {
    var spare = spare
    for node in idle where standing.seen[node.id] == nil && spare > 0 {
      guard input.done[.create(node.id)] == nil else { continue }
      dropped.insert(node.id)
      spare -= 1
    }
    guard let patience = pool.disruption.consolidateAfter else { return }
    var budget = budget
    for node in idle where spare > 0 {
      guard let seen = standing.seen[node.id], seen.phase == .ready, let since = seen.emptySince,
        since + patience <= input.now
      else { continue }
      guard !pool.metadata.isProtected else {
        report.append(.kept(ObjectID(.nodePool, pool.metadata.name)))
        return
      }
      guard budget > 0 else {
        report.append(
          .disruptionDeferred(node.id, budget: pool.disruption.budget.of(standing.size(of: pool))))
        continue
      }
      causes[node.id] = .empty(since: since)
      spare -= 1
      budget -= 1
    }
  }
}
