import Model
import Planning

extension World.Node {
  /// What is taken of each device, in thousandths, by index.
  var takenMilliByDevice: [Int64] {
    var taken = [Int64](repeating: 0, count: observed.capacity.accelerators?.count ?? 0)
    for (resources, devices) in holders {
      let milli = min(resources.accelerator?.milliDevices ?? 0, 1000)
      for device in devices where taken.indices.contains(device) {
        taken[device] = taken[device].addingSaturated(milli)
      }
    }
    return taken
  }

  /// What all that stands here takes of the divisible resources.
  var takenAmounts: Resources { holders.reduce(.zero) { $0 + $1.resources.amounts } }

  private var holders: [(resources: ReplicaResources, devices: [Int])] {
    replicas.filter { $0.observed.holdsResources }.map {
      ($0.observed.resources, $0.observed.devices)
    } + occupants.map { ($0.resources, $0.devices) }
  }

  /// Answers `conflict` where `resources` do not fit beside what stands here, and `terminal` where they
  /// could not fit on any day.
  func refuseWithoutRoom(_ resources: ReplicaResources, devices: [Int]) throws(Failure) {
    try observed.refuse(
      resources, devices: devices, beside: takenAmounts, milliByDevice: takenMilliByDevice)
  }

  /// The lowest devices that nothing has a part in.
  func freeDevices(_ count: Int) -> [Int] {
    let taken = takenMilliByDevice
    return Array(taken.indices.filter { taken[$0] == 0 }.prefix(count))
  }
}
