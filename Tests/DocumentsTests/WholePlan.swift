import Autoscaling
import Diagnostics
import Digests
import Documents
import Manifests
import Model
import Planning
import Scheduling

/// A plan with every word that a plan can hold: each step, cause, wait, note, remedy, rule and fact.
enum WholePlan {
  static let saved: SavedPlan = {
    let manifests = CanonicalText.manifests(desired)
    let prices = SavedPrices(
      cluster: cluster, path: "prices.yaml", text: "kind: PriceFile\n# \u{2028}\n")
    let wishes = CanonicalText.wishes(manifests, [prices.kept])
    return SavedPlan(
      plan: Plan(content(Digest(of: wishes))), manifests: manifests, priceFiles: [prices],
      at: noon, summary: "Plan: 1 to create")
  }()

  private static let noon = Timestamp(seconds: 1_782_907_200)
  private static let train = WorkloadName("train")
  private static let cluster = ClusterName("us")

  private static func node(_ name: String) -> NodeID { NodeID(cluster, name) }

  private static let desired = DesiredState(
    workloads: [
      WorkloadSpec(
        metadata: Metadata(name: "train"), type: .training, replicas: .range(CountRange(1)),
        resources: ReplicaResources(amounts: Resources(cpuMilli: 1000)), image: "train:1")
    ])

  private static func content(_ manifests: Digest) -> PlanContent {
    var content = PlanContent(
      target: Target(
        parent: TargetID(Digest(of: "parent")), desired: manifests, nodes: [created],
        replicas: [started], finished: [FinishedRun(workload: train, revision: Revision("r0"))],
        nextNodeOrdinals: [NodeOrdinal(pool: PoolName("h100"), next: 2)]))
    content.changes = changes
    content.actions = actions
    content.placements = causes.enumerated().map { index, cause in
      PlacementChange(
        replica: ReplicaID(train, index),
        kind: PlacementChange.Kind.allCases[index % PlacementChange.Kind.allCases.count],
        from: index == 0 ? nil : node("h100-\(index)"), to: index == 1 ? nil : node("h100-2"),
        devices: [0, index], cause: cause, lossMilliDeviceSeconds: Int64(index) << 40)
    }
    content.nodes = nodes
    content.pending = remedies.map {
      PendingReplicas(
        workload: train, ordinals: [0, 1, 7],
        reasons: $0 == nil
          ? PendingReason.allCases.map { ReasonCount($0, nodes: 1, offers: 2) } : [], remedy: $0)
    }
    content.report = report
    content.gates = rules.map {
      GateOutcome(gate: GateName("prod"), rule: $0, findings: ["too \"much\""])
    }
    content.cost = CostChange(
      beforePerHour: Money(micros: 1), afterPerHour: Money(micros: 62_500_000),
      unpriced: [node("lab-1")])
    content.readSet = ReadSet(facts)
    return content
  }

  private static let created = TargetNode(
    id: node("h100-1"), pool: PoolName("h100"), instanceType: "p5.48xlarge", zone: "us-east-1a",
    capacityType: .spot, pricePerHour: Money(micros: 62_500_000),
    capacity: NodeCapacity(
      amounts: Resources(cpuMilli: 192_000, memoryBytes: 2 << 40),
      accelerators: Accelerators(
        model: AcceleratorModel("H100"), count: 8, memoryBytes: 80 << 30)),
    labels: Labels([("fabric", "ib")]),
    taints: [Taint(key: "gpu", value: "yes", effect: .noSchedule)])

  private static let started = TargetReplica(
    id: ReplicaID(train, 0), node: node("h100-1"), devices: [0, 1], revision: Revision("r1"),
    incarnation: 2)

  private static let changes = ObjectChange.Action.allCases.map { action in
    ObjectChange(
      object: ObjectID(.nodePool, "h100"), action: action,
      fields: FieldChange.Effect.allCases.map {
        FieldChange(path: "spec.image", before: nil, after: "no", effect: $0)
      })
  }

  private static let nodes = NodeChange.Kind.allCases.map { kind in
    NodeChange(
      node: node("h100-1"), kind: kind, pool: kind == .create ? PoolName("h100") : nil,
      instanceType: "p5.48xlarge", zone: "us-east-1a", capacityType: .onDemand,
      pricePerHour: kind == .create ? Money(micros: 62_500_000) : nil,
      accelerators: created.capacity.accelerators, cause: .needed(by: train))
  }

  private static let actions = [
    Action(step: .createNode(created), cause: .needed(by: train)),
    Action(step: .drainNode(node("a")), cause: .expired),
    Action(step: .deleteNode(node("a")), cause: .expired, waits: [.nodeEmpty(node("a"))]),
    Action(
      step: .startReplica(
        ReplicaOrder(
          replica: started, workload: desired.workloads[0], replicaCount: 1, gang: [started])),
      cause: .wanted, waits: [.nodeReady(node("h100-1"))]),
    Action(
      step: .stopReplica(ReplicaID(train, 0), on: node("a")), cause: .nodeLeaving(node("a")),
      waits: [
        .replicaReady(ReplicaID(train, 0), on: node("h100-1")),
        .replicaGone(ReplicaID(train, 1), on: node("a")),
      ]),
  ]

