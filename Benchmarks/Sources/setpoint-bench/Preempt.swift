import Model
import Scheduling

/// Preemption: small random instances against all sets of victims that there are, and large ones timed.
func benchmarkPreempt(_ arguments: Arguments) {
  let instances = arguments.number("instances", 1000)
  let seed = UInt64(max(0, arguments.number("seed", 0)))
  var tally = Tally()
  for index in 0..<instances {
    var random = Random(seed: seed &+ UInt64(index))
    tally.add(Crowd(&random))
  }
  let nodes = arguments.number("nodes", 5000)
  let large = largeCrowd(nodes: nodes, preemptors: arguments.number("preemptors", 50))
  var seconds: [Double] = []
  var result = SchedulingResult()
  for _ in 0..<max(1, arguments.number("rounds", 3)) {
    let start = Race.cpuSeconds()
    result = Scheduler.schedule(large)
    seconds.append(Race.cpuSeconds() - start)
  }
  seconds.sort()
  report(
    [
      ("instances", Double(instances), 0), ("preempting", Double(tally.preempting), 0),
      ("placedFewer", Double(tally.placedFewer), 0),
      ("costWorse", Double(tally.costWorse), 0), ("victimsWorse", Double(tally.victimsWorse), 0),
      ("costRatio", tally.costRatio, 4), ("victimsRatio", tally.victimsRatio, 4),
      ("microsPerInstance", tally.microsPerInstance, 1), ("largeNodes", Double(nodes), 0),
      ("largeReplicas", Double(large.demands.reduce(0) { $0 + $1.running.count }), 0),
      ("largePreempted", Double(result.preemptions.count), 0),
      ("largeCpuSeconds", seconds[seconds.count / 2], 4),
      ("peakMiB", Double(Race.peakMiB), 0),
    ], asJSON: arguments.isJSON)
}

/// What the scheduler lost against the best of all sets, over many instances.
private struct Tally {
  private(set) var preempting = 0
  private(set) var placedFewer = 0
  private(set) var costWorse = 0
  private(set) var victimsWorse = 0
  private var instances = 0
  private var (loss, bestLoss) = (Int64(0), Int64(0))
  private var (victims, bestVictims) = (0, 0)
  private var seconds = 0.0

  mutating func add(_ crowd: Crowd) {
    let input = crowd.input
    let start = Race.cpuSeconds()
    let result = Scheduler.schedule(input)
    seconds += Race.cpuSeconds() - start
    instances += 1
    let best = crowd.best()
    let placed = result.placements.count { $0.replica.workload == Crowd.boss }
    // Of a gang all that ran: those that stand where they stood start anew too.
    let gone = Set(result.preemptions.map(\.replica.workload))
    let lost = input.demands.filter { gone.contains($0.workload) }.flatMap(\.running)
    let loss = lost.reduce(Int64(0)) { $0 + $1.lossMilliDeviceSeconds }
    if best.victims > 0 { preempting += 1 }
    if placed < best.placed {
      placedFewer += 1
      return
    }
    if loss > best.loss { costWorse += 1 }
    if loss >= best.loss && lost.count > best.victims { victimsWorse += 1 }
    self.loss += loss
    bestLoss += best.loss
    victims += lost.count
    bestVictims += best.victims
  }

  var costRatio: Double { bestLoss == 0 ? 1 : Double(loss) / Double(bestLoss) }
  var victimsRatio: Double { bestVictims == 0 ? 1 : Double(victims) / Double(bestVictims) }
  var microsPerInstance: Double { seconds * 1e6 / Double(max(1, instances)) }
}

/// A few nodes filled device by device with services and gangs of equal priority, and one workload that
/// wants their room.
private struct Crowd {
  static let boss = WorkloadName("boss")
  private static let cluster = ClusterName("c")
  private static let unitsMax = 12

  /// What goes together: its replicas, each with its node, and its loss.
  private struct Unit {
    var replicas: [(node: Int, devices: [Int])]
    let milli: Int64
    let cpu: Int64
    let loss: Int64
  }

