import Model
import Scheduling

/// The openb protocol: pods arrive one by one and never leave; one that fits nowhere is dropped. With
/// `migrate` up to `--moves` others may be moved to other nodes to make room for it.
func benchmarkOpenb(_ arguments: Arguments) {
  let trace = Trace(
    nodes: readRows(arguments["nodes"]), pods: readRows(arguments["pods"]),
    arrivals: readRows(arguments["arrivals"]),
    shuffledBy: arguments["shuffle-nodes"].flatMap { UInt64($0) })
  switch arguments["mode"] ?? "online" {
  case "batch": placeAtOnce(trace, asJSON: arguments.isJSON)
  case "migrate":
    placeOnline(trace, movesMax: arguments.number("moves", 4), asJSON: arguments.isJSON)
  default: placeOnline(trace, movesMax: 0, asJSON: arguments.isJSON)
  }
}

private struct Trace {
  private(set) var nodes: [FleetNode] = []
  private(set) var pods: [ReplicaDemand] = []
  private(set) var capacityMilli: Int64 = 0

  /// Ties between nodes go by their order in `arrivals`, or by another that the seed chooses.
  init(
    nodes nodeRows: [[String]], pods podRows: [[String]], arrivals: [[String]],
    shuffledBy seed: UInt64?
  ) {
    let nodeByName = Dictionary(
      nodeRows.dropFirst().map { ($0[0], $0) }, uniquingKeysWith: { first, _ in first })
    let podByName = Dictionary(
      podRows.dropFirst().map { ($0[0], $0) }, uniquingKeysWith: { first, _ in first })
    var arrivals = Array(arrivals.dropFirst())
    if let seed {
      var random = Random(seed: seed)
      arrivals =
        random.shuffle(arrivals.filter { $0[0] == "node" })
        + arrivals.filter { $0[0] != "node" }
    }
    for row in arrivals {
      if row[0] == "node", let fields = nodeByName[row[2]] {
        nodes.append(Self.node(nodes.count, fields))
        capacityMilli += 1000 * Int64(nodes[nodes.count - 1].capacity.accelerators?.count ?? 0)
      } else if let fields = podByName[row[2]] {
        pods.append(Self.pod(pods.count, fields))
      }
    }
  }

  /// Named by its place, so that ties go to the lowest index.
  private static func node(_ index: Int, _ fields: [String]) -> FleetNode {
    let count = Int(fields[3]) ?? 0
    return FleetNode(
      id: NodeID(ClusterName("openb"), "n\(1_000_000 + index)"), pool: nil, zone: "z",
      capacity: NodeCapacity(
        amounts: Resources(
          cpuMilli: Int64(fields[1]) ?? 0, memoryBytes: (Int64(fields[2]) ?? 0) << 20),
        accelerators: count == 0
          ? nil
          : Accelerators(
            model: AcceleratorModel(fields[4]), count: count, memoryBytes: 16 << 30)))
  }

  private static func pod(_ index: Int, _ fields: [String]) -> ReplicaDemand {
    let count = Int64(fields[3]) ?? 0
    let milli = Int64(fields[4]) ?? 0
    let models = fields.count > 5 ? fields[5].split(separator: "|") : []
    return ReplicaDemand(
      workload: WorkloadName("p\(1_000_000 + index)"), count: 1, isGang: false, priority: 100,
      resources: ReplicaResources(
        amounts: Resources(
          cpuMilli: Int64(fields[1]) ?? 0, memoryBytes: (Int64(fields[2]) ?? 0) << 20),
        accelerator: count == 0
          ? nil
          : AcceleratorRequest(
            models: models.map { AcceleratorModel(String($0)) }, milliDevices: count * milli)))
  }

  static func milli(_ pod: ReplicaDemand) -> Int64 { pod.resources.accelerator?.milliDevices ?? 0 }

  /// The pods that arrive before demand passes the capacity.
  var upToCapacity: [ReplicaDemand] {
    var arrived: Int64 = 0
    return Array(
      pods.prefix {
        arrived += Self.milli($0)
        return arrived <= capacityMilli
      })
  }

  func percent(_ milli: Int64) -> Double { 100 * Double(milli) / Double(capacityMilli) }
}

private func placeOnline(_ trace: Trace, movesMax: Int, asJSON: Bool) {
  var engine = PlacementEngine(nodes: trace.nodes)
  let full = trace.upToCapacity.count
  var (placed, atCapacity, failed) = (Int64(0), Int64(0), 0)
  var micros: [Double] = []
  for (index, pod) in trace.pods.enumerated() {
    if index == full { atCapacity = placed }
    let start = Race.cpuSeconds()
    let homes = engine.place(pod, movesMax: movesMax)
    micros.append((Race.cpuSeconds() - start) * 1e6)
    if homes.isEmpty { failed += 1 } else { placed += Trace.milli(pod) }
  }
  micros.sort()
  report(
    [
      ("allocation100", trace.percent(atCapacity), 2), ("allocation130", trace.percent(placed), 2),
      ("failed", Double(failed), 0), ("microsPerDecision", micros[micros.count / 2], 1),
      ("microsP99", micros[micros.count * 99 / 100], 1), ("peakMiB", Double(Race.peakMiB), 0),
    ], asJSON: asJSON)
}

private func placeAtOnce(_ trace: Trace, asJSON: Bool) {
  func place(_ pods: [ReplicaDemand]) -> (milli: Int64, failed: Int, seconds: Double) {
    let start = Race.cpuSeconds()
    let result = Scheduler.schedule(SchedulingInput(nodes: trace.nodes, demands: pods))
    let seconds = Race.cpuSeconds() - start
    let milli = Dictionary(
      pods.map { ($0.workload, Trace.milli($0)) }, uniquingKeysWith: { first, _ in first })
    let placed = result.placements.reduce(Int64(0)) { $0 + (milli[$1.replica.workload] ?? 0) }
    return (placed, pods.count - result.placements.count, seconds)
  }
  let full = place(trace.upToCapacity)
  let over = place(trace.pods)
  report(
    [
      ("allocation100", trace.percent(full.milli), 2),
      ("allocation130", trace.percent(over.milli), 2),
      ("failed", Double(over.failed), 0),
      ("microsPerDecision", over.seconds * 1e6 / Double(trace.pods.count), 1),
      ("peakMiB", Double(Race.peakMiB), 0),
    ], asJSON: asJSON)
}
