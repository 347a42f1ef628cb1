import Catalog
import Diagnostics
import Manifests
import Model

@testable import Advising

/// One cluster with a pool, queues and workloads, and what was used there.
struct Lab {
  var workload = Lab.spec("chat", .inference)
  var pool = NodePoolSpec(
    metadata: Metadata(name: "l4"), cluster: ClusterName("lab"), instanceTypes: ["g6.12xlarge"],
    nodes: CountRange(0, 20))
  var queues: [QueueSpec] = []
  var usage = Usage()
  var base = Settlement()
  var spotLifetime: Seconds?
  var provider = ProviderSettings.simulated(SimulatedSettings())

  static func spec(_ name: String, _ type: WorkloadType) -> WorkloadSpec {
    WorkloadSpec(
      metadata: Metadata(name: name), type: type, replicas: .range(CountRange(3)),
      resources: ReplicaResources(
        amounts: Resources(cpuMilli: 8000, memoryBytes: 64 << 30),
        accelerator: AcceleratorRequest(models: [AcceleratorModel("L4")], milliDevices: 1000)))
  }

  var desired: DesiredState {
    DesiredState(
      clusters: [
        ClusterSpec(
          metadata: Metadata(name: "lab"), provider: provider, region: "us-east-1",
          zones: ["us-east-1a"])
      ],
      nodePools: [pool], queues: queues, workloads: [workload], gates: [])
  }

  var situation: Situation {
    Situation(
      desired: desired,
      editable: Set([workload.id, pool.id] + queues.map(\.id)),
      usage: usage, catalogs: [ClusterName("lab"): .builtIn], spotLifetime: spotLifetime,
      base: base)
  }

  /// Nodes of the pool, each with so many replicas of the workload.
  mutating func stand(
    _ replicas: [Int], on type: String = "g6.12xlarge", _ way: CapacityType = .onDemand,
    price: Int64 = 4_000_000
  ) {
    let capacity =
      Catalog.builtIn.instanceType(named: type, in: "us-east-1")?.capacity
      ?? NodeCapacity(amounts: .zero)
    base.nodes = replicas.enumerated().map { index, count in
      Settlement.Node(
        id: NodeID(ClusterName("lab"), "l4-\(index)"), pool: pool.name, instanceType: type,
        zone: index == 0 ? "us-east-1b" : "us-east-1a", capacityType: way,
        pricePerHour: Money(micros: price), capacity: capacity,
        replicas: count == 0 ? [:] : [workload.name: count])
    }
    base.costPerHour = Money(micros: price) * Int64(replicas.count)
  }

  mutating func use(_ change: (inout WorkloadUsage) -> Void, hours: Int64 = 168) {
    var used = WorkloadUsage(workload: workload.name, measuredFor: .hours(hours))
    change(&used)
    usage.workloads = [used]
  }
}

extension [[Proposal]] {
  /// What the first alternatives change: `resources.memory: 64Gi → 13Gi`.
  var changes: [String] {
    compactMap(\.first).flatMap(\.edits).map {
      "\($0.path.dropFirst().joined(separator: ".")): \($0.before) → \($0.after)"
    }
  }
}
