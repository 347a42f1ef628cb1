import Catalog
import Model

/// Second step: which standing nodes must go whatever is wanted. Their pool is gone, was made smaller or
/// buys other nodes by now, or they are older than it allows; within the pool's disruption budget where
/// there is still a pool.
///
/// Nodes that are merely empty are found later, when it is known that nothing needs them.
struct Leaving {
  private(set) var causes: [NodeID: Cause] = [:]
  /// How many more nodes of each pool may begin to go.
  private(set) var budgets: [PoolName: Int] = [:]
  private(set) var report: [ReportEntry] = []
  /// Idle nodes that nothing moves to while others are emptied.
  private(set) var closed: Set<NodeID> = []

  init(_ standing: Standing, _ input: PlanningInput) {
    let pools = Dictionary(uniqueKeysWithValues: input.desired.nodePools.map { ($0.name, $0) })
    let open = standing.nodes.filter { !standing.isFrozen($0.id) }
    for node in open where pools[node.pool]?.cluster != node.id.cluster {
      causes[node.id] = .poolShrunk
    }
    let members = Dictionary(grouping: open.filter { causes[$0.id] == nil }, by: \.pool)
    for pool in input.desired.nodePools {
      budgets[pool.name] = max(
        0, pool.disruption.budget.of(standing.size(of: pool)) - standing.going(of: pool))
      guard let members = members[pool.name], !pool.metadata.isProtected else { continue }
      shrink(pool, members, standing)
      replace(pool, members.filter { !isLeaving($0.id) }, standing, input)
    }
  }

  func isLeaving(_ node: NodeID) -> Bool { causes[node] != nil }

  /// Nodes that go though something stands on them and nothing forces them to; their budgets allow it.
  mutating func empty(_ nodes: [TargetNode], _ cause: Cause, idle: Set<NodeID>) {
    for node in nodes {
      causes[node.id] = cause
      budgets[node.pool, default: 0] -= 1
    }
    closed.formUnion(idle)
  }

  mutating func explain(_ nodes: [NodeID], _ cause: Cause) {
    for node in nodes where isLeaving(node) { causes[node] = cause }
  }

  mutating func putOff(_ nodes: [ReportEntry]) {
    report += nodes.filter { !report.contains($0) }
  }

  /// Nodes above the pool's maximum: those that carry least first, then the youngest by name.
  private mutating func shrink(
    _ pool: NodePoolSpec, _ members: [TargetNode], _ standing: Standing
  ) {
    let excess = members.count - pool.nodes.max
    guard excess > 0 else { return }
    let order = members.sorted { left, right in
      let (first, second) = (standing.load(of: left.id), standing.load(of: right.id))
      return first != second ? first < second : right.id < left.id
    }
    for node in order.prefix(excess) { take(node, .poolShrunk, pool, standing) }
  }

  /// Nodes that are not what the pool would buy now, then those that are too old.
  private mutating func replace(
    _ pool: NodePoolSpec, _ members: [TargetNode], _ standing: Standing, _ input: PlanningInput
  ) {
    for node in members {
      if let path = input.drift(of: node, from: pool) {
        take(node, .changed(path: path), pool, standing)
      }
    }
    guard let age = pool.disruption.expireAfter else { return }
    for node in members where !isLeaving(node.id) {
      guard let seen = standing.seen[node.id], seen.phase == .ready,
        seen.createdAt + age <= input.now
      else { continue }
      take(node, .expired, pool, standing)
    }
  }

  /// What was never ordered goes without disrupting anything.
  private mutating func take(
    _ node: TargetNode, _ cause: Cause, _ pool: NodePoolSpec, _ standing: Standing
  ) {
    let isThere = standing.seen[node.id] != nil
    let budget = budgets[pool.name] ?? 0
    guard budget > 0 || !isThere else {
      report.append(
        .disruptionDeferred(node.id, budget: pool.disruption.budget.of(standing.size(of: pool))))
      return
    }
    causes[node.id] = cause
    if isThere { budgets[pool.name] = budget - 1 }
  }
}

extension PlanningInput {
  /// The field of the pool that a node does not follow; nil where the pool could buy it today, prices
  /// and stock left aside.
  func drift(of node: TargetNode, from pool: NodePoolSpec) -> String? {
    guard let cluster = desired.clusters.first(where: { $0.name == pool.cluster }) else {
      return nil
    }
    let zones = pool.zones.isEmpty ? cluster.zones : pool.zones
    if !zones.contains(node.zone) { return "spec.zones" }
    if !pool.capacity.contains(node.capacityType) { return "spec.capacity" }
    if let catalog = catalogs[cluster.name],
      !pool.types(in: catalog, region: cluster.region).contains(where: {
        $0.name == node.instanceType
      })
    {
      return pool.requirements == nil ? "spec.instanceTypes" : "spec.requirements"
    }
    if node.taints != pool.taints { return "spec.taints" }
    let labels = pool.nodeLabels(
      zone: node.zone, instanceType: node.instanceType, node.capacityType)
    return labels.pairs.allSatisfy { node.labels[$0.key] == $0.value } ? nil : "spec.labels"
  }
}
