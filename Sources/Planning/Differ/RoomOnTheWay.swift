import Model

/// What is free on one node while replicas go and come.
///
/// Room is given out against the replicas that were stopped, in the order of their stops: each start
/// waits for as few of them, from the first on, as it needs, and for no fewer than the start before it.
/// So in whatever order the world takes the steps that it may take, nothing is given out twice.
struct RoomOnTheWay {
  private let node: NodeID
  private let capacity: NodeCapacity
  private var amounts = Resources.zero
  private var milliByDevice: [Int64]
  private var stopped: [Holder] = []
  /// How many of `stopped` the last start waits for: their room is given out again.
  private var releasedCount = 0

  /// What takes room.
  struct Holder {
    var replica: ReplicaID
    var resources: ReplicaResources
    var devices: [Int]
  }

  init(_ node: NodeID, _ capacity: NodeCapacity) {
    self.node = node
    self.capacity = capacity
    milliByDevice = Array(repeating: 0, count: capacity.accelerators?.count ?? 0)
  }

  mutating func take(_ resources: ReplicaResources, devices: [Int]) {
    amounts = amounts + resources.amounts
    let milli = Self.milliPerDevice(resources)
    for device in devices where milliByDevice.indices.contains(device) {
      milliByDevice[device] = milliByDevice[device].addingSaturated(milli)
    }
  }

  /// Its room comes back once it is gone, for those who wait for that.
  mutating func noteStop(_ holder: Holder) { stopped.append(holder) }

  /// Takes room beside all that is there now; false where there is none.
  mutating func reserve(_ resources: ReplicaResources, devices: [Int]) -> Bool {
    guard releasedCount == 0, fits(resources, devices) else { return false }
    take(resources, devices: devices)
    return true
  }

  /// Takes room, and gives what it waits for; nil where even all that was stopped leaves too little.
  /// The same replica's older start must be gone first where it stands here.
  mutating func admit(
    _ resources: ReplicaResources, devices: [Int], after older: ReplicaID?
  ) -> [Wait]? {
    let before = self
    while !fits(resources, devices) || !isReleased(older) {
      guard releasedCount < stopped.count else {
        self = before
        return nil
      }
      release(stopped[releasedCount])
      releasedCount += 1
    }
    take(resources, devices: devices)
    return stopped[..<releasedCount].map { .replicaGone($0.replica, on: node) }
  }

  private func isReleased(_ replica: ReplicaID?) -> Bool {
    guard let replica else { return true }
    return stopped[..<releasedCount].contains { $0.replica == replica }
  }

  private mutating func release(_ holder: Holder) {
    amounts = amounts - holder.resources.amounts
    let milli = Self.milliPerDevice(holder.resources)
    for device in holder.devices where milliByDevice.indices.contains(device) {
      milliByDevice[device] = milliByDevice[device].subtractingSaturated(milli)
    }
  }

  private func fits(_ resources: ReplicaResources, _ devices: [Int]) -> Bool {
    guard (amounts + resources.amounts).fits(in: capacity.amounts) else { return false }
    let milli = Self.milliPerDevice(resources)
    return devices.allSatisfy { device in
      milliByDevice.indices.contains(device)
        && milliByDevice[device].addingSaturated(milli) <= 1000
    }
  }

  private static func milliPerDevice(_ resources: ReplicaResources) -> Int64 {
    min(resources.accelerator?.milliDevices ?? 1000, 1000)
  }
}
