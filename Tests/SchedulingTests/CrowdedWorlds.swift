import Model
import Scheduling

extension WorldMaker {
  /// A few nodes in one cluster, full of replicas that run, and some workloads of higher priority that
  /// want their room.
  mutating func crowded(preemptors: Int, isRanked: Bool = false) -> SchedulingInput {
    var input = SchedulingInput()
    for index in 0..<(2 + random.below(3)) {
      input.nodes.append(
        node(
          "n\(index)", cpu: Int64(random.oneOf([16, 32, 64])), memory: 256,
          gpus: random.oneOf([2, 4, 4, 8])))
    }
    fill(&input, isRanked)
    for index in 0..<preemptors {
      var demand = service(
        "boss\(index)", 1 + random.below(3), gpu: random.oneOf([0.5, 1, 2, 2, 4]),
        cpu: Int64(1 + random.below(12)), priority: 500 + 100 * index)
      demand.isGang = random.chance(40)
      input.demands.append(demand)
    }
    return input
  }

  /// Running workloads until hardly anything more fits, at most ten units that may go.
  private mutating func fill(_ input: inout SchedulingInput, _ isRanked: Bool) {
    for index in 0..<7 {
      var demand = service(
        "low\(index)", 1 + random.below(3), gpu: random.oneOf([0.25, 0.5, 1, 1, 2]),
        cpu: Int64(1 + random.below(8)), priority: isRanked ? 10 * (1 + random.below(4)) : 10)
      demand.isGang = random.chance(30)
      var before = input
      before.demands.append(demand)
      before = after(before, Scheduler.schedule(before))
      // Nobody waits: who found no place, or lost his to one of higher priority, is not wanted.
      for place in before.demands.indices {
        before.demands[place].count = before.demands[place].running.count
      }
      let units = before.demands.reduce(0) { $0 + ($1.isGang ? 1 : $1.running.count) }
      if units > 10 { break }
      input = before
      for replica in input.demands[index].running.indices {
        input.demands[index].running[replica].lossMilliDeviceSeconds =
          Int64(random.below(6)) * 1000
      }
    }
  }
}

/// One node's room beside the scheduler, to count on.
struct CountedRoom {
  private var amounts: Resources
  private var devices: [Int64]

  init(_ node: FleetNode) {
    amounts = node.capacity.amounts
    devices = Array(repeating: 1000, count: node.capacity.accelerators?.count ?? 0)
  }

  /// False, and nothing taken, where it does not fit.
  mutating func take(_ resources: ReplicaResources, on indices: [Int]) -> Bool {
    let each = min(1000, resources.accelerator?.milliDevices ?? 0)
    guard resources.amounts.fits(in: amounts),
      indices.allSatisfy({ devices.indices.contains($0) && devices[$0] >= each })
    else { return false }
    amounts = amounts - resources.amounts
    for index in indices { devices[index] -= each }
    return true
  }

  /// How many of the same fit.
  func holds(_ resources: ReplicaResources) -> Int {
    var room = self
    var count = 0
    while let indices = room.freeDevices(resources), room.take(resources, on: indices) {
      count += 1
    }
    return count
  }

  /// Devices that one replica could take, of those that are equally free only one.
  func choices(_ resources: ReplicaResources) -> [[Int]] {
    guard let milli = resources.accelerator?.milliDevices, milli < 1000 else {
      return freeDevices(resources).map { [$0] } ?? []
    }
    var seen: Set<Int64> = []
    return devices.indices.filter { devices[$0] >= milli && seen.insert(devices[$0]).inserted }
      .map { [$0] }
  }

  /// The fullest device that still has the share, or the first free ones.
  func freeDevices(_ resources: ReplicaResources) -> [Int]? {
    guard let milli = resources.accelerator?.milliDevices else { return [] }
    if milli < 1000 {
      return devices.indices.filter { devices[$0] >= milli }
        .min { (devices[$0], $0) < (devices[$1], $1) }.map { [$0] }
    }
    let free = devices.indices.filter { devices[$0] == 1000 }
    return free.count * 1000 >= milli ? Array(free.prefix(Int(milli / 1000))) : nil
  }
}

/// The victims that cost least of all sets that make room for the one workload that runs nowhere.
///
/// Of the victims, each stands for itself but for gangs, which go whole. First as many of the workload
/// as can be, then the least loss, then the fewest victims.
struct BestVictims {
  private(set) var placed = 0
  private(set) var loss: Int64 = 0
  private(set) var victims = 0

  init(_ input: SchedulingInput) {
    guard let boss = input.demands.first(where: { $0.running.isEmpty && $0.count > 0 }) else {
      return
    }
    let units = BestVictims.units(input, below: boss.priority)
    let all = Set(units.flatMap(\.replicas))
    let most = BestVictims.reach(boss, input, without: all)
    let sets = (0..<(1 << units.count)).map { set in
      let going = units.indices.filter { set >> $0 & 1 == 1 }
      return (
        loss: going.reduce(Int64(0)) { $0 + units[$1].loss },
        victims: going.reduce(0) { $0 + units[$1].replicas.count }, going: going
      )
    }
    // No set makes room for more than all of them do, so that the first that does as much is the best.
    let best = sets.sorted { ($0.loss, $0.victims) < ($1.loss, $1.victims) }.first { set in
      let gone = Set(set.going.flatMap { units[$0].replicas })
      return BestVictims.reach(boss, input, without: gone) == most
    }
    (placed, loss, victims) = (most, best?.loss ?? 0, best?.victims ?? 0)
  }

  private static func units(
    _ input: SchedulingInput, below priority: Int
  ) -> [(replicas: [ReplicaID], loss: Int64)] {
    input.demands.filter { $0.priority < priority }.flatMap { demand in
      let all = demand.running.map {
        (replicas: [ReplicaID(demand.workload, $0.ordinal)], loss: $0.lossMilliDeviceSeconds)
      }
      guard demand.isGang, !all.isEmpty else { return all }
      return [(all.flatMap(\.replicas), all.reduce(0) { $0 + $1.loss })]
    }
  }

  /// How many replicas of the demand fit where all others stay but for `gone`; all or none of a gang.
  static func reach(
    _ demand: ReplicaDemand, _ input: SchedulingInput, without gone: Set<ReplicaID>
  ) -> Int {
    var rooms: [NodeID: CountedRoom] = [:]
    for node in input.nodes { rooms[node.id] = CountedRoom(node) }
    for other in input.demands {
      for replica in other.running where !gone.contains(ReplicaID(other.workload, replica.ordinal))
      {
        guard rooms[replica.node]?.take(other.resources, on: replica.devices) ?? false else {
          return 0
        }
      }
    }
    let room = rooms.values.reduce(0) { $0 + $1.holds(demand.resources) }
    let count = min(demand.count, room)
    return demand.isGang && count < demand.count ? 0 : count
  }
}
