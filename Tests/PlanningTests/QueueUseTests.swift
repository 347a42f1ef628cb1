import Digests
import Model
import Planning
import Testing

/// What queues held over a time.
@Suite struct QueueUseTests {
  private let h100 = AcceleratorModel("H100")

  private func workload(_ name: String, _ queue: String, _ models: [String]) -> WorkloadSpec {
    WorkloadSpec(
      metadata: Metadata(name: name), type: .training, queue: QueueName(queue),
      replicas: .range(CountRange(1)),
      resources: ReplicaResources(
        accelerator: AcceleratorRequest(
          models: models.map { AcceleratorModel($0) }, milliDevices: 2000)))
  }

  private var desired: DesiredState {
    DesiredState(
      queues: [
        QueueSpec(metadata: Metadata(name: "top")),
        QueueSpec(metadata: Metadata(name: "a"), parent: QueueName("top")),
        QueueSpec(metadata: Metadata(name: "idle"), parent: QueueName("top")),
      ],
      workloads: [workload("big", "a", ["H100"]), workload("any", "top", [])])
  }

  /// So many replicas of each on a node of ours, or of somebody else.
  private func target(big: Int, any: Int = 0, onOurs: Bool = true) -> Target {
    let node = NodeID(ClusterName("us"), "n")
    let ours = TargetNode(
      id: node, pool: PoolName("p"), instanceType: "t", zone: "z", capacityType: .onDemand,
      pricePerHour: .zero,
      capacity: NodeCapacity(
        amounts: .zero, accelerators: Accelerators(model: h100, count: 8, memoryBytes: 0)),
      labels: .none, taints: [])
    func replicas(_ name: String, _ count: Int) -> [TargetReplica] {
      (0..<count).map {
        TargetReplica(
          id: ReplicaID(WorkloadName(name), $0), node: node, devices: [],
          revision: Revision("r"), incarnation: 1)
      }
    }
    return Target(
      parent: nil, desired: Digest(of: ""), nodes: onOurs ? [ours] : [],
      replicas: replicas("big", big) + replicas("any", any), nextNodeOrdinals: [])
  }

  private func peaks(_ targets: [Target]) -> [String: QueueUsage] {
    var use = QueueUse(desired)
    for target in targets { use.add(target) }
    return Dictionary(
      uniqueKeysWithValues: use.usage(over: .hours(5)).map { ($0.queue.text, $0) })
  }

  @Test func theMostAtOneTimeCounts() {
    let peaks = peaks([target(big: 1), target(big: 3, any: 1), target(big: 2)])
    #expect(peaks["a"]?.milliDevicesPeak == 6000)
    #expect(peaks["top"]?.milliDevicesPeak == 8000, "with those of the queues below it")
    #expect(peaks["top"]?.byModel == [.init(h100, 8000)])
    #expect(peaks["idle"]?.milliDevicesPeak == 0)
    #expect(peaks["idle"]?.byModel == [])
    #expect(peaks.values.allSatisfy { $0.measuredFor == .hours(5) })
  }

  @Test func onNodesOfOthersOnlyOneModelCanBeMeant() {
    #expect(peaks([target(big: 1, onOurs: false)])["a"]?.byModel == [.init(h100, 2000)])
    let any = peaks([target(big: 1, any: 1, onOurs: false)])
    #expect(any["a"]?.byModel == nil)
    #expect(any["top"]?.milliDevicesPeak == 4000)
  }
}
