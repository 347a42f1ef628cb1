public import Model
public import Scheduling

/// Why a replica stands where it does, or nowhere.
public struct ReplicaExplanation: Hashable, Sendable {
  public var replica: ReplicaID
  /// Where it stands or is to stand; nil where it is pending.
  public var home: NodeID?
  public var devices: [Int]
  /// What happens to it when the target is carried out; nil where it stays as it is.
  public var change: PlacementChange?
  /// Where it could stand while everything else stays where it is.
  public var ranking: Ranking
  /// Of its whole workload; nil where it has a home.
  public var pending: PendingReplicas?
}

/// Why a node is there, and what would be without it.
public struct NodeExplanation: Hashable, Sendable {
  public var node: NodeID
  /// nil for nodes that are not ours.
  public var pool: PoolName?
  public var instanceType: String
  public var capacityType: CapacityType
  public var zone: String
  /// nil where nobody knows it.
  public var pricePerHour: Money?
  /// nil while it is on order.
  public var phase: ObservedNode.Phase?
  public var emptySince: Timestamp?
  /// What happens to it when the target is carried out; nil where it stays as it is.
  public var change: NodeChange?
  /// Of ours, as decided; sorted.
  public var residents: [ReplicaID]
  /// Things of others that stand there.
  public var occupants: Int
  /// How many nodes its pool has then, and must have.
  public var poolNodes: Int
  public var poolMin: Int
  /// nil for nodes that go anyway, and for such as nothing can be done with.
  public var without: Absence?

  /// What deciding anew without the node comes to.
  public struct Absence: Hashable, Sendable {
    /// Who would go elsewhere, sorted by replica.
    public var moves: [Move]
    /// Who would have no home then and has one now, sorted by workload.
    public var homeless: [PendingReplicas]
    /// Who would have to make room, sorted.
    public var preempted: [ReplicaID]
    /// What would be bought instead, sorted by name.
    public var bought: [TargetNode]
    public var changePerHour: Money
  }

  public struct Move: Hashable, Sendable {
    public var replica: ReplicaID
    public var to: NodeID
    /// Device-seconds of work since the last checkpoint that are lost, in thousandths.
    public var lossMilliDeviceSeconds: Int64
  }
}

extension Planner {
  /// Why the replica stands where the plan on `input` puts it; nil where nobody wants it.
  public static func explanation(
    of replica: ReplicaID, _ input: PlanningInput
  ) -> ReplicaExplanation? {
    let standing = Standing(input)
    let draft = draft(standing, input)
    let question = draft.question(standing, input)
    guard let ranking = Scheduler.rank(question, replica) else { return nil }
    let plan = plan(input)
    let home = plan.target.replicas.first { $0.id == replica }
    return ReplicaExplanation(
      replica: replica, home: home?.node, devices: home?.devices ?? [],
      change: plan.placements.first { $0.replica == replica }, ranking: ranking,
      pending: plan.pending.first {
        $0.workload == replica.workload && $0.ordinals.contains(replica.ordinal)
      })
  }

  /// Why the node is there; nil where there is none, and none is ordered.
  public static func explanation(of node: NodeID, _ input: PlanningInput) -> NodeExplanation? {
    let standing = Standing(input)
    let plan = plan(input)
    let decided = plan.target.nodes.first { $0.id == node }
    let seen = standing.seen[node]
    guard let place = decided.map(Sold.init) ?? seen.map(Sold.init) else { return nil }
    let pool = decided?.pool ?? seen?.pool
    let spec = input.desired.nodePools.first { $0.name == pool }
    let goes = plan.nodes.contains { $0.node == node && $0.kind == .delete }
    let canGo = decided != nil && !goes && !standing.isFrozen(node) && seen != nil
    return NodeExplanation(
      node: node, pool: pool, instanceType: place.instanceType, capacityType: place.capacityType,
      zone: place.zone, pricePerHour: decided?.pricePerHour ?? seen.flatMap(input.price),
      phase: seen?.phase, emptySince: seen?.emptySince,
      change: plan.nodes.first { $0.node == node },
      residents: plan.target.replicas.filter { $0.node == node }.map(\.id),
      occupants: input.observed.occupants.count { $0.node == node },
      poolNodes: plan.target.nodes.count { $0.pool == pool },
      poolMin: spec?.nodes.min ?? 0,
      without: canGo ? decided.map { absence(of: $0, standing, input) } : nil)
  }

  private struct Sold {
    let instanceType: String
    let capacityType: CapacityType
    let zone: String

    init(_ node: TargetNode) {
      instanceType = node.instanceType
      capacityType = node.capacityType
      zone = node.zone
    }

    init(_ node: ObservedNode) {
      instanceType = node.instanceType
      capacityType = node.capacityType
      zone = node.zone
    }
  }

  /// The same decision again, as if the node had to leave.
  private static func absence(
    of node: TargetNode, _ standing: Standing, _ input: PlanningInput
  ) -> NodeExplanation.Absence {
    let draft = draft(standing, input)
    var leaving = draft.leaving
    leaving.empty([node], .poolShrunk, idle: [])
    let next = Draft(leaving, standing, input)
    let (before, after) = (draft.decision, next.decision)
    let homes = Dictionary(after.target.replicas.map { ($0.id, $0) }) { first, _ in first }
    let wants = Dictionary(
      uniqueKeysWithValues: draft.wants.wants.map { ($0.workload.name, $0) })
    let moves = before.target.replicas.compactMap { replica -> NodeExplanation.Move? in
      guard let home = homes[replica.id], home.incarnation != replica.incarnation else {
        return nil
      }
      let want = wants[replica.id.workload]
      let old = want?.homes[replica.id.ordinal]
      let loss = old.map { want?.loss(of: replica.id, $0, standing, at: input.now) ?? 0 }
      return NodeExplanation.Move(
        replica: replica.id, to: home.node, lossMilliDeviceSeconds: loss ?? 0)
    }
    let known = Set(before.target.nodes.map(\.id))
    let cost = { (target: Target) in target.nodes.reduce(Money.zero) { $0 + $1.pricePerHour } }
    return NodeExplanation.Absence(
      moves: moves, homeless: homeless(before, after),
      preempted: Set(after.arrangement.preemptions.keys)
        .subtracting(before.arrangement.preemptions.keys).sorted(),
      bought: after.target.nodes.filter { !known.contains($0.id) },
      changePerHour: cost(after.target) - cost(before.target))
  }

  private static func homeless(_ before: Decision, _ after: Decision) -> [PendingReplicas] {
    let known = Dictionary(
      before.arrangement.pending.map { ($0.workload, Set($0.ordinals)) },
      uniquingKeysWith: { $0.union($1) })
    return after.arrangement.pending.compactMap { pending in
      var more = pending
      more.ordinals.removeAll { known[pending.workload]?.contains($0) ?? false }
      return more.ordinals.isEmpty ? nil : more
    }
  }
}
