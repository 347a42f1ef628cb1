import Model

/// Where a node stands or would stand, and what kind it is; indices into `Places`.
struct Spot {
  var kind: Int
  var cluster: Int
  var zone: Int
  /// -1 where the node states none.
  var rack: Int
}

/// The topology, interned: zones belong to a cluster, racks to a zone.
struct Places {
  struct Zone: Hashable {
    let cluster: Int
    let name: String
  }

  struct Rack: Hashable {
    let zone: Int
    let name: String
  }

  /// Those that selectors name; nil keeps all labels.
  private let selectorKeys: Set<String>?
  private let clusterIDs: [ClusterName: Int]
  private(set) var zones = Interner<Zone>()
  private(set) var racks = Interner<Rack>()
  /// Kind 0 is `NodeKind.gone`.
  private(set) var kinds = Interner<NodeKind>()
  /// One for each node.
  private(set) var spots: [Spot] = []
  let clusterCount: Int

  init(selectorKeys: Set<String>?, clusters: [ClusterName]) {
    self.selectorKeys = selectorKeys
    clusterCount = clusters.count
    clusterIDs = Dictionary(
      clusters.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first }
    )
    _ = kinds.id(of: .gone)
  }

  mutating func add(nodes: [FleetNode]) {
    spots.reserveCapacity(nodes.count)
    for node in nodes {
      spots.append(spot(kind(of: node), zone: node.zone, rack: node.labels["rack"]))
    }
  }

  func knowsKind(of node: FleetNode) -> Bool { kinds.existing(kind(of: node)) != nil }

  private func kind(of node: FleetNode) -> NodeKind {
    NodeKind(
      cluster: node.id.cluster, isOpen: node.isOpen, labels: selected(node.labels),
      taints: node.taints, model: node.capacity.accelerators?.model,
      deviceMemory: node.capacity.accelerators?.memoryBytes ?? 0)
  }

  mutating func spot(of offer: NodeOffer) -> Spot {
    let kind = NodeKind(
      cluster: offer.cluster, isOpen: true, labels: selected(offer.labels), taints: offer.taints,
      model: offer.capacity.accelerators?.model,
      deviceMemory: offer.capacity.accelerators?.memoryBytes ?? 0)
    return spot(kind, zone: offer.zone, rack: offer.labels["rack"])
  }

  private mutating func spot(_ kind: NodeKind, zone: String, rack: String?) -> Spot {
    let cluster = clusterIDs[kind.cluster] ?? 0
    let zoneID = zones.id(of: Zone(cluster: cluster, name: zone))
    return Spot(
      kind: kinds.id(of: kind), cluster: cluster, zone: zoneID,
      rack: rack.map { racks.id(of: Rack(zone: zoneID, name: $0)) } ?? -1)
  }

  /// Labels that no selector names can't tell nodes apart.
  private func selected(_ labels: Labels) -> Labels {
    guard let selectorKeys else { return labels }
    if selectorKeys.isEmpty || labels.isEmpty { return .none }
    return Labels(
      labels.pairs.filter { selectorKeys.contains($0.key) }.map { ($0.key, $0.value) })
  }
}

/// A part of the fleet: one zone, one rack, one node.
struct Area: Hashable {
  enum Level: Hashable {
    case cluster, zone, rack, node
  }

  let level: Level
  let id: Int
}

extension Area.Level {
  init(_ level: TopologyLevel) {
    switch level {
    case .zone: self = .zone
    case .rack: self = .rack
    case .node: self = .node
    }
  }
}

extension Spot {
  /// Whether the two are in the same areas of every level above the node.
  func isBeside(_ other: Spot) -> Bool {
    cluster == other.cluster && zone == other.zone && rack == other.rack
  }

  /// The area of `level` that the spot is in; -1 where it states none. A node is an area by itself.
  func area(_ level: Area.Level, node: Int) -> Int {
    switch level {
    case .cluster: cluster
    case .zone: zone
    case .rack: rack
    case .node: node
    }
  }
}
