import Model
import Scheduling
import Testing

/// Small worlds against all arrangements that there are.
///
/// What is compared is what the priorities ask for: the most devices for the highest priority, of those
/// arrangements the most cores for it, and so on down the priorities. Scheduling takes the largest
/// replicas first and never looks at all arrangements: it may miss the best, and never by cheating.
@Suite struct AllArrangements {
  @Test func mostWorldsHoldWhatTheBestArrangementHolds() {
    let worlds = seeds(300).count
    var best = 0
    for seed in UInt64(0)..<UInt64(worlds) {
      var maker = WorldMaker(seed: seed)
      let input = maker.tiny()
      let held = Arrangements.worth(of: Scheduler.schedule(input), input)
      let most = Arrangements(input).best
      #expect(!most.lexicographicallyPrecedes(held), "seed \(seed): an arrangement was missed")
      best += held == most ? 1 : 0
    }
    #expect(best >= worlds * 85 / 100)
  }

  @Test func tinyWorldsComeOutAlikeInAnyOrder() {
    for seed in seeds(300) {
      var maker = WorldMaker(seed: seed)
      let input = maker.tiny()
      let result = Scheduler.schedule(input)
      #expect(Judge(input, result).complaints.isEmpty, "seed \(seed)")
      #expect(result == Scheduler.schedule(maker.shuffled(input)), "seed \(seed)")
    }
  }
}

extension WorldMaker {
  /// Up to four nodes, and up to four workloads with at most six replicas together; nothing runs.
  fileprivate mutating func tiny() -> SchedulingInput {
    var input = SchedulingInput()
    for index in 0..<(1 + random.below(4)) {
      input.nodes.append(
        node(
          "n\(index)", zone: random.oneOf(["z1", "z2"]), rack: random.oneOf(["r1", "r2"]),
          cpu: Int64(random.oneOf([4, 8, 12])), gpus: random.oneOf([0, 1, 2, 4]),
          model: random.oneOf(["H100", "A100"])))
    }
    var left = 6
    for index in 0..<4 where left > 0 {
      var rules = PlacementRules()
      if random.chance(20) { rules.pack = random.oneOf([.zone, .rack, .node]) }
      if rules.pack == nil && random.chance(20) { rules.spread = random.oneOf([.zone, .node]) }
      var demand = service(
        "w\(index)", 1 + random.below(min(4, left)), gpu: random.oneOf([0, 0.3, 0.5, 0.7, 1, 2]),
        cpu: Int64(1 + random.below(5)), models: random.chance(20) ? ["H100"] : [],
        priority: random.oneOf([100, 100, 200]), rules: rules)
      demand.isGang = random.chance(40)
      left -= demand.count
      input.demands.append(demand)
    }
    return input
  }
}

/// All ways to give replicas nodes and devices, the worth of the best.
private struct Arrangements {
  typealias Worth = [Int64]

  private(set) var best: Worth
  private let nodes: [FleetNode]
  private let demands: [ReplicaDemand]
  private let levels: [Int]
  private var rooms: [CountedRoom]
  /// For each demand the nodes of its replicas so far.
  private var homes: [[Int]]

  init(_ input: SchedulingInput) {
    nodes = input.nodes
    demands = input.demands
    levels = Arrangements.levels(input)
    rooms = nodes.map { CountedRoom($0) }
    homes = demands.map { _ in [] }
    best = []
    place(0, 0, from: 0)
  }

  private static func levels(_ input: SchedulingInput) -> [Int] {
    Set(input.demands.map(\.priority)).sorted(by: >)
  }

  static func worth(of result: SchedulingResult, _ input: SchedulingInput) -> Worth {
    worth(
      input.demands.map { demand in
        result.placements.count { $0.replica.workload == demand.workload }
      }, input.demands, levels(input))
  }

  private static func worth(
    _ counts: [Int], _ demands: [ReplicaDemand], _ levels: [Int]
  ) -> Worth {
    levels.flatMap { level in
      let members = demands.indices.filter { demands[$0].priority == level }
      let milli = members.reduce(Int64(0)) {
        $0 + Int64(counts[$1]) * (demands[$1].resources.accelerator?.milliDevices ?? 0)
      }
      let cores = members.reduce(Int64(0)) {
        $0 + Int64(counts[$1]) * demands[$1].resources.amounts.cpuMilli
      }
      return [milli, cores]
    }
  }

  /// Decides over replica `number` of a demand; replicas of one demand go to nodes in their order, and
  /// among devices every distinct choice is tried.
  private mutating func place(_ index: Int, _ number: Int, from first: Int) {
    guard index < demands.count else {
      let worth = Arrangements.worth(homes.map(\.count), demands, levels)
      if best.lexicographicallyPrecedes(worth) { best = worth }
      return
    }
    let demand = demands[index]
    if isLawful(index) { place(index + 1, 0, from: 0) }
    guard number < demand.count else { return }
    for home in first..<nodes.count where suits(demand, nodes[home]) {
      for devices in rooms[home].choices(demand.resources) {
        var room = rooms[home]
        guard room.take(demand.resources, on: devices) else { continue }
        (room, rooms[home]) = (rooms[home], room)
        homes[index].append(home)
        place(index, number + 1, from: home)
        homes[index].removeLast()
        rooms[home] = room
      }
    }
  }

  private func suits(_ demand: ReplicaDemand, _ node: FleetNode) -> Bool {
    demand.resources.accelerator.map { node.capacity.accelerators?.satisfy($0) ?? false } ?? true
  }

  /// Whether the demand may stop at the replicas that it has.
  private func isLawful(_ index: Int) -> Bool {
    let (demand, homes) = (demands[index], homes[index])
    if homes.isEmpty { return true }
    if demand.isGang && homes.count < demand.count { return false }
    if let pack = demand.rules.pack, Set(homes.map { area(pack, $0) }).count > 1 { return false }
    guard let spread = demand.rules.spread else { return true }
    let domains = Set(nodes.indices.filter { suits(demand, nodes[$0]) }.map { area(spread, $0) })
    let counts = domains.map { domain in homes.count { area(spread, $0) == domain } }
    return (counts.max() ?? 0) - (counts.min() ?? 0) <= demand.rules.maxSkew
  }

  private func area(_ level: TopologyLevel, _ node: Int) -> String {
    switch level {
    case .zone: nodes[node].zone
    case .fabric, .block, .rack: nodes[node].zone + "/" + (nodes[node].labels["rack"] ?? "")
    case .node: nodes[node].id.name
    }
  }
}
