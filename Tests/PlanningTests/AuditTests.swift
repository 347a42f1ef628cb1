import Catalog
import Digests
import Model
import Planning
import Scheduling
import Simulation
import Testing

/// A sound plan, broken in one way each time: the judge must see it.
@Suite struct AuditTests {
  struct Break: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let stage: @Sendable () -> Stage
    let edit: @Sendable (inout PlanContent, inout PlanningInput) -> Void
    let isSeen: @Sendable (Violation) -> Bool
  }

  /// Two gang members, three service replicas, and nothing there yet.
  static func fresh() -> Stage {
    Stage(
      [
        pool("gpu", of: "gpu8", nodes: .to(4)), pool("cpu", of: "cpu16", nodes: .to(4)),
      ], [training("llm", replicas: 2), service("web", replicas: 3)])
  }

  /// The same, standing, and then a new image for both.
  static func changed() -> Stage {
    var stage = fresh()
    stage.settle()
    stage.change("llm") { $0.image = "v2" }
    stage.change("web") { $0.image = "v2" }
    return stage
  }

  /// A gang that runs with four replicas of at most six, and what takes two of them.
  static func shrinking() -> Stage {
    var stage = Stage(
      [pool("gpu", of: "gpu8", nodes: CountRange(4, 4))],
      [elastic("llm", replicas: CountRange(2, 6), step: 2)])
    stage.settle()
    stage.desired.workloads.append(service("web", replicas: 1, milliDevices: 1000))
    return stage
  }

  /// The same, standing, and then nothing wanted and no pool any more.
  static func leaving() -> Stage {
    var stage = fresh()
    stage.settle()
    stage.desired.workloads = []
    stage.desired.nodePools = []
    return stage
  }

  func violations(_ stage: Stage, _ edit: (inout PlanContent, inout PlanningInput) -> Void)
    -> [Violation]
  {
    var input = stage.input
    var content = PlanContent(Planner.plan(input))
    edit(&content, &input)
    return PlanAudit.check(Plan(content), input)
  }

  @Test func soundPlansPass() {
    for stage in [Self.fresh(), Self.changed(), Self.leaving(), Self.shrinking()] {
      #expect(violations(stage) { _, _ in } == [])
    }
  }

  @Test(arguments: breaks) func isSeen(_ broken: Break) {
    let found = violations(broken.stage(), broken.edit)
    #expect(found.contains(where: broken.isSeen), "\(found)")
  }

  static let breaks: [Break] = standing + bounds + touching + ordering + agreement

  static let standing = [
    Break("a device given out twice", fresh) { content, _ in
      content.editReplica("web/0") { $0.node = NodeID(ClusterName("c"), "gpu-1") }
      content.editReplica("llm/0") { $0.devices = [0, 0, 1, 2, 3, 4, 5, 6] }
    } isSeen: {
      if case .standing(.deviceExceeded(_, device: 0)) = $0 { true } else { false }
    },
    Break("more than the node has", fresh) { _, input in
      input.desired.workloads[1].resources.amounts.cpuMilli = 60_000
    } isSeen: {
      if case .standing(.amountsExceeded) = $0 { true } else { false }
    },
    Break("too few devices", fresh) { content, _ in
      content.editReplica("llm/0") { $0.devices = [0] }
    } isSeen: {
      if case .standing(.wrongDevices) = $0 { true } else { false }
    },
    Break("a node that nobody knows", fresh) { content, _ in
      content.editReplica("web/0") { $0.node = NodeID(ClusterName("c"), "nowhere") }
    } isSeen: {
      if case .standing(.nowhere) = $0 { true } else { false }
    },
    Break("a replica placed twice", fresh) { content, _ in
      content.target = content.target.with(
        replicas: content.target.replicas + [content.target.replicas[0]])
    } isSeen: {
      if case .standing(.placedTwice) = $0 { true } else { false }
    },
    Break("half a step of a gang", shrinking) { content, _ in
      content.target = content.target.with(
        replicas: content.target.replicas
          + [
            TargetReplica(
              id: ReplicaID(WorkloadName("llm"), 2), node: NodeID(ClusterName("c"), "gpu-4"),
              devices: Array(0..<8), revision: content.target.replicas[0].revision, incarnation: 1)
          ])
    } isSeen: {
      $0 == .standing(.gangOffStep(WorkloadName("llm"), replicas: 3, step: 2))
    },
    Break("half a gang", fresh) { content, _ in
      content.target = content.target.with(
        replicas: content.target.replicas.filter { "\($0.id)" != "llm/1" })
    } isSeen: {
      if case .standing(.gangSplit) = $0 { true } else { false }
    },
    Break("a taint that nobody tolerates", fresh) { content, _ in
      content.target.nodes = content.target.nodes.map { node in
        var node = node
        node.taints = [Taint(key: "keep-out")]
        return node
      }
    } isSeen: {
      if case .standing(.ruleBroken(_, on: _, .taint)) = $0 { true } else { false }
    },
    Break("a selector that the node doesn't match", fresh) { _, input in
      input.desired.workloads[1].placement.nodeSelector = Labels([("disk", "fast")])
    } isSeen: {
      if case .standing(.ruleBroken(_, on: _, .nodeSelector)) = $0 { true } else { false }
    },
    Break("a neighbour that it must not have", fresh) { content, input in
      input.desired.workloads[1].placement.antiAffinity = [NeighbourRule(within: .zone)]
    } isSeen: {
      if case .standing(.ruleBroken(_, on: _, .antiAffinity)) = $0 { true } else { false }
    },
    Break("beside somebody who wants no neighbours", fresh) { content, input in
      input.desired.workloads[0].metadata.labels = Labels([("tier", "noisy")])
      input.desired.workloads[1].metadata.labels = Labels([("tier", "quiet")])
      input.desired.workloads[0].placement.antiAffinity = [
        NeighbourRule(workloads: Labels([("tier", "quiet")]), within: .zone)
      ]
    } isSeen: {
      $0
        == .standing(
          .ruleBroken(
            ReplicaID(WorkloadName("web"), 0), on: NodeID(ClusterName("c"), "gpu-1"),
            .antiAffinity))
    },
    Break("nobody beside it", fresh) { _, input in
      input.desired.workloads[1].placement.affinity = [
        NeighbourRule(workloads: Labels([("app", "cache")]), within: .zone)
      ]
    } isSeen: {
      if case .standing(.ruleBroken(_, on: _, .affinity)) = $0 { true } else { false }
    },
    Break("a node that is reserved for others", fresh) { _, input in
      for index in input.desired.nodePools.indices {
        input.desired.nodePools[index].reservedFor = [QueueName("nlp")]
      }
    } isSeen: {
      if case .standing(.ruleBroken(_, on: _, .reservation)) = $0 { true } else { false }
    },
    Break("a cluster that the workload doesn't allow", fresh) { _, input in
      input.desired.workloads[1].clusters = [ClusterName("elsewhere")]
    } isSeen: {
      if case .standing(.ruleBroken(_, on: _, .cluster)) = $0 { true } else { false }
    },
  ]

  static let bounds = [
    Break("a name that was used before", fresh) { content, _ in
      content.target = content.target.with(ordinals: [])
    } isSeen: {
      if case .bounds(.nameUsedTwice) = $0 { true } else { false }
    },
    Break("a price that nobody offers", fresh) { content, _ in
      content.target.nodes[0].pricePerHour = Money(micros: 1)
    } isSeen: {
      if case .bounds(.notOffered) = $0 { true } else { false }
    },
    Break("more nodes than the pool may have", fresh) { _, input in
      input.desired.nodePools[1].nodes = CountRange(0, 1)
    } isSeen: {
      if case .bounds(.poolExceeded) = $0 { true } else { false }
    },
    Break("more nodes than the cluster may have", fresh) { _, input in
      input.desired.clusters[0].limits.nodes = 1
    } isSeen: {
      if case .bounds(.clusterExceeded(_, .nodes)) = $0 { true } else { false }
    },
    Break("more devices than the cluster may have", fresh) { _, input in
      input.desired.clusters[0].limits.accelerators = 15
    } isSeen: {
      if case .bounds(.clusterExceeded(_, .accelerators)) = $0 { true } else { false }
    },
    Break("more money than the cluster may cost", fresh) { _, input in
      input.desired.clusters[0].limits.costPerHour = Money(micros: 1)
    } isSeen: {
      if case .bounds(.clusterExceeded(_, .cost)) = $0 { true } else { false }
    },
    Break("more devices than the queue may have", fresh) { _, input in
      input.desired.queues = [
        QueueSpec(metadata: Metadata(name: "top"), limit: Quota(accelerators: 15)),
        QueueSpec(metadata: Metadata(name: "low"), parent: QueueName("top")),
      ]
      input.desired.workloads[0].queue = QueueName("low")
    } isSeen: {
      if case .bounds(.queueExceeded(QueueName("top"))) = $0 { true } else { false }
    },
  ]

  static let touching = [
    Break("somebody else's node", leaving) { _, input in
      var seen = input.observed.observations[0]
      seen.nodes[0].pool = nil
      input.observed = ObservedState([seen])
    } isSeen: {
      if case .touching(.notOurs) = $0 { true } else { false }
    },
    Break("a protected pool", leaving) { _, input in
      input.desired.nodePools = [pool("gpu", of: "gpu8", nodes: .to(4), isProtected: true)]
    } isSeen: {
      if case .touching(.protected) = $0 { true } else { false }
    },
    Break("a cluster that was not wholly seen", leaving) { _, input in
      var seen = input.observed.observations[0]
      seen.isComplete = false
      input.observed = ObservedState([seen])
    } isSeen: {
      if case .touching(.notObserved) = $0 { true } else { false }
    },
    Break("a node that was not seen is forgotten", leaving) { _, input in
      input.observed = .nothing
    } isSeen: {
      if case .touching(.forgotten) = $0 { true } else { false }
    },
    Break("stops that don't wait", changed) { content, _ in
      content.actions = content.actions.map { action in
        guard case .stopReplica = action.step else { return action }
        return Action(step: action.step, cause: action.cause)
      }
    } isSeen: {
      if case .touching(.interrupted(WorkloadName("web"), ready: _, needed: 3)) = $0 {
        true
      } else {
        false
      }
    },
    Break("a gang's least size gives way like its steps", shrinking) { content, _ in
      for index in content.placements.indices {
        if case .preempted = content.placements[index].cause {
          content.placements[index].replica = ReplicaID(WorkloadName("llm"), 1)
        }
      }
    } isSeen: {
      if case .touching(.preemptsUnlawfully) = $0 { true } else { false }
    },
    Break("an equal priority preempts", changed) { content, _ in
      content.placements[0].cause = .preempted(by: WorkloadName("web"), .priority)
    } isSeen: {
      if case .touching(.preemptsUnlawfully) = $0 { true } else { false }
    },
  ]

  static let ordering = [
    Break("a step twice", fresh) { content, _ in
      content.actions.append(content.actions[0])
    } isSeen: {
      if case .ordering(.repeated) = $0 { true } else { false }
    },
    Break("a start before its node", fresh) { content, _ in
      content.actions.reverse()
    } isSeen: {
      if case .ordering(.outOfOrder) = $0 { true } else { false }
    },
    Break("a start that doesn't wait for its node", fresh) { content, _ in
      content.actions = content.actions.map { Action(step: $0.step, cause: $0.cause) }
    } isSeen: {
      if case .ordering(.missingWait(_, .nodeReady)) = $0 { true } else { false }
    },
    Break("a delete before the node is empty", leaving) { content, _ in
      content.actions = content.actions.map { Action(step: $0.step, cause: $0.cause) }
    } isSeen: {
      if case .ordering(.missingWait(_, .nodeEmpty)) = $0 { true } else { false }
    },
    Break("a wait for what never comes", fresh) { content, _ in
      content.actions[0].waits = [.nodeReady(NodeID(ClusterName("c"), "nowhere"))]
    } isSeen: {
      if case .ordering(.neverHolds) = $0 { true } else { false }
    },
    Break("a start where the old one still is", changed) { content, _ in
      content.actions = content.actions.map { action in
        guard case .startReplica = action.step else { return action }
        return Action(step: action.step, cause: action.cause)
      }
    } isSeen: {
      if case .ordering(.roomNotCleared) = $0 { true } else { false }
    },
  ]

  static let agreement = [
    Break("another parent", changed) { content, _ in
      content.target = content.target.with(parent: nil)
    } isSeen: {
      $0 == .agreement(.wrongParent)
    },
    Break("a missing step", fresh) { content, _ in
      content.actions.removeLast()
    } isSeen: {
      if case .agreement(.actionMissing) = $0 { true } else { false }
    },
    Break("a step that nobody asked for", changed) { content, _ in
      let node = NodeID(ClusterName("c"), "gpu-1")
      content.actions.append(Action(step: .deleteNode(node), cause: .orphaned))
    } isSeen: {
      if case .agreement(.actionUnasked) = $0 { true } else { false }
    },
    Break("a replica that isn't told of", fresh) { content, _ in
      content.placements.removeLast()
    } isSeen: {
      if case .agreement(.placementMissing) = $0 { true } else { false }
    },
    Break("a replica told of that doesn't change", fresh) { content, _ in
      content.placements[0].kind = .stop
    } isSeen: {
      if case .agreement(.placementUnfounded) = $0 { true } else { false }
    },
    Break("a node that isn't told of", fresh) { content, _ in
      content.nodes.removeLast()
    } isSeen: {
      if case .agreement(.nodeChangeMissing) = $0 { true } else { false }
    },
    Break("a node told of that doesn't change", fresh) { content, _ in
      content.nodes[0].kind = .delete
    } isSeen: {
      if case .agreement(.nodeChangeUnfounded) = $0 { true } else { false }
    },
    Break("money that doesn't add up", fresh) { content, _ in
      content.cost.afterPerHour += Money(micros: 1)
    } isSeen: {
      if case .agreement(.costWrong) = $0 { true } else { false }
    },
  ]
}

