import Model
import Planning

/// What is free on one node, counted as the planner counts it.
struct Room {
  private let node: ObservedNode
  private var amounts = Resources.zero
  private var milliByDevice: [Int64]

  /// Beside all that holds room there, but for one replica.
  init(on node: ObservedNode, _ seen: Observation, besides replica: ReplicaID) {
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
    let milli = min(resources.accelerator?.milliDevices ?? 1000, 1000)
    for device in devices where milliByDevice.indices.contains(device) {
      milliByDevice[device] += milli
    }
  }

  func fits(_ resources: ReplicaResources, devices: [Int]) -> Bool {
    do throws(Failure) {
      try refuse(resources, devices: devices)
      return true
    } catch {
      return false
    }
  }

  /// Answers `conflict` where it does not fit beside what stands there, and `terminal` where it could
  /// not on any day.
  func refuse(_ resources: ReplicaResources, devices: [Int]) throws(Failure) {
    guard (amounts + resources.amounts).fits(in: node.capacity.amounts) else {
      throw .conflict("node '\(node.id)' has no room left")
    }
    guard let request = resources.accelerator else {
      guard devices.isEmpty else { throw .terminal("devices are named but none are asked for") }
      return
    }
    guard let accelerators = node.capacity.accelerators, accelerators.satisfy(request) else {
      throw .terminal("node '\(node.id)' has no \(request)")
    }
    guard devices.count == request.devices, Set(devices).count == devices.count,
      devices.allSatisfy({ (0..<accelerators.count).contains($0) })
    else { throw .terminal("devices \(devices) of node '\(node.id)' are not what is asked for") }
    for device in devices where milliByDevice[device] + min(request.milliDevices, 1000) > 1000 {
      throw .conflict("device \(device) of node '\(node.id)' is taken")
    }
  }
}
