import Diagnostics
import Manifests
import Model
import Testing

/// The example of the documentation, of which most fields of all kinds are part.
let example = """
  apiVersion: setpoint/v1
  kind: Cluster
  metadata: {name: research-us, labels: {env: prod}}
  spec:
    provider: simulated
    region: us-east-1
    zones: [us-east-1a, us-east-1b]
    limits: {accelerators: 256, cost: $2500/h}
  ---
  apiVersion: setpoint/v1
  kind: NodePool
  metadata: {name: h100}
  spec:
    cluster: research-us
    instanceTypes: [p5.48xlarge]
    capacity: [spot, on-demand]
    nodes: 0..16
    labels: {fabric: ib}
    taints: []
    disruption: {budget: 10%, consolidateAfter: 10m, expireAfter: 720h}
  ---
  apiVersion: setpoint/v1
  kind: Queue
  metadata: {name: nlp}
  spec: {parent: research, quota: {accelerators: 64}, borrowing: true, weight: 2}
  ---
  apiVersion: setpoint/v1
  kind: Workload
  metadata: {name: llama-pretrain, labels: {tier: prod}}
  spec:
    type: training
    clusters: [research-us]
    queue: nlp
    priority: 500
    replicas: 16
    resources: {accelerator: H100:8, cpu: 96, memory: 1Ti, network: 100Gbps}
    image: registry.example/pretrain@sha256:0f1e
    command: [torchrun, train.py]
    env: {RUN: a7}
    secrets: [{name: hf-token, key: token, env: HF_TOKEN}]
    placement: {pack: rack, spread: zone, nodeSelector: {fabric: ib}}
    rollout: {maxSurge: 1, maxUnavailable: 0}
    checkpoint: {every: 30m}
  ---
  apiVersion: setpoint/v1
  kind: Gate
  metadata: {name: prod-safety}
  spec:
    deny:
      - {preempts: {tier: prod}}
      - {costIncreaseAbove: $50/h}
      - {pending: true}
    require: {schedulableGang: H100:32}
  """

@Suite struct Reading {
  @Test func theExampleOfTheDocumentation() throws {
    let read = ManifestReader.read(Sources([SourceText(path: "a.yaml", text: example)]))
    #expect(read.diagnostics == [])
    #expect(read.value.isComplete)
    #expect(read.value.sets == [SetName("default")])
    let specs = read.value.manifests.map(\.spec)
    try #require(specs.count == 5)
    let metadata = { (name: String, labels: [(String, String)]) in
      Metadata(name: name, labels: Labels(labels))
    }
    #expect(
      specs[0]
        == .cluster(
          ClusterSpec(
            metadata: metadata("research-us", [("env", "prod")]), region: "us-east-1",
            zones: ["us-east-1a", "us-east-1b"],
            limits: ClusterLimits(accelerators: 256, costPerHour: Money(micros: 2_500_000_000)))))
    #expect(
      specs[1]
        == .nodePool(
          NodePoolSpec(
            metadata: metadata("h100", []), cluster: ClusterName("research-us"),
            instanceTypes: ["p5.48xlarge"], capacity: [.spot, .onDemand], nodes: CountRange(0, 16),
            labels: Labels([("fabric", "ib")]),
            disruption: Disruption(
              budget: .percent(10), consolidateAfter: .minutes(10), expireAfter: .hours(720)))))
    #expect(
      specs[2]
        == .queue(
          QueueSpec(
            metadata: metadata("nlp", []), parent: QueueName("research"),
            quota: Quota(accelerators: 64), borrowing: true, weight: 2)))
    #expect(
      specs[3]
        == .workload(
          WorkloadSpec(
            metadata: metadata("llama-pretrain", [("tier", "prod")]), type: .training,
            clusters: [ClusterName("research-us")], queue: QueueName("nlp"), priority: 500,
            replicas: .range(CountRange(16)),
            resources: ReplicaResources(
              amounts: Resources(
                cpuMilli: 96_000, memoryBytes: 1 << 40, networkBitsPerSecond: 100_000_000_000),
              accelerator: AcceleratorRequest(
                models: [AcceleratorModel("H100")], milliDevices: 8000)),
            image: "registry.example/pretrain@sha256:0f1e", command: ["torchrun", "train.py"],
            environment: Labels([("RUN", "a7")]),
            secrets: [SecretReference(name: "hf-token", key: "token", variable: "HF_TOKEN")],
            placement: PlacementRules(
              pack: .rack, spread: .zone, nodeSelector: Labels([("fabric", "ib")])),
            rollout: Rollout(maxSurge: .count(1), maxUnavailable: .count(0)),
            checkpointEvery: .minutes(30))))
    #expect(
      specs[4]
        == .gate(
          GateSpec(
            metadata: metadata("prod-safety", []),
            deny: [
              .preempts(Labels([("tier", "prod")])),
              .costIncreaseAbove(perHour: Money(micros: 50_000_000)), .pending,
            ],
            require: [.schedulableGang(AcceleratorModel("H100"), devices: 32)])))
  }
}
