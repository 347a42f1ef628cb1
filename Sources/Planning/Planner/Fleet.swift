import Catalog
import Model
import Scheduling

/// The scheduler's question: what stands, what is wanted, what may be bought.
///
/// It is asked in rounds, each of which begins where the last one ended: `settle` takes an answer over.
struct Fleet {
  private(set) var wants: [Want]
  /// Of our pools, those that stay and those that were bought in earlier rounds.
  private(set) var nodes: [TargetNode]
  private let standing: Standing
  private let input: PlanningInput
  /// Nodes that nothing more comes to.
  private let closed: Set<NodeID>
  private let occupancies: [NodeID: [Occupancy]]
  private let offers: [NodeOffer]
  private let reservations: [PoolName: [QueueName]]
  private let queues: [QueueSpec]

  init(
    _ wants: [Want], on nodes: [TargetNode], closed: Set<NodeID> = [], _ standing: Standing,
    _ input: PlanningInput
  ) {
    self.closed = closed
    self.wants = wants
    self.nodes = nodes
    self.standing = standing
    self.input = input
    queues = input.effectiveQueues
    var occupancies: [NodeID: [Occupancy]] = [:]
    for occupant in input.observed.occupants {
      occupancies[occupant.node, default: []]
        .append(Occupancy(resources: occupant.resources, devices: occupant.devices))
    }
    self.occupancies = occupancies
    let clusters = Dictionary(uniqueKeysWithValues: input.desired.clusters.map { ($0.name, $0) })
    offers = Self.offers(standing, input, clusters)
    reservations = Dictionary(input.desired.nodePools.map { ($0.name, $0.reservedFor) }) {
      first, _ in first
    }
  }

  mutating func add(_ bought: [TargetNode]) { nodes += bought }

  /// Takes over where everything goes: in the next round it stands there. What is in `done` is over with
  /// its exchange.
  mutating func settle(_ homes: [WorkloadName: [Int: Want.Home]], done: Set<WorkloadName>) {
    for index in wants.indices {
      let name = wants[index].workload.name
      let places = homes[name] ?? [:]
      if done.contains(name) {
        wants[index] = wants[index].settled(places)
      } else if wants[index].formerShape == nil {
        wants[index].keep(places)
      }
    }
  }

  /// Services in `ways` are exchanged, each in its way; those that need room on the way and are not
  /// named there keep what they have, and so does what is frozen.
  func question(_ ways: [WorkloadName: Way]) -> Question {
    var occupancies = occupancies
    var ordinals: [WorkloadName: (asked: [Int], staying: Int)] = [:]
    var demands: [ReplicaDemand] = []
    for want in wants {
      let name = want.workload.name
      let isStill = want.isFrozen || (want.isInTransit && ways[name] == nil)
      if isStill, let before = want.asBefore {
        demands.append(before.demand(Array(0..<before.count), standing, at: input.now))
        continue
      }
      let keepsRoom = isStill || ways[name] == .beside
      for replica in want.waiting + (keepsRoom ? want.predecessors : []) {
        occupancies[replica.node, default: []]
          .append(
            Occupancy(resources: replica.resources, devices: replica.devices, workload: name))
      }
      for (node, excess) in isStill ? want.excess(standing) : [] {
        occupancies[node, default: []].append(Occupancy(resources: excess, devices: []))
      }
      let count = want.count + (want.isInTransit && isStill ? 0 : want.surge)
      let asked = (0..<count).filter { !isStill || want.fallbacks[$0] == nil }
      if asked.count < count { ordinals[name] = (asked, count - asked.count) }
      demands.append(want.demand(asked, standing, at: input.now))
    }
    return Question(
      input: SchedulingInput(
        nodes: fleetNodes(occupancies), demands: demands, offers: offers, pools: rooms.pools,
        clusters: rooms.clusters, queues: queues),
      ordinals: ordinals)
  }

  /// Room that pools keep free.
  var headrooms: [HeadroomDemand] {
    input.desired.nodePools.compactMap { pool in
      guard let headroom = pool.headroom, !standing.frozen.contains(pool.cluster) else {
        return nil
      }
      return HeadroomDemand(
        pool: pool.name, cluster: pool.cluster, count: headroom.replicas,
        resources: headroom.resources)
    }
  }

