public import Autoscaling
public import Digests
public import Model
public import Scheduling

/// The whole effect of a desired state on an observed one, before anything happens. Immutable.
///
/// Every list is sorted; the same inputs give the same plan to the byte.
public struct Plan: Hashable, Sendable {
  /// The digest of everything that the plan says.
  public let id: PlanID
  /// What becomes current by adopting the plan; its `parent` must be current until then.
  public let target: Target
  /// What changes in the declared objects.
  public let changes: [ObjectChange]
  /// In an order in which they can be taken.
  public let actions: [Action]
  /// Where replicas go: one for each that starts, stops or moves.
  public let placements: [PlacementChange]
  /// Which nodes come and go.
  public let nodes: [NodeChange]
  public let pending: [PendingReplicas]
  /// What the planner adjusted, holds back or waits for, and why.
  public let report: [ReportEntry]
  public let cost: CostChange
  public let gates: [GateOutcome]
  public let readSet: ReadSet

  public init(_ content: PlanContent) {
    id = PlanID(content.digest)
    target = content.target
    changes = content.changes
    actions = content.actions
    placements = content.placements
    nodes = content.nodes
    pending = content.pending
    report = content.report
    cost = content.cost
    gates = content.gates
    readSet = content.readSet
  }

  /// Nothing to do: the world is at its setpoint, and the objects are as they were.
  public var isEmpty: Bool { changes.isEmpty && actions.isEmpty }

  public var brokenGates: [GateOutcome] { gates.filter { $0.isBroken } }
}

/// The identity of a plan by its content.
public struct PlanID: Hashable, Sendable, CustomStringConvertible {
  public let digest: Digest

  public init(_ digest: Digest) { self.digest = digest }

  public var description: String { digest.short }
}

/// What a plan says, before it has an id.
public struct PlanContent: Hashable, Sendable {
  public var target: Target
  public var changes: [ObjectChange] = []
  public var actions: [Action] = []
  public var placements: [PlacementChange] = []
  public var nodes: [NodeChange] = []
  public var pending: [PendingReplicas] = []
  public var report: [ReportEntry] = []
  public var cost = CostChange()
  public var gates: [GateOutcome] = []
  public var readSet = ReadSet()

  public init(target: Target) { self.target = target }
}

/// What happens to one replica.
public struct PlacementChange: Hashable, Sendable {
  public enum Kind: String, CaseIterable, Hashable, Sendable {
    case start, stop, move
    /// Stopped and started anew where it stands.
    case restart
  }

  public var replica: ReplicaID
  public var kind: Kind
  public var from: NodeID?
  public var to: NodeID?
  public var devices: [Int]
  public var cause: Cause
  /// Device-seconds of work since the last checkpoint that are lost, in thousandths.
  public var lossMilliDeviceSeconds: Int64

  /// Whether it makes room for somebody else.
  public var isPreemption: Bool {
    if case .preempted = cause { true } else { false }
  }

  public init(
    replica: ReplicaID, kind: Kind, from: NodeID?, to: NodeID?, devices: [Int], cause: Cause,
    lossMilliDeviceSeconds: Int64 = 0
  ) {
    self.replica = replica
    self.kind = kind
    self.from = from
    self.to = to
    self.devices = devices
    self.cause = cause
    self.lossMilliDeviceSeconds = lossMilliDeviceSeconds
  }
}

/// A node that comes or goes.
public struct NodeChange: Hashable, Sendable {
  public enum Kind: String, CaseIterable, Hashable, Sendable { case create, delete }

  public var node: NodeID
  public var kind: Kind
  public var pool: PoolName?
  public var instanceType: String
  public var zone: String
  public var capacityType: CapacityType
  /// Nil where no price is known.
  public var pricePerHour: Money?
  public var accelerators: Accelerators?
  public var cause: Cause

