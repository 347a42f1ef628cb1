import Model

/// What happens to replicas, against what was seen.
enum PlacementChanges {
  static func of(
    _ target: Target, _ actions: [Action], _ standing: Standing, _ causes: Causes,
    _ input: PlanningInput
  ) -> [PlacementChange] {
    let touched = Set(
      actions.compactMap { action -> ReplicaID? in
        switch action.step {
        case .startReplica(let order): order.replica.id
        case .stopReplica(let replica, _): replica
        case .createNode, .drainNode, .deleteNode: nil
        }
      })
    let wanted = (target.replicas + target.surge).filter { touched.contains($0.id) }
    let kept = Set((target.replicas + target.surge).map(\.id))
    let comings = wanted.filter { !standing.isFrozen($0.node) }.compactMap {
      coming($0, standing, causes)
    }
    let goings = input.observed.replicas.filter {
      $0.holdsResources && $0.phase != .stopping && !kept.contains($0.id)
        && !standing.isFrozen($0.node)
    }.map { replica in
      PlacementChange(
        replica: replica.id, kind: .stop, from: replica.node, to: nil, devices: replica.devices,
        cause: causes.ofReplica(replica.id),
        lossMilliDeviceSeconds: causes.loss(of: replica.id))
    }
    return (comings + goings).sorted {
      ($0.replica, $0.kind.rawValue) < ($1.replica, $1.kind.rawValue)
    }
  }

  private static func coming(
    _ replica: TargetReplica, _ standing: Standing, _ causes: Causes
  ) -> PlacementChange? {
    let seen = standing.replicas[replica.id] ?? []
    let isThere = seen.contains { $0.follows(replica) }
    // A move is not over before its predecessor is gone; a stand-in that goes is no move.
    let live = seen.filter {
      $0.holdsResources && !$0.follows(replica) && !(isThere && $0.phase == .stopping)
    }
    guard !isThere || !live.isEmpty else { return nil }
    let cause = causes.ofReplica(replica.id)
    let from = live.first { $0.node == replica.node }?.node ?? live.first?.node ?? cause.lostNode
    let kind: PlacementChange.Kind =
      from == nil ? .start : from == replica.node ? .restart : .move
    return PlacementChange(
      replica: replica.id, kind: kind, from: from, to: replica.node, devices: replica.devices,
      cause: cause == .unwanted ? .wanted : cause,
      lossMilliDeviceSeconds: causes.loss(of: replica.id))
  }
}

extension Cause {
  /// The node that a replica lost.
  fileprivate var lostNode: NodeID? {
    switch self {
    case .nodeLost(let node, _), .replicaLost(let node), .nodeLeaving(let node): node
    case .wanted, .unwanted, .changed, .preempted, .gangRestart, .needed, .poolMinimum, .headroom,
      .poolShrunk,
      .empty, .underused, .expired, .orphaned:
      nil
    }
  }
}