extension AuditTests.Break {
  init(
    _ name: String, _ stage: @escaping @Sendable () -> Stage,
    edit: @escaping @Sendable (inout PlanContent, inout PlanningInput) -> Void,
    isSeen: @escaping @Sendable (Violation) -> Bool
  ) {
    self.init(testDescription: name, stage: stage, edit: edit, isSeen: isSeen)
  }
}

extension PlanContent {
  init(_ plan: Plan) {
    self.init(target: plan.target)
    changes = plan.changes
    actions = plan.actions
    placements = plan.placements
    nodes = plan.nodes
    pending = plan.pending
    report = plan.report
    cost = plan.cost
    gates = plan.gates
    readSet = plan.readSet
  }

  mutating func editReplica(_ name: String, _ edit: (inout TargetReplica) -> Void) {
    for index in target.replicas.indices where "\(target.replicas[index].id)" == name {
      edit(&target.replicas[index])
    }
  }
}

extension Target {
  func with(replicas: [TargetReplica]) -> Target {
    Target(
      parent: parent, desired: desired, nodes: nodes, replicas: replicas, surge: surge,
      finished: finished, nextNodeOrdinals: nextNodeOrdinals)
  }

  func with(ordinals: [NodeOrdinal]) -> Target {
    Target(
      parent: parent, desired: desired, nodes: nodes, replicas: replicas, surge: surge,
      finished: finished, nextNodeOrdinals: ordinals)
  }

  func with(parent: TargetID?) -> Target {
    Target(
      parent: parent, desired: desired, nodes: nodes, replicas: replicas, surge: surge,
      finished: finished, nextNodeOrdinals: nextNodeOrdinals)
  }
}
