public import Model

/// Everything that a placement depends on: the whole fleet and the whole demand at once.
///
/// These are the words at the door. Behind it `Scheduler` interns names into small integers and lays
/// capacities out in columns; the order of any list here has no influence on the result.
public struct SchedulingInput: Hashable, Sendable {
  /// Nodes that exist or are booting, ours and foreign ones.
  public var nodes: [FleetNode]
  /// One for each workload.
  public var demands: [ReplicaDemand]
  /// Every kind of node that may be bought.
  public var offers: [NodeOffer]
  /// What each pool may still grow by.
  public var pools: [PoolRoom]
  /// What each cluster may still grow by.
  public var clusters: [ClusterRoom]
  public var queues: [QueueSpec]
  /// At most one for each pool.
  public var headrooms: [HeadroomDemand]

  public init(
    nodes: [FleetNode] = [], demands: [ReplicaDemand] = [], offers: [NodeOffer] = [],
    pools: [PoolRoom] = [], clusters: [ClusterRoom] = [], queues: [QueueSpec] = [],
    headrooms: [HeadroomDemand] = []
  ) {
    self.nodes = nodes
    self.demands = demands
    self.offers = offers
    self.pools = pools
    self.clusters = clusters
    self.queues = queues
    self.headrooms = headrooms
  }
}

/// A node that replicas can stand on.
public struct FleetNode: Hashable, Sendable {
  public var id: NodeID
  public var pool: PoolName?
  public var zone: String
  public var labels: Labels
  public var taints: [Taint]
  /// Queues that alone may use it, with those below them; anybody may where empty.
  public var reservedFor: [QueueName]
  /// All that the node offers to replicas, before anything stands on it.
  public var capacity: NodeCapacity
  /// What stands there and is not in any demand: other people's work, and replicas on their way out.
  public var occupants: [Occupancy]
  /// Whether new replicas may be placed. Those that run here already stay counted either way.
  public var isOpen: Bool
  /// Whether it is given back when nothing stands on it: no replica goes there merely to stand apart
  /// from others.
  public var goesWhenEmpty: Bool

  public init(
    id: NodeID, pool: PoolName?, zone: String, labels: Labels = .none, taints: [Taint] = [],
    reservedFor: [QueueName] = [], capacity: NodeCapacity, occupants: [Occupancy] = [],
    isOpen: Bool = true,
    goesWhenEmpty: Bool = false
  ) {
    self.id = id
    self.pool = pool
    self.zone = zone
    self.labels = labels
    self.taints = taints
    self.reservedFor = reservedFor
    self.capacity = capacity
    self.occupants = occupants
    self.isOpen = isOpen
    self.goesWhenEmpty = goesWhenEmpty
  }
}

/// Room that is taken on a node: amounts, and devices by index. A share of a device takes
/// `resources.accelerator.milliDevices` of the single device listed.
public struct Occupancy: Hashable, Sendable {
  public var resources: ReplicaResources
  public var devices: [Int]
  /// Where it is a replica of a demand that is not asked for: whose neighbour others are there.
  public var workload: WorkloadName?

  public init(
    resources: ReplicaResources, devices: [Int] = [], workload: WorkloadName? = nil
  ) {
    self.resources = resources
    self.devices = devices
    self.workload = workload
  }
}

/// The replicas that one workload wants, and those that it has.
public struct ReplicaDemand: Hashable, Sendable {
  public var workload: WorkloadName
  /// What rules about neighbours know workloads by.
  public var labels: Labels
  /// Ordinals 0 ..< count are wanted.
  public var count: Int
  /// All of them or none.
  public var isGang: Bool
  /// Where a gang may also be smaller: it has a claim to its least size, and what free room allows above
  /// that is given to it last, step by step, and taken from it first.
  public var elastic: ElasticSizes?
  public var priority: Int
  public var queue: QueueName?
  /// Empty means any cluster. All replicas of a gang stand in one cluster.
  public var clusters: [ClusterName]
  public var resources: ReplicaResources
  public var rules: PlacementRules
  /// Replicas that stand somewhere already and stay there unless something with a higher claim needs
  /// the room.
  public var running: [RunningReplica]
  /// The pool, where it is its headroom.
  var headroomOf: PoolName?

  public init(
    workload: WorkloadName, labels: Labels = .none, count: Int, isGang: Bool,
    elastic: ElasticSizes? = nil, priority: Int, queue: QueueName? = nil,
    clusters: [ClusterName] = [], resources: ReplicaResources,
    rules: PlacementRules = PlacementRules(), running: [RunningReplica] = []
  ) {
    self.workload = workload
    self.labels = labels
    self.count = count
    self.isGang = isGang
    self.elastic = elastic
    self.priority = priority
    self.queue = queue
    self.clusters = clusters
    self.resources = resources
    self.rules = rules
    self.running = running
  }
}

