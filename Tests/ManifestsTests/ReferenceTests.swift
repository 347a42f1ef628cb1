import Diagnostics
import Manifests
import Model
import Testing

/// A cluster that the region's zones and a few pools and queues can refer to.
let fleet =
  manifest(
    "Cluster", name: "c", "provider: simulated\nregion: us-east-1\nzones: [us-east-1a, us-east-1b]")
  + "---\n" + manifest("Queue", name: "research", "quota: {accelerators: 64}") + "---\n"

@Suite struct ReferenceProblems {
  @Test func unknownNames() {
    check(
      fleet
        + workload(
          "type: training\nreplicas: 1\nclusters: [c, 1️⃣b]\nqueue: 2️⃣reserch"),
      has: [
        problem("1️⃣", .unknownCluster, help: "clusters are 'c'"),
        problem("2️⃣", .unknownQueue, help: "did you mean 'research'?"),
      ])
    check(
      fleet
        + manifest("NodePool", "cluster: 1️⃣d\ninstanceTypes: [p5.48xlarge]\nnodes: 1")
        + "---\n" + manifest("Queue", "parent: 2️⃣top"),
      has: [problem("1️⃣", .unknownCluster), problem("2️⃣", .unknownQueue)])
  }

  @Test func approvedPoolsAreThere() {
    let pool = manifest(
      "NodePool", name: "h100", "cluster: c\ninstanceTypes: [p5.48xlarge]\nnodes: 0..4")
    check(
      fleet + pool + "---\n"
        + manifest("Gate", "deny:\n- {pending: true}\n- {nodesOutside: [h100, 1️⃣h10]}"),
      has: [problem("1️⃣", .unknownPool, help: "did you mean 'h100'?")])
  }

  @Test func queuesThatNodesAreReservedForAreThere() {
    let pool = "cluster: c\ninstanceTypes: [p5.48xlarge]\nnodes: 0..4\n"
    check(
      fleet + manifest("NodePool", pool + "reservedFor: [research, 1️⃣reserch]"),
      has: [problem("1️⃣", .unknownQueue, help: "did you mean 'research'?")])
  }

  @Test func unknownPlaces() {
    check(
      manifest(
        "Cluster",
        "provider: simulated\nregion: us-east-1\nzones: [us-east-1a, 1️⃣us-west-1a]"),
      has: [problem("1️⃣", .unknownZone)])
    check(
      manifest("Cluster", "provider: simulated\nregion: 1️⃣us-esat-1\nzones: [us-esat-1a]"),
      has: [problem("1️⃣", .unknownRegion, help: "did you mean 'us-east-1'?")])
    check(
      fleet
        + manifest(
          "NodePool",
          """
          cluster: c
          instanceTypes: [p5.48xlarge, 1️⃣p5.48xlarg]
          nodes: 0..4
          zones: [us-east-1b, 2️⃣us-east-1c]
          """),
      has: [
        problem("1️⃣", .unknownInstanceType, help: "did you mean 'p5.48xlarge'?"),
        problem("2️⃣", .unknownZone),
      ])
  }

  /// One mistake, one report: a cluster that is declared wrongly is not unknown as well.
  @Test func wronglyDeclaredObjectsAreNotUnknown() {
    check(
      manifest("Cluster", name: "c", "1️⃣region: us-east-1\nzones: [us-east-1a]") + "---\n"
        + workload("type: training\nreplicas: 1\nclusters: [c, 2️⃣d]"),
      has: [problem("1️⃣", .missingField), problem("2️⃣", .unknownCluster)])
    check(
      "apiVersion: setpoint/v1\nkind: 1️⃣Clustr\n---\n"
        + workload("type: training\nreplicas: 1\nclusters: [c]"),
      has: [problem("1️⃣", .unknownKind)])
  }

