import Catalog
import Model
import Scheduling

/// Fourth and fifth step: where everything goes, and which nodes are given back because nothing needs
/// them.
struct Arrangement {
  let result: SchedulingResult
  /// The purchases with their names, in the order of the result.
  let bought: [TargetNode]
  let ordinals: [NodeOrdinal]
  /// Services that keep their old revision for want of room for a stand-in.
  let held: [WorkloadName: PendingReplicas]
  let leavingNodes: Set<NodeID>
  /// Nodes that nothing needs any more.
  private(set) var givenBack: [NodeID: Cause] = [:]
  private(set) var report: [ReportEntry]

  init(_ wants: Wants, _ standing: Standing, _ leaving: Leaving, _ input: PlanningInput) {
    leavingNodes = Set(leaving.causes.keys)
    let fleet = Fleet(wants, standing, leaving, input)
    let first = Scheduler.schedule(fleet.schedulingInput(holding: []))
    let held = Self.withoutStandIns(wants, first)
    result =
      held.isEmpty
      ? first : Scheduler.schedule(fleet.schedulingInput(holding: Set(held.keys)))
    self.held = held
    (bought, ordinals) = Self.name(result.purchases, standing, input)
    report = held.keys.sorted().compactMap { name in held[name].map { .rolloutHeld(name, $0) } }
    giveBack(standing, leaving, input)
  }

  func home(_ placement: ScheduledReplica) -> NodeID {
    switch placement.home {
    case .existing(let node): node
    case .new(let index): bought[index].id
    }
  }

  /// Services in exchange that found no place for any stand-in, or for all replicas of another size.
  private static func withoutStandIns(
    _ wants: Wants, _ result: SchedulingResult
  ) -> [WorkloadName: PendingReplicas] {
    let rollouts = wants.wants.filter {
      ($0.surge > 0 || !$0.fallbacks.isEmpty) && !$0.isFrozen
    }
    guard !rollouts.isEmpty else { return [:] }
    let placed = Set(result.placements.map(\.replica))
    var held: [WorkloadName: PendingReplicas] = [:]
    for want in rollouts {
      let name = want.workload.name
      let standIns = want.count..<(want.count + want.surge)
      let isCovered =
        want.surge == 0 || standIns.contains { placed.contains(ReplicaID(name, $0)) }
      let isWhole = want.fallbacks.keys.allSatisfy { placed.contains(ReplicaID(name, $0)) }
      if isCovered && isWhole { continue }
      held[name] =
        result.pending.first { $0.workload == name }
        ?? PendingReplicas(workload: name, ordinals: Array(standIns), reasons: [])
    }
    return held
  }

  /// Names that no node of the pool ever had.
  private static func name(
    _ purchases: [NodePurchase], _ standing: Standing, _ input: PlanningInput
  ) -> ([TargetNode], [NodeOrdinal]) {
    var next: [PoolName: Int] = [:]
    for ordinal in input.previous?.nextNodeOrdinals ?? [] { next[ordinal.pool] = ordinal.next }
    for node in input.observed.nodes {
      guard let pool = node.pool, let ordinal = node.id.ordinal(in: pool) else { continue }
      next[pool] = max(next[pool] ?? 1, ordinal.addingSaturated(1))
    }
    let nodes = purchases.map { purchase -> TargetNode in
      let offer = purchase.offer
      let ordinal = next[offer.pool] ?? 1
      next[offer.pool] = ordinal + 1
      return TargetNode(
        id: NodeID(offer.cluster, "\(offer.pool)-\(ordinal)"), pool: offer.pool,
        instanceType: offer.instanceType, zone: offer.zone, capacityType: offer.capacityType,
        pricePerHour: offer.pricePerHour, capacity: offer.capacity, labels: offer.labels,
        taints: offer.taints)
    }
    return (nodes, next.keys.sorted().map { NodeOrdinal(pool: $0, next: next[$0] ?? 1) })
  }

  /// Empty for as long as the pool allows, above its minimum, within its disruption budget.
  private mutating func giveBack(
    _ standing: Standing, _ leaving: Leaving, _ input: PlanningInput
  ) {
    let used = Set(result.placements.map(home))
    let occupied = Set(input.observed.occupants.map(\.node))
    for pool in input.desired.nodePools {
      guard let patience = pool.disruption.consolidateAfter else { continue }
      let members = standing.nodes.filter { $0.pool == pool.name && !leaving.isLeaving($0.id) }
      var spare = members.count + bought.filter { $0.pool == pool.name }.count - pool.nodes.min
      var budget =
        pool.disruptionsLeft(standing, input)
        - leaving.causes.values.filter { $0 == .expired }.count
      for node in members where !used.contains(node.id) && !occupied.contains(node.id) {
        guard spare > 0, !standing.isFrozen(node.id), let seen = standing.seen[node.id],
          seen.phase == .ready, let since = seen.emptySince, since + patience <= input.now
        else { continue }
        guard !pool.metadata.isProtected else {
          report.append(.kept(ObjectID(.nodePool, pool.metadata.name)))
          break
        }
        guard budget > 0 else {
          report.append(
            .disruptionDeferred(node.id, budget: pool.disruption.budget.of(members.count)))
          continue
        }
        givenBack[node.id] = .empty(since: since)
        spare -= 1
        budget -= 1
      }
    }
  }
}

extension NodeID {
  /// The number in `POOL-N`, where the name has that form.
  func ordinal(in pool: PoolName) -> Int? {
    let prefix = pool.text + "-"
    guard name.hasPrefix(prefix) else { return nil }
    return Int(name.dropFirst(prefix.count))
  }
}
