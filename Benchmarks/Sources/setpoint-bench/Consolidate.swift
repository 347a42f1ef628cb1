import Model
import Scheduling

/// Giving nodes back: small fleets against every set of nodes that could go and every way to place what
/// stood there, and one large fleet for the time that the search takes.
func benchmarkConsolidate(_ arguments: Arguments) {
  let instances = arguments.number("instances", 1000)
  var (worse, better, found, best) = (0, 0, Int64(0), Int64(0))
  var (costFound, costBest) = (Int64(0), Int64(0))
  let start = Race.cpuSeconds()
  var searching = 0.0
  for seed in 0..<instances {
    let fleet = SmallFleet(seed: UInt64(seed))
    let begin = Race.cpuSeconds()
    let choice = Scheduler.consolidate(fleet.input, fleet.terms)
    searching += Race.cpuSeconds() - begin
    var bruteForce = BruteForce(fleet)
    let optimum = bruteForce.optimum()
    let worth = choice?.worth.micros ?? 0
    // What dividing rounds off is no difference.
    if optimum.worth - worth > 10 { worse += 1 }
    if worth - optimum.worth > 10 { better += 1 }
    found += worth
    best += optimum.worth
    costFound += fleet.cost - (choice?.savingPerHour.micros ?? 0)
    costBest += fleet.cost - optimum.saving
  }
  let bruteForceSeconds = Race.cpuSeconds() - start - searching
  let large = LargeFleet(
    nodes: arguments.number("nodes", 5000), replicas: arguments.number("replicas", 20_000))
  let begin = Race.cpuSeconds()
  let choice = Scheduler.consolidate(large.input, large.terms)
  let seconds = Race.cpuSeconds() - begin
  report(
    [
      ("instances", Double(instances), 0), ("worse", Double(worse), 0),
      ("worsePercent", Double(worse) * 100 / Double(max(1, instances)), 2),
      ("better", Double(better), 0), ("worthRatio", Double(found) / Double(max(1, best)), 5),
      ("costRatio", Double(costFound) / Double(max(1, costBest)), 5),
      ("microsPerSearch", searching * 1e6 / Double(max(1, instances)), 1),
      ("bruteForceSeconds", bruteForceSeconds, 2), ("nodes", Double(large.input.nodes.count), 0),
      ("replicas", Double(large.replicas), 0), ("cpuSeconds", seconds, 3),
      ("given", Double(choice?.nodes.count ?? 0), 0),
      ("bought", Double(choice?.purchases ?? 0), 0),
      ("savingPercent", Double(choice?.savingPerHour.micros ?? 0) * 100 / Double(large.cost), 2),
      ("peakMiB", Double(Race.peakMiB), 0),
    ], asJSON: arguments.isJSON)
}

/// SplitMix64 (Steele and others, OOPSLA'14).
private struct Dice {
  var state: UInt64

  mutating func roll(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
  }

  mutating func pick<Value>(_ values: [Value]) -> Value { values[roll(values.count)] }
}

/// A kind of node: cores, devices, price in cents.
private struct NodeType {
  let name: String
  let cores: Int
  let devices: Int
  let cents: Int64

  var capacity: NodeCapacity {
    NodeCapacity(
      amounts: Resources(cpuMilli: Int64(cores) * 1000, memoryBytes: Int64(cores) << 33),
      accelerators: devices == 0
        ? nil
        : Accelerators(model: AcceleratorModel("H100"), count: devices, memoryBytes: 80 << 30))
  }

  func offer(in pool: PoolName) -> NodeOffer {
    NodeOffer(
      pool: pool, cluster: ClusterName("c"), instanceType: name, zone: "a",
      capacityType: .onDemand, pricePerHour: Money(micros: cents * 10_000), capacity: capacity,
      labels: .none, taints: [], preference: 0)
  }
}

private let types = [
  NodeType(name: "gpu8", cores: 96, devices: 8, cents: 8000),
  NodeType(name: "gpu4", cores: 48, devices: 4, cents: 4200),
  NodeType(name: "gpu1", cores: 12, devices: 1, cents: 1150),
]

/// Up to six nodes of a few kinds with up to nine replicas.
private struct SmallFleet {
  var input = SchedulingInput()
  var terms = ConsolidationTerms(candidates: [], pools: [])
  /// What stands on each node: cores, devices and workload.
  var residents: [[(cores: Int, devices: Int, workload: Int)]] = []
  var kinds: [NodeType] = []
  var losses: [Int64] = []
  var drainsMax = 0
  var spare = 0
  var cost: Int64 { kinds.reduce(0) { $0 + $1.cents * 10_000 } }