  /// What pools and clusters have and may still get.
  var rooms: Rooms { Rooms(nodes, standing, input) }

  private func fleetNodes(_ occupancies: [NodeID: [Occupancy]]) -> [FleetNode] {
    let returnable = returnable
    let ours = nodes.map { node in
      let ground = standing.grounds[node.id]
      return FleetNode(
        id: node.id, pool: node.pool, zone: node.zone, labels: ground?.labels ?? node.labels,
        taints: ground?.taints ?? node.taints, reservedFor: reservations[node.pool] ?? [],
        capacity: standing.seen[node.id]?.capacity ?? node.capacity,
        occupants: occupancies[node.id] ?? [],
        isOpen: !standing.isFrozen(node.id) && !closed.contains(node.id),
        goesWhenEmpty: returnable.contains(node.pool) && occupancies[node.id] == nil)
    }
    let others = standing.foreign.map { node in
      FleetNode(
        id: node.id, pool: nil, zone: node.zone, labels: node.labels, taints: node.taints,
        capacity: node.capacity, occupants: occupancies[node.id] ?? [],
        isOpen: !standing.isFrozen(node.id))
    }
    return ours + others
  }

  /// Pools that give back what stands empty: they have more nodes than they must.
  private var returnable: Set<PoolName> {
    let counts = Dictionary(nodes.map { ($0.pool, 1) }, uniquingKeysWith: +)
    return Set(
      input.desired.nodePools.filter { pool in
        pool.disruption.consolidateAfter != nil && !pool.metadata.isProtected
          && counts[pool.name] ?? 0 > pool.nodes.min
      }.map(\.name))
  }

  // MARK: Offers

  private static func offers(
    _ standing: Standing, _ input: PlanningInput, _ clusters: [ClusterName: ClusterSpec]
  ) -> [NodeOffer] {
    let refused = input.unavailable
    return input.desired.nodePools.flatMap { pool -> [NodeOffer] in
      guard let cluster = clusters[pool.cluster], !standing.frozen.contains(cluster.name),
        let catalog = input.catalogs[cluster.name]
      else { return [] }
      return offers(pool, cluster, catalog).filter { offer in
        !refused.contains(
          StockOut(
            cluster: cluster.name, instanceType: offer.instanceType,
            capacityType: offer.capacityType, zone: offer.zone))
      }
    }
  }

  private static func offers(
    _ pool: NodePoolSpec, _ cluster: ClusterSpec, _ catalog: Catalog
  ) -> [NodeOffer] {
    let zones = pool.zones.isEmpty ? cluster.zones : pool.zones
    return pool.types(in: catalog, region: cluster.region)
      .flatMap { catalog.offers(of: $0, in: cluster.region, zones: zones) }
      .compactMap { offer in
        guard let preference = pool.capacity.firstIndex(of: offer.capacityType) else { return nil }
        return NodeOffer(
          pool: pool.name, cluster: cluster.name, instanceType: offer.instanceType.name,
          zone: offer.zone, capacityType: offer.capacityType, pricePerHour: offer.pricePerHour,
          capacity: offer.instanceType.capacity,
          labels: pool.nodeLabels(
            zone: offer.zone, instanceType: offer.instanceType.name, offer.capacityType),
          taints: pool.taints, reservedFor: pool.reservedFor, preference: preference)
      }
  }
}

extension NodePoolSpec {
  /// The instance types that it may buy.
  func types(in catalog: Catalog, region: String) -> [InstanceType] {
    instanceTypes.compactMap { catalog.instanceType(named: $0, in: region) }
      + (requirements.map { catalog.instanceTypes(matching: $0, in: region) } ?? [])
  }

  /// The pool's own labels over those that every node gets: `pool`, `zone`, `instance-type` and
  /// `capacity-type`.
  func nodeLabels(zone: String, instanceType: String, _ capacityType: CapacityType) -> Labels {
    Labels([
      ("pool", name.text), ("zone", zone), ("instance-type", instanceType),
      ("capacity-type", capacityType.rawValue),
    ]).merging(labels)
  }
}
