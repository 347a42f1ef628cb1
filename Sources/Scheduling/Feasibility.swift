import Model

/// The amounts that a node must have left, as a scan compares them.
///
/// What a replica does not ask for can't keep it away, even where a node has less than nothing left.
struct Needs {
  let cpu: Int64
  let memory: Int64
  let storage: Int64
  let network: Int64
  let whole: Int32
  let widest: Int32

  init(_ replica: ReplicaClass) {
    func bound(_ amount: Int64) -> Int64 { amount == 0 ? .min : amount }
    cpu = bound(replica.cpu)
    memory = bound(replica.memory)
    storage = bound(replica.storage)
    network = bound(replica.network)
    whole = replica.devices > 0 && !replica.isShare ? Int32(clamping: replica.devices) : .min
    widest = replica.isShare ? replica.milliPerDevice : .min
  }
}

/// An empty or partly used node beside the fleet, to try things on.
struct Room {
  var cpu: Int64
  var memory: Int64
  var storage: Int64
  var network: Int64
  /// Free thousandths of each device.
  var devices: [Int32]

  init(_ capacity: NodeCapacity) {
    cpu = capacity.amounts.cpuMilli
    memory = capacity.amounts.memoryBytes
    storage = capacity.amounts.storageBytes
    network = capacity.amounts.networkBitsPerSecond
    let count = min(max(0, capacity.accelerators?.count ?? 0), Fleet.devicesMax)
    devices = Array(repeating: 1000, count: count)
  }

  init(_ fleet: Fleet, _ node: Int) {
    cpu = fleet.cpu[node]
    memory = fleet.memory[node]
    storage = fleet.storage[node]
    network = fleet.network[node]
    devices = Array(fleet.devices(of: node))
  }

  /// The first amount that does not suffice for one replica.
  func shortage(of replica: ReplicaClass) -> PendingReason? {
    let needs = Needs(replica)
    if replica.isShare {
      if !devices.contains(where: { $0 >= replica.milliPerDevice }) { return .acceleratorCount }
    } else if replica.devices > 0 {
      if devices.count(where: { $0 >= 1000 }) < replica.devices { return .acceleratorCount }
    }
    if cpu < needs.cpu { return .cpu }
    if memory < needs.memory { return .memory }
    if storage < needs.storage { return .storage }
    return network < needs.network ? .network : nil
  }

  func fits(_ replica: ReplicaClass) -> Bool { shortage(of: replica) == nil }

  mutating func add(_ replica: ReplicaClass, _ mask: UInt64, sign: Int64 = 1) {
    cpu = cpu.addingSaturated(sign * replica.cpu)
    memory = memory.addingSaturated(sign * replica.memory)
    storage = storage.addingSaturated(sign * replica.storage)
    network = network.addingSaturated(sign * replica.network)
    for index in mask.indices { devices[index] += Int32(sign) * replica.milliPerDevice }
  }

  /// Takes room for as many replicas as fit, at most `most`; returns how many.
  mutating func take(_ replica: ReplicaClass, atMost most: Int) -> Int {
    var count = most
    func bound(_ free: Int64, _ need: Int64) {
      if need > 0 { count = min(count, Int(clamping: max(0, free) / need)) }
    }
    bound(cpu, replica.cpu)
    bound(memory, replica.memory)
    bound(storage, replica.storage)
    bound(network, replica.network)
    if count > 0 && replica.devices > 0 { count = takeDevices(replica, atMost: count) }
    guard count > 0 else { return 0 }
    cpu -= Int64(count) * replica.cpu
    memory -= Int64(count) * replica.memory
    storage -= Int64(count) * replica.storage
    network -= Int64(count) * replica.network
    return count
  }

  private mutating func takeDevices(_ replica: ReplicaClass, atMost most: Int) -> Int {
    var taken = 0
    if replica.isShare {
      // Fullest devices first, each as far as it goes: equal shares lose nothing by that.
      let order = devices.indices.sorted { (devices[$0], $0) < (devices[$1], $1) }
      for index in order {
        while taken < most && devices[index] >= replica.milliPerDevice {
          devices[index] -= replica.milliPerDevice
          taken += 1
        }
      }
      return taken
    }
    var free = 0
    for device in devices where device >= 1000 { free += 1 }
    taken = min(most, free / replica.devices)
    var missing = taken * replica.devices
    for index in devices.indices where missing > 0 && devices[index] >= 1000 {
      devices[index] = 0
      missing -= 1
    }
    return taken
  }
}

extension Standing {
  /// Whether a node has room for one more replica of the class, all rules about nodes considered.
  func fits(_ classID: Int, _ needs: Needs, on node: Int) -> Bool {
    permits(classID, on: node) && fleet.meets(needs, node)
  }

  func permits(_ classID: Int, on node: Int) -> Bool {
    problem.permits[classID * problem.kindCount + Int(fleet.kind[node])] == 0
  }

  /// How many more replicas of the class a node has room for.
  func capacity(_ classID: Int, on node: Int) -> Int {
    guard permits(classID, on: node) else { return 0 }
    let replica = problem.classes[classID]
    var count = Int64(Int32.max)
    func bound(_ free: Int64, _ need: Int64) {
      if need > 0 { count = min(count, max(0, free) / need) }
    }
    if replica.isShare {
      bound(
        fleet.devices(of: node).reduce(0) { $0 + Int64(max(0, $1) / replica.milliPerDevice) }, 1)
    } else {
      bound(Int64(fleet.whole[node]), Int64(replica.devices))
    }
    if count == 0 { return 0 }
    bound(fleet.cpu[node], replica.cpu)
    bound(fleet.memory[node], replica.memory)
    bound(fleet.storage[node], replica.storage)
    bound(fleet.network[node], replica.network)
    return Int(count)
  }

  /// The first amount of a node that does not suffice for one replica.
  func shortage(_ needs: Needs, on node: Int) -> PendingReason? {
    if fleet.whole[node] < needs.whole || fleet.widest[node] < needs.widest {
      return .acceleratorCount
    }
    if fleet.cpu[node] < needs.cpu { return .cpu }
    if fleet.memory[node] < needs.memory { return .memory }
    if fleet.storage[node] < needs.storage { return .storage }
    return fleet.network[node] < needs.network ? .network : nil
  }
}
