import Catalog
import Model
import Scheduling

/// The scheduler's question: what stands, what is wanted, what may be bought.
struct Fleet {
  private let wants: Wants
  private let standing: Standing
  private let leaving: Leaving
  private let input: PlanningInput
  private let nodes: [FleetNode]

  init(_ wants: Wants, _ standing: Standing, _ leaving: Leaving, _ input: PlanningInput) {
    self.wants = wants
    self.standing = standing
    self.leaving = leaving
    self.input = input
    var occupancies: [NodeID: [Occupancy]] = [:]
    for occupant in input.observed.occupants {
      occupancies[occupant.node, default: []]
        .append(Occupancy(resources: occupant.resources, devices: occupant.devices))
    }
    for replica in wants.wants.flatMap(\.predecessors) {
      occupancies[replica.node, default: []]
        .append(Occupancy(resources: replica.resources, devices: replica.devices))
    }
    let ours = standing.nodes.filter { !leaving.isLeaving($0.id) }.map { node in
      FleetNode(
        id: node.id, pool: node.pool, zone: node.zone,
        labels: node.labels.merging(standing.seen[node.id]?.labels ?? .none), taints: node.taints,
        capacity: standing.seen[node.id]?.capacity ?? node.capacity,
        occupants: occupancies[node.id] ?? [], isOpen: !standing.isFrozen(node.id))
    }
    let others = standing.foreign.map { node in
      FleetNode(
        id: node.id, pool: nil, zone: node.zone, labels: node.labels, taints: node.taints,
        capacity: node.capacity, occupants: occupancies[node.id] ?? [],
        isOpen: !standing.isFrozen(node.id))
    }
    nodes = ours + others
  }

  /// `held` services are not exchanged: they keep what they have and get no stand-in.
  func schedulingInput(holding held: Set<WorkloadName>) -> SchedulingInput {
    let demands = wants.wants.map { want -> ReplicaDemand in
      var demand = want.demand(clusters(for: want), input)
      if held.contains(want.workload.name) {
        demand.count = want.fallbacks.isEmpty || !want.homes.isEmpty ? want.count : 0
        demand.running.removeAll { $0.ordinal >= demand.count }
      }
      return demand
    }
    return SchedulingInput(
      nodes: nodes, demands: demands, offers: input.desired.nodePools.flatMap(offers),
      pools: input.desired.nodePools.filter { !standing.frozen.contains($0.cluster) }.map(room),
      clusters: input.desired.clusters.map(room), queues: input.desired.queues)
  }

  /// New replicas go to clusters that were seen only.
  private func clusters(for want: Want) -> [ClusterName] {
    let allowed = want.workload.clusters
    guard !standing.frozen.isEmpty, !want.isFrozen else { return allowed }
    let open = input.desired.clusters.map(\.name).filter { !standing.frozen.contains($0) }
    return allowed.isEmpty ? open : allowed.filter { !standing.frozen.contains($0) }
  }

  private func offers(_ pool: NodePoolSpec) -> [NodeOffer] {
    guard let cluster = input.desired.clusters.first(where: { $0.name == pool.cluster }),
      !standing.frozen.contains(cluster.name), let catalog = input.catalogs[cluster.name]
    else { return [] }
    let zones = pool.zones.isEmpty ? cluster.zones : pool.zones
    let types =
      pool.instanceTypes.compactMap { catalog.instanceType(named: $0, in: cluster.region) }
      + (pool.requirements.map { catalog.instanceTypes(matching: $0, in: cluster.region) } ?? [])
    return types.flatMap { catalog.offers(of: $0, in: cluster.region, zones: zones) }
      .compactMap { offer in
        guard let preference = pool.capacity.firstIndex(of: offer.capacityType),
          !isOutOfStock(offer, cluster.name)
        else { return nil }
        return NodeOffer(
          pool: pool.name, cluster: cluster.name, instanceType: offer.instanceType.name,
          zone: offer.zone, capacityType: offer.capacityType, pricePerHour: offer.pricePerHour,
          capacity: offer.instanceType.capacity, labels: pool.nodeLabels(offer),
          taints: pool.taints, preference: preference)
      }
  }

  private func isOutOfStock(_ offer: Offer, _ cluster: ClusterName) -> Bool {
    input.outOfStock.contains(
      StockOut(
        cluster: cluster, instanceType: offer.instanceType.name, capacityType: offer.capacityType,
        zone: offer.zone))
  }

  private func room(_ pool: NodePoolSpec) -> PoolRoom {
    let count = staying.filter { $0.pool == pool.name && $0.id.cluster == pool.cluster }.count
    return PoolRoom(
      pool: pool.name, cluster: pool.cluster, nodesMin: max(0, pool.nodes.min - count),
      nodesMax: max(0, pool.nodes.max - count))
  }

  private func room(_ cluster: ClusterSpec) -> ClusterRoom {
    let members = staying.filter { $0.id.cluster == cluster.name }
    let accelerators = members.reduce(0) {
      $0.addingSaturated($1.capacity.accelerators?.count ?? 0)
    }
    let cost = members.reduce(Money.zero) { $0 + $1.pricePerHour }
    return ClusterRoom(
      cluster: cluster.name, nodes: cluster.limits.nodes.map { max(0, $0 - members.count) },
      accelerators: cluster.limits.accelerators.map { max(0, $0 - accelerators) },
      costPerHour: cluster.limits.costPerHour.map { max(.zero, $0 - cost) })
  }

  private var staying: [TargetNode] {
    standing.nodes.filter { !leaving.isLeaving($0.id) }
  }
}

extension NodePoolSpec {
  /// The pool's own labels over those that every node gets: `pool`, `zone`, `instance-type` and
  /// `capacity-type`.
  func nodeLabels(_ offer: Offer) -> Labels {
    Labels([
      ("pool", name.text), ("zone", offer.zone), ("instance-type", offer.instanceType.name),
      ("capacity-type", offer.capacityType.rawValue),
    ]).merging(labels)
  }
}