  private var nodes: [(devices: Int, cpu: Int64)] = []
  private var units: [Unit] = []
  private var count = 0
  private var isGang = false
  private var milli: Int64 = 0
  private var cpu: Int64 = 0

  init(_ random: inout Random) {
    for _ in 0..<(2 + random.below(3)) {
      nodes.append((random.oneOf([2, 4, 4, 8]), Int64(random.oneOf([16, 32, 64]))))
    }
    var rooms = nodes.map { CrowdRoom(cpu: $0.cpu, devices: $0.devices) }
    for _ in 0..<30 where units.count < Crowd.unitsMax {
      let size = random.below(4) == 0 ? 2 + random.below(2) : 1
      let milli = random.oneOf([250, 500, 1000, 1000, 2000]) as Int64
      let cpu = Int64(1 + random.below(8))
      let before = rooms
      var replicas: [(node: Int, devices: [Int])] = []
      for _ in 0..<size {
        let node = random.below(nodes.count)
        if let devices = rooms[node].take(milli, cpu) { replicas.append((node, devices)) }
      }
      let loss = (0..<size).reduce(Int64(0)) { sum, _ in sum + Int64(random.below(6)) * milli }
      if replicas.count == size {
        units.append(Unit(replicas: replicas, milli: milli, cpu: cpu, loss: loss))
      } else {
        rooms = before
      }
    }
    count = 1 + random.below(3)
    isGang = random.below(5) < 2
    milli = random.oneOf([500, 1000, 2000, 2000, 4000])
    cpu = Int64(1 + random.below(12))
  }

  var input: SchedulingInput {
    let fleet = nodes.enumerated().map { index, node in
      FleetNode(
        id: id(index), pool: nil, zone: "z",
        capacity: NodeCapacity(
          amounts: Resources(cpuMilli: node.cpu * 1000),
          accelerators: Accelerators(
            model: AcceleratorModel("H100"), count: node.devices, memoryBytes: 80 << 30)))
    }
    let running = units.enumerated().map { index, unit in
      demand(
        "low\(100 + index)", unit.replicas.count, unit.replicas.count > 1, 10, unit.milli, unit.cpu,
        unit.replicas.enumerated().map { ordinal, replica in
          RunningReplica(
            ordinal: ordinal, node: id(replica.node), devices: replica.devices,
            lossMilliDeviceSeconds: ordinal == 0 ? unit.loss : 0)
        })
    }
    let boss = demand(Crowd.boss.text, count, isGang, 500, milli, cpu, [])
    return SchedulingInput(nodes: fleet, demands: running + [boss])
  }

  private func id(_ node: Int) -> NodeID { NodeID(Crowd.cluster, "n\(node)") }

  private func demand(
    _ name: String, _ count: Int, _ isGang: Bool, _ priority: Int, _ milli: Int64, _ cpu: Int64,
    _ running: [RunningReplica]
  ) -> ReplicaDemand {
    ReplicaDemand(
      workload: WorkloadName(name), count: count, isGang: isGang, priority: priority,
      resources: ReplicaResources(
        amounts: Resources(cpuMilli: cpu * 1000),
        accelerator: AcceleratorRequest(models: [], milliDevices: milli)),
      running: running)
  }

  /// The most replicas that any set of victims makes room for, then the least loss, then the fewest
  /// victims.
  func best() -> (placed: Int, loss: Int64, victims: Int) {
    var best = (placed: 0, loss: Int64.max, victims: Int.max)
    let most = placed(without: (1 << units.count) - 1)
    for set in 0..<(1 << units.count) {
      var (loss, victims) = (Int64(0), 0)
      for index in units.indices where set >> index & 1 == 1 {
        loss += units[index].loss
        victims += units[index].replicas.count
      }
      // No set makes room for more than all of them do.
      if best.placed == most && (loss, victims) >= (best.loss, best.victims) { continue }
      let placed = placed(without: set)
      if (-placed, loss, victims) < (-best.placed, best.loss, best.victims) {
        best = (placed, loss, victims)
      }
    }
    return best
  }

