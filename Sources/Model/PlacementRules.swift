/// A level of the fleet's topology; a node states its own in the labels of the same name.
public enum TopologyLevel: String, CaseIterable, Hashable, Sendable {
  case zone, rack, node
}

/// Where replicas of a workload may and should stand.
public struct PlacementRules: Hashable, Sendable {
  /// All replicas in one zone, rack or node.
  public var pack: TopologyLevel?
  /// Replicas evenly over zones, racks or nodes, numbers differing by at most `maxSkew`.
  public var spread: TopologyLevel?
  public var maxSkew: Int
  public var nodeSelector: Labels
  public var tolerations: [Toleration]
  /// Each replica stands beside one of these.
  public var affinity: [NeighbourRule]
  /// No replica stands beside one of these, nor comes one of these to stand beside a replica.
  public var antiAffinity: [NeighbourRule]

  public init(
    pack: TopologyLevel? = nil, spread: TopologyLevel? = nil, maxSkew: Int = 1,
    nodeSelector: Labels = .none, tolerations: [Toleration] = [],
    affinity: [NeighbourRule] = [], antiAffinity: [NeighbourRule] = []
  ) {
    self.pack = pack
    self.spread = spread
    self.maxSkew = maxSkew
    self.nodeSelector = nodeSelector
    self.tolerations = tolerations
    self.affinity = affinity
    self.antiAffinity = antiAffinity
  }
}

/// Replicas of workloads with these labels, within one zone, rack or node; other replicas of the same
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
