/// A policy for nodes of one cluster: which instance types may be bought, how many, and how they go.
public struct NodePoolSpec: Hashable, Sendable {
  public var metadata: Metadata
  public var cluster: ClusterName
  /// In order of the manifest; empty where `requirements` chooses.
  public var instanceTypes: [String]
  public var requirements: InstanceRequirements?
  /// In order of preference, at least one.
  public var capacity: [CapacityType]
  /// How many nodes may, and must at least, exist.
  public var nodes: CountRange
  public var limits: PoolLimits
  /// The cluster's zones that this pool uses; all of them where empty.
  public var zones: [String]
  public var labels: Labels
  /// Sorted.
  public var taints: [Taint]
  /// Queues that alone may use its nodes, with those below them; anybody may where empty.
  public var reservedFor: [QueueName]
  /// Room that is kept free on its nodes.
  public var headroom: Headroom?
  public var disruption: Disruption
  /// Resource units (see `DemandModel`) that one replica on this pool stands for.
  public var unitsPerReplica: Int?

  public init(
    metadata: Metadata, cluster: ClusterName, instanceTypes: [String] = [],
    requirements: InstanceRequirements? = nil, capacity: [CapacityType] = [.onDemand],
    nodes: CountRange, limits: PoolLimits = PoolLimits(), zones: [String] = [],
    labels: Labels = .none, taints: [Taint] = [],
    reservedFor: [QueueName] = [], headroom: Headroom? = nil,
    disruption: Disruption = Disruption(),
    unitsPerReplica: Int? = nil
  ) {
    self.metadata = metadata
    self.cluster = cluster
    self.instanceTypes = instanceTypes
    self.requirements = requirements
    self.capacity = capacity
    self.nodes = nodes
    self.limits = limits
    self.zones = zones
    self.labels = labels
    self.taints = taints.sorted()
    self.reservedFor = reservedFor
    self.headroom = headroom
    self.disruption = disruption
    self.unitsPerReplica = unitsPerReplica
  }

  public var name: PoolName { PoolName(metadata.name) }
}

/// How far and how fast a pool may grow, besides its number of nodes.
public struct PoolLimits: Hashable, Sendable {
  /// The most that all its nodes may cost.
  public var costPerHour: Money?
  /// Nodes that are ordered within any minute, whatever plans ask for.
  public var nodesPerMinute: Int?
  /// How long a node may take to be ready before it is taken for one that will never be; any time where
  /// nil.
  public var readyWithin: Seconds?

  public init(
    costPerHour: Money? = nil, nodesPerMinute: Int? = nil, readyWithin: Seconds? = .minutes(30)
  ) {
    self.costPerHour = costPerHour
    self.nodesPerMinute = nodesPerMinute
    self.readyWithin = readyWithin
  }
}

/// Room for so many replicas of this size that is kept free for whoever comes.
public struct Headroom: Hashable, Sendable {
  public var replicas: Int
  public var resources: ReplicaResources

  public init(replicas: Int, resources: ReplicaResources) {
    self.replicas = replicas
    self.resources = resources
  }
}

/// How a node is paid for.
public enum CapacityType: String, CaseIterable, Hashable, Comparable, Sendable {
  case spot
  case onDemand = "on-demand"

  public static func < (left: CapacityType, right: CapacityType) -> Bool {
    left == .onDemand && right == .spot
  }
}

/// What an instance type must have to be bought by a pool.
public struct InstanceRequirements: Hashable, Sendable {
  /// Any of these models; sorted. Empty means none is asked for.
  public var accelerators: [AcceleratorModel]
  public var acceleratorCount: AmountRange?
  public var cpuMilli: AmountRange?
  public var memoryBytes: AmountRange?

  public init(
    accelerators: [AcceleratorModel] = [], acceleratorCount: AmountRange? = nil,
    cpuMilli: AmountRange? = nil, memoryBytes: AmountRange? = nil
  ) {
    self.accelerators = accelerators.sorted()
    self.acceleratorCount = acceleratorCount
    self.cpuMilli = cpuMilli
    self.memoryBytes = memoryBytes
  }
}

/// A range of amounts, open at either end: `512Gi..`, `..96`.
public struct AmountRange: Hashable, Sendable {
  public var min: Int64?
  public var max: Int64?

  public init(min: Int64? = nil, max: Int64? = nil) {
    self.min = min
    self.max = max
  }

  public func contains(_ amount: Int64) -> Bool {
    amount >= (min ?? .min) && amount <= (max ?? .max)
  }
}

/// When and how fast nodes may be taken away for reasons of our own.
public struct Disruption: Hashable, Sendable {
  /// How many of the pool's nodes may be going at once.
  public var budget: Share
  /// Which nodes are given back for money's sake.
  public var consolidate: Consolidate
  /// How long nothing must have come to a node, or been on it, before it is given back; never when left
  /// out.
  public var consolidateAfter: Seconds?
  /// How long a time to come counts, when what a node costs is weighed against the work that is lost by
  /// moving what stands there.
  public var savingHorizon: Seconds
  /// What must be saved at least, in per cent of what the nodes cost that are emptied.
  public var savingPercentMin: Int
  /// The age at which a node is replaced; never when left out.
  public var expireAfter: Seconds?

  public init(
    budget: Share = .percent(10), consolidate: Consolidate = .underused,
    consolidateAfter: Seconds? = .minutes(10), savingHorizon: Seconds = .hours(8),
    savingPercentMin: Int = 10, expireAfter: Seconds? = nil
  ) {
    self.budget = budget
    self.consolidate = consolidate
    self.consolidateAfter = consolidateAfter
    self.savingHorizon = savingHorizon
    self.savingPercentMin = savingPercentMin
    self.expireAfter = expireAfter
  }

  public enum Consolidate: String, CaseIterable, Hashable, Sendable {
    /// Those that nothing stands on.
    case empty
    /// Also those whose replicas fit elsewhere, where that is worth it.
    case underused
  }
}
