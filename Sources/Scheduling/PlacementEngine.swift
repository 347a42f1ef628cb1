import Model

/// The scheduler's filling alone, for demands that arrive one after the other: each is placed on free
/// room as `Scheduler.schedule` would place it there, and stays.
public struct PlacementEngine {
  private var standing: Standing

  /// Demands on clusters, queues and offers have no say here: there is nothing to buy and nobody to
  /// move.
  public init(nodes: [FleetNode]) {
    standing = Standing(Problem(SchedulingInput(nodes: nodes), keepsLabels: true))
  }

  /// Homes for as many replicas of the demand as there is room for, all or none for a gang.
  public mutating func place(_ demand: ReplicaDemand) -> [ScheduledReplica] {
    let want = standing.append(demand)
    let count = standing.problem.wants[want].count
    let isUnited = standing.problem.wants[want].union != nil
    _ = isUnited ? standing.fillTogether(want, count) : standing.fill(want, count)
    return standing.standing(of: want).map { replica in
      let ordinal = replica - standing.problem.wants[want].firstReplica
      return ScheduledReplica(
        replica: ReplicaID(demand.workload, ordinal),
        home: .existing(standing.problem.nodes[Int(standing.home[replica])].id),
        devices: standing.mask[replica].indices)
    }
  }
}
