public import Model

/// Something that happened to a fleet.
public enum FleetChange: Hashable, Sendable {
  /// A workload is new or wanted otherwise; what the demand says of running replicas is not read.
  case wanted(ReplicaDemand)
  case unwanted(WorkloadName)
  case lost(NodeID)
  case added(FleetNode)

  /// Losses before gains, then by name: the order in which changes are told has no influence.
  static func precedes(_ left: FleetChange, _ right: FleetChange) -> Bool {
    let (one, other) = (left.key, right.key)
    return one.rank != other.rank ? one.rank < other.rank : one.name < other.name
  }

  private var key: (rank: Int, name: String) {
    switch self {
    case .added(let node): (0, node.id.description)
    case .lost(let node): (1, node.description)
    case .unwanted(let workload): (2, workload.description)
    case .wanted(let demand): (3, demand.workload.description)
    }
  }
}

/// What became of changes.
public struct FleetAnswer: Hashable, Sendable {
  /// Replicas that have a new home, sorted.
  public var placements: [ScheduledReplica]
  /// Workloads with replicas that found none in free room, sorted.
  public var waiting: [WorkloadName]
}
