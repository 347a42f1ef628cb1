public import Model
public import Scheduling

/// What a change of the manifests does: the effects of two plans on one observation, set against
/// each other.
///
/// `base` is the plan for the manifests without the change and `head` the one with it. What the
/// world asks for by itself, such as another home for what a lost node carried, stands in both and
/// cancels out; what is left is the change's own doing.
public struct PlanComparison: Hashable, Sendable {
  public let base: Plan
  public let head: Plan
  /// What happens with the change and not without it.
  public let brought: Effects
  /// What happens without the change and not with it.
  public let spared: Effects
  /// Money per hour after the one plan and after the other.
  public let cost: CostChange
  public let gates: [ComparedGate]

  /// Effects of one plan; each list in the order of the plan's own.
  public struct Effects: Hashable, Sendable {
    public var nodes: [NodeChange] = []
    public var placements: [PlacementChange] = []
    public var pending: [PendingReplicas] = []
    public var report: [ReportEntry] = []

    public init() {}

    public var isEmpty: Bool {
      nodes.isEmpty && placements.isEmpty && pending.isEmpty && report.isEmpty
    }
  }

  /// `head` was planned with `judges(base:head:)` of the same gates, and with the fields in which
  /// `head`'s objects differ from `base`'s as its changes.
  public init(
    base: Plan, head: Plan, gatesOfBase: [GateSpec], gatesOfHead: [GateSpec]
  ) {
    self.base = base
    self.head = head
    brought = Effects(of: head, without: base)
    spared = Effects(of: base, without: head)
    cost = CostChange(
      beforePerHour: base.cost.afterPerHour, afterPerHour: head.cost.afterPerHour,
      unpriced: head.cost.unpriced)
    gates = head.gates.map { outcome in
      ComparedGate(
        outcome: outcome, isInBase: gatesOfBase.have(outcome), isInHead: gatesOfHead.have(outcome),
        wasBroken: base.gates.contains(outcome))
    }
  }

  public var changes: [ObjectChange] { head.changes }

  /// Nothing is declared otherwise, and nothing happens otherwise.
  public var isEmpty: Bool { changes.isEmpty && brought.isEmpty && spared.isEmpty }

  /// Rules that the change itself breaks.
  public var brokenGates: [ComparedGate] { gates.filter { $0.isBrokenByChange } }

  /// The gates that a change is judged by: those that hold without it, whatever it does to them,
  /// and those that it adds. Else a change could take away the very gate that it breaks.
  public static func judges(base: [GateSpec], head: [GateSpec]) -> [GateSpec] {
    let known = Dictionary(base.map { ($0.name, $0) }) { first, _ in first }
    let added = Dictionary(head.map { ($0.name, $0) }) { first, _ in first }
    let kept = base.map { gate in
      guard let other = added[gate.name] else { return gate }
      var both = gate
      both.deny += other.deny.filter { !gate.deny.contains($0) }
      both.require += other.require.filter { !gate.require.contains($0) }
      return both
    }
    return (kept + head.filter { known[$0.name] == nil }).sorted { $0.name < $1.name }
  }
}

/// A gate's verdict on a change.
public struct ComparedGate: Hashable, Sendable {
  public var outcome: GateOutcome
  /// Whether the rule holds without the change; one that doesn't is new.
  public var isInBase: Bool
  /// Whether the rule still holds with the change; one that doesn't is taken away by it.
  public var isInHead: Bool
  /// Whether it is broken in the same way without the change.
  public var wasBroken: Bool

  public init(outcome: GateOutcome, isInBase: Bool, isInHead: Bool, wasBroken: Bool) {
    self.outcome = outcome
    self.isInBase = isInBase
    self.isInHead = isInHead
    self.wasBroken = wasBroken
  }

  public var isBrokenByChange: Bool { outcome.isBroken && !wasBroken }
}

extension PlanComparison.Effects {
  /// Causes are no part of the comparison: a node that comes for the sake of another workload is
  /// the same node.
  init(of plan: Plan, without other: Plan) {
    let nodes = Set(other.nodes.map(NodeFate.init))
    self.nodes = plan.nodes.filter { !nodes.contains(NodeFate($0)) }
    let placements = Set(other.placements.map(ReplicaFate.init))
    self.placements = plan.placements.filter { !placements.contains(ReplicaFate($0)) }
    let waiting = Dictionary(other.pending.map { ($0.workload, Set($0.ordinals)) }) {
      $0.union($1)
    }
    pending = plan.pending.compactMap { entry in
      var rest = entry
      rest.ordinals.removeAll { waiting[entry.workload]?.contains($0) ?? false }
      return rest.ordinals.isEmpty ? nil : rest
    }
    let report = Set(other.report)
    self.report = plan.report.filter { !report.contains($0) }
  }
}

private struct NodeFate: Hashable {
  let node: NodeID
  let kind: NodeChange.Kind
  let instanceType: String
  let zone: String
  let capacityType: CapacityType

  init(_ change: NodeChange) {
    node = change.node
    kind = change.kind
    instanceType = change.instanceType
    zone = change.zone
    capacityType = change.capacityType
  }
}

private struct ReplicaFate: Hashable {
  let replica: ReplicaID
  let kind: PlacementChange.Kind
  let from: NodeID?
  let to: NodeID?
  let isPreempted: Bool

  init(_ change: PlacementChange) {
    replica = change.replica
    kind = change.kind
    from = change.from
    to = change.to
    if case .preempted = change.cause { isPreempted = true } else { isPreempted = false }
  }
}

extension [GateSpec] {
  fileprivate func have(_ outcome: GateOutcome) -> Bool {
    contains { gate in
      guard gate.name == outcome.gate else { return false }
      switch outcome.rule {
      case .deny(let predicate): return gate.deny.contains(predicate)
      case .require(let requirement): return gate.require.contains(requirement)
      }
    }
  }
}