  @Test func duplicates() {
    check(
      manifest("Queue", name: "a", "weight: 1") + "---\n"
        + manifest("Queue", name: "1️⃣a", "weight: 2") + "---\n"
        + manifest("Gate", name: "a", "deny: [{pending: true}]"),
      has: [problem("1️⃣", .duplicateObject)])
  }

  @Test func queueTrees() {
    func queue(_ name: String, _ parent: String) -> String {
      manifest("Queue", name: name, "parent: \(parent)") + "---\n"
    }
    check(
      queue("a", "1️⃣b") + queue("b", "c") + queue("c", "a") + queue("d", "a"),
      has: [problem("1️⃣", .queueCycle)])
    check(queue("a", "1️⃣a"), has: [problem("1️⃣", .queueCycle)])
    check(
      manifest("Queue", name: "top", "quota: {accelerators: 1️⃣8}") + "---\n"
        + manifest("Queue", name: "a", "parent: top\nquota: {accelerators: 6}") + "---\n"
        + manifest("Queue", name: "b", "parent: top\nquota: {accelerators: 3}"),
      has: [problem("1️⃣", .quotaOverParent)])
    check(
      manifest("Queue", "1️⃣quota: {accelerators: 8}\nlimit: {accelerators: 4}"),
      has: [problem("1️⃣", .quotaOverLimit)])
    check(
      manifest("Queue", "1️⃣quota: {models: {H100: 8}}\nlimit: {models: {H100: 4}}"),
      has: [problem("1️⃣", .quotaOverLimit)])
  }

  @Test func demands() {
    let demand = "type: inference\n1️⃣demand: {compute: 1000, storage: 500, network: 200}"
    check(fleet + workload(demand), has: [problem("1️⃣", .noDemandModel)])
    let model = manifest(
      "Cluster", name: "m",
      """
      provider: simulated
      region: us-east-1
      zones: [us-east-1a]
      demandModel: {base: 50, alpha: 0.5, beta: 0.2, gamma: 0.1, limits: 100..1000}
      """)
    check(model + "---\n" + workload(demand), has: [problem("1️⃣", .noUnitsPerReplica)])
    let pool = manifest(
      "NodePool", "cluster: m\ninstanceTypes: [g6.2xlarge]\nnodes: 0..4\nunitsPerReplica: 10")
    check(
      model + "---\n" + pool + "---\n" + workload(demand.replacing("1️⃣", with: "")), has: [])
    check(
      fleet + model + "---\n" + pool + "---\n" + workload(demand + "\nclusters: [c, m]"),
      has: [problem("1️⃣", .noDemandModel)])
  }

  @Test func limits() {
    let cluster =
      "provider: simulated\nregion: us-east-1\nzones: [us-east-1a]\nlimits: {1️⃣nodes: 4, accelerators: 8}"
    let pool = "cluster: c\ninstanceTypes: [p5.48xlarge]\nnodes: 5..9"
    check(
      manifest("Cluster", name: "c", cluster.replacing("1️⃣nodes: 4", with: "nodes: 1️⃣4"))
        + "---\n" + manifest("NodePool", pool),
      has: [problem("1️⃣", .overLimit)])
    check(
      manifest("Cluster", name: "c", cluster.replacing("1️⃣", with: "")) + "---\n"
        + workload("type: training\nreplicas: 1️⃣9..20\nresources: {accelerator: H100:1}"),
      has: [problem("1️⃣", .overLimit)])
    check(
      manifest("Cluster", name: "c", cluster.replacing("1️⃣", with: "")) + "---\n"
        + workload("type: training\nreplicas: 8..20\nresources: {accelerator: H100:1}"),
      has: [])
  }

