public import Model

/// Compares a target with what is seen. It has no choice to make: where a replica goes, which node is
/// bought and who makes room was decided before; only the steps that are still missing come out.
///
/// So a crash is harmless: the steps are computed again from the same target, never replayed.
public enum Differ {
  /// The steps from `observed` toward `target`, in an order in which they can be taken. Nothing is done
  /// in a cluster that was not wholly seen. Causes are those that target and observation tell;
  /// `Planner` knows them better.
  public static func actions(
    toward target: Target, desired: DesiredState, from observed: ObservedState
  ) -> [Action] {
    let scene = Scene(target, desired, observed)
    let all = NodeSteps.actions(scene) + Turnover(scene).actions
    return ActionOrder.sorted(WithinSight(all, scene).actions)
  }

  /// Workloads that can't go this way: see `Turnover.interrupted`.
  static func interruptions(
    toward target: Target, desired: DesiredState, from observed: ObservedState
  ) -> Set<WorkloadName> {
    Turnover(Scene(target, desired, observed)).interrupted
  }
}

/// Target and observation, indexed.
struct Scene {
  let target: Target
  let seenNodes: [NodeID: ObservedNode]
  let targetNodes: [NodeID: TargetNode]
  /// Live and finished replicas by node, in the order of the observation.
  let seenReplicas: [NodeID: [ObservedReplica]]
  /// All that was seen of a replica.
  let sightings: [ReplicaID: [ObservedReplica]]
  let wanted: [ReplicaID: TargetReplica]
  let workloads: [WorkloadName: WorkloadSpec]
  /// Target replicas by workload, in their order.
  let members: [WorkloadName: [TargetReplica]]
  let standIns: Set<ReplicaID>
  let occupants: [NodeID: [Occupant]]
  let observed: ObservedState
  private let clusters: Set<ClusterName>

  init(_ target: Target, _ desired: DesiredState, _ observed: ObservedState) {
    self.target = target
    self.observed = observed
    clusters = Set(observed.observations.filter(\.isComplete).map(\.cluster))
    seenNodes = Dictionary(uniqueKeysWithValues: observed.nodes.map { ($0.id, $0) })
    targetNodes = Dictionary(uniqueKeysWithValues: target.nodes.map { ($0.id, $0) })
    let replicas = observed.replicas.filter { $0.phase != .lost }
    seenReplicas = Dictionary(grouping: replicas, by: \.node)
    sightings = Dictionary(grouping: replicas, by: \.id)
    wanted = Dictionary(
      uniqueKeysWithValues: (target.replicas + target.surge).map { ($0.id, $0) })
    workloads = Dictionary(uniqueKeysWithValues: desired.workloads.map { ($0.name, $0) })
    members = Dictionary(grouping: target.replicas, by: \.id.workload)
    standIns = Set(target.surge.map(\.id))
    occupants = Dictionary(grouping: observed.occupants, by: \.node)
  }

  func isSeen(_ cluster: ClusterName) -> Bool { clusters.contains(cluster) }

  /// Whether all that was decided is in clusters that are seen.
  var seesAll: Bool {
    target.nodes.allSatisfy { isSeen($0.id.cluster) }
      && (target.replicas + target.surge).allSatisfy { isSeen($0.node.cluster) }
  }

  func isReady(_ node: NodeID) -> Bool { seenNodes[node]?.phase == .ready }

  /// Whether what is seen on a node can still be there later.
  func isAlive(_ node: NodeID) -> Bool {
    switch seenNodes[node]?.phase {
    case .booting, .ready, .draining: true
    case .lost, .deleting, nil: false
    }
  }

  /// What takes room on a node.
  func holders(on node: NodeID) -> [ObservedReplica] {
    (seenReplicas[node] ?? []).filter(\.holdsResources)
  }

  func isService(_ workload: WorkloadName) -> Bool { workloads[workload]?.isGang == false }

  /// The wait for a node that is not ready yet.
  func nodeWait(_ node: NodeID) -> [Wait] { isReady(node) ? [] : [.nodeReady(node)] }

  /// Whether the replica runs, or ran to its end, as this decision wants it.
  func isThere(_ replica: TargetReplica) -> Bool {
    sightings[replica.id]?.contains { $0.follows(replica) } ?? false
  }

  func isReady(_ replica: TargetReplica) -> Bool {
    sightings[replica.id]?.contains {
      $0.follows(replica) && ($0.phase == .ready || $0.phase == .finished)
    } ?? false
  }
}

extension ObservedReplica {
  /// Whether this is what the decision asked for.
  func follows(_ decision: TargetReplica) -> Bool {
    node == decision.node && incarnation == decision.incarnation && phase != .stopping
      && phase != .lost
  }
}

extension Sequence where Element: Hashable {
  /// Without later duplicates.
  func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
