import Model
import Scheduling

/// Nodes bought for a batch of pods on an empty cluster, against a lower bound of their cost.
func benchmarkProvision(_ arguments: Arguments) {
  let pods = readRows(arguments["pods"]).dropFirst()
  let types = readRows(arguments["types"]).dropFirst()
  let input = SchedulingInput(
    demands: pods.enumerated().map { pod($0.offset, $0.element) }, offers: types.map(offer),
    pools: [
      PoolRoom(pool: PoolName("p"), cluster: ClusterName("c"), nodesMin: 0, nodesMax: 100_000)
    ]
  )
  let start = Race.cpuSeconds()
  let result = Scheduler.schedule(input)
  let seconds = Race.cpuSeconds() - start
  let cost = result.purchases.reduce(Int64(0)) { $0 + $1.offer.pricePerHour.micros }
  let dollars = Double(cost) / 1e6
  var figures: [(name: String, value: Double, places: Int)] = [
    ("costPerHour", dollars, 2), ("nodes", Double(result.purchases.count), 0),
    ("seconds", seconds, 3),
    ("pending", Double(result.pending.reduce(0) { $0 + $1.ordinals.count }), 0),
  ]
  if let bound = arguments["bound"].flatMap({ Double($0) }) {
    figures.append(("overBound", dollars / bound, 4))
  }
  report(figures, asJSON: arguments.isJSON)
}

private func milli(_ text: String) -> Int64 { Int64(((Double(text) ?? 0) * 1000).rounded()) }

private func gibibytes(_ text: String, _ rule: FloatingPointRoundingRule) -> Int64 {
  Int64(((Double(text) ?? 0) * 1_073_741_824).rounded(rule))
}

private func pod(_ index: Int, _ fields: [String]) -> ReplicaDemand {
  let devices = Int64(fields[2]) ?? 0
  let share = milli(fields[3])
  let models = fields.count > 4 ? fields[4].split(separator: "|") : []
  return ReplicaDemand(
    workload: WorkloadName("p\(1_000_000 + index)"), count: 1, isGang: false, priority: 100,
    resources: ReplicaResources(
      amounts: Resources(cpuMilli: milli(fields[0]), memoryBytes: gibibytes(fields[1], .down)),
      accelerator: devices == 0
        ? nil
        : AcceleratorRequest(
          models: models.map { AcceleratorModel(String($0)) },
          milliDevices: devices == 1 ? share : devices * 1000)))
}

private func offer(_ fields: [String]) -> NodeOffer {
  let count = Int(fields[3]) ?? 0
  return NodeOffer(
    pool: PoolName("p"), cluster: ClusterName("c"), instanceType: fields[0], zone: "z",
    capacityType: .onDemand,
    pricePerHour: Money(micros: Int64(((Double(fields[5]) ?? 0) * 1e6).rounded())),
    capacity: NodeCapacity(
      amounts: Resources(cpuMilli: milli(fields[1]), memoryBytes: gibibytes(fields[2], .down)),
      accelerators: count == 0
        ? nil
        : Accelerators(
          model: AcceleratorModel(fields[4]), count: count, memoryBytes: 16 << 30)),
    labels: .none, taints: [], preference: 0)
}