/// Room for replicas that is to stay free on nodes of one pool: what anybody else wants comes first, and
/// what is left or can be bought is kept.
public struct HeadroomDemand: Hashable, Sendable {
  public var pool: PoolName
  public var cluster: ClusterName
  public var count: Int
  public var resources: ReplicaResources

  public init(pool: PoolName, cluster: ClusterName, count: Int, resources: ReplicaResources) {
    self.pool = pool
    self.cluster = cluster
    self.count = count
    self.resources = resources
  }

  /// As a demand that nobody has: a name that no workload can have, and a priority below all.
  var demand: ReplicaDemand {
    var demand = ReplicaDemand(
      workload: WorkloadName("headroom/\(cluster)/\(pool)"), count: count, isGang: false,
      priority: -1, clusters: [cluster], resources: resources)
    demand.headroomOf = pool
    return demand
  }
}

/// Sizes of a gang: `min`, `min + step` and so on, up to the demand's count.
public struct ElasticSizes: Hashable, Sendable {
  public var min: Int
  public var step: Int

  public init(min: Int, step: Int) {
    self.min = min
    self.step = step
  }
}

/// A replica of a demand with a home.
public struct RunningReplica: Hashable, Sendable {
  public var ordinal: Int
  public var node: NodeID
  public var devices: [Int]
  /// What stopping it now would lose, in device-seconds since its last checkpoint (1000 per whole
  /// device and second).
  public var lossMilliDeviceSeconds: Int64

  public init(ordinal: Int, node: NodeID, devices: [Int], lossMilliDeviceSeconds: Int64 = 0) {
    self.ordinal = ordinal
    self.node = node
    self.devices = devices
    self.lossMilliDeviceSeconds = lossMilliDeviceSeconds
  }
}

/// A kind of node that can be bought: a pool's instance type in a zone, paid for in one way.
public struct NodeOffer: Hashable, Sendable {
  public var pool: PoolName
  public var cluster: ClusterName
  public var instanceType: String
  public var zone: String
  public var capacityType: CapacityType
  public var pricePerHour: Money
  public var capacity: NodeCapacity
  public var labels: Labels
  public var taints: [Taint]
  /// As of the nodes that are bought.
  public var reservedFor: [QueueName]
  /// The place of `capacityType` in the pool's order of preference, from 0: a lower one is taken
  /// whatever a higher one costs, unless it is unavailable.
  public var preference: Int

  public init(
    pool: PoolName, cluster: ClusterName, instanceType: String, zone: String,
    capacityType: CapacityType, pricePerHour: Money, capacity: NodeCapacity, labels: Labels,
    taints: [Taint], reservedFor: [QueueName] = [], preference: Int
  ) {
    self.pool = pool
    self.cluster = cluster
    self.instanceType = instanceType
    self.zone = zone
    self.capacityType = capacityType
    self.pricePerHour = pricePerHour
    self.capacity = capacity
    self.labels = labels
    self.taints = taints
    self.reservedFor = reservedFor
    self.preference = preference
  }
}

/// How many nodes a pool must still get to reach its minimum, and may get at most.
public struct PoolRoom: Hashable, Sendable {
  public var pool: PoolName
  public var cluster: ClusterName
  public var nodesMin: Int
  public var nodesMax: Int
  /// What they may cost; anything where nil.
  public var costPerHour: Money?

  public init(
    pool: PoolName, cluster: ClusterName, nodesMin: Int, nodesMax: Int, costPerHour: Money? = nil
  ) {
    self.pool = pool
    self.cluster = cluster
    self.nodesMin = nodesMin
    self.nodesMax = nodesMax
    self.costPerHour = costPerHour
  }
}

/// What is left of a cluster's limits; unbounded where nil.
public struct ClusterRoom: Hashable, Sendable {
  public var cluster: ClusterName
  public var nodes: Int?
  public var accelerators: Int?
  public var costPerHour: Money?
  /// Whether nothing is bought here, since its budget is spent.
  public var isHeld: Bool

  public init(
    cluster: ClusterName, nodes: Int? = nil, accelerators: Int? = nil, costPerHour: Money? = nil,
    isHeld: Bool = false
  ) {
    self.cluster = cluster
    self.nodes = nodes
    self.accelerators = accelerators
    self.costPerHour = costPerHour
    self.isHeld = isHeld
  }
}
