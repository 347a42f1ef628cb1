/// A level of the fleet's topology, the widest first; a node states its own in the labels of the same
/// name. All but nodes lie within a zone.
public enum TopologyLevel: String, CaseIterable, Hashable, Sendable {
  case zone, fabric, block, rack, node

  /// Whether two things that stand together at this level also do at the other.
  public func isWithin(_ other: TopologyLevel) -> Bool { depth >= other.depth }

  private var depth: Int { TopologyLevel.allCases.firstIndex(of: self) ?? 0 }
}

/// Where replicas of a workload may and should stand.
public struct PlacementRules: Hashable, Sendable {
  /// All replicas in one zone, fabric, block, rack or node.
  public var pack: TopologyLevel?
  /// The same where that leaves nobody else without a home and costs nothing.
  public var packPreferred: TopologyLevel?
  /// Replicas evenly over zones, racks or whatever the level is, numbers differing by at most `maxSkew`.
  public var spread: TopologyLevel?
  public var maxSkew: Int
  public var nodeSelector: Labels
  public var tolerations: [Toleration]
  /// Each replica stands beside one of these.
  public var affinity: [NeighbourRule]
  /// No replica stands beside one of these, nor comes one of these to stand beside a replica.
  public var antiAffinity: [NeighbourRule]

  public init(
    pack: TopologyLevel? = nil, packPreferred: TopologyLevel? = nil, spread: TopologyLevel? = nil,
    maxSkew: Int = 1,
    nodeSelector: Labels = .none, tolerations: [Toleration] = [],
    affinity: [NeighbourRule] = [], antiAffinity: [NeighbourRule] = []
  ) {
    self.pack = pack
    self.packPreferred = packPreferred
    self.spread = spread
    self.maxSkew = maxSkew
    self.nodeSelector = nodeSelector
    self.tolerations = tolerations
    self.affinity = affinity
    self.antiAffinity = antiAffinity
  }
}

/// Replicas of workloads with these labels, within one area of a level; other replicas of the same
/// workload are among them where its own labels match.
public struct NeighbourRule: Hashable, Sendable {
  /// All of them must match; every workload does where there are none.
  public var workloads: Labels
  public var within: TopologyLevel

  public init(workloads: Labels = .none, within: TopologyLevel) {
    self.workloads = workloads
    self.within = within
  }

  /// Which of the two lists a rule stands in.
  public enum Kind: String, CaseIterable, Hashable, Sendable {
    case affinity, antiAffinity
  }
}
