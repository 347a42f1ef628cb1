import Glibc
import Model
import Scheduling

/// CPU time of one scheduling of mixed shapes: GPU and CPU services, gangs, spread.
///
/// With `sweep` over fleets from 1,000 to 50,000 nodes with as many replicas a node as asked for, and how
/// CPU time grows with them.
func benchmarkThroughput(_ arguments: Arguments) {
  if arguments["sweep"] != nil {
    sweep(arguments)
    return
  }
  let nodes = arguments.number("nodes", 5000)
  let replicas = arguments.number("replicas", 10_000)
  let input = mixedFleet(nodes: nodes, replicas: replicas)
  var result = SchedulingResult()
  var seconds: [Double] = []
  for _ in 0..<max(1, arguments.number("rounds", 5)) {
    let start = Race.cpuSeconds()
    result = Scheduler.schedule(input)
    seconds.append(Race.cpuSeconds() - start)
  }
  seconds.sort()
  let pending = result.pending.reduce(0) { $0 + $1.ordinals.count }
  report(
    [
      ("nodes", Double(nodes), 0), ("replicas", Double(replicas), 0),
      ("cpuSeconds", seconds[seconds.count / 2], 4),
      ("placed", Double(result.placements.count), 0), ("pending", Double(pending), 0),
      ("peakMiB", Double(Race.peakMiB), 0),
    ], asJSON: arguments.isJSON)
}

private func sweep(_ arguments: Arguments) {
  let perNode = arguments.number("replicas-per-node", 2)
  let sizes = [1000, 2000, 5000, 10_000, 20_000, 50_000]
  var figures: [(name: String, value: Double, places: Int)] = []
  var points: [(x: Double, y: Double)] = []
  for nodes in sizes {
    let input = mixedFleet(nodes: nodes, replicas: nodes * perNode)
    var seconds: [Double] = []
    for _ in 0..<max(1, arguments.number("rounds", 5)) {
      let start = Race.cpuSeconds()
      _ = Scheduler.schedule(input)
      seconds.append(Race.cpuSeconds() - start)
    }
    let median = seconds.sorted()[seconds.count / 2]
    figures.append(("cpuSeconds\(nodes)", median, 4))
    points.append((log(Double(nodes)), log(median)))
  }
  let (meanX, meanY) = points.reduce((0.0, 0.0)) {
    ($0.0 + $1.x / Double(points.count), $0.1 + $1.y / Double(points.count))
  }
  // The slope of the line of least squares through the logarithms.
  let slope =
    points.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) }
    / points.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }
  figures.append(("growthExponent", slope, 2))
  report(figures, asJSON: arguments.isJSON)
}

/// Workloads of 20 replicas, so that their number grows with the replicas.
func mixedFleet(nodes: Int, replicas: Int) -> SchedulingInput {
  let kinds: [(cpu: Int64, gpus: Int, model: String)] = [
    (96, 8, "H100"), (96, 8, "A100"), (48, 4, "L4"), (64, 0, ""), (32, 0, ""),
  ]
  let fleet = (0..<nodes).map { index in
    let kind = kinds[index % kinds.count]
    return FleetNode(
      id: NodeID(ClusterName("c"), "n\(1_000_000 + index)"), pool: nil,
      zone: "z\(index / kinds.count % 3)", labels: Labels([("rack", "r\(index / 40)")]),
      capacity: NodeCapacity(
        amounts: Resources(cpuMilli: kind.cpu * 1000, memoryBytes: kind.cpu << 33),
        accelerators: kind.gpus == 0
          ? nil
          : Accelerators(
            model: AcceleratorModel(kind.model), count: kind.gpus, memoryBytes: 80 << 30)))
  }
  let size = 20
  let demands = (0..<(replicas / size)).map { mixedDemand($0, size) }
  return SchedulingInput(nodes: fleet, demands: demands)
}

private func mixedDemand(_ index: Int, _ size: Int) -> ReplicaDemand {
  let shapes: [(cpu: Int64, milli: Int64, model: String?)] = [
    (4, 0, nil), (2, 250, "L4"), (8, 1000, "A100"), (2, 0, nil), (8, 1000, nil), (1, 500, nil),
  ]
  let shape = shapes[index % shapes.count]
  var rules = PlacementRules()
  if index % 5 == 0 { rules.spread = .zone }
  return ReplicaDemand(
    workload: WorkloadName("w\(1_000_000 + index)"), count: size, isGang: index % 7 == 0,
    priority: 100 + index % 3 * 100,
    resources: ReplicaResources(
      amounts: Resources(
        cpuMilli: shape.cpu * 1000 + Int64(index % 4) * 250, memoryBytes: shape.cpu << 31),
      accelerator: shape.milli == 0
        ? nil
        : AcceleratorRequest(
          models: shape.model.map { [AcceleratorModel($0)] } ?? [], milliDevices: shape.milli)),
    rules: rules)
}
