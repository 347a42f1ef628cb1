import Model

/// Exchanges a service's replicas where they stand while the service stays up.
///
/// At every moment at least `count − maxUnavailable` replicas are ready and at most `count` plus the
/// stand-ins run. Each further stop waits for a credit: a stand-in or an earlier successor that becomes
/// ready.
enum Rollouts {
  static func actions(_ scene: Scene, _ clearing: Clearing) -> [Action] {
    scene.members.keys.sorted().flatMap { actions($0, scene, clearing) }
  }

  /// Whether this is a service's older replica on the very node where its successor is to stand.
  static func exchanges(_ replica: ObservedReplica, _ scene: Scene) -> Bool {
    guard let decision = scene.wanted[replica.id], decision.node == replica.node,
      let workload = scene.workloads[replica.id.workload]
    else { return false }
    return !workload.isGang && !scene.isStandIn(replica.id) && replica.phase != .stopping
      && !replica.follows(decision)
      && replica.holdsResources
  }

  private static func actions(
    _ name: WorkloadName, _ scene: Scene, _ clearing: Clearing
  ) -> [Action] {
    guard let workload = scene.workloads[name], let members = scene.members[name],
      !workload.isGang
    else { return [] }
    let older = members.flatMap { member in
      (scene.sightings[member.id] ?? []).filter { exchanges($0, scene) }
    }
    let standIns = scene.target.surge.filter { $0.id.workload == name }
    guard !older.isEmpty || !standIns.isEmpty else { return [] }
    let credits = credits(workload, members, standIns, older, scene)
    let stops = older.enumerated().map { index, replica in
      let isUp = replica.phase == .ready
      return Action(
        step: .stopReplica(replica.id, on: replica.node), cause: .changed(path: "spec"),
        waits: isUp && index < credits.count ? credits[index] : [])
    }
    return stops
      + standInSteps(standIns, members, isExchanging: !older.isEmpty, scene, clearing)
  }

  /// What the stops wait for, in their order.
  private static func credits(
    _ workload: WorkloadSpec, _ members: [TargetReplica], _ standIns: [TargetReplica],
    _ older: [ObservedReplica], _ scene: Scene
  ) -> [[Wait]] {
    let up = members.filter { member in
      (scene.sightings[member.id] ?? []).contains { $0.phase == .ready }
    }
    let helpers = standIns.filter(scene.isReady)
    let needed = members.count - workload.rollout.maxUnavailable.of(members.count)
    let comingHelpers = standIns.filter { !scene.isReady($0) }
    let olderIDs = Set(older.map(\.id))
    // One that moves is up until its successor is, and adds nothing by getting ready.
    let upIDs = Set(up.map(\.id))
    let comingMembers = members.filter { member in
      !olderIDs.contains(member.id) && !upIDs.contains(member.id)
    }
    let coming = (comingHelpers + comingMembers).map { Wait.replicaReady($0.id, on: $0.node) }
    // Where nothing is free and nothing is coming, one must go first: nothing would ever change else.
    let free = max(up.count + helpers.count - needed, 1 - coming.count)
    let successors = older.map { Wait.replicaReady($0.id, on: $0.node) }
    let waits = Array(repeating: [], count: max(0, free)) + (coming + successors).map { [$0] }
    return Array(waits.dropFirst(max(0, -free)))
  }

  private static func standInSteps(
    _ standIns: [TargetReplica], _ members: [TargetReplica], isExchanging: Bool, _ scene: Scene,
    _ clearing: Clearing
  ) -> [Action] {
    standIns.filter { scene.isSeen($0.node.cluster) }.flatMap { standIn -> [Action] in
      let isThere = scene.isThere(standIn)
      guard isThere || isExchanging else { return [] }
      let start =
        isThere
        ? []
        : ReplicaSteps.start(
          standIn, waits: ReplicaSteps.startWaits(standIn, scene, clearing), scene)
      let rest = members.filter { !scene.isReady($0) }.map {
        Wait.replicaReady($0.id, on: $0.node)
      }
      let waits = isThere ? rest : [.replicaReady(standIn.id, on: standIn.node)] + rest
      return start + [
        Action(step: .stopReplica(standIn.id, on: standIn.node), cause: .unwanted, waits: waits)
      ]
    }
  }
}
