/// Choosing devices on one node.
extension Fleet {
  /// The devices that a replica gets: a share goes where least is left that still holds it, so that
  /// whole devices stay whole; nil where they don't suffice.
  func devices(for replica: ReplicaClass, on node: Int) -> UInt64? {
    if replica.devices == 0 { return 0 }
    return replica.isShare
      ? tightestDevice(holding: replica.milliPerDevice, on: node)
      : freeDevices(replica.devices, on: node)
  }

  private func tightestDevice(holding share: Int32, on node: Int) -> UInt64? {
    var best = -1
    var bestFree = Int32.max
    for (index, free) in devices(of: node).enumerated() where free >= share && free < bestFree {
      best = index
      bestFree = free
    }
    return best < 0 ? nil : 1 << UInt64(best)
  }

  private func freeDevices(_ count: Int, on node: Int) -> UInt64? {
    guard Int(whole[node]) >= count else { return nil }
    var mask: UInt64 = 0
    var missing = count
    for (index, free) in devices(of: node).enumerated() where free >= 1000 && missing > 0 {
      mask |= 1 << UInt64(index)
      missing -= 1
    }
    return missing == 0 ? mask : nil
  }

  /// The set of `indices`, leaving out those that the node lacks.
  func mask(_ indices: [Int], on node: Int) -> UInt64 {
    var mask: UInt64 = 0
    for index in indices where index >= 0 && index < Int(deviceCount[node]) {
      mask |= 1 << UInt64(index)
    }
    return mask
  }
}

extension UInt64 {
  /// The numbers of the bits that are set, ascending.
  var indices: [Int] {
    var indices: [Int] = []
    var rest = self
    while rest != 0 {
      indices.append(rest.trailingZeroBitCount)
      rest &= rest - 1
    }
    return indices
  }
}
