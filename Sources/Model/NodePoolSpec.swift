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
  /// The cluster's zones that this pool uses; all of them where empty.
  public var zones: [String]
  public var labels: Labels
  /// Sorted.
  public var taints: [Taint]
  public var disruption: Disruption
  /// Resource units (see `DemandModel`) that one replica on this pool stands for.
  public var unitsPerReplica: Int?

  public init(
    metadata: Metadata, cluster: ClusterName, instanceTypes: [String] = [],
    requirements: InstanceRequirements? = nil, capacity: [CapacityType] = [.onDemand],
    nodes: CountRange, zones: [String] = [], labels: Labels = .none, taints: [Taint] = [],
    disruption: Disruption = Disruption(), unitsPerReplica: Int? = nil
  ) {
    self.metadata = metadata
    self.cluster = cluster
    self.instanceTypes = instanceTypes
    self.requirements = requirements
    self.capacity = capacity
    self.nodes = nodes
    self.zones = zones
    self.labels = labels
    self.taints = taints.sorted()
    self.disruption = disruption
    self.unitsPerReplica = unitsPerReplica
  }

  public var name: PoolName { PoolName(metadata.name) }
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
  /// How long a node must have been empty before it is given back; never when left out.
  public var consolidateAfter: Seconds?
  /// The age at which a node is replaced; never when left out.
  public var expireAfter: Seconds?

  public init(
    budget: Share = .percent(10), consolidateAfter: Seconds? = .minutes(10),
    expireAfter: Seconds? = nil
  ) {
    self.budget = budget
    self.consolidateAfter = consolidateAfter
    self.expireAfter = expireAfter
  }
}
