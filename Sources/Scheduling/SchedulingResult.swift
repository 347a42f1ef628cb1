public import Model

/// Where every replica lands, what must be bought and who must make room; every list is sorted.
public struct SchedulingResult: Hashable, Sendable {
  /// One for each replica that has a home afterwards, kept ones included; sorted by replica.
  public var placements: [ScheduledReplica]
  /// In the order in which they were chosen; `ScheduledReplica.Home.new` counts into this list.
  public var purchases: [NodePurchase]
  /// Running replicas that lose their place, sorted by replica; each is also in `placements`, where it
  /// found another home, or in `pending`.
  public var preemptions: [Preemption]
  /// Sorted by workload.
  public var pending: [PendingReplicas]
  /// Elastic gangs that run with less than their full size, and what keeps out their next step; sorted
  /// by workload.
  public var reduced: [PendingReplicas]
  /// Room that is kept free, sorted by pool.
  public var headrooms: [KeptHeadroom]

  public init(
    placements: [ScheduledReplica] = [], purchases: [NodePurchase] = [],
    preemptions: [Preemption] = [], pending: [PendingReplicas] = [],
    reduced: [PendingReplicas] = [], headrooms: [KeptHeadroom] = []
  ) {
    self.placements = placements
    self.purchases = purchases
    self.preemptions = preemptions
    self.pending = pending
    self.reduced = reduced
    self.headrooms = headrooms
  }
}

/// Where a pool's headroom is.
public struct KeptHeadroom: Hashable, Sendable {
  public var pool: PoolName
  /// How many replicas there is to be room for.
  public var count: Int
  /// One for each that there is room for.
  public var homes: [ScheduledReplica.Home]

  public init(pool: PoolName, count: Int, homes: [ScheduledReplica.Home]) {
    self.pool = pool
    self.count = count
    self.homes = homes
  }
}

/// A replica with its home.
public struct ScheduledReplica: Hashable, Sendable {
  public enum Home: Hashable, Sendable {
    case existing(NodeID)
    /// An index into `SchedulingResult.purchases`.
    case new(Int)
  }

  public var replica: ReplicaID
  public var home: Home
  /// Indices of the devices that it gets on the node; one for a share.
  public var devices: [Int]

  public init(replica: ReplicaID, home: Home, devices: [Int]) {
    self.replica = replica
    self.home = home
    self.devices = devices
  }
}

/// A node to be bought.
public struct NodePurchase: Hashable, Sendable {
  public enum Cause: Hashable, Sendable {
    /// Without this node, replicas of this workload would have no home.
    case replicas(of: WorkloadName)
    /// The pool's minimum asks for it.
    case poolMinimum
    /// It is kept free for whoever comes.
    case headroom
  }

  public var offer: NodeOffer
  public var cause: Cause

  public init(offer: NodeOffer, cause: Cause) {
    self.offer = offer
    self.cause = cause
  }
}

/// A running replica that must make room.
public struct Preemption: Hashable, Sendable {
  public enum Cause: String, CaseIterable, Hashable, Sendable {
    /// Something of higher priority needs the room.
    case priority
    /// Its queue had borrowed what its owner now wants back.
    case reclaim
    /// Another replica of its gang lost its place.
    case gang
    /// Its gang runs above its least size, and gives way to whoever needs room.
    case elastic
  }

  public var replica: ReplicaID
  public var node: NodeID
  public var by: WorkloadName
  public var cause: Cause
  public var lossMilliDeviceSeconds: Int64

  public init(
    replica: ReplicaID, node: NodeID, by: WorkloadName, cause: Cause, lossMilliDeviceSeconds: Int64
  ) {
    self.replica = replica
    self.node = node
    self.by = by
    self.cause = cause
    self.lossMilliDeviceSeconds = lossMilliDeviceSeconds
  }
}

/// Replicas of one workload that found no home, and why.
public struct PendingReplicas: Hashable, Sendable {
  public var workload: WorkloadName
  /// Sorted.
  public var ordinals: [Int]
  /// How many existing nodes and how many offers each rule excluded; sorted by reason, none zero. A
  /// node is counted once, under the first rule that it breaks.
  public var reasons: [ReasonCount]
  /// The smallest single change that would give all of them a home, checked by scheduling it; nil
  /// where none was found within bounds.
  public var remedy: Remedy?

  public init(
    workload: WorkloadName, ordinals: [Int], reasons: [ReasonCount], remedy: Remedy? = nil
  ) {
    self.workload = workload
    self.ordinals = ordinals
    self.reasons = reasons
    self.remedy = remedy
  }
}

public struct ReasonCount: Hashable, Sendable {
  public var reason: PendingReason
  public var nodes: Int
  public var offers: Int

  public init(_ reason: PendingReason, nodes: Int, offers: Int) {
    self.reason = reason
    self.nodes = nodes
    self.offers = offers
  }
}

/// Why a node or an offer can't take a replica. The raw values are stable: they stand in JSON.
public enum PendingReason: String, CaseIterable, Hashable, Comparable, Sendable {
  /// In a cluster that the workload doesn't allow.
  case cluster
  /// Closed: draining, lost, or leaving.
  case nodeClosed
  case nodeSelector
  case taint
  /// In a pool that is reserved for other queues.
  case reserved
  case acceleratorModel
  case acceleratorMemory
  case acceleratorCount
  case cpu
  case memory
  case storage
  case network
  /// Room, but not for `spread` within its maximum skew.
  case spread
  /// Room, but nobody beside whom `affinity` wants it.
  case affinity
  /// Room, and somebody there whom it keeps away from, or who keeps away from it.
  case antiAffinity
  /// Room, but not all in one zone, rack or node.
  case pack
  /// Room for some of a gang only.
  case gang
  case queueQuota
  case queueLimit
  case poolLimit
  case poolCostLimit
  case clusterNodeLimit
  case clusterAcceleratorLimit
  case clusterCostLimit
  case clusterBudget

  public static func < (left: PendingReason, right: PendingReason) -> Bool {
    left.order < right.order
  }

  private var order: Int { PendingReason.allCases.firstIndex(of: self) ?? 0 }
}

/// One change to a manifest that would make pending replicas fit.
public enum Remedy: Hashable, Sendable {
  case raisePoolMaximum(PoolName, to: Int)
  case raisePoolCost(PoolName, toPerHour: Money)
  case raiseClusterNodes(ClusterName, to: Int)
  case raiseClusterAccelerators(ClusterName, to: Int)
  case raiseClusterCost(ClusterName, toPerHour: Money)
  case raiseQueueQuota(QueueName, acceleratorsTo: Int)
  case raisePriority(to: Int)
  case lowerReplicas(to: Int)
  case lowerAcceleratorCount(milliDevicesTo: Int64)
  case lowerCPU(milliTo: Int64)
  case lowerMemory(bytesTo: Int64)
  case dropSpread
  case dropPack
  case dropAffinity
  case dropAntiAffinity
  case dropNodeSelector(key: String)
  case tolerate(Taint)
  case allowCluster(ClusterName)
  /// To get at nodes that are reserved for it.
  case joinQueue(QueueName)
}
