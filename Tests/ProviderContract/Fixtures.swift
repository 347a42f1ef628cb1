public import Model
public import Planning

/// The things that provider tests speak of, each with one obvious value for all that does not matter.
public enum Fixture {
  public static let clusterName = ClusterName("lab")
  public static let h100 = AcceleratorModel("H100")

  public static func cluster(_ settings: SimulatedSettings = SimulatedSettings()) -> ClusterSpec {
    ClusterSpec(
      metadata: Metadata(name: clusterName.text), provider: .simulated(settings),
      region: "us-east-1", zones: ["us-east-1a", "us-east-1b"])
  }

  public static func id(_ name: String) -> NodeID { NodeID(clusterName, name) }

  /// A node with 16 cores, 64 GiB and 4 devices.
  public static func node(
    _ name: String, zone: String = "us-east-1a", _ capacityType: CapacityType = .onDemand
  ) -> TargetNode {
    TargetNode(
      id: id(name), pool: PoolName("h100"), instanceType: "p5.48xlarge", zone: zone,
      capacityType: capacityType, pricePerHour: Money(micros: 55_040_000), capacity: capacity,
      labels: Labels([("fabric", "ib")]), taints: [Taint(key: "gpu")])
  }

  static let capacity = NodeCapacity(
    amounts: Resources(cpuMilli: 16_000, memoryBytes: 64 << 30),
    accelerators: Accelerators(model: h100, count: 4, memoryBytes: 80 << 30))

  /// A node of somebody else's, with the capacity of `node`.
  public static func foreignNode(_ name: String) -> ObservedNode {
    ObservedNode(
      id: id(name), pool: nil, instanceType: "p5.48xlarge", zone: "us-east-1a",
      capacityType: .onDemand, labels: .none, capacity: capacity, phase: .ready,
      createdAt: Timestamp(seconds: 0))
  }

  /// A service with `devices` whole devices and `cpu` cores for each replica.
  public static func workload(
    _ name: String = "chat", type: WorkloadType = .inference, cpu: Int64 = 1,
    milliDevices: Int64? = nil, checkpointEvery: Seconds? = nil, duration: Seconds? = nil
  ) -> WorkloadSpec {
    WorkloadSpec(
      metadata: Metadata(name: name), type: type, replicas: .range(CountRange(2)),
      resources: ReplicaResources(
        amounts: Resources(cpuMilli: cpu * 1000, memoryBytes: 1 << 30),
        accelerator: milliDevices.map { AcceleratorRequest(models: [h100], milliDevices: $0) }),
      checkpointEvery: checkpointEvery, duration: duration)
  }

  public static func start(
    _ workload: WorkloadSpec, _ ordinal: Int = 0, on node: String, devices: [Int] = [],
    revision: String = "r1", incarnation: Int = 1, of replicaCount: Int = 2
  ) -> Step {
    let replica = TargetReplica(
      id: ReplicaID(workload.name, ordinal), node: id(node), devices: devices,
      revision: Revision(revision), incarnation: incarnation)
    return .startReplica(
      ReplicaOrder(replica: replica, workload: workload, replicaCount: replicaCount))
  }

  /// The starts of a gang, one member on each node.
  public static func gang(
    _ workload: WorkloadSpec, on nodes: [String], devices: [Int] = [], incarnation: Int = 1
  ) -> [Step] {
    let members = nodes.enumerated().map { ordinal, node in
      TargetReplica(
        id: ReplicaID(workload.name, ordinal), node: id(node), devices: devices,
        revision: Revision("r1"), incarnation: incarnation)
    }
    return members.map {
      .startReplica(
        ReplicaOrder(
          replica: $0, workload: workload, replicaCount: members.count, gang: members))
    }
  }

  public static func stop(_ workload: WorkloadSpec, _ ordinal: Int = 0, on node: String) -> Step {
    .stopReplica(ReplicaID(workload.name, ordinal), on: id(node))
  }
}
