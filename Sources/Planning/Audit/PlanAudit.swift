import Model

/// The independent judge of plans. It knows nothing of the planner, the differ or the scheduler, shares
/// no code with them but Model's values, and repeats none of their choices: it asks only whether what
/// came out may be done.
public enum PlanAudit {
  /// All that is wrong with `plan`, in a fixed order; empty for a sound one. A plan with a violation
  /// must not be carried out: it is our mistake.
  public static func check(_ plan: Plan, _ input: PlanningInput) -> [Violation] {
    let evidence = Evidence(plan, input)
    return StandingAudit.check(evidence).map(Violation.standing)
      + BoundsAudit.check(evidence).map(Violation.bounds)
      + TouchAudit.check(evidence).map(Violation.touching)
      + ServiceAudit.check(evidence).map(Violation.touching)
      + OrderAudit.check(evidence).map(Violation.ordering)
      + AgreementAudit.check(evidence).map(Violation.agreement)
  }
}

/// The plan and what it was made from, indexed. First entries win, so that a plan that names something
/// twice can still be judged.
struct Evidence {
  let plan: Plan
  let input: PlanningInput
  let seen: [NodeID: ObservedNode]
  /// What takes room on each node now.
  let holders: [NodeID: [ObservedReplica]]
  let occupants: [NodeID: [Occupant]]
  let nodes: [NodeID: TargetNode]
  /// All replicas that were seen, and each of them by its name.
  let replicas: [ObservedReplica]
  let sightings: [ReplicaID: [ObservedReplica]]
  /// Replicas and stand-ins.
  let decisions: [TargetReplica]
  let decided: [ReplicaID: TargetReplica]
  /// The decided replicas of each workload, without stand-ins.
  let members: [WorkloadName: [TargetReplica]]
  /// Where replicas and stand-ins were decided to be before.
  let before: Set<Standpoint>
  let workloads: [WorkloadName: WorkloadSpec]
  let pools: [PoolName: NodePoolSpec]
  let starts: [Start]
  private let complete: Set<ClusterName>

  /// An action that starts a replica.
  struct Start {
    let action: Action
    let order: ReplicaOrder
    var replica: TargetReplica { order.replica }
  }

  struct Standpoint: Hashable {
    let replica: ReplicaID
    let node: NodeID
  }

  init(_ plan: Plan, _ input: PlanningInput) {
    self.plan = plan
    self.input = input
    seen = Dictionary(input.observed.nodes.map { ($0.id, $0) }) { first, _ in first }
    replicas = input.observed.replicas
    sightings = Dictionary(grouping: replicas, by: \.id)
    holders = Dictionary(
      grouping: replicas.filter { $0.phase != .lost && $0.phase != .finished }, by: \.node)
    occupants = Dictionary(grouping: input.observed.occupants, by: \.node)
    nodes = Dictionary(plan.target.nodes.map { ($0.id, $0) }) { first, _ in first }
    decisions = plan.target.replicas + plan.target.surge
    decided = Dictionary(decisions.map { ($0.id, $0) }) { first, _ in first }
    members = Dictionary(grouping: plan.target.replicas, by: \.id.workload)
    let previous = (input.previous?.replicas ?? []) + (input.previous?.surge ?? [])
    before = Set(previous.map { Standpoint(replica: $0.id, node: $0.node) })
    workloads = Dictionary(input.desired.workloads.map { ($0.name, $0) }) { first, _ in first }
    pools = Dictionary(input.desired.nodePools.map { ($0.name, $0) }) { first, _ in first }
    starts = plan.actions.compactMap { action in
      guard case .startReplica(let order) = action.step else { return nil }
      return Start(action: action, order: order)
    }
    complete = Set(input.observed.observations.filter(\.isComplete).map(\.cluster))
  }

  func isComplete(_ cluster: ClusterName) -> Bool { complete.contains(cluster) }

  /// Whether the replica runs, or ran to its end, as was decided.
  func follows(_ replica: ObservedReplica, _ decision: TargetReplica) -> Bool {
    replica.id == decision.id && replica.node == decision.node
      && replica.incarnation == decision.incarnation && replica.phase != .lost
      && replica.phase != .stopping
  }

  func instance(of decision: TargetReplica) -> ObservedReplica? {
    sightings[decision.id]?.first { follows($0, decision) }
  }

  /// Whether the target keeps what is seen there.
  func isKept(_ replica: ObservedReplica) -> Bool {
    decided[replica.id].map { follows(replica, $0) } ?? false
  }

  /// Whether something that is seen on a node can still be there later.
  func isAlive(_ node: NodeID) -> Bool {
    switch seen[node]?.phase {
    case .booting, .ready, .draining: true
    case .lost, .deleting, nil: false
    }
  }

  func capacity(_ node: NodeID) -> NodeCapacity? { seen[node]?.capacity ?? nodes[node]?.capacity }

  /// What a decided replica takes: as it runs, or as it is to be started.
  func resources(_ decision: TargetReplica) -> ReplicaResources {
    instance(of: decision)?.resources ?? workloads[decision.id.workload]?.resources
      ?? ReplicaResources()
  }
}
