public import Model
public import Scheduling

/// What would happen from a moment on, told as it goes: the course of a simulated world that the
/// production planner and reconciler keep.
public struct Forecast: Hashable, Sendable {
  public var startedAt: Timestamp
  public var endedAt: Timestamp
  /// When the last thing happened before all was quiet; nil where it never was.
  public var quietAt: Timestamp?
  /// In the order in which they happened.
  public var events: [ForecastEvent]
  /// Those that decided something, in order.
  public var plans: [ForecastPlan]
  /// By time, one for each moment at which something was different; the first is that of the start.
  public var samples: [ForecastSample]
  /// Sorted by pool.
  public var costs: [ForecastCost]
  /// Nodes whose price nobody knows: they are in no sum. Sorted.
  public var unpriced: [NodeID]
  /// What was decided before anything happened, and what holds at the end.
  public var before: Target?
  public var after: Target?
  /// What can be seen at the end.
  public var observed: ObservedState
  /// Replicas that had no place at the end, and why.
  public var pending: [PendingReplicas]

  public init(
    startedAt: Timestamp, endedAt: Timestamp, quietAt: Timestamp? = nil,
    events: [ForecastEvent] = [], plans: [ForecastPlan] = [], samples: [ForecastSample] = [],
    costs: [ForecastCost] = [], unpriced: [NodeID] = [], before: Target? = nil,
    after: Target? = nil, observed: ObservedState = .nothing, pending: [PendingReplicas] = []
  ) {
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.quietAt = quietAt
    self.events = events
    self.plans = plans
    self.samples = samples
    self.costs = costs
    self.unpriced = unpriced
    self.before = before
    self.after = after
    self.observed = observed
    self.pending = pending
  }

  public var length: Seconds { endedAt - startedAt }

  /// Of all pools over the whole time.
  public var cost: Money { costs.reduce(.zero) { $0 + $1.cost } }
}

/// Something that happened.
public struct ForecastEvent: Hashable, Sendable {
  public enum Kind: String, CaseIterable, Hashable, Sendable {
    /// A node that was assumed to be lost, with what stood on it.
    case lost
    /// The load of a workload became another.
    case load
    case planned
    /// A plan that was not adopted, since a gate refuses it.
    case refused
    case createNode, drainNode, deleteNode, startReplica, stopReplica
    case actionFailed, gaveUp
    case nodeReady, nodeReclaimed, nodeGone
    case replicaReady, replicaCrashed, replicaFinished
    case unseen, seen
    /// Everything is there and ready.
    case settled
  }

  public var at: Timestamp
  public var kind: Kind
  /// What it is about: a node, a replica, a workload, a cluster, a gate or a plan.
  public var subject: String
  /// More of it, in words; empty where the kind says it all.
  public var detail: String

  public init(at: Timestamp, kind: Kind, subject: String, detail: String = "") {
    self.at = at
    self.kind = kind
    self.subject = subject
    self.detail = detail
  }
}

/// A plan that was adopted on the way.
public struct ForecastPlan: Hashable, Sendable {
  public var at: Timestamp
  public var plan: Plan

  public init(at: Timestamp, plan: Plan) {
    self.at = at
    self.plan = plan
  }
}

/// How things stand at one moment, until the next one.
public struct ForecastSample: Hashable, Sendable {
  public var at: Timestamp
  /// Nodes of ours that are paid for.
  public var nodes: Int
  public var replicasWanted: Int
  public var replicasReady: Int
  /// Replicas of autoscaled services that would be exactly at their targets, in thousandths; nil where
  /// nothing is measured.
  public var needMilli: Int64?
  /// Devices of all nodes that take replicas, and those of them that replicas of ours hold.
  public var devices: Int
  public var devicesHeld: Int
  public var costPerHour: Money

  public init(
    at: Timestamp, nodes: Int, replicasWanted: Int, replicasReady: Int,
    needMilli: Int64? = nil, devices: Int, devicesHeld: Int, costPerHour: Money
  ) {
    self.at = at
    self.nodes = nodes
    self.replicasWanted = replicasWanted
    self.replicasReady = replicasReady
    self.needMilli = needMilli
    self.devices = devices
    self.devicesHeld = devicesHeld
    self.costPerHour = costPerHour
  }

  /// Whether everything but the time is the same.
  public func saysTheSame(as other: ForecastSample) -> Bool {
    var moved = other
    moved.at = at
    return self == moved
  }
}

/// What the nodes of one pool cost over the whole time.
public struct ForecastCost: Hashable, Sendable {
  public var pool: PoolName
  /// Of all its nodes together, also of those without a price.
  public var nodeSeconds: Int64
  public var cost: Money

  public init(pool: PoolName, nodeSeconds: Int64, cost: Money) {
    self.pool = pool
    self.nodeSeconds = nodeSeconds
    self.cost = cost
  }
}