  static let horizon = Seconds.hours(8)
  static let margin = 10

  init(seed: UInt64) {
    var dice = Dice(state: seed &* 7919)
    let pool = PoolName("p")
    let count = 2 + dice.roll(5)
    kinds = (0..<count).map { _ in dice.pick(types) }
    residents = kinds.map { _ in [] }
    var demands: [ReplicaDemand] = []
    var free = kinds.map { ($0.cores, $0.devices) }
    for workload in 0..<(1 + dice.roll(5)) {
      let (cores, devices) = (1 + dice.roll(24), dice.pick([0, 1, 1, 2, 4]))
      var running: [RunningReplica] = []
      for _ in 0..<(1 + dice.roll(3)) where residents.joined().count < 9 {
        let node = dice.roll(count)
        guard free[node].0 >= cores, free[node].1 >= devices else { continue }
        let first = kinds[node].devices - free[node].1
        running.append(
          RunningReplica(
            ordinal: running.count, node: SmallFleet.node(node),
            devices: Array(first..<(first + devices))))
        free[node] = (free[node].0 - cores, free[node].1 - devices)
        residents[node].append((cores, devices, workload))
      }
      losses.append(dice.pick([0, 0, 50, 200, 900]) * 1_000_000)
      demands.append(
        ReplicaDemand(
          workload: SmallFleet.workload(workload), count: running.count,
          isGang: losses[workload] > 0, priority: 100,
          resources: ReplicaResources(
            amounts: Resources(cpuMilli: Int64(cores) * 1000, memoryBytes: 1 << 30),
            accelerator: devices == 0
              ? nil : AcceleratorRequest(models: [], milliDevices: Int64(devices) * 1000)),
          running: running))
    }
    drainsMax = dice.pick([1, 2, 6, 6])
    spare = dice.pick([1, 3, 6, 6])
    let candidates = (0..<count).filter { !residents[$0].isEmpty }
    input = SchedulingInput(
      nodes: kinds.enumerated().map { index, kind in
        FleetNode(
          id: SmallFleet.node(index), pool: pool, zone: "a", capacity: kind.capacity,
          // Idle nodes are given back without any search.
          isOpen: !residents[index].isEmpty)
      }, demands: demands, offers: types.map { $0.offer(in: pool) },
      pools: [PoolRoom(pool: pool, cluster: ClusterName("c"), nodesMin: 0, nodesMax: 20)])
    terms = ConsolidationTerms(
      candidates: candidates.map {
        ConsolidationTerms.Candidate(
          node: SmallFleet.node($0), pool: pool,
          pricePerHour: Money(micros: kinds[$0].cents * 10_000), horizon: SmallFleet.horizon,
          marginPercent: SmallFleet.margin)
      }, pools: [ConsolidationTerms.PoolTerms(pool: pool, drainsMax: drainsMax, spare: spare)],
      losses: losses.enumerated().map {
        ConsolidationTerms.WorkloadLoss(
          workload: SmallFleet.workload($0), amount: Money(micros: $1))
      })
  }

  static func node(_ index: Int) -> NodeID { NodeID(ClusterName("c"), "n\(index)") }

  static func workload(_ index: Int) -> WorkloadName { WorkloadName("w\(index)") }
}

/// Every set, every placement, every purchase.
private struct BruteForce {
  private let fleet: SmallFleet
  private var least = Int64.max
  private var nodesMin = 0

  init(_ fleet: SmallFleet) { self.fleet = fleet }

  mutating func optimum() -> (worth: Int64, saving: Int64) {
    var best = (worth: Int64(0), saving: Int64(0))
    let open = fleet.residents.indices.filter { !fleet.residents[$0].isEmpty }
    let hours = SmallFleet.horizon.count / 3600
    for word in 1..<max(1, 1 << open.count) {
      let set = open.enumerated().filter { word >> $0.offset & 1 == 1 }.map(\.element)
      guard set.count <= fleet.drainsMax else { continue }
      let price = set.reduce(Int64(0)) { $0 + fleet.kinds[$1].cents * 10_000 }
      let movers = set.flatMap { fleet.residents[$0] }
      let lost = Set(movers.map(\.workload)).reduce(Int64(0)) { $0 + fleet.losses[$1] }
      let gain = price * Int64(100 - SmallFleet.margin) / 100 * hours - lost
      guard gain > best.worth else { continue }
      least = (gain - best.worth) / hours
      let limit = least
      nodesMin = set.count - fleet.spare
      let free = open.filter { !set.contains($0) }.map { node in
        let taken = fleet.residents[node]
        return Room(
          cores: fleet.kinds[node].cores - taken.reduce(0) { $0 + $1.cores },
          devices: fleet.kinds[node].devices - taken.reduce(0) { $0 + $1.devices })
      }
      let order = movers.map { Room(cores: $0.cores, devices: $0.devices) }
        .sorted { ($1.devices, $1.cores) < ($0.devices, $0.cores) }
      place(order[...], on: free, bought: 0, cost: 0)
      guard least < limit else { continue }
      best = (gain - least * hours, price - least)
    }
    return best
  }

