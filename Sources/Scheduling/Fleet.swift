import Model

/// What is left on every node, in columns: a scan over all nodes touches only what it compares.
///
/// Amounts may be below zero where more runs on a node than it has; nothing new goes there then.
struct Fleet {
  /// Devices of a node beyond this many are not used: sets of devices are bits of a word.
  static let devicesMax = 64

  private(set) var spots: [Spot] = []
  private(set) var kind: [Int32] = []
  private(set) var cpu: [Int64] = []
  private(set) var memory: [Int64] = []
  private(set) var storage: [Int64] = []
  private(set) var network: [Int64] = []
  /// Index of the accelerator model; -1 for none.
  private(set) var model: [Int32] = []
  /// Wholly free devices.
  private(set) var whole: [Int32] = []
  /// The most that is free on any one device, in thousandths.
  private(set) var widest: [Int32] = []
  /// Free thousandths of all devices together.
  private(set) var spare: [Int32] = []
  private(set) var deviceCount: [Int32] = []
  private var deviceStart: [Int] = []
  /// Free thousandths of every device, node after node.
  private var device: [Int32] = []
  /// Capacities, for scores that weigh what is left.
  private(set) var cpuCapacity: [Int64] = []
  private(set) var memoryCapacity: [Int64] = []
  /// Of what is left on nodes, and of what they are.
  private(set) var changes = ChangeLog()

  var count: Int { kind.count }

  mutating func append(_ spot: Spot, _ capacity: NodeCapacity, model: Int) {
    let devices = min(max(0, capacity.accelerators?.count ?? 0), Fleet.devicesMax)
    spots.append(spot)
    kind.append(Int32(spot.kind))
    cpu.append(capacity.amounts.cpuMilli)
    memory.append(capacity.amounts.memoryBytes)
    storage.append(capacity.amounts.storageBytes)
    network.append(capacity.amounts.networkBitsPerSecond)
    cpuCapacity.append(capacity.amounts.cpuMilli)
    memoryCapacity.append(capacity.amounts.memoryBytes)
    self.model.append(devices == 0 ? -1 : Int32(model))
    whole.append(Int32(devices))
    widest.append(devices == 0 ? 0 : 1000)
    spare.append(Int32(devices * 1000))
    deviceCount.append(Int32(devices))
    deviceStart.append(device.count)
    device.append(contentsOf: repeatElement(1000, count: devices))
  }

  mutating func removeLast() {
    device.removeLast(Int(deviceCount[count - 1]))
    spots.removeLast()
    kind.removeLast()
    cpu.removeLast()
    memory.removeLast()
    storage.removeLast()
    network.removeLast()
    cpuCapacity.removeLast()
    memoryCapacity.removeLast()
    model.removeLast()
    whole.removeLast()
    widest.removeLast()
    spare.removeLast()
    deviceCount.removeLast()
    deviceStart.removeLast()
  }

  /// Closes a node for good.
  mutating func close(_ node: Int) {
    kind[node] = 0
    spots[node].kind = 0
    changes.note(node)
  }

  /// Opens a closed node again, as the kind that it was.
  mutating func reopen(_ node: Int, as known: Int) {
    kind[node] = Int32(known)
    spots[node].kind = known
    changes.note(node)
  }

  /// Makes an empty node another one.
  mutating func replace(_ node: Int, _ spot: Spot, _ capacity: NodeCapacity, model: Int) {
    append(spot, capacity, model: model)
    let last = count - 1
    spots[node] = spots[last]
    kind[node] = kind[last]
    cpu[node] = cpu[last]
    memory[node] = memory[last]
    storage[node] = storage[last]
    network[node] = network[last]
    cpuCapacity[node] = cpuCapacity[last]
    memoryCapacity[node] = memoryCapacity[last]
    self.model[node] = self.model[last]
    whole[node] = whole[last]
    widest[node] = widest[last]
    spare[node] = spare[last]
    deviceCount[node] = deviceCount[last]
    deviceStart[node] = deviceStart[last]
    removeLastKeepingDevices()
    changes.note(node)
  }

  private mutating func removeLastKeepingDevices() {
    deviceCount[count - 1] = 0
    removeLast()
  }

  /// Visits those of the nodes that meet `needs` and whose kind `permits` (0 at `row` + kind), in order.
  @inline(__always)
  func forEach(
    of nodes: Range<Int>, meeting needs: Needs, _ permits: borrowing [UInt8], row: Int,
    _ visit: (Int) -> Void
  ) {
    let (kind, cpu, memory, storage) = (kind.span, cpu.span, memory.span, storage.span)
    let (network, whole, widest) = (network.span, whole.span, widest.span)
    let permits = permits.span
    for node in nodes {
      guard cpu[node] >= needs.cpu, whole[node] >= needs.whole, widest[node] >= needs.widest,
        memory[node] >= needs.memory, storage[node] >= needs.storage,
        network[node] >= needs.network, permits[row + Int(kind[node])] == 0
      else { continue }
      visit(node)
    }
  }

  /// Whether the node has the amounts left.
  func meets(_ needs: Needs, _ node: Int) -> Bool {
    cpu[node] >= needs.cpu && memory[node] >= needs.memory && storage[node] >= needs.storage
      && network[node] >= needs.network && whole[node] >= needs.whole
      && widest[node] >= needs.widest
  }

  func devices(of node: Int) -> ArraySlice<Int32> {
    device[deviceStart[node]..<(deviceStart[node] + Int(deviceCount[node]))]
  }

  /// What the device with the least room for the share has free; `Int32.max` where none has room.
  func tightestDevice(for share: Int32, on node: Int) -> Int32 {
    var tightest = Int32.max
    let start = deviceStart[node]
    for index in start..<(start + Int(deviceCount[node])) where device[index] >= share {
      tightest = min(tightest, device[index])
    }
    return tightest
  }

  /// Takes amounts and devices, or gives them back where `sign` is -1.
  mutating func take(_ replica: ReplicaClass, _ mask: UInt64, on node: Int, sign: Int64 = 1) {
    cpu[node] = cpu[node].subtractingSaturated(sign * replica.cpu)
    memory[node] = memory[node].subtractingSaturated(sign * replica.memory)
    storage[node] = storage[node].subtractingSaturated(sign * replica.storage)
    network[node] = network[node].subtractingSaturated(sign * replica.network)
    changes.note(node)
    guard mask != 0 else { return }
    var rest = mask
    while rest != 0 {
      let index = rest.trailingZeroBitCount
      rest &= rest - 1
      device[deviceStart[node] + index] -= Int32(sign) * replica.milliPerDevice
    }
    countDevices(of: node)
  }

  private mutating func countDevices(of node: Int) {
    var whole: Int32 = 0
    var widest: Int32 = 0
    var spare: Int32 = 0
    for free in devices(of: node) {
      whole += free >= 1000 ? 1 : 0
      widest = max(widest, free)
      spare += max(0, free)
    }
    self.whole[node] = whole
    self.widest[node] = widest
    self.spare[node] = spare
  }
}
