public import Model
public import Planning

/// What is free on one node, counted as the planner counts it.
public struct Room {
  private let node: ObservedNode
  private var amounts = Resources.zero
  private var milliByDevice: [Int64]

  /// Beside all that holds room there, but for one replica.
  public init(on node: ObservedNode, _ seen: Observation, besides replica: ReplicaID) {
    self.node = node
    milliByDevice = Array(repeating: 0, count: node.capacity.accelerators?.count ?? 0)
    for holder in seen.replicas
    where holder.node == node.id && holder.holdsResources && holder.id != replica {
      take(holder.resources, holder.devices)
    }
    for occupant in seen.occupants where occupant.node == node.id {
      take(occupant.resources, occupant.devices)
    }
  }

  private mutating func take(_ resources: ReplicaResources, _ devices: [Int]) {
    amounts = amounts + resources.amounts
    for device in devices where milliByDevice.indices.contains(device) {
      milliByDevice[device] += resources.milliOfEachDevice
    }
  }

  public func fits(_ resources: ReplicaResources, devices: [Int]) -> Bool {
    do throws(Failure) {
      try refuse(resources, devices: devices)
      return true
    } catch {
      return false
    }
  }

  /// Answers `conflict` where it does not fit beside what stands there, and `terminal` where it could
  /// not on any day.
  public func refuse(_ resources: ReplicaResources, devices: [Int]) throws(Failure) {
    try node.refuse(resources, devices: devices, beside: amounts, milliByDevice: milliByDevice)
  }
}

extension Observation {
  /// Answers why `replica` can't start as it is planned: its node is not there or not ready, it stands
  /// elsewhere, or there is no room.
  public func refuse(
    _ replica: TargetReplica, of workload: WorkloadSpec
  ) throws(Failure) {
    guard let node = nodes.first(where: { $0.id == replica.node }) else {
      throw .conflict("there is no node '\(replica.node)'")
    }
    guard node.phase == .ready else {
      throw .conflict("node '\(node.id)' is \(node.phase.rawValue)")
    }
    if workload.isGang,
      let other = standing(replica.id)
        .first(where: { $0.phase != .stopping && $0.phase != .crashLooping })
    {
      throw .conflict("\(replica.id) still runs on '\(other.node)'")
    }
    try Room(on: node, self, besides: replica.id)
      .refuse(workload.resources, devices: replica.devices)
  }

  /// Whether the replica stands where `order` has it already; throws where it does so otherwise than
  /// ordered. One that crashes time and again is started anew.
  public func hasStarted(_ order: TargetReplica) throws(Failure) -> Bool {
    guard let here = standing(order.id).first(where: { $0.node == order.node }),
      here.phase != .crashLooping
    else { return false }
    guard here.phase != .stopping else {
      throw .conflict("\(here.id) is still stopping on '\(order.node)'")
    }
    guard here.revision == order.revision, here.incarnation == order.incarnation,
      here.devices == order.devices
    else { throw .conflict("\(here.id) runs on '\(order.node)' from an earlier start") }
    return true
  }

  /// Answers why a node can't be given back: somebody is on it.
  public func refuseLeaving(_ node: NodeID) throws(Failure) {
    if let occupant = occupants.first(where: { $0.node == node }) {
      // It may leave some day; until then the node is paid for, and must not be forgotten.
      throw .transient("node '\(node)' runs '\(occupant.name)', which is not ours")
    }
    if let replica = replicas.first(where: { $0.node == node && $0.holdsResources }) {
      throw .conflict("node '\(node)' still runs \(replica.id)")
    }
  }

  /// What of a replica takes room somewhere.
  private func standing(_ replica: ReplicaID) -> [ObservedReplica] {
    replicas.filter { $0.id == replica && $0.holdsResources }
  }
}

extension TargetNode {
  /// Answers why a node that is there under this one's name is not what is ordered.
  public func refuse(_ standing: TargetNode?, isLeaving: Bool) throws(Failure) {
    guard let standing else { throw .terminal("node '\(id)' is not ours") }
    guard !isLeaving else { throw .conflict("node '\(id)' is being taken away") }
    guard standing.pool == pool, standing.instanceType == instanceType, standing.zone == zone,
      standing.capacityType == capacityType
    else { throw .conflict("node '\(id)' is there already, and is another") }
  }
}