  public init(
    node: NodeID, kind: Kind, pool: PoolName?, instanceType: String, zone: String,
    capacityType: CapacityType, pricePerHour: Money?, accelerators: Accelerators?, cause: Cause
  ) {
    self.node = node
    self.kind = kind
    self.pool = pool
    self.instanceType = instanceType
    self.zone = zone
    self.capacityType = capacityType
    self.pricePerHour = pricePerHour
    self.accelerators = accelerators
    self.cause = cause
  }
}

/// Money per hour of all nodes of ours, before and after.
public struct CostChange: Hashable, Sendable {
  public var beforePerHour: Money
  public var afterPerHour: Money
  /// Nodes whose price nobody knows; they are in neither sum. Sorted.
  public var unpriced: [NodeID]

  public init(
    beforePerHour: Money = .zero, afterPerHour: Money = .zero, unpriced: [NodeID] = []
  ) {
    self.beforePerHour = beforePerHour
    self.afterPerHour = afterPerHour
    self.unpriced = unpriced
  }

  public var changePerHour: Money { afterPerHour - beforePerHour }
}

/// Something that the plan adjusted, or could not or would not do.
public enum ReportEntry: Hashable, Sendable {
  /// The demand model came to `units`, which `limits` clamped.
  case demandClamped(WorkloadName, units: Int, to: Int, limits: CountRange)
  /// It states a demand, and none of its clusters has a demand model: it gets no replicas.
  case notAssessed(WorkloadName)
  /// The autoscaler gave it another number of replicas.
  case scaled(WorkloadName, from: Int, ScaleDecision)
  /// Nothing was seen, or not everything: nothing of this cluster is started, stopped or deleted.
  case notObserved(ClusterName, reason: String?)
  /// Others' work waits there for this scheduler, which may give it room that this plan counts on.
  case contested(ClusterName, scheduler: String)
  /// What runs stays as it is: a service whose rollout finds no room on its way, or a gang whose new
  /// shape finds none. With what keeps it out, and what would let it in.
  case rolloutHeld(WorkloadName, PendingReplicas)
  /// A deletion is put off by the pool's disruption budget.
  case disruptionDeferred(NodeID, budget: Int)
  /// Protected: stays although nothing wants it any more.
  case kept(ObjectID)
  /// A gang runs with so many replicas of the most that it takes; there is no room for its next step.
  case reduced(WorkloadName, replicas: Int, max: Int, PendingReplicas)
  /// A training run whose replicas all finished; they are not started again.
  case finished(WorkloadName)
  /// A replica keeps failing where it runs.
  case crashLooping(ReplicaID, restarts: Int)
  /// Replicas stand, as they did before, where a rule about neighbours would not put them.
  case standsAgainst(WorkloadName, NeighbourRule.Kind, NeighbourRule, ordinals: [Int])
  /// Replicas that would rather stand together stand in several areas.
  case notPacked(WorkloadName, TopologyLevel, areas: Int)
  /// Room that a pool keeps free: for so many of the replicas that there is to be room for.
  case headroom(PoolName, replicas: Int, of: Int, on: [NodeID])
  /// What is measured of it is next to nothing since then, or was when it was stopped for that.
  case idle(WorkloadName, since: Timestamp?, isStopped: Bool)
  /// More was spent this month than the budget allows.
  case overBudget(BudgetOwner, spent: Money, Budget)
  /// A node was taken out of service by its provider.
  case nodeDegraded(NodeID, ObservedNode.Phase, reason: String?)
}

extension ReportEntry {
  /// Whether a disruption budget leaves it to the next plan.
  public var isPutOff: Bool {
    if case .disruptionDeferred = self { true } else { false }
  }
}

/// A gate's verdict on the plan.
public struct GateOutcome: Hashable, Sendable {
  public var gate: GateName
  public var rule: GateRule
  /// What the plan does that the rule speaks of; empty where it holds.
  public var findings: [String]

  public init(gate: GateName, rule: GateRule, findings: [String]) {
    self.gate = gate
    self.rule = rule
    self.findings = findings
  }

  public var isBroken: Bool { !findings.isEmpty }
}

/// One rule of a gate.
public enum GateRule: Hashable, Sendable {
  case deny(GatePredicate)
  case require(GateRequirement)
}