  /// Of a Slurm that it names, or of any where it names none.
  @Test func partsOfCores() {
    let slurm =
      fleet
      + manifest(
        "Cluster", name: "hpc", "provider: slurm\nregion: us-east-1\nzones: [us-east-1a]")
      + "---\n"
    for clusters in ["", "clusters: [hpc]\n", "clusters: [c, hpc]\n"] {
      check(
        slurm
          + workload("type: training\nreplicas: 1\n\(clusters)resources: {cpu: 1️⃣1500m}"),
        has: [
          problem(
            "1️⃣", .partOfACore, help: "write 'cpu: 2', or name other clusters under 'clusters'")
        ])
    }
    check(
      slurm + workload("type: training\nreplicas: 1\nresources: {cpu: 1️⃣0, memory: 1Gi}"),
      has: [
        problem(
          "1️⃣", .partOfACore, help: "write 'cpu: 1', or name other clusters under 'clusters'")
      ])
    for lines in ["clusters: [c]\nresources: {cpu: 1500m}", "resources: {cpu: 2}"] {
      check(slurm + workload("type: training\nreplicas: 1\n\(lines)"), has: [])
    }
  }

  /// Slurm mounts nothing, and two volumes can't be in one place.
  @Test func volumes() {
    let slurm =
      fleet
      + manifest(
        "Cluster", name: "hpc", "provider: slurm\nregion: us-east-1\nzones: [us-east-1a]")
      + "---\n"
    let head = "type: training\nreplicas: 1\nresources: {cpu: 1}\n"
    let data = "volumes: 1️⃣[{claim: datasets, path: /data}]"
    check(slurm + workload(head + data), has: [problem("1️⃣", .uselessVolume)])
    check(slurm + workload("\(head)clusters: [c]\n\(data)"), has: [])
    check(
      workload(head + "volumes: [{claim: a, path: /data}, {claim: b, path: 1️⃣/data}]"),
      has: [problem("1️⃣", .uselessVolume, help: "give each a 'path' of its own")])
  }

  @Test func steps() {
    let resources = "resources: {cpu: 1}"
    for range in ["4..16", "8..20", "0..16"] {
      check(
        workload("type: training\nreplicas: 1️⃣\(range)\nstep: 8\n\(resources)"),
        has: [problem("1️⃣", .unevenStep)])
    }
    for head in ["type: training\nreplicas: 8", "type: inference\nreplicas: 8..16"] {
      check(
        workload("\(head)\nstep: 1️⃣8\n\(resources)"), has: [problem("1️⃣", .unevenStep)])
    }
    check(workload("type: training\nreplicas: 8..16\nstep: 8\n\(resources)"), has: [])
  }

  @Test func neighbours() {
    let rule = "{workloads: {app: cache}, within: zone}"
    let head = "type: inference\nreplicas: 2\n"
    check(
      workload(head + "placement: {affinity: [1️⃣\(rule)]}"),
      has: [problem("1️⃣", .unmatchedAffinity)])
    let labelled = workload(head + "placement: {affinity: [\(rule)]}")
      .replacing("{name: it}", with: "{name: it, labels: {app: cache}}")
    check(labelled, has: [])
    // Who is not there to be kept away from may come.
    check(workload(head + "placement: {antiAffinity: [\(rule)]}"), has: [])
    // A workload that could not be read may be the one.
    check(
      workload(head + "placement: {affinity: [\(rule)]}") + "---\n"
        + manifest("Workload", name: "cache", "type: 1️⃣cache\nreplicas: 1"),
      has: [problem("1️⃣", .unknownValue)])
  }

  @Test func rulesThatRuleOneAnotherOut() {
    let head = "type: training\nreplicas: 2\n"
    for (pack, level) in [("node", "node"), ("rack", "zone"), ("zone", "zone")] {
      check(
        workload(head + "placement: {pack: \(pack), antiAffinity: [1️⃣{within: \(level)}]}"),
        has: [problem("1️⃣", .contradictoryPlacement)])
    }
    check(workload(head + "placement: {pack: zone, antiAffinity: [{within: node}]}"), has: [])
    check(
      workload(
        "type: training\nreplicas: 1\nplacement: {pack: node, antiAffinity: [{within: node}]}"),
      has: [])
    check(
      workload(head + "placement: {affinity: [{within: rack}], antiAffinity: [1️⃣{within: rack}]}"),
      has: [problem("1️⃣", .contradictoryPlacement)])
  }

