/// Local improvement: shares of devices that were placed just now make way for others of the same
/// priority that use their devices up better.
///
/// Largest first leaves gaps that nothing fits, 0.81 of a device most of a fifth; two smaller shares
/// may leave none. Every exchange lets more of the devices be used, so that it comes to an end.
struct Exchanges {
  /// Exchanges tried in one level.
  static let trialsMax = 200_000
  /// Pairs tried for one replica, the fullest first.
  static let pairsMax = 6

  /// Wants with homeless shares, by class.
  private var waiting: [(classID: Int, milli: Int32, wants: [Int])] = []
  private var trials = 0

  init(_ standing: borrowing Standing, _ wants: [(want: Int, missing: Int)]) {
    for (want, _) in wants { add(want, standing) }
  }

  /// Exchanges on all nodes until nothing gets better.
  mutating func run(_ standing: inout Standing, priority: Int) {
    var improved = !waiting.isEmpty
    while improved && trials < Exchanges.trialsMax {
      improved = false
      for node in 0..<standing.fleet.count {
        for replica in movable(on: node, standing, priority: priority) {
          if exchange(replica, on: node, &standing) { improved = true }
        }
      }
    }
  }

  private static func isExchangeable(_ want: Want, _ standing: borrowing Standing) -> Bool {
    want.isLoose && want.queue == standing.problem.queues.outside
      && standing.problem.classes[want.classID].isShare
  }

  private mutating func add(_ want: Int, _ standing: borrowing Standing) {
    let problem = standing.problem
    guard Exchanges.isExchangeable(problem.wants[want], standing) else { return }
    let classID = problem.wants[want].classID
    if let known = waiting.firstIndex(where: { $0.classID == classID }) {
      if !waiting[known].wants.contains(want) { waiting[known].wants.append(want) }
      return
    }
    let replica = problem.classes[classID]
    let place = waiting.firstIndex {
      let other = problem.classes[$0.classID]
      return (other.milliPerDevice, -other.cpu, -other.memory)
        < (replica.milliPerDevice, -replica.cpu, -replica.memory)
    }
    waiting.insert(
      (classID, replica.milliPerDevice, [want]), at: place ?? waiting.count)
  }

  /// New shares on devices that are not used up.
  private func movable(
    on node: Int, _ standing: borrowing Standing, priority: Int
  ) -> [Int] {
    guard standing.fleet.spare[node] > 0 else { return [] }
    let devices = Array(standing.fleet.devices(of: node))
    return standing.replicas(on: node).filter { replica in
      let want = standing.want(of: replica)
      return standing.origin[replica] < 0 && want.priority == priority
        && Exchanges.isExchangeable(want, standing)
        && devices[standing.mask[replica].trailingZeroBitCount] > 0
    }
  }

  private mutating func exchange(_ replica: Int, on node: Int, _ standing: inout Standing) -> Bool {
    let given = standing.want(of: replica)
    let milli = standing.problem.classes[given.classID].milliPerDevice
    let device = standing.mask[replica].trailingZeroBitCount
    let devices = standing.fleet.devices(of: node)
    let space = devices[devices.startIndex + device] + milli
    for pair in pairs(within: space, above: milli, on: node, replica, standing) {
      trials += 1
      let mark = standing.mark
      standing.remove(replica)
      if pair.allSatisfy({ place($0, on: node, &standing) }) {
        add(Int(standing.wantOf[replica]), standing)
        forgetTheServed(standing)
        return true
      }
      standing.rollBack(to: mark)
    }
    return false
  }

  /// One or two waiting classes that would together use more of the device, the fullest first, as far
  /// as the node's cores and memory go.
  private func pairs(
    within space: Int32, above milli: Int32, on node: Int, _ replica: Int,
    _ standing: borrowing Standing
  ) -> [[Int]] {
    let classes = standing.problem.classes
    let own = classes[standing.want(of: replica).classID]
    let cpu = standing.fleet.cpu[node] + own.cpu
    let memory = standing.fleet.memory[node] + own.memory
    var found: [(sum: Int32, cpu: Int64, pair: [Int])] = []
    for (place, one) in waiting.enumerated() where one.milli <= space {
      let first = classes[one.classID]
      if first.cpu > cpu || first.memory > memory { continue }
      if one.milli > milli { found.append((one.milli, first.cpu, [one.classID])) }
      for other in waiting[place...] where one.milli + other.milli <= space {
        if one.milli + other.milli <= milli { break }
        if one.classID == other.classID && one.wants.count < 2
          && standing.missing(one.wants[0]) < 2
        {
          continue
        }
        let second = classes[other.classID]
        if first.cpu + second.cpu > cpu || first.memory + second.memory > memory { continue }
        found.append(
          (one.milli + other.milli, first.cpu + second.cpu, [one.classID, other.classID]))
        break
      }
    }
    found.sort { ($1.sum, $0.cpu, $0.pair[0]) < ($0.sum, $1.cpu, $1.pair[0]) }
    return found.prefix(Exchanges.pairsMax).map(\.pair)
  }

  private func place(_ classID: Int, on node: Int, _ standing: inout Standing) -> Bool {
    guard let entry = waiting.first(where: { $0.classID == classID }),
      let want = entry.wants.first(where: { standing.missing($0) > 0 })
    else { return false }
    return standing.fill(want, 1, in: Area(level: .node, id: node)) == 1
  }

  private mutating func forgetTheServed(_ standing: borrowing Standing) {
    for index in waiting.indices {
      waiting[index].wants.removeAll { standing.missing($0) == 0 }
    }
    waiting.removeAll { $0.wants.isEmpty }
  }
}
