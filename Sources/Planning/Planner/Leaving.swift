import Model

/// Second step: which standing nodes must go whatever is wanted. Their pool is gone or was made
/// smaller, or they are older than it allows; the latter within the pool's disruption budget.
///
/// Nodes that are merely empty are found later, when it is known that nothing needs them.
struct Leaving {
  private(set) var causes: [NodeID: Cause] = [:]
  private(set) var report: [ReportEntry] = []

  init(_ standing: Standing, _ input: PlanningInput) {
    let pools = Dictionary(uniqueKeysWithValues: input.desired.nodePools.map { ($0.name, $0) })
    for node in standing.nodes where !standing.isFrozen(node.id) && pools[node.pool] == nil {
      causes[node.id] = .poolShrunk
    }
    for pool in input.desired.nodePools where !pool.metadata.isProtected {
      let members = standing.nodes.filter { $0.pool == pool.name && !standing.isFrozen($0.id) }
      shrink(pool, members, standing)
      expire(pool, members, standing, input)
    }
  }

  func isLeaving(_ node: NodeID) -> Bool { causes[node] != nil }

  /// Nodes above the pool's maximum: those that carry least first, then the youngest by name.
  private mutating func shrink(
    _ pool: NodePoolSpec, _ members: [TargetNode], _ standing: Standing
  ) {
    let excess = members.count - pool.nodes.max
    guard excess > 0 else { return }
    let loads = Dictionary(
      standing.replicas.values.flatMap { $0 }.filter(\.holdsResources).map { ($0.node, 1) },
      uniquingKeysWith: +)
    let order = members.sorted { left, right in
      let (first, second) = (loads[left.id] ?? 0, loads[right.id] ?? 0)
      return first != second ? first < second : right.id < left.id
    }
    for node in order.prefix(excess) { causes[node.id] = .poolShrunk }
  }

  private mutating func expire(
    _ pool: NodePoolSpec, _ members: [TargetNode], _ standing: Standing, _ input: PlanningInput
  ) {
    guard let age = pool.disruption.expireAfter else { return }
    let old = members.filter { node in
      guard let seen = standing.seen[node.id], seen.phase == .ready, !isLeaving(node.id) else {
        return false
      }
      return seen.createdAt + age <= input.now
    }
    let budget = pool.disruptionsLeft(standing, input)
    for (rank, node) in old.enumerated() {
      if rank < budget {
        causes[node.id] = .expired
      } else {
        report.append(.disruptionDeferred(node.id, budget: budget))
      }
    }
  }
}

extension NodePoolSpec {
  /// How many more of the pool's nodes may begin to go: the budget less those that are going already,
  /// for whatever reason.
  func disruptionsLeft(_ standing: Standing, _ input: PlanningInput) -> Int {
    let members = input.observed.nodes.filter { $0.pool == name && $0.id.cluster == cluster }
    let going = members.filter { node in
      switch node.phase {
      case .booting, .ready: false
      case .draining, .lost, .deleting: true
      }
    }
    return max(0, disruption.budget.of(members.count) - going.count)
  }
}