  @Test func rollouts() {
    for share in ["0", "0%"] {
      check(
        workload(
          "type: training\nreplicas: 1\n1️⃣rollout: {maxSurge: \(share), maxUnavailable: 0}"),
        has: [problem("1️⃣", .stuckRollout)])
    }
  }
}

@Suite struct Sets {
  private let stored = DesiredState(
    clusters: [
      ClusterSpec(
        metadata: Metadata(name: "c", set: SetName("infra")), region: "us-east-1",
        zones: ["us-east-1a"])
    ],
    queues: [QueueSpec(metadata: Metadata(name: "research", set: SetName("infra")))],
    workloads: [
      WorkloadSpec(
        metadata: Metadata(name: "train", set: SetName("team")), type: .training,
        clusters: [ClusterName("c")], queue: QueueName("research"),
        replicas: .range(CountRange(1)), resources: ReplicaResources())
    ])

  @Test func namesOfOtherSetsCanBeReferredTo() {
    check(
      workload("type: training\nreplicas: 1\nclusters: [c]\nqueue: research"), beside: stored,
      has: [])
  }

  @Test func objectsOfOtherSetsStayTheirs() {
    check(
      manifest("Queue", name: "1️⃣research", "weight: 2"), beside: stored,
      has: [problem("1️⃣", .otherSet)])
    let taken = """
      apiVersion: setpoint/v1
      kind: Workload
      metadata: {name: train, set: team}
      spec: {type: training, replicas: 2}

      """
    check(taken, beside: stored, has: [])
  }

  @Test func whatOthersUseMustStay() {
    let queues = """
      apiVersion: setpoint/v1
      kind: Queue
      metadata: {name: other, set: infra}
      spec: {}

      """
    check(
      queues, beside: stored, has: [problem("none", .stillUsed), problem("none", .stillUsed)])
  }

  @Test func nothingIsNeverEverything() {
    check("", has: [problem("none", .emptySet)])
    check("# nothing\n---\n---\n", has: [problem("none", .emptySet)])
    check("a: [\n1️⃣", has: [problem("1️⃣", Code("yaml", "syntax"))])
    let none = ManifestReader.read(Sources())
    #expect(References.resolve(none.value).diagnostics.map(\.code) == [.emptySet])
  }

  @Test func directoriesNameTheirSets() {
    func settings(_ path: String, _ set: String) -> SourceText {
      SourceText(path: path, text: "apiVersion: setpoint/v1\nset: \(set)\n")
    }
    func queue(_ path: String, _ name: String) -> SourceText {
      SourceText(path: path, text: manifest("Queue", name: name, "weight: 1"))
    }
    let read = ManifestReader.read(
      Sources([
        queue("a/b/deep.yaml", "deep"), queue("a/inner.yaml", "inner"),
        settings("a/setpoint.yaml", "inner"), queue("outer.yaml", "outer"),
        settings("z/setpoint.yaml", "z"), queue("z.yaml", "beside"),
      ]))
    #expect(read.diagnostics == [])
    let sets = read.value.manifests.map { "\($0.spec.metadata.name) in \($0.spec.metadata.set)" }
    #expect(sets == ["deep in inner", "inner in inner", "outer in default", "beside in default"])
    #expect(read.value.sets.map(\.text) == ["default", "inner"])
  }

  @Test func settingsAreCheckedToo() {
    let read = ManifestReader.read(
      Sources([SourceText(path: "setpoint.yaml", text: "apiVersion: setpoint/v1\nsett: a\n")]))
    #expect(read.diagnostics.map(\.code) == [.unknownField])
    #expect(!read.value.isComplete)
  }
}
