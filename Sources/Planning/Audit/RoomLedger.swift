import Model

/// What is given out on one node, added up.
struct RoomLedger {
  private let capacity: NodeCapacity
  private var amounts = Resources.zero
  private var milliByDevice: [Int: Int64] = [:]

  init(_ capacity: NodeCapacity) { self.capacity = capacity }

  mutating func take(_ resources: ReplicaResources, devices: [Int]) {
    amounts = amounts + resources.amounts
    let request = resources.accelerator
    let isShare = request.map { $0.milliDevices < 1000 } ?? false
    let milli = isShare ? (request?.milliDevices ?? 1000) : 1000
    for device in devices { milliByDevice[device, default: 0] += milli }
  }

  var isAmountsExceeded: Bool {
    amounts.cpuMilli > capacity.amounts.cpuMilli
      || amounts.memoryBytes > capacity.amounts.memoryBytes
      || amounts.storageBytes > capacity.amounts.storageBytes
      || amounts.networkBitsPerSecond > capacity.amounts.networkBitsPerSecond
  }

  /// Devices given out beyond what they are, or that the node doesn't have; sorted.
  var devicesExceeded: [Int] {
    let count = capacity.accelerators?.count ?? 0
    return milliByDevice.keys.sorted().filter { device in
      device < 0 || device >= count || (milliByDevice[device] ?? 0) > 1000
    }
  }

  var isExceeded: Bool { isAmountsExceeded || !devicesExceeded.isEmpty }
}
