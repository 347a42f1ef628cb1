import Model
import Scheduling

/// What pools and clusters have, and what they may still get.
struct Rooms {
  let pools: [PoolRoom]
  let clusters: [ClusterRoom]
  private var byPool: [PoolName: Holding] = [:]
  private var byCluster: [ClusterName: Holding] = [:]

  private struct Holding {
    var nodes = 0
    var accelerators = 0
    var costPerHour = Money.zero

    mutating func add(_ node: TargetNode) {
      nodes += 1
      accelerators = accelerators.addingSaturated(node.capacity.accelerators?.count ?? 0)
      costPerHour += node.pricePerHour
    }
  }

  init(_ nodes: [TargetNode], _ standing: Standing, _ input: PlanningInput) {
    for node in nodes {
      byPool[node.pool, default: Holding()].add(node)
      byCluster[node.id.cluster, default: Holding()].add(node)
    }
    let (byPool, byCluster) = (byPool, byCluster)
    pools = input.desired.nodePools.filter { !standing.frozen.contains($0.cluster) }.map { pool in
      let holding = byPool[pool.name] ?? Holding()
      return PoolRoom(
        pool: pool.name, cluster: pool.cluster,
        nodesMin: max(0, pool.nodes.min - holding.nodes),
        nodesMax: max(0, pool.nodes.max - holding.nodes),
        costPerHour: pool.limits.costPerHour.map { max(.zero, $0 - holding.costPerHour) })
    }
    clusters = input.desired.clusters.map { cluster in
      let holding = byCluster[cluster.name] ?? Holding()
      return ClusterRoom(
        cluster: cluster.name, nodes: cluster.limits.nodes.map { max(0, $0 - holding.nodes) },
        accelerators: cluster.limits.accelerators.map { max(0, $0 - holding.accelerators) },
        costPerHour: cluster.limits.costPerHour.map { max(.zero, $0 - holding.costPerHour) },
        isHeld: input.isHeld(.cluster(cluster.name), cluster.budget))
    }
  }

  /// The scheduler knows what may be added; people set what there may be.
  func inWhole(_ pending: PendingReplicas) -> PendingReplicas {
    var whole = pending
    whole.remedy = pending.remedy.map(inWhole)
    return whole
  }

  private func inWhole(_ remedy: Remedy) -> Remedy {
    switch remedy {
    case .raisePoolMaximum(let pool, let room):
      .raisePoolMaximum(pool, to: room.addingSaturated(byPool[pool]?.nodes ?? 0))
    case .raisePoolCost(let pool, let room):
      .raisePoolCost(pool, toPerHour: room + (byPool[pool]?.costPerHour ?? .zero))
    case .raiseClusterNodes(let cluster, let room):
      .raiseClusterNodes(cluster, to: room.addingSaturated(byCluster[cluster]?.nodes ?? 0))
    case .raiseClusterAccelerators(let cluster, let room):
      .raiseClusterAccelerators(
        cluster, to: room.addingSaturated(byCluster[cluster]?.accelerators ?? 0))
    case .raiseClusterCost(let cluster, let room):
      .raiseClusterCost(
        cluster, toPerHour: room + (byCluster[cluster]?.costPerHour ?? .zero))
    case .raiseQueueQuota, .raisePriority, .lowerReplicas, .lowerAcceleratorCount, .lowerCPU,
      .lowerMemory, .dropSpread, .dropPack, .dropAffinity, .dropAntiAffinity,
      .dropNodeSelector, .tolerate, .allowCluster, .joinQueue:
      remedy
    }
  }
}
