import JSON
import Model
import Planning
import ProviderContract
import Testing

@testable import KubernetesProvider

/// What is made of what the API server shows.
@Suite struct SceneTests {
  private func node(_ json: String) throws -> KubeNode {
    var reader = JSONReader(Array(json.utf8))
    return try KubeNode(&reader)
  }

  private func pod(_ json: String) throws -> KubePod {
    var reader = JSONReader(Array(json.utf8))
    return try KubePod(&reader)
  }

  private func observed(_ nodes: [KubeNode], _ pods: [KubePod] = [], at: Int64 = 1000)
    -> Observation
  {
    var seen = Seen()
    seen.nodes.objects = nodes
    seen.pods.objects = pods
    let settings = KubernetesSettings(networkBitsPerSecond: 7)
    return Scene(Fixture.kubernetes(settings), settings, seen, at: Timestamp(seconds: at))
      .observation
  }

  private let ready = #""conditions": [{"type": "Ready", "status": "True"}]"#

  /// Pods of others that wait for their scheduler may be given room first; one that must not be bound
  /// yet, or belongs to its node, is no rival.
  @Test(arguments: [
    ("", "", "default-scheduler"), (#""schedulerName": "kueue""#, "", "kueue"),
    (#""schedulerName": "setpoint""#, "", nil), (#""nodeName": "n""#, "", nil),
    (#""schedulingGates": [{"name": "quota"}]"#, "", nil),
    ("", #", "ownerReferences": [{"kind": "DaemonSet"}]"#, nil),
    ("", #", "deletionTimestamp": "2026-01-01T00:00:00Z""#, nil),
  ])
  func whoElseWaitsIsTold(spec: String, meta: String, scheduler: String?) throws {
    let pod = try pod(
      #"{"metadata": {"name": "p", "namespace": "ml"\#(meta)}, "spec": {\#(spec)}}"#)
    #expect(
      observed([], [pod]).contenders
        == (scheduler.map { [Contender(scheduler: $0, count: 1)] } ?? []))
  }

  @Test func aNodeIsReadAsItStands() throws {
    let node = try node(
      """
      {"metadata": {"name": "n", "creationTimestamp": "1970-01-01T00:01:40Z", "labels": {
         "topology.kubernetes.io/zone": "z", "node.kubernetes.io/instance-type": "t",
         "nvidia.com/gpu.product": "NVIDIA-A100-SXM4-80GB", "nvidia.com/gpu.memory": "81920",
         "karpenter.sh/capacity-type": "spot"}},
       "spec": {"taints": [{"key": "gpu", "effect": "NoSchedule"},
         {"key": "soft", "effect": "PreferNoSchedule"},
         {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}]},
       "status": {"allocatable": {"cpu": "7910m", "memory": "64Gi", "ephemeral-storage": "100G",
         "nvidia.com/gpu": "8", "pods": "110"}, \(ready)}}
      """)
    let seen = try #require(observed([node]).nodes.first)
    #expect(seen.zone == "z" && seen.instanceType == "t" && seen.capacityType == .spot)
    #expect(seen.labels["zone"] == "z" && seen.taints == [Taint(key: "gpu")])
    #expect(seen.phase == .ready && seen.createdAt == Timestamp(seconds: 100))
    #expect(
      seen.capacity
        == NodeCapacity(
          amounts: Resources(
            cpuMilli: 7910, memoryBytes: 64 << 30, storageBytes: 100_000_000_000,
            networkBitsPerSecond: 7),
          accelerators: Accelerators(
            model: AcceleratorModel("A100-80GB"), count: 8, memoryBytes: 80 << 30)))
  }

  @Test(
    arguments: [
      (#""Ready", "status": "True""#, false, 100, ObservedNode.Phase.ready),
      (#""Ready", "status": "True""#, true, 100, .draining),
      (#""Ready", "status": "Unknown""#, false, 100, .lost),
      (#""Ready", "status": "False""#, false, 100, .booting),
      (#""Ready", "status": "False""#, false, 10_000, .lost),
      (#""DiskPressure", "status": "False""#, false, 100, .booting),
    ])
  func aNodesConditionIsItsPhase(
    _ condition: String, _ isCordoned: Bool, _ at: Int64, _ phase: ObservedNode.Phase
  ) throws {
    let node = try node(
      """
      {"metadata": {"name": "n", "creationTimestamp": "1970-01-01T00:00:00Z"},
       "spec": {"unschedulable": \(isCordoned)}, "status": {"conditions": [{"type": \(condition)}]}}
      """)
    #expect(observed([node], at: at).nodes.map(\.phase) == [phase])
  }

  @Test(
    arguments: [
      ("NVIDIA-H100-80GB-HBM3", "H100"), ("NVIDIA-A100-SXM4-40GB", "A100"), ("Tesla-T4", "T4"),
      ("NVIDIA-H100-NVL", "H100-NVL"), ("NVIDIA-L40S", "L40S"), ("odd", "mine"),
    ])
  func productsHaveOurNames(_ product: String, _ model: String) {
    let settings = KubernetesSettings(models: Labels([("odd", "mine")]))
    #expect(settings.model(product) == AcceleratorModel(model))
  }

  /// Containers that run before the others count where they ask for more, and with them where they stay.
  @Test func aPodAsksForWhatItsContainersDo() throws {
    let pod = try pod(
      """
      {"metadata": {"name": "p", "namespace": "n"}, "spec": {"nodeName": "n",
       "initContainers": [
         {"restartPolicy": "Always", "resources": {"requests": {"cpu": "100m"}}},
         {"resources": {"requests": {"cpu": "2", "memory": "1Gi"}}}],
       "containers": [{"resources": {"requests": {"cpu": "500m", "memory": "2Gi"}}},
         {"resources": {"requests": {"cpu": "500m", "nvidia.com/gpu": "1"}}}, {}],
       "overhead": {"cpu": "10m"}}, "status": {"phase": "Running"}}
      """)
    #expect(
      pod.requests
        == Amounts(cpuMilli: 2110, memoryBytes: 2 << 30, extended: ["nvidia.com/gpu": 1]))
  }

  /// What every node runs is a part of the node; what others run takes room; what ended takes none.
  @Test func othersTakeRoom() throws {
    let node = try node(
      """
      {"metadata": {"name": "n"}, "status": {"allocatable": {"cpu": "8", "nvidia.com/gpu": "4"}, \
      \(ready)}}
      """)
    func pod(_ name: String, _ more: String = "", _ phase: String = "Running") throws -> KubePod {
      try self.pod(
        """
        {"metadata": {"name": "\(name)", "namespace": "ns", "uid": "\(name)" \(more)},
         "spec": {"nodeName": "n", "containers": [
           {"resources": {"requests": {"cpu": "1", "nvidia.com/gpu": "1"}}}]},
         "status": {"phase": "\(phase)"}}
        """)
    }
    let seen = observed(
      [node],
      [
        try pod("theirs"), try pod("over", "", "Succeeded"),
        try pod("daemon", #", "ownerReferences": [{"kind": "DaemonSet", "name": "d"}]"#),
      ])
    #expect(seen.nodes.map(\.capacity.amounts.cpuMilli) == [7000])
    #expect(seen.occupants.map(\.name) == ["ns/theirs"])
    #expect(seen.occupants.map(\.devices) == [[0]])
  }

  /// A pod in a namespace that is not ours is not ours, whatever it says of itself.
  @Test func nobodyElseSpeaksForUs() throws {
    let order = PodOrder(
      cluster: Fixture.clusterName, key: IdempotencyKey("k"),
      replica: TargetReplica(
        id: ReplicaID(WorkloadName("chat"), 0), node: Fixture.id("n"), devices: [],
        revision: Revision("r"), incarnation: 1), resources: ReplicaResources(), type: .inference)
    let pod = try pod(
      """
      {"metadata": {"name": "p", "namespace": "theirs", "uid": "u", "annotations": {
       "setpoint/order": \(JSONWriter.quoted(order.text))}}, "spec": {"nodeName": "n"},
       "status": {"phase": "Running"}}
      """)
    let node = try node(#"{"metadata": {"name": "n"}, "status": {\#(ready)}}"#)
    let seen = observed([node], [pod])
    #expect(seen.replicas.isEmpty && seen.occupants.map(\.name) == ["theirs/p"])
  }
}
