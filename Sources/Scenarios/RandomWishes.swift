public import Model
import Simulation

/// Wishes that a seed draws: small fleets where things collide, since that is where plans go wrong.
public struct RandomWishes {
  private var random: SplitMix64
  private let clusterCount: Int
  /// Whether time alone can ask for something.
  private let isTimed: Bool
  /// Draws which gangs grow and shrink; nil where none does. Of its own, so that worlds with and without
  /// them are alike otherwise.
  private var elastic: SplitMix64?

  public init(seed: UInt64, isTimed: Bool = true, isElastic: Bool = false) {
    self.isTimed = isTimed
    elastic = isElastic ? SplitMix64(seed: seed, stream: "elastic") : nil
    random = SplitMix64(seed: seed, stream: "wishes")
    clusterCount = 1 + Int(random.next(below: 2))
  }

  public mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int(random.next(below: UInt64(values.count)))]
  }

  public mutating func chance(_ percent: UInt64) -> Bool { random.next(below: 100) < percent }

  /// A whole desired state; clusters and pools keep their names from one to the next, workloads come
  /// and go.
  public mutating func state() -> DesiredState {
    let clusters = (0..<clusterCount).map { cluster($0) }
    let pools = clusters.flatMap { cluster in
      [pool("a100", ["p4d.24xlarge"], in: cluster), pool("l4", Self.l4Types, in: cluster)]
    }
    var workloads: [WorkloadSpec] = []
    for name in ["ant", "bee", "cat", "dog", "eel", "fox"] where chance(70) {
      workloads.append(workload(name, clusters.map(\.name)))
    }
    return DesiredState(clusters: clusters, nodePools: pools, workloads: workloads)
  }

  static let l4Types = ["g6.2xlarge", "g6.12xlarge"]

  private mutating func cluster(_ number: Int) -> ClusterSpec {
    ClusterSpec(
      metadata: Metadata(name: "lab-\(number)"),
      provider: .simulated(SimulatedSettings(seed: Int64(number))), region: "us-east-1",
      zones: ["us-east-1a", "us-east-1b"],
      limits: ClusterLimits(nodes: chance(20) ? 4 : nil, accelerators: chance(10) ? 16 : nil))
  }

  private mutating func pool(
    _ name: String, _ types: [String], in cluster: ClusterSpec
  ) -> NodePoolSpec {
    NodePoolSpec(
      metadata: Metadata(name: "\(name)-\(cluster.name)"), cluster: cluster.name,
      instanceTypes: types, capacity: pick([[.onDemand], [.spot, .onDemand]]),
      nodes: CountRange(pick([0, 0, 1]), pick([1, 2, 4])),
      disruption: Disruption(
        budget: pick([.count(1), .percent(50), .percent(100)]),
        consolidateAfter: isTimed ? pick([nil, .minutes(5)]) : nil))
  }

  private mutating func workload(_ name: String, _ clusters: [ClusterName]) -> WorkloadSpec {
    let isGang = chance(50)
    let milli: Int64 = isGang ? pick([4000, 8000]) : pick([250, 500, 1000, 1000])
    let model = AcceleratorModel(isGang ? "A100" : "L4")
    var workload = WorkloadSpec(
      metadata: Metadata(name: name), type: isGang ? .training : .inference,
      clusters: chance(30) ? [pick(clusters)] : [], priority: pick([100, 300, 900]),
      replicas: .range(CountRange(pick([1, 2, 3]))),
      resources: ReplicaResources(
        amounts: Resources(
          cpuMilli: pick([1000, 2000, 4000]), memoryBytes: pick([1, 4, 8]) << 30),
        accelerator: AcceleratorRequest(models: [model], milliDevices: milli)),
      image: pick(["registry.example/app:1", "registry.example/app:2"]),
      placement: PlacementRules(
        pack: isGang && chance(30) ? .zone : nil, spread: !isGang && chance(30) ? .zone : nil),
      rollout: pick([
        Rollout(), Rollout(maxSurge: .count(0), maxUnavailable: .count(1)),
        Rollout(maxSurge: .percent(50), maxUnavailable: .percent(50)),
      ]),
      checkpointEvery: isGang ? pick([nil, .minutes(10)]) : nil)
    if isGang, let (range, step) = growth() {
      workload.replicas = .range(range)
      workload.step = step
    }
    return workload
  }

  /// The sizes of every second gang where there are elastic ones.
  private mutating func growth() -> (CountRange, step: Int)? {
    guard elastic != nil, elastic?.next(below: 2) == 0 else { return nil }
    let sizes = [(1, 2, 1), (1, 3, 1), (2, 4, 2)]
    let (min, max, step) = sizes[Int(elastic?.next(below: UInt64(sizes.count)) ?? 0)]
    return (CountRange(min, max), step)
  }
}