  private func placed(without set: Int) -> Int {
    var room = 0
    for node in nodes.indices { room += self.room(node, without: set) }
    return isGang && room < count ? 0 : min(count, room)
  }

  private func room(_ node: Int, without set: Int) -> Int {
    var room = CrowdRoom(cpu: nodes[node].cpu, devices: nodes[node].devices)
    for (index, unit) in units.enumerated() where set >> index & 1 == 0 {
      for replica in unit.replicas where replica.node == node {
        room.put(unit.milli, unit.cpu, replica.devices)
      }
    }
    var count = 0
    while room.take(milli, cpu) != nil { count += 1 }
    return count
  }
}

/// One node's room, counted as plainly as can be.
private struct CrowdRoom {
  private var cpu: Int64
  private var free: [Int64]

  init(cpu: Int64, devices: Int) {
    self.cpu = cpu
    free = Array(repeating: 1000, count: devices)
  }

  mutating func put(_ milli: Int64, _ cpu: Int64, _ devices: [Int]) {
    self.cpu -= cpu
    for device in devices { free[device] -= min(1000, milli) }
  }

  /// The devices taken; nil where the replica does not fit.
  mutating func take(_ milli: Int64, _ cpu: Int64) -> [Int]? {
    guard self.cpu >= cpu else { return nil }
    let fitting = free.indices.filter { free[$0] >= min(1000, milli) }
    let wanted = Int(max(1, milli / 1000))
    guard fitting.count >= wanted else { return nil }
    let devices =
      milli < 1000
      ? [fitting.min { (free[$0], $0) < (free[$1], $1) } ?? 0] : Array(fitting.prefix(wanted))
    put(milli, cpu, devices)
    return devices
  }
}

/// A full fleet: nodes of 8 devices, each with gangs of 16 × 4 devices or services of one, and workloads
/// of higher priority of 4 × 8 devices, every other one a gang packed into a rack.
private func largeCrowd(nodes: Int, preemptors: Int) -> SchedulingInput {
  var input = SchedulingInput()
  let cluster = ClusterName("c")
  for index in 0..<nodes {
    input.nodes.append(
      FleetNode(
        id: NodeID(cluster, "n\(1_000_000 + index)"), pool: nil, zone: "z\(index / 160 % 3)",
        labels: Labels([("rack", "r\(index / 16)")]),
        capacity: NodeCapacity(
          amounts: Resources(cpuMilli: 96_000, memoryBytes: 1 << 40),
          accelerators: Accelerators(
            model: AcceleratorModel("H100"), count: 8, memoryBytes: 80 << 30))))
  }
  func demand(_ name: String, _ count: Int, _ isGang: Bool, _ priority: Int, _ devices: Int64)
    -> ReplicaDemand
  {
    ReplicaDemand(
      workload: WorkloadName(name), count: count, isGang: isGang, priority: priority,
      resources: ReplicaResources(
        amounts: Resources(cpuMilli: devices * 10_000, memoryBytes: devices << 34),
        accelerator: AcceleratorRequest(models: [], milliDevices: devices * 1000)))
  }
  for block in 0..<(nodes / 8) {
    let isGang = block % 2 == 0
    var low = demand("low\(1_000_000 + block)", isGang ? 16 : 64, isGang, 10, isGang ? 4 : 1)
    low.running = (0..<low.count).map { ordinal in
      let node = block * 8 + (isGang ? ordinal / 2 : ordinal / 8)
      let first = isGang ? ordinal % 2 * 4 : ordinal % 8
      return RunningReplica(
        ordinal: ordinal, node: input.nodes[node].id,
        devices: Array(first..<(first + (isGang ? 4 : 1))),
        lossMilliDeviceSeconds: Int64((block * 7919 + ordinal * 31) % 3600) * 1000)
    }
    input.demands.append(low)
  }
  for index in 0..<preemptors {
    var boss = demand("boss\(1_000_000 + index)", 4, index % 2 == 0, 500, 8)
    if index % 2 == 0 { boss.rules.pack = .rack }
    input.demands.append(boss)
  }
  return input
}
