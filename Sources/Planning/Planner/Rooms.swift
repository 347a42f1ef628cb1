import Model
import Scheduling

/// What pools and clusters have, and what they may still get.
struct Rooms {
  let pools: [PoolRoom]
  let clusters: [ClusterRoom]
  private var nodesByPool: [PoolName: Int] = [:]
  private var byCluster: [ClusterName: Holding] = [:]

  private struct Holding {
    var nodes = 0
    var accelerators = 0
    var costPerHour = Money.zero
  }

  init(_ nodes: [TargetNode], _ standing: Standing, _ input: PlanningInput) {
    var nodesByPool: [PoolName: Int] = [:]
    var byCluster: [ClusterName: Holding] = [:]
    for node in nodes {
      nodesByPool[node.pool, default: 0] += 1
      var holding = byCluster[node.id.cluster] ?? Holding()
      holding.nodes += 1
      holding.accelerators = holding.accelerators.addingSaturated(
        node.capacity.accelerators?.count ?? 0)
      holding.costPerHour += node.pricePerHour
      byCluster[node.id.cluster] = holding
    }
    pools = input.desired.nodePools.filter { !standing.frozen.contains($0.cluster) }.map { pool in
      let count = nodesByPool[pool.name] ?? 0
      return PoolRoom(
        pool: pool.name, cluster: pool.cluster, nodesMin: max(0, pool.nodes.min - count),
        nodesMax: max(0, pool.nodes.max - count))
    }
    clusters = input.desired.clusters.map { cluster in
      let holding = byCluster[cluster.name] ?? Holding()
      return ClusterRoom(
        cluster: cluster.name, nodes: cluster.limits.nodes.map { max(0, $0 - holding.nodes) },
        accelerators: cluster.limits.accelerators.map { max(0, $0 - holding.accelerators) },
        costPerHour: cluster.limits.costPerHour.map { max(.zero, $0 - holding.costPerHour) })
    }
    self.nodesByPool = nodesByPool
    self.byCluster = byCluster
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
      .raisePoolMaximum(pool, to: room.addingSaturated(nodesByPool[pool] ?? 0))
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
