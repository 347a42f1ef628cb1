import Catalog
import Model

/// Words for small fleets. Everything is in the cluster `c`, zones `a` and `b`, unless it says otherwise.
func cluster(_ name: String = "c", limits: ClusterLimits = ClusterLimits()) -> ClusterSpec {
  ClusterSpec(
    metadata: Metadata(name: name), region: "r", zones: ["a", "b"], limits: limits)
}

func pool(
  _ name: String, of types: String..., nodes: CountRange, in cluster: String = "c",
  capacity: [CapacityType] = [.onDemand], zones: [String] = [], labels: Labels = .none,
  taints: [Taint] = [], disruption: Disruption = Disruption(), isProtected: Bool = false
) -> NodePoolSpec {
  NodePoolSpec(
    metadata: Metadata(name: name, isProtected: isProtected), cluster: ClusterName(cluster),
    instanceTypes: types, capacity: capacity, nodes: nodes, zones: zones, labels: labels,
    taints: taints, disruption: disruption)
}

func training(
  _ name: String, replicas: Int, devices: Int64 = 8, priority: Int = 100, image: String = "v1",
  queue: String? = nil, placement: PlacementRules = PlacementRules(), duration: Seconds? = nil
) -> WorkloadSpec {
  WorkloadSpec(
    metadata: Metadata(name: name), type: .training, queue: queue.map { QueueName($0) },
    priority: priority, replicas: .range(CountRange(replicas)),
    resources: ReplicaResources(
      amounts: Resources(cpuMilli: 4000, memoryBytes: 16 << 30),
      accelerator: AcceleratorRequest(
        models: [AcceleratorModel("H100")], milliDevices: devices * 1000)),
    image: image, placement: placement, duration: duration)
}

/// A gang that grows and shrinks in steps of `step`.
func elastic(
  _ name: String, replicas: CountRange, step: Int, priority: Int = 100, duration: Seconds? = nil
) -> WorkloadSpec {
  var workload = training(name, replicas: 1, priority: priority, duration: duration)
  workload.replicas = .range(replicas)
  workload.step = step
  return workload
}

func service(
  _ name: String, replicas: Int, cpu: Int64 = 4, milliDevices: Int64? = nil, priority: Int = 100,
  image: String = "v1", clusters: [String] = [], placement: PlacementRules = PlacementRules(),
  rollout: Rollout = Rollout()
) -> WorkloadSpec {
  WorkloadSpec(
    metadata: Metadata(name: name), type: .inference, clusters: clusters.map { ClusterName($0) },
    priority: priority, replicas: .range(CountRange(replicas)),
    resources: ReplicaResources(
      amounts: Resources(cpuMilli: cpu * 1000, memoryBytes: 1 << 30),
      accelerator: milliDevices.map { AcceleratorRequest(models: [], milliDevices: $0) }),
    image: image, placement: placement, rollout: rollout)
}

/// Round numbers, nothing held back: `gpu8` has 8 H100 and 64 cores for $80, `gpu1` one eighth of it for
/// $11, `cpu16` 16 cores for $1.60; spot is half of that.
let prices: Catalog = {
  func type(_ name: String, cores: Int64, devices: Int) -> InstanceType {
    InstanceType(
      name: name, vCPUs: Int(cores), memoryBytes: cores << 33,
      allocatable: Resources(cpuMilli: cores * 1000, memoryBytes: cores << 33),
      storageBytes: 0, networkBitsPerSecond: 0,
      accelerators: devices == 0
        ? nil
        : Accelerators(model: AcceleratorModel("H100"), count: devices, memoryBytes: 80 << 30))
  }
  func price(_ name: String, cents: Int64) -> Price {
    Price(
      region: "r", instanceType: name, onDemandPerHour: Money(micros: cents * 10_000),
      spotPerHour: Money(micros: cents * 5_000))
  }
  return Catalog(
    regions: [Region(name: "r", cloud: "test")],
    instanceTypes: [
      type("gpu8", cores: 64, devices: 8), type("gpu1", cores: 8, devices: 1),
      type("cpu16", cores: 16, devices: 0),
    ],
    prices: [price("gpu8", cents: 8000), price("gpu1", cents: 1100), price("cpu16", cents: 160)])
}()

extension CountRange {
  static func to(_ max: Int) -> CountRange { CountRange(0, max) }
}
