import Catalog
import Model

/// What may exist: names, offers, and the limits of pools, clusters and queues. A limit that was
/// exceeded before may stay so, but nothing may be added to it.
enum BoundsAudit {
  static func check(_ evidence: Evidence) -> [Violation.Bounds] {
    let bought = bought(evidence)
    return names(bought, evidence) + offers(bought, evidence) + pools(bought, evidence)
      + clusters(bought, evidence) + queues(evidence)
  }

  /// Nodes that this plan, and none before it, decides to create.
  private static func bought(_ evidence: Evidence) -> [TargetNode] {
    let known = Set((evidence.input.previous?.nodes ?? []).map(\.id))
    return evidence.plan.target.nodes.filter {
      evidence.seen[$0.id] == nil && !known.contains($0.id)
    }
  }

  private static func names(_ bought: [TargetNode], _ evidence: Evidence) -> [Violation.Bounds] {
    var known: Set<NodeID> = []
    let doubles = evidence.plan.target.nodes.filter { !known.insert($0.id).inserted }.map(\.id)
    let before = Dictionary(
      (evidence.input.previous?.nextNodeOrdinals ?? []).map { ($0.pool, $0.next) }
    ) { first, _ in first }
    let after = Dictionary(evidence.plan.target.nextNodeOrdinals.map { ($0.pool, $0.next) }) {
      first, _ in first
    }
    let reused = bought.filter { node in
      let start = "\(node.pool)-"
      guard node.id.name.hasPrefix(start), let ordinal = Int(node.id.name.dropFirst(start.count))
      else { return true }
      return ordinal < before[node.pool] ?? 0 || ordinal >= after[node.pool] ?? 0
    }
    return (doubles + reused.map(\.id)).map { .nameUsedTwice($0) }
  }

  private static func offers(_ bought: [TargetNode], _ evidence: Evidence) -> [Violation.Bounds] {
    bought.filter { !isOffered($0, evidence) }.map { .notOffered($0.id) }
  }

  private static func isOffered(_ node: TargetNode, _ evidence: Evidence) -> Bool {
    guard let pool = evidence.pools[node.pool], pool.cluster == node.id.cluster,
      let cluster = evidence.input.desired.clusters.first(where: { $0.name == pool.cluster }),
      let catalog = evidence.input.catalogs[cluster.name],
      let type = catalog.instanceType(named: node.instanceType, in: cluster.region),
      let price = catalog.price(of: node.instanceType, in: cluster.region)
    else { return false }
    let perHour = node.capacityType == .spot ? price.spotPerHour : price.onDemandPerHour
    let zones = pool.zones.isEmpty ? cluster.zones : pool.zones
    let isNamed = pool.instanceTypes.contains(node.instanceType)
    let isMet = pool.requirements.map { type.meets($0) } ?? false
    let isRefused = evidence.input.outOfStock.contains {
      $0.cluster == cluster.name && $0.instanceType == node.instanceType
        && $0.capacityType == node.capacityType && $0.zone == node.zone
    }
    let given = [
      ("pool", pool.name.text), ("zone", node.zone), ("instance-type", node.instanceType),
      ("capacity-type", node.capacityType.rawValue),
    ]
    let isLabelled = node.labels == Labels(given).merging(pool.labels)
    return perHour == node.pricePerHour && type.capacity == node.capacity && isLabelled
      && node.taints == pool.taints
      && pool.capacity.contains(node.capacityType) && zones.contains(node.zone)
      && (isNamed || isMet) && !isRefused
  }

  private static func pools(_ bought: [TargetNode], _ evidence: Evidence) -> [Violation.Bounds] {
    Set(bought.map(\.pool)).sorted().flatMap { name -> [Violation.Bounds] in
      guard let pool = evidence.pools[name] else { return [] }
      let nodes = evidence.plan.target.nodes.filter { $0.pool == name }
      let cost = nodes.reduce(Money.zero) { $0 + $1.pricePerHour }
      var exceeded: [Violation.Bounds] = []
      if nodes.count > pool.nodes.max {
        exceeded.append(.poolExceeded(name, nodes: nodes.count, max: pool.nodes.max))
      }
      if let most = pool.limits.costPerHour, cost > most {
        exceeded.append(.poolCostExceeded(name))
      }
      return exceeded
    }
  }

  private static func clusters(_ bought: [TargetNode], _ evidence: Evidence) -> [Violation.Bounds] {
    evidence.input.desired.clusters.flatMap { cluster -> [Violation.Bounds] in
      guard bought.contains(where: { $0.id.cluster == cluster.name }) else { return [] }
      let nodes = evidence.plan.target.nodes.filter { $0.id.cluster == cluster.name }
      let devices = nodes.reduce(0) {
        $0.addingSaturated($1.capacity.accelerators?.count ?? 0)
      }
      let cost = nodes.reduce(Money.zero) { $0 + $1.pricePerHour }
      var exceeded: [Violation.ClusterBound] = []
      if nodes.count > cluster.limits.nodes ?? .max { exceeded.append(.nodes) }
      let buysDevices = bought.contains { $0.capacity.accelerators != nil }
      if buysDevices && devices > cluster.limits.accelerators ?? .max {
        exceeded.append(.accelerators)
      }
      if let most = cluster.limits.costPerHour, cost > most { exceeded.append(.cost) }
      if let budget = cluster.budget, budget.onExceed == .hold,
        evidence.input.spent[.cluster(cluster.name)] ?? .zero > budget.monthly
      {
        exceeded.append(.budget)
      }
      return exceeded.map { .clusterExceeded(cluster.name, $0) }
    }
  }

  private static func queues(_ evidence: Evidence) -> [Violation.Bounds] {
    evidence.input.desired.queues.compactMap { queue in
      guard let limit = queue.limit else { return nil }
      let inside = subtree(of: queue.name, evidence.input.desired.queues)
      func counts(_ workload: WorkloadName) -> Bool {
        evidence.workloads[workload]?.queue.map(inside.contains) ?? false
      }
      let growth = evidence.starts.filter { counts($0.replica.id.workload) }
      guard growth.contains(where: { $0.order.workload.resources.accelerator != nil }) else {
        return nil
      }
      var total: Int64 = 0
      var byModel: [AcceleratorModel: Int64] = [:]
      for replica in evidence.plan.target.replicas where counts(replica.id.workload) {
        let milli = evidence.resources(replica).accelerator?.milliDevices ?? 0
        let charge = milli < 1000 ? milli : (milli + 999) / 1000 * 1000
        total = total.addingSaturated(charge)
        guard let model = evidence.capacity(replica.node)?.accelerators?.model else { continue }
        byModel[model] = (byModel[model] ?? 0).addingSaturated(charge)
      }
      let isOver = limit.accelerators.map { total > milli($0) } ?? false
      let isOverModel = limit.byModel.contains { (byModel[$0.model] ?? 0) > milli($0.count) }
      return isOver || isOverModel ? .queueExceeded(queue.name) : nil
    }
  }

  private static func milli(_ count: Int) -> Int64 { Int64(count).multipliedSaturated(by: 1000) }

  /// The queue and all below it; a cycle of parents ends where it began.
  private static func subtree(of root: QueueName, _ queues: [QueueSpec]) -> Set<QueueName> {
    var inside: Set<QueueName> = [root]
    var grew = true
    while grew {
      grew = false
      for queue in queues {
        guard let parent = queue.parent, inside.contains(parent) else { continue }
        if inside.insert(queue.name).inserted { grew = true }
      }
    }
    return inside
  }
}
