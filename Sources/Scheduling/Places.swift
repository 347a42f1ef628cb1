import Model

/// Where a node stands or would stand, and what kind it is; indices into `Places`.
struct Spot {
  var kind: Int
  var cluster: Int
  var zone: Int
  /// -1 where the node states none, as of the next two.
  var fabric: Int
  var block: Int
  var rack: Int
}

/// The topology, interned: zones belong to a cluster, fabrics, blocks and racks to a zone.
struct Places {
  struct Zone: Hashable {
    let cluster: Int
    let name: String
  }

  /// A fabric, a block or a rack.
  struct Part: Hashable {
    let zone: Int
    let name: String
  }

  /// Those that selectors name; nil keeps all labels.
  private let selectorKeys: Set<String>?
  private let poolsWithHeadroom: Set<PoolName>
  private let clusterIDs: [ClusterName: Int]
  private(set) var zones = Interner<Zone>()
  private(set) var fabrics = Interner<Part>()
  private(set) var blocks = Interner<Part>()
  private(set) var racks = Interner<Part>()
  /// Kind 0 is `NodeKind.gone`.
  private(set) var kinds = Interner<NodeKind>()
  /// One for each node.
  private(set) var spots: [Spot] = []
  let clusterCount: Int

  init(
    selectorKeys: Set<String>?, poolsWithHeadroom: Set<PoolName> = [], clusters: [ClusterName]
  ) {
    self.poolsWithHeadroom = poolsWithHeadroom
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
      spots.append(spot(kind(of: node), zone: node.zone, node.labels))
    }
  }

  func knowsKind(of node: FleetNode) -> Bool { kinds.existing(kind(of: node)) != nil }

  private func kind(of node: FleetNode) -> NodeKind {
    NodeKind(
      cluster: node.id.cluster, isOpen: node.isOpen, labels: selected(node.labels),
      taints: node.taints, reservedFor: node.reservedFor.sorted(),
      pool: node.pool.flatMap { poolsWithHeadroom.contains($0) ? $0 : nil },
      model: node.capacity.accelerators?.model,
      deviceMemory: node.capacity.accelerators?.memoryBytes ?? 0)
  }

  mutating func spot(of offer: NodeOffer) -> Spot {
    let kind = NodeKind(
      cluster: offer.cluster, isOpen: true, labels: selected(offer.labels), taints: offer.taints,
      reservedFor: offer.reservedFor.sorted(),
      pool: poolsWithHeadroom.contains(offer.pool) ? offer.pool : nil,
      model: offer.capacity.accelerators?.model,
      deviceMemory: offer.capacity.accelerators?.memoryBytes ?? 0)
    return spot(kind, zone: offer.zone, offer.labels)
  }

  private mutating func spot(_ kind: NodeKind, zone: String, _ labels: Labels) -> Spot {
    let cluster = clusterIDs[kind.cluster] ?? 0
    let zoneID = zones.id(of: Zone(cluster: cluster, name: zone))
    func part(_ level: TopologyLevel, _ parts: inout Interner<Part>) -> Int {
      labels[level.rawValue].map { parts.id(of: Part(zone: zoneID, name: $0)) } ?? -1
    }
    return Spot(
      kind: kinds.id(of: kind), cluster: cluster, zone: zoneID, fabric: part(.fabric, &fabrics),
      block: part(.block, &blocks), rack: part(.rack, &racks))
  }

  /// How many areas of the level there are, of which a fleet has so many nodes.
  func count(_ level: Area.Level, nodes: Int) -> Int {
    switch level {
    case .cluster: clusterCount
    case .zone: zones.words.count
    case .fabric: fabrics.words.count
    case .block: blocks.words.count
    case .rack: racks.words.count
    case .node: nodes
    }
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
  /// The widest first.
  enum Level: Int, Hashable {
    case cluster, zone, fabric, block, rack, node
  }

  let level: Level
  let id: Int
}

extension Area.Level {
  init(_ level: TopologyLevel) {
    switch level {
    case .zone: self = .zone
    case .fabric: self = .fabric
    case .block: self = .block
    case .rack: self = .rack
    case .node: self = .node
    }
  }
}

extension Spot {
  /// Whether the two are in the same areas of every level above the node.
  func isBeside(_ other: Spot) -> Bool {
    cluster == other.cluster && zone == other.zone && fabric == other.fabric
      && block == other.block && rack == other.rack
  }

  /// The area of `level` that the spot is in; -1 where it states none. A node is an area by itself.
  func area(_ level: Area.Level, node: Int) -> Int {
    switch level {
    case .cluster: cluster
    case .zone: zone
    case .fabric: fabric
    case .block: block
    case .rack: rack
    case .node: node
    }
  }
}
