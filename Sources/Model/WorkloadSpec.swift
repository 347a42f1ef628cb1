/// Replicas that people want to run, and how.
public struct WorkloadSpec: Hashable, Sendable {
  public var metadata: Metadata
  public var type: WorkloadType
  /// Where it may run; anywhere where empty.
  public var clusters: [ClusterName]
  public var queue: QueueName?
  /// 0 to 1000; a higher one may preempt a lower one.
  public var priority: Int
  public var replicas: ReplicaCount
  /// By how many replicas a gang with a range of them grows and shrinks; it keeps to one size where
  /// this is left out.
  public var step: Int?
  /// How the number of a service's replicas is moved within its range.
  public var autoscale: AutoscalePolicy?
  /// Where a service takes requests; nowhere that is known where nil.
  public var endpoint: Endpoint?
  /// When it counts as idle; never where nil.
  public var idle: IdlePolicy?
  public var resources: ReplicaResources
  public var image: String
  public var command: [String]
  public var environment: Labels
  public var secrets: [SecretReference]
  public var volumes: [VolumeMount]
  public var placement: PlacementRules
  public var rollout: Rollout
  /// How often state is saved, which bounds what a preemption loses.
  public var checkpointEvery: Seconds?
  /// How long a training run is expected to take.
  public var duration: Seconds?

  public init(
    metadata: Metadata, type: WorkloadType, clusters: [ClusterName] = [], queue: QueueName? = nil,
    priority: Int = 100, replicas: ReplicaCount, step: Int? = nil, resources: ReplicaResources,
    image: String = "", command: [String] = [], environment: Labels = .none,
    secrets: [SecretReference] = [], volumes: [VolumeMount] = [],
    placement: PlacementRules = PlacementRules(), rollout: Rollout = Rollout(),
    checkpointEvery: Seconds? = nil, duration: Seconds? = nil, autoscale: AutoscalePolicy? = nil,
    idle: IdlePolicy? = nil, endpoint: Endpoint? = nil
  ) {
    self.metadata = metadata
    self.type = type
    self.clusters = clusters
    self.queue = queue
    self.priority = priority
    self.replicas = replicas
    self.step = step
    self.resources = resources
    self.image = image
    self.command = command
    self.environment = environment
    self.secrets = secrets
    self.volumes = volumes
    self.placement = placement
    self.rollout = rollout
    self.checkpointEvery = checkpointEvery
    self.duration = duration
    self.autoscale = autoscale
    self.idle = idle
    self.endpoint = endpoint
  }

  public var name: WorkloadName { WorkloadName(metadata.name) }

  /// Whether it names the cluster, or none.
  public func mayRun(in cluster: ClusterName) -> Bool {
    clusters.isEmpty || clusters.contains(cluster)
  }

  /// Whether its replicas start all together or not at all.
  public var isGang: Bool {
    switch type {
    case .training: true
    case .inference: false
    }
  }

  /// The least and the greatest size of a gang that grows where there is room and shrinks before it
  /// has to go; nil for all others.
  public var elasticRange: CountRange? {
    guard isGang, step != nil, case .range(let range) = replicas, !range.isFixed else { return nil }
    return range
  }
}

public enum WorkloadType: String, CaseIterable, Hashable, Sendable {
  /// A gang that runs to completion.
  case training
  /// A service that stays up.
  case inference
}

/// How many replicas: a number, a range that the autoscaler moves in, or what a demand comes to.
public enum ReplicaCount: Hashable, Sendable {
  case range(CountRange)
  case demand(Demand)
}

/// Loads that the cluster's `DemandModel` turns into replicas; thousandths of a unit.
public struct Demand: Hashable, Sendable {
  public var computeMilli: Int64
  public var storageMilli: Int64
  public var networkMilli: Int64

  public init(computeMilli: Int64, storageMilli: Int64, networkMilli: Int64) {
    self.computeMilli = computeMilli
    self.storageMilli = storageMilli
    self.networkMilli = networkMilli
  }
}

/// A volume by its claim, which somebody else made in the engine: under `path` in each replica.
public struct VolumeMount: Hashable, Sendable {
  public var claim: String
  /// Absolute.
  public var path: String
  public var isReadOnly: Bool

  public init(claim: String, path: String, isReadOnly: Bool = false) {
    self.claim = claim
    self.path = path
    self.isReadOnly = isReadOnly
  }
}

/// A secret by reference: `key` of the secret `name` in the environment variable `variable`.
public struct SecretReference: Hashable, Sendable {
  public var name: String
  public var key: String
  public var variable: String

  public init(name: String, key: String, variable: String) {
    self.name = name
    self.key = key
    self.variable = variable
  }
}

/// How replicas are exchanged when the workload changes.
public struct Rollout: Hashable, Sendable {
  /// Replicas above the wanted number while exchanging.
  public var maxSurge: Share
  /// Replicas that may be missing while exchanging.
  public var maxUnavailable: Share

  public init(maxSurge: Share = .count(1), maxUnavailable: Share = .count(0)) {
    self.maxSurge = maxSurge
    self.maxUnavailable = maxUnavailable
  }
}
