import Model
import Scheduling

/// CPU time of taking K changes into a fleet that stands, against scheduling all of it anew.
func benchmarkTick(_ arguments: Arguments) {
  let nodes = arguments.number("nodes", 10_000)
  let replicas = arguments.number("replicas", 100_000)
  let changed = arguments.number("changed", 1)
  let rounds = max(1, arguments.number("rounds", 21))
  var engine = PlacementEngine(mixedFleet(nodes: nodes, replicas: replicas))
  var start = Race.cpuSeconds()
  engine.apply(everyoneWaits(engine.present))
  let filling = Race.cpuSeconds() - start
  var seconds: [Double] = []
  var placed = 0
  for round in 0..<rounds {
    let changes = changes(changed, round: round, engine.present)
    start = Race.cpuSeconds()
    placed += engine.apply(changes).placements.count
    seconds.append(Race.cpuSeconds() - start)
  }
  seconds.sort()
  let present = engine.present
  start = Race.cpuSeconds()
  let whole = Scheduler.schedule(present)
  let wholeSeconds = Race.cpuSeconds() - start
  report(
    [
      ("changed", Double(changed), 0), ("cpuSeconds", seconds[seconds.count / 2], 6),
      ("cpuSecondsMax", seconds[seconds.count - 1], 6), ("placed", Double(placed), 0),
      ("wholeCpuSeconds", wholeSeconds, 4),
      ("wholePlaced", Double(whole.placements.count), 0), ("fillingCpuSeconds", filling, 4),
      ("peakMiB", Double(Race.peakMiB), 0),
    ], asJSON: arguments.isJSON)
}

private func everyoneWaits(_ input: SchedulingInput) -> [FleetChange] {
  input.demands.map { .wanted($0) }
}

/// In turn: a service grows, a node is lost, a service shrinks, one goes, one comes, a node comes.
private func changes(_ count: Int, round: Int, _ input: SchedulingInput) -> [FleetChange] {
  (0..<count).map { index in
    let number = round * count + index
    var demand = input.demands[number * 7919 % input.demands.count]
    let node = input.nodes[number * 6007 % input.nodes.count]
    switch number % 6 {
    case 0:
      demand.count += 2
      return .wanted(demand)
    case 1: return .lost(node.id)
    case 2:
      demand.count = max(1, demand.count - 2)
      return .wanted(demand)
    case 3: return .unwanted(demand.workload)
    case 4:
      demand.workload = WorkloadName("new\(number)")
      return .wanted(demand)
    default:
      var node = node
      node.id = NodeID(node.id.cluster, "new\(number)")
      return .added(node)
    }
  }
}
