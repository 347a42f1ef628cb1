import Model

/// What is free on one node while replicas go and come.
///
/// Room is given out against the replicas that were stopped, in the order of their stops: each start
/// waits for as few of them, from the first on, as it needs, and for no fewer than the start before it.
/// So in whatever order the world takes the steps that it may take, nothing is given out twice.
struct RoomOnTheWay {
  private let node: NodeID
  private let capacity: Parts
  private var taken: Parts
  private var stopped: [(replica: ReplicaID, parts: Parts)] = []
  /// How many of `stopped` the last start waits for: their room is given out again.
  private var releasedCount = 0
  /// Of what leaves its room to its successor, the part that this one does not take.
  private var spare: [ReplicaID: Parts] = [:]

  /// The four amounts, then thousandths of each device, then of devices that the node does not have.
  private typealias Parts = [Int64]
  private static let amountsCount = 4

  /// What takes room.
  struct Holder {
    var replica: ReplicaID
    var resources: ReplicaResources
    var devices: [Int]
  }

  init(_ node: NodeID, _ capacity: NodeCapacity) {
    self.node = node
    let devices = Parts(repeating: 1000, count: capacity.accelerators?.count ?? 0)
    self.capacity = Self.parts(capacity.amounts) + devices + [0]
    taken = Parts(repeating: 0, count: self.capacity.count)
  }

  mutating func take(_ resources: ReplicaResources, devices: [Int]) {
    add(parts(resources, devices))
  }

  /// Its room comes back once it is gone, for those who wait for that.
  mutating func noteStop(_ holder: Holder) {
    let spare = spare.removeValue(forKey: holder.replica)
    let parts = spare ?? parts(holder.resources, holder.devices)
    if parts.contains(where: { $0 > 0 }) { stopped.append((holder.replica, parts)) }
  }

  /// Takes room beside all that is there now; false where there is none.
  mutating func reserve(_ resources: ReplicaResources, devices: [Int]) -> Bool {
    let parts = parts(resources, devices)
    guard releasedCount == 0, fits(parts) else { return false }
    add(parts)
    return true
  }

  /// Keeps what `older` has for its successor in the same place, and takes what that needs beyond it,
  /// beside all that is there now; false where there is no more.
  mutating func handOver(
    _ older: Holder, to resources: ReplicaResources, devices: [Int]
  ) -> Bool {
    let old = parts(older.resources, older.devices)
    let new = parts(resources, devices)
    let more = Self.excess(of: new, over: old)
    guard releasedCount == 0, more.allSatisfy({ $0 == 0 }) || fits(more) else { return false }
    add(more)
    spare[older.replica] = Self.excess(of: old, over: new)
    return true
  }

  /// Takes room, and gives what it waits for; nil where even all that was stopped leaves too little.
  /// The same replica's older start must be gone first where it stands here.
  mutating func admit(
    _ resources: ReplicaResources, devices: [Int], after older: ReplicaID?
  ) -> [Wait]? {
    let before = self
    let parts = parts(resources, devices)
    while !fits(parts) || !isReleased(older) {
      guard releasedCount < stopped.count else {
        self = before
        return nil
      }
      for (index, part) in stopped[releasedCount].parts.enumerated() {
        taken[index] = taken[index].subtractingSaturated(part)
      }
      releasedCount += 1
    }
    add(parts)
    return stopped[..<releasedCount].map { .replicaGone($0.replica, on: node) }
  }

  /// All the room that there will ever be.
  var allThatGoes: [Wait] { stopped.map { .replicaGone($0.replica, on: node) } }

  private func isReleased(_ replica: ReplicaID?) -> Bool {
    guard let replica else { return true }
    return stopped[..<releasedCount].contains { $0.replica == replica }
  }

  private mutating func add(_ parts: Parts) {
    for (index, part) in parts.enumerated() { taken[index] = taken[index].addingSaturated(part) }
  }

  /// Of devices, those that are not asked for are not looked at.
  private func fits(_ parts: Parts) -> Bool {
    parts.indices.allSatisfy { index in
      index >= Self.amountsCount && parts[index] == 0
        || taken[index].addingSaturated(parts[index]) <= capacity[index]
    }
  }

  private func parts(_ resources: ReplicaResources, _ devices: [Int]) -> Parts {
    var parts = Self.parts(resources.amounts)
    parts += Parts(repeating: 0, count: capacity.count - parts.count)
    let missing = parts.count - 1
    for device in devices {
      let index = Self.amountsCount.addingSaturated(device)
      let place = (Self.amountsCount..<missing).contains(index) ? index : missing
      parts[place] = parts[place].addingSaturated(resources.milliOfEachDevice)
    }
    return parts
  }

  private static func parts(_ amounts: Resources) -> Parts {
    [amounts.cpuMilli, amounts.memoryBytes, amounts.storageBytes, amounts.networkBitsPerSecond]
  }

  private static func excess(of parts: Parts, over others: Parts) -> Parts {
    zip(parts, others).map { max(0, $0.subtractingSaturated($1)) }
  }
}
