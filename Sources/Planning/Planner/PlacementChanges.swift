import Model

/// What happens to replicas, against what was seen.
enum PlacementChanges {
  static func of(
    _ target: Target, _ standing: Standing, _ wants: Wants, _ causes: Causes,
    _ input: PlanningInput
  ) -> [PlacementChange] {
    let wanted = target.replicas + target.surge
    let kept = Set(wanted.map(\.id))
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
    guard !seen.contains(where: { $0.follows(replica) }) else { return nil }
    let live = seen.filter(\.holdsResources)
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
    case .nodeLost(let node, _), .nodeLeaving(let node): node
    case .wanted, .unwanted, .changed, .preempted, .gangRestart, .needed, .poolMinimum, .poolShrunk,
      .empty, .expired, .orphaned:
      nil
    }
  }
}
