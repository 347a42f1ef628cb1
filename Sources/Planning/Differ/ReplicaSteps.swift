import Model

/// Replicas to stop and to start.
enum ReplicaSteps {
  static func actions(_ scene: Scene) -> [Action] {
    let clearing = Clearing(scene)
    var actions: [Action] = []
    for replica in scene.observed.replicas where isObsolete(replica, scene) {
      guard let waits = stopWaits(replica, scene, clearing) else { continue }
      actions.append(
        Action(step: .stopReplica(replica.id, on: replica.node), cause: .unwanted, waits: waits))
    }
    for replica in scene.target.replicas where isMissing(replica, scene) {
      actions += start(replica, waits: startWaits(replica, scene, clearing), scene)
    }
    return actions + Rollouts.actions(scene, clearing)
  }

  static func start(_ replica: TargetReplica, waits: [Wait], _ scene: Scene) -> [Action] {
    guard let workload = scene.workloads[replica.id.workload] else { return [] }
    let count = scene.members[replica.id.workload]?.count ?? 0
    let order = ReplicaOrder(replica: replica, workload: workload, replicaCount: count)
    return [Action(step: .startReplica(order), cause: .wanted, waits: waits)]
  }

  private static func isMissing(_ replica: TargetReplica, _ scene: Scene) -> Bool {
    scene.isSeen(replica.node.cluster) && !scene.isThere(replica)
  }

  /// Runs where or as the target doesn't want it. Stand-ins are left to `Rollouts`.
  private static func isObsolete(_ replica: ObservedReplica, _ scene: Scene) -> Bool {
    guard replica.holdsResources, replica.phase != .stopping, scene.isSeen(replica.node.cluster)
    else { return false }
    guard let decision = scene.wanted[replica.id] else { return true }
    return !replica.follows(decision) && !Rollouts.exchanges(replica, scene)
  }

  /// A service's replica that moves stays until its successor is ready, unless it is in the way; all
  /// others stop at once. Nil where that was decided elsewhere.
  private static func stopWaits(
    _ replica: ObservedReplica, _ scene: Scene, _ clearing: Clearing
  ) -> [Wait]? {
    guard let decision = scene.wanted[replica.id], decision.node != replica.node,
      let workload = scene.workloads[replica.id.workload], !workload.isGang,
      replica.phase == .ready, !clearing.isInTheWay(replica), !scene.isReady(decision)
    else { return [] }
    return [.replicaReady(replica.id, on: decision.node)]
  }

  static func startWaits(
    _ replica: TargetReplica, _ scene: Scene, _ clearing: Clearing
  ) -> [Wait] {
    var waits = scene.nodeWait(replica.node)
    if scene.workloads[replica.id.workload]?.isGang == true {
      waits += gangWaits(replica, scene)
    } else if lingers(replica, scene) {
      waits.append(.replicaGone(replica.id, on: replica.node))
    }
    waits += clearing.blockers(on: replica.node).map { .replicaGone($0.id, on: $0.node) }
    return waits.uniqued()
  }

  /// Whether an older start of the same replica still holds its room on the same node.
  private static func lingers(_ replica: TargetReplica, _ scene: Scene) -> Bool {
    (scene.seenReplicas[replica.node] ?? []).contains {
      $0.id == replica.id && $0.holdsResources && !$0.follows(replica)
    }
  }

  /// A gang starts together: when all its nodes are ready and nothing of its last start is left.
  private static func gangWaits(_ replica: TargetReplica, _ scene: Scene) -> [Wait] {
    let gang = scene.members[replica.id.workload] ?? []
    let nodes = gang.map(\.node).uniqued().flatMap(scene.nodeWait)
    let remains = gang.flatMap { member in
      (scene.sightings[member.id] ?? []).filter { $0.holdsResources && !$0.follows(member) }
    }
    return nodes + remains.map { .replicaGone($0.id, on: $0.node) }
  }
}

extension Sequence where Element: Hashable {
  /// Without later duplicates.
  func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