  private static let causes: [Cause] =
    [
      .wanted, .unwanted, .changed(path: "spec.image"), .nodeLost(node("a"), reason: "reclaimed"),
      .nodeLost(node("a"), reason: nil), .replicaLost(on: node("a")),
      .nodeLeaving(node("a")), .gangRestart,
      .needed(by: train), .poolMinimum, .headroom, .poolShrunk, .empty(since: noon),
      .underused(nodes: 3, savingPerHour: Money(micros: 12_500_000)), .expired, .orphaned,
    ] + Cause.Preemption.allCases.map { .preempted(by: train, $0) }

  private static let remedies: [Remedy?] = [
    nil, .raisePoolMaximum(PoolName("h100"), to: 20),
    .raisePoolCost(PoolName("h100"), toPerHour: Money(micros: 7)),
    .raiseClusterNodes(cluster, to: 3),
    .raiseClusterAccelerators(cluster, to: 64),
    .raiseClusterCost(cluster, toPerHour: Money(micros: 1)),
    .raiseQueueQuota(QueueName("nlp"), acceleratorsTo: 8), .raisePriority(to: 900),
    .lowerReplicas(to: 2), .lowerAcceleratorCount(milliDevicesTo: 500), .lowerCPU(milliTo: 1),
    .lowerMemory(bytesTo: 1 << 40), .dropSpread, .dropPack, .dropAffinity,
    .dropAntiAffinity, .dropNodeSelector(key: "fabric"),
    .tolerate(Taint(key: "gpu", value: "yes", effect: .noExecute)), .allowCluster(cluster),
    .joinQueue(QueueName("nlp")),
  ]

  private static let report: [ReportEntry] = [
    .demandClamped(train, units: 670, to: 500, limits: CountRange(1, 500)), .notAssessed(train),
    .scaled(
      train, from: 4,
      ScaleDecision(replicas: 7, reason: .expected, needMilli: 4100, expectedMilli: 6950)),
    .scaled(
      train, from: 4,
      ScaleDecision(replicas: 2, reason: .spare, moment: Timestamp(seconds: 1_800_000_000))),
    .notObserved(cluster, reason: "only a part was seen"), .notObserved(cluster, reason: nil),
    .contested(cluster, scheduler: "default-scheduler"),
    .rolloutHeld(train, PendingReplicas(workload: train, ordinals: [0], reasons: [])),
    .disruptionDeferred(node("a"), budget: 2), .kept(ObjectID(.nodePool, "h100")),
    .reduced(
      train, replicas: 8, max: 16, PendingReplicas(workload: train, ordinals: [8], reasons: [])),
    .finished(train), .crashLooping(ReplicaID(train, 0), restarts: 7),
    .standsAgainst(
      train, .affinity, NeighbourRule(workloads: Labels([("app", "cache")]), within: .zone),
      ordinals: [0, 1]),
    .headroom(PoolName("h100"), replicas: 1, of: 2, on: [node("a")]),
    .notPacked(train, .fabric, areas: 3),
    .idle(train, since: Timestamp(seconds: 1_800_000_000), isStopped: false),
    .idle(train, since: nil, isStopped: true),
    .overBudget(
      .cluster(cluster), spent: Money(micros: 9),
      Budget(monthly: Money(micros: 8), onExceed: .hold)),
    .overBudget(
      .queue(QueueName("nlp")), spent: Money(micros: 9), Budget(monthly: Money(micros: 8))),
    .nodeDegraded(node("a"), .lost, reason: nil),
  ]

  private static let rules: [GateRule] = [
    .deny(.preempts(Labels([("tier", "prod")]))),
    .deny(.costIncreaseAbove(perHour: Money(micros: 50_000_000))),
    .deny(.costIncreaseAbovePercent(20)), .deny(.costAbove(perHour: Money(micros: 1))),
    .deny(.pending), .deny(.deletes(kind: .workload, moreThan: .percent(10))),
    .deny(.deletes(kind: nil, moreThan: .count(3))), .deny(.replaces), .deny(.movesMoreThan(5)),
    .deny(.nodesOutside([PoolName("h100"), PoolName("a100")])), .deny(.touchesProtected),
    .require(.schedulableGang(AcceleratorModel("H100"), devices: 32)), .require(.settles),
    .require(.survives(.zone)),
  ]

  private static let facts: [ReadSet.Fact] = [
    .room(
      ReadSet.Room(
        node: node("h100-1"), amounts: Resources(cpuMilli: 1000),
        devices: [ReadSet.Device(index: 0, milli: 500)], labels: Labels([("fabric", "ib")]),
        taints: created.taints)),
    .absent(node("h100-1")), .lost(node("a")), .idle(node("a"), besides: ["cron"]),
    .runs(ReplicaID(train, 0), on: [node("a"), node("b")]),
    .price(
      cluster, instanceType: "p5.48xlarge", .spot, perHour: Money(micros: 62_500_000)),
    .quota(QueueName("nlp"), nil, milliDevices: 8000),
    .quota(QueueName("nlp"), AcceleratorModel("H100"), milliDevices: 500),
  ]
}
