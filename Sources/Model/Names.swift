/// The name of a `Subject`, so that a cluster's name can't be passed where a queue's is meant.
///
/// Names are DNS-1123 labels (lower-case ASCII letters, digits and hyphens, 1 to 63), checked where
/// manifests are read; compared and ordered by their bytes.
public struct Name<Subject>: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let text: String

  public init(_ text: String) { self.text = text }

  public var description: String { text }

  public static func < (left: Name, right: Name) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }
}

public typealias ClusterName = Name<ClusterSpec>
public typealias PoolName = Name<NodePoolSpec>
public typealias QueueName = Name<QueueSpec>
public typealias WorkloadName = Name<WorkloadSpec>
public typealias GateName = Name<GateSpec>
/// An ownership set: prune happens only inside one.
public typealias SetName = Name<DesiredState>

/// The five kinds of object that manifests declare, in the order in which views list them.
public enum Kind: String, CaseIterable, Hashable, Comparable, Sendable {
  case cluster = "Cluster"
  case nodePool = "NodePool"
  case queue = "Queue"
  case workload = "Workload"
  case gate = "Gate"

  public static func < (left: Kind, right: Kind) -> Bool { left.order < right.order }

  private var order: Int {
    switch self {
    case .cluster: 0
    case .nodePool: 1
    case .queue: 2
    case .workload: 3
    case .gate: 4
    }
  }
}

/// One declared object: `Workload/llama-pretrain`.
public struct ObjectID: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let kind: Kind
  public let name: String

  public init(_ kind: Kind, _ name: String) {
    self.kind = kind
    self.name = name
  }

  public var description: String { "\(kind.rawValue)/\(name)" }

  public static func < (left: ObjectID, right: ObjectID) -> Bool {
    left.kind != right.kind
      ? left.kind < right.kind : left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
  }
}

/// One replica of a workload: `llama-pretrain/3`. Ordinals start at 0; rank r of a gang is ordinal r.
public struct ReplicaID: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let workload: WorkloadName
  public let ordinal: Int

  public init(_ workload: WorkloadName, _ ordinal: Int) {
    self.workload = workload
    self.ordinal = ordinal
  }

  public var description: String { "\(workload)/\(ordinal)" }

  public static func < (left: ReplicaID, right: ReplicaID) -> Bool {
    left.workload != right.workload
      ? left.workload < right.workload : left.ordinal < right.ordinal
  }
}

/// One node, unique over all clusters: `research-us/h100-3`.
public struct NodeID: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let cluster: ClusterName
  public let name: String

  public init(_ cluster: ClusterName, _ name: String) {
    self.cluster = cluster
    self.name = name
  }

  public var description: String { "\(cluster)/\(name)" }

  public static func < (left: NodeID, right: NodeID) -> Bool {
    left.cluster != right.cluster
      ? left.cluster < right.cluster : left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
  }
}