  private struct Room: Hashable {
    var cores: Int
    var devices: Int
  }

  /// Tries all; `least` is the least cost so far.
  private mutating func place(
    _ rest: ArraySlice<Room>, on rooms: [Room], bought: Int, cost: Int64
  ) {
    guard cost < least else { return }
    guard let next = rest.first else {
      if bought >= nodesMin { least = cost }
      return
    }
    var tried: Set<Room> = []
    for index in rooms.indices where tried.insert(rooms[index]).inserted {
      guard rooms[index].cores >= next.cores, rooms[index].devices >= next.devices else { continue }
      var after = rooms
      after[index].cores -= next.cores
      after[index].devices -= next.devices
      place(rest.dropFirst(), on: after, bought: bought, cost: cost)
    }
    for type in types where type.cores >= next.cores && type.devices >= next.devices {
      let room = Room(cores: type.cores - next.cores, devices: type.devices - next.devices)
      place(
        rest.dropFirst(), on: rooms + [room], bought: bought + 1, cost: cost + type.cents * 10_000)
    }
  }
}

/// A fleet after its busy hours: nodes between empty and half full.
private struct LargeFleet {
  private(set) var input: SchedulingInput
  private(set) var terms: ConsolidationTerms
  private(set) var replicas = 0
  private(set) var cost: Int64 = 0

  init(nodes: Int, replicas wanted: Int) {
    let pool = PoolName("p")
    var dice = Dice(state: 1)
    let kinds = (0..<nodes).map { types[$0 % types.count] }
    var free = kinds.map { ($0.cores, $0.devices) }
    var demands: [ReplicaDemand] = []
    for workload in 0..<(wanted / 20) {
      let (cores, devices) = (1 + dice.roll(8), dice.pick([0, 1, 1, 2]))
      var running: [RunningReplica] = []
      for _ in 0..<20 {
        let node = dice.roll(nodes)
        guard free[node].0 >= cores, free[node].1 >= devices else { continue }
        let first = kinds[node].devices - free[node].1
        running.append(
          RunningReplica(
            ordinal: running.count, node: NodeID(ClusterName("c"), "n\(node)"),
            devices: Array(first..<(first + devices))))
        free[node] = (free[node].0 - cores, free[node].1 - devices)
      }
      replicas += running.count
      demands.append(
        ReplicaDemand(
          workload: WorkloadName("w\(workload)"), count: running.count, isGang: false,
          priority: 100,
          resources: ReplicaResources(
            amounts: Resources(cpuMilli: Int64(cores) * 1000, memoryBytes: 1 << 30),
            accelerator: devices == 0
              ? nil : AcceleratorRequest(models: [], milliDevices: Int64(devices) * 1000)),
          running: running))
    }
    let used = Set(demands.flatMap(\.running).map(\.node))
    cost = kinds.reduce(0) { $0 + $1.cents * 10_000 }
    input = SchedulingInput(
      nodes: kinds.enumerated().map { index, kind in
        let id = NodeID(ClusterName("c"), "n\(index)")
        return FleetNode(
          id: id, pool: pool, zone: "a", capacity: kind.capacity, isOpen: used.contains(id))
      }, demands: demands, offers: types.map { $0.offer(in: pool) },
      pools: [PoolRoom(pool: pool, cluster: ClusterName("c"), nodesMin: 0, nodesMax: nodes)])
    terms = ConsolidationTerms(
      candidates: input.nodes.filter(\.isOpen).enumerated().map { _, node in
        let index = Int(node.id.name.dropFirst()) ?? 0
        return ConsolidationTerms.Candidate(
          node: node.id, pool: pool, pricePerHour: Money(micros: kinds[index].cents * 10_000),
          horizon: .hours(8), marginPercent: 10)
      },
      pools: [ConsolidationTerms.PoolTerms(pool: pool, drainsMax: nodes / 10, spare: nodes)])
  }
}
