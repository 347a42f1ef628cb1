import Catalog
import Diagnostics
import Digests
import Manifests
import Model
import Planning
import Testing

@testable import Views

extension Review {
  static let example = between(before, after, remarks: ["an example's remark"])

  /// Two versions of manifests, planned as a review plans them: on one observation, in which somebody
  /// else's node is half used.
  static func between(
    _ before: String, _ after: String, headPath: String = "manifests/all.yaml",
    remarks: [String] = []
  ) -> Review {
    let base = Side("manifests/all.yaml", before)
    let head = Side(headPath, after)
    let changes = ObjectChanges.between(base.desired, head.desired)
    let basePlan = base.plan(ObjectChanges.between(.empty, base.desired), base.desired.gates)
    let headPlan = head.plan(
      changes, PlanComparison.judges(base: base.desired.gates, head: head.desired.gates))
    let comparison = PlanComparison(
      base: basePlan, head: headPlan, gatesOfBase: base.desired.gates,
      gatesOfHead: head.desired.gates)
    return Review(
      base: Revision(name: "main", id: "0123456789abcdef0123456789abcdef01234567"),
      head: Revision(name: "topic", id: "89abcdef0123456789abcdef0123456789abcdef"),
      paths: ["manifests"], comparison: comparison,
      places: ChangePlaces(
        changes, and: comparison.gates.map { .init(.gate, $0.outcome.gate.text) },
        base: (base.manifests, base.sources), head: (head.manifests, head.sources)),
      observed: Side.observed, at: Side.now, remarks: remarks)
  }

  private struct Side {
    let sources: Sources
    let manifests: ManifestSet
    let desired: DesiredState

    static let now = Timestamp(seconds: 1_767_225_600)
    private static let lab = NodeID(ClusterName("demo"), "lab-1")

    static let observed = ObservedState([
      Observation(
        cluster: ClusterName("demo"), at: now,
        nodes: [
          ObservedNode(
            id: lab, pool: nil, instanceType: "lab", zone: "us-east-1a", capacityType: .onDemand,
            labels: .none,
            capacity: NodeCapacity(
              amounts: Resources(cpuMilli: 64_000, memoryBytes: 1 << 38),
              accelerators: Accelerators(
                model: AcceleratorModel("L4"), count: 6, memoryBytes: 24 << 30)), phase: .ready,
            createdAt: now)
        ],
        occupants: [
          Occupant(
            name: "theirs", node: lab,
            resources: ReplicaResources(
              accelerator: AcceleratorRequest(models: [], milliDevices: 2000)), devices: [0, 1])
        ])
    ])

    init(_ path: String, _ text: String) {
      sources = Sources([SourceText(path: path, text: text)])
      let read = ManifestReader.read(sources)
      let resolved = References.resolve(read.value)
      for problem in read.diagnostics + resolved.diagnostics { Issue.record("\(problem)") }
      manifests = read.value
      desired = resolved.value
    }

    func plan(_ changes: [ObjectChange], _ gates: [GateSpec]) -> Plan {
      var desired = desired
      desired.gates = gates
      return Planner.plan(
        PlanningInput(
          desired: desired, desiredDigest: Digest(of: CanonicalText.manifests(desired)),
          changes: changes, observed: Self.observed,
          catalogs: [ClusterName("demo"): .builtIn], now: Self.now))
    }
  }

  private static let fleet = """
    apiVersion: setpoint/v1
    kind: Cluster
    metadata: {name: demo}
    spec:
      provider: simulated
      region: us-east-1
      zones: [us-east-1a, us-east-1b]
    ---
    apiVersion: setpoint/v1
    kind: NodePool
    metadata: {name: a100}
    spec:
      cluster: demo
      instanceTypes: [p4d.24xlarge]
      capacity: [on-demand]
      nodes: 1..2
    ---
    apiVersion: setpoint/v1
    kind: NodePool
    metadata: {name: cpu}
    spec: {cluster: demo, instanceTypes: [m7i.4xlarge], nodes: 0..4}
    ---
    """

  static let before = """
    \(fleet)
    apiVersion: setpoint/v1
    kind: Workload
    metadata: {name: chat, labels: {tier: prod}}
    spec:
      type: inference
      replicas: 3
      resources: {accelerator: L4:1, cpu: 4}
      image: registry.example/chat:1
    ---
    apiVersion: setpoint/v1
    kind: Workload
    metadata: {name: evals}
    spec: {type: inference, replicas: 2, resources: {accelerator: "A100:0.5", cpu: 4}, image: registry.example/evals}
    ---
    apiVersion: setpoint/v1
    kind: Gate
    metadata: {name: budget}
    spec:
      deny:
        - costIncreaseAbove: $1/h
        - pending: true
    """

  static let after = """
    \(fleet)
    apiVersion: setpoint/v1
    kind: Workload
    metadata: {name: chat, labels: {tier: prod, a.b/c: "1"}}
    spec:
      type: inference
      replicas: 2
      resources: {accelerator: L4:1, cpu: 4}
      image: registry.example/chat:2 <b>
      env: {LEVEL: debug}
    ---
    apiVersion: setpoint/v1
    kind: Workload
    metadata: {name: etl}
    spec: {type: inference, replicas: 12, resources: {cpu: 14}, image: registry.example/etl}
    ---
    apiVersion: setpoint/v1
    kind: Workload
    metadata: {name: train}
    spec: {type: training, replicas: 3, resources: {accelerator: "A100:8", cpu: 40}, image: registry.example/train}
    ---
    apiVersion: setpoint/v1
    kind: Gate
    metadata: {name: budget}
    spec:
      deny:
        - costIncreaseAbove: $1000/h
    """
}
