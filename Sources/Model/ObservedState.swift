/// What one provider reported about one cluster at one moment.
///
/// It may be stale when it is read: the world goes on. It may be partial: then nothing that it lacks
/// may be taken for gone.
public struct Observation: Hashable, Sendable {
  public var cluster: ClusterName
  public var at: Timestamp
  public var isComplete: Bool
  /// Sorted by id.
  public var nodes: [ObservedNode]
  /// Sorted by id; a replica can be seen twice, on two nodes, while one of them is stopping.
  public var replicas: [ObservedReplica]
  /// What others run here: counted, never touched. Sorted by node and name.
  public var occupants: [Occupant]
  /// Work of others that waits; sorted by scheduler.
  public var contenders: [Contender]

  public init(
    cluster: ClusterName, at: Timestamp, isComplete: Bool = true, nodes: [ObservedNode] = [],
    replicas: [ObservedReplica] = [], occupants: [Occupant] = [], contenders: [Contender] = []
  ) {
    self.cluster = cluster
    self.at = at
    self.isComplete = isComplete
    self.nodes = nodes.sorted { $0.id < $1.id }
    self.replicas = replicas.sorted { ($0.id, $0.node) < ($1.id, $1.node) }
    self.occupants = occupants.sorted { ($0.node, $0.name) < ($1.node, $1.name) }
    self.contenders = contenders.sorted { $0.scheduler < $1.scheduler }
  }
}

/// Work of others that waits for a scheduler, which may give it room before a plan that counts on that
/// is carried out.
public struct Contender: Hashable, Sendable {
  /// As the engine calls it: `default-scheduler`, `slurm`.
  public var scheduler: String
  /// Pods or jobs.
  public var count: Int

  public init(scheduler: String, count: Int) {
    self.scheduler = scheduler
    self.count = count
  }
}

/// A cluster that did not answer, and why.
public struct UnseenCluster: Hashable, Sendable {
  public var cluster: ClusterName
  /// In words for people.
  public var reason: String

  public init(_ cluster: ClusterName, reason: String) {
    self.cluster = cluster
    self.reason = reason
  }
}

/// What all providers reported, one observation for each cluster that answered.
public struct ObservedState: Hashable, Sendable {
  /// Sorted by cluster.
  public var observations: [Observation]
  /// Clusters that were asked and did not answer; sorted by cluster.
  public var unseen: [UnseenCluster]

  public static let nothing = ObservedState([])

  public init(_ observations: [Observation], unseen: [UnseenCluster] = []) {
    self.observations = observations.sorted { $0.cluster < $1.cluster }
    self.unseen = unseen.sorted { $0.cluster < $1.cluster }
  }

  public var nodes: [ObservedNode] { observations.flatMap(\.nodes) }
  public var replicas: [ObservedReplica] { observations.flatMap(\.replicas) }
  public var occupants: [Occupant] { observations.flatMap(\.occupants) }

  public subscript(cluster: ClusterName) -> Observation? {
    observations.first { $0.cluster == cluster }
  }
}

/// A node as its provider sees it.
public struct ObservedNode: Hashable, Sendable {
  public enum Phase: String, CaseIterable, Hashable, Sendable {
    /// Ordered, not ready yet; its capacity counts, so that nothing is bought twice.
    case booting
    case ready
    /// Takes no new replicas; asked for by us, or by the provider, which then gives `reason`.
    case draining
    /// Not answering; replicas on it are lost.
    case lost
    case deleting
  }

  public var id: NodeID
  /// Whose node it is. Nodes without a pool are not ours: they may be used, never created or deleted.
  public var pool: PoolName?
  public var instanceType: String
  public var zone: String
  public var capacityType: CapacityType
  public var labels: Labels
  public var taints: [Taint]
  public var capacity: NodeCapacity
  public var phase: Phase
  /// Where it is to be reached, as an IP address or a name, where its provider tells.
  public var address: String?
  /// The provider's word for why the node is not `ready`.
  public var reason: String?
  public var createdAt: Timestamp
  /// Since when no replica has been on it.
  public var emptySince: Timestamp?

  public init(
    id: NodeID, pool: PoolName?, instanceType: String, zone: String, capacityType: CapacityType,
    labels: Labels, taints: [Taint] = [], capacity: NodeCapacity, phase: Phase,
    address: String? = nil, reason: String? = nil, createdAt: Timestamp,
    emptySince: Timestamp? = nil
  ) {
    self.id = id
    self.pool = pool
    self.instanceType = instanceType
    self.zone = zone
    self.capacityType = capacityType
    self.labels = labels
    self.taints = taints.sorted()
    self.capacity = capacity
    self.phase = phase
    self.address = address
    self.reason = reason
    self.createdAt = createdAt
    self.emptySince = emptySince
  }
}

/// A replica of ours as its provider sees it.
public struct ObservedReplica: Hashable, Sendable {
  public enum Phase: String, CaseIterable, Hashable, Sendable {
    case starting, ready
    /// Keeps failing; the provider restarts it with growing pauses.
    case crashLooping
    case stopping
    /// Ran to completion; holds no resources.
    case finished
    /// Gone with its node.
    case lost
  }

  public var id: ReplicaID
  public var node: NodeID
  /// Indices of the devices on the node that it holds.
  public var devices: [Int]
  public var resources: ReplicaResources
  /// The revision of the workload that it runs; see `Target`.
  public var revision: Revision
  /// Which of our decisions to start this replica it follows; see `TargetReplica`.
  public var incarnation: Int
  /// Where it was told to take requests when it was started; nil where it was not.
  public var port: Int?
  public var phase: Phase
  /// Why it is no further, in its provider's words, where that is worth telling: `Resources`.
  public var reason: String?
  public var startedAt: Timestamp
  public var restarts: Int

  public init(
    id: ReplicaID, node: NodeID, devices: [Int], resources: ReplicaResources, revision: Revision,
    incarnation: Int = 1, port: Int? = nil, phase: Phase, reason: String? = nil,
    startedAt: Timestamp,
    restarts: Int = 0
  ) {
    self.id = id
    self.node = node
    self.devices = devices
    self.resources = resources
    self.revision = revision
    self.incarnation = incarnation
    self.port = port
    self.phase = phase
    self.reason = reason
    self.startedAt = startedAt
    self.restarts = restarts
  }

  /// Whether it takes room on its node.
  public var holdsResources: Bool {
    switch phase {
    case .starting, .ready, .crashLooping, .stopping: true
    case .finished, .lost: false
    }
  }
}

/// A short digest of those fields of a workload that its running replicas were started with: replicas
/// of another revision must be replaced.
public struct Revision: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let text: String

  public init(_ text: String) { self.text = text }

  public var description: String { text }

  public static func < (left: Revision, right: Revision) -> Bool { left.text < right.text }
}

/// Something on a node that is not ours.
public struct Occupant: Hashable, Sendable {
  public var name: String
  public var node: NodeID
  public var resources: ReplicaResources
  public var devices: [Int]

  public init(name: String, node: NodeID, resources: ReplicaResources, devices: [Int] = []) {
    self.name = name
    self.node = node
    self.resources = resources
    self.devices = devices
  }
}
