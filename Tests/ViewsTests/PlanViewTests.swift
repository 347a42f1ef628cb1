import Digests
import Model
import Planning
import Scheduling
import TestSupport
import Testing

@testable import Views

/// A plan with something of everything, as people see it on terminals of three widths.
@Test(arguments: [80, 100, 160])
func aPlanOnATerminal(width: Int) {
  expectSnapshot(
    PlanView(.example, style: Style(width: width)).text, "plan-\(width).txt")
}

@Test func aPlanAsAComment() {
  expectSnapshot(PlanView(.example).markdown, "plan.md")
}

/// Nothing that a file says can end its code, call anybody, or make the comment too long.
@Test func aCommentOfAPlanFitsWhateverItSays() {
  var content = PlanContent(
    target: Target(
      parent: nil, desired: Digest(of: ""), nodes: [], replicas: [], nextNodeOrdinals: []))
  content.report = (0..<20_000).map {
    .notObserved(ClusterName("c\($0)"), reason: "```</details> @all")
  }
  let text = PlanView(Plan(content)).markdown
  #expect(text.utf8.count <= 65_536)
  #expect(text.contains(" lines more in 'setpoint plan'"))
  #expect(text.contains("\n````diff\n"))
}

@Test func aPlanWrittenOut() {
  expectSnapshot(
    PlanView(.example, style: Style(width: 100, isVerbose: true)).text, "plan-verbose.txt")
}

/// `{32}` stands for the escape sequence, so that the file can be read.
@Test(arguments: [40, 120]) func aPlanInColours(width: Int) {
  let text = PlanView(.example, style: Style(width: width, isColoured: true)).text
  expectSnapshot(
    text.replacing("\u{1B}[0m", with: "{/}").replacing(/\u{1B}\[([0-9]+)m/) { "{\($0.1)}" },
    "plan-\(width)-coloured.txt")
}

/// One makes room for the next: each is told what it loses, where it goes, and for whom.
@Test(arguments: [80, 120]) func aChainOfPreemptions(width: Int) {
  expectSnapshot(
    PlanView(.chain, style: Style(width: width)).text, "plan-chain-\(width).txt")
}

/// A window breaks what is too long for it anyway; elsewhere the last line stays one.
@Test(arguments: [60, 100]) func theLastLineBreaksBetweenWordsInAWindow(width: Int) {
  let text = PlanView(.example, style: Style(width: width)).text
  let inWindow = PlanView(.example, style: Style(width: width, isWindow: true)).text
  let (last, lines) = (text.split(separator: "\n").last, inWindow.split(separator: "\n"))
  #expect(inWindow != text)
  #expect(lines.suffix(width == 60 ? 3 : 2).joined(separator: " ") == last ?? "")
  #expect(lines.suffix(3).allSatisfy { columns(of: String($0)) <= width })
}

@Test func whatHappenedGoesOnBeneathItselfInAWindow() {
  let event = Event(
    at: Timestamp(seconds: 0), subject: "Workload/chat", reason: "Failed",
    message: "start chat/0 on demo/l4-1: the registry does not answer")
  func text(_ width: Int) -> String {
    Chronicle.events([event]).text(in: Style(width: width, isWindow: true))
  }
  #expect(
    text(72) == """
      TIME                  SUBJECT        REASON  MESSAGE
      1970-01-01T00:00:00Z  Workload/chat  Failed  start chat/0 on demo/l4-1:
                                                   the registry does not
                                                   answer

      """)
  #expect(
    text(50) == """
      TIME                  SUBJECT        REASON  MESSAGE
      1970-01-01T00:00:00Z  Workload/chat  Failed
          start chat/0 on demo/l4-1: the registry does
          not answer

      """)
}

@Test func coloursOnlyRepeatWhatTheWordsSay() {
  let plain = PlanView(.example, style: Style()).text
  let coloured = PlanView(.example, style: Style(isColoured: true)).text
  #expect(coloured != plain)
  #expect(coloured.replacing(/\u{1B}\[[0-9]+m/, with: "") == plain)
}

@Test func anEmptyPlanSaysSo() {
  let target = Target(
    parent: nil, desired: Digest(of: ""), nodes: [], replicas: [], nextNodeOrdinals: [])
  #expect(
    PlanView(Plan(PlanContent(target: target))).text
      == "No changes. 0 replicas on 0 nodes · 0 pending · $0.00/h\n")
}

extension Plan {
  static let example = Plan(content)

  /// `urgent` takes the room of `train`, which takes that of `batch`, which finds none; what is
  /// protected, finished or held back is in the notes.
  static var chain: Plan {
    let (urgent, batch) = (WorkloadName("urgent"), WorkloadName("batch"))
    var content = PlanContent(
      target: Target(
        parent: nil, desired: Digest(of: ""), nodes: [], replicas: [], nextNodeOrdinals: []))
    content.changes = [
      ObjectChange(object: ObjectID(.workload, "urgent"), action: .create),
      ObjectChange(
        object: ObjectID(.workload, "chat"), action: .replace,
        fields: [
          FieldChange(
            path: "spec.type", before: "training", after: "inference", effect: .restartsReplicas)
        ]),
    ]
    content.placements =
      (0..<8).map {
        PlacementChange(
          replica: ReplicaID(urgent, $0), kind: .start, from: nil, to: node("h100-\($0 + 1)"),
          devices: [0, 1, 2, 3, 4, 5, 6, 7], cause: .wanted)
      }
      + (0..<8).map {
        PlacementChange(
          replica: ReplicaID(train, $0), kind: .move, from: node("h100-\($0 + 1)"),
          to: node("a100-\($0 + 1)"), devices: [0, 1, 2, 3, 4, 5, 6, 7],
          cause: .preempted(by: urgent, $0 == 0 ? .priority : .gang),
          lossMilliDeviceSeconds: 14_400_000)
      }
      + (0..<3).map {
        PlacementChange(
          replica: ReplicaID(batch, $0), kind: .stop, from: node("a100-\($0 + 1)"), to: nil,
          devices: [0], cause: .preempted(by: train, .reclaim), lossMilliDeviceSeconds: 1)
      }
      + [
        PlacementChange(
          replica: ReplicaID(chat, 0), kind: .stop, from: node("l4-1"), to: nil, devices: [0],
          cause: .unwanted),
        PlacementChange(
          replica: ReplicaID(chat, 1), kind: .move, from: node("l4-2"), to: node("l4-3"),
          devices: [0], cause: .nodeLeaving(node("l4-2"))),
      ]
    content.pending = [
      PendingReplicas(
        workload: batch, ordinals: [0, 1, 2],
        reasons: [
          ReasonCount(.acceleratorCount, nodes: 24, offers: 0),
          ReasonCount(.clusterCostLimit, nodes: 0, offers: 2),
        ], remedy: nil)
    ]
    content.report = [
      .kept(ObjectID(.queue, "old")), .finished(WorkloadName("evals")),
      .crashLooping(ReplicaID(chat, 2), restarts: 12),
      .nodeDegraded(node("h100-9"), .lost, reason: "not answering"),
    ]
    content.gates = [
      GateOutcome(
        gate: GateName("calm"), rule: .deny(.preempts(.none)),
        findings: ["train is preempted (8 replicas)", "batch is preempted (3 replicas)"]),
      GateOutcome(gate: GateName("calm"), rule: .deny(.movesMoreThan(100)), findings: []),
    ]
    content.cost = CostChange(
      beforePerHour: Money(micros: 1_057_600_000), afterPerHour: Money(micros: 1_047_107_360),
      unpriced: [])
    return Plan(content)
  }

  private static let us = ClusterName("research-us")
  private static let train = WorkloadName("llama-pretrain")
  private static let chat = WorkloadName("chat")

  private static func node(_ name: String) -> NodeID { NodeID(us, name) }

  private static var content: PlanContent {
    var content = PlanContent(
      target: Target(
        parent: nil, desired: Digest(of: ""), nodes: [], replicas: [], nextNodeOrdinals: []))
    content.changes = changes
    content.nodes = nodes
    content.placements = placements
    content.pending = pending
    content.report = report
    content.gates = gates
    content.cost = CostChange(
      beforePerHour: Money(micros: 41_200_000), afterPerHour: Money(micros: 1_057_600_000),
      unpriced: [node("lab-1"), node("lab-2")])
    return content
  }

  private static let changes = [
    ObjectChange(object: ObjectID(.nodePool, "h100"), action: .create),
    ObjectChange(object: ObjectID(.nodePool, "l4"), action: .create),
    ObjectChange(object: ObjectID(.workload, "llama-pretrain"), action: .create),
    ObjectChange(
      object: ObjectID(.workload, "chat"), action: .update,
      fields: [
        FieldChange(path: "spec.priority", before: "500", after: "600", effect: .inPlace),
        FieldChange(
          path: "spec.image", before: "registry.example/chat:1", after: "registry.example/chat:2",
          effect: .restartsReplicas),
        FieldChange(
          path: "spec.env.LEVEL", before: nil, after: "\u{1B}[31mdebug", effect: .inPlace),
      ]),
    ObjectChange(object: ObjectID(.queue, "old"), action: .delete),
  ]

  private static let nodes =
    (1...16).map { number in
      NodeChange(
        node: node("h100-\(number)"), kind: .create, pool: PoolName("h100"),
        instanceType: "p5.48xlarge", zone: "us-east-1a", capacityType: .spot,
        pricePerHour: Money(micros: 62_500_000), accelerators: nil, cause: .needed(by: train))
    } + [
      NodeChange(
        node: node("l4-3"), kind: .create, pool: PoolName("l4"), instanceType: "g6.2xlarge",
        zone: "us-east-1b", capacityType: .onDemand, pricePerHour: Money(micros: 977_600),
        accelerators: nil, cause: .poolMinimum)
    ]
    + [4, 5].map { number in
      NodeChange(
        node: node("cpu-\(number)"), kind: .delete, pool: PoolName("cpu"),
        instanceType: "m7i.4xlarge", zone: "us-east-1b", capacityType: .onDemand,
        pricePerHour: nil, accelerators: nil,
        cause: .empty(since: Timestamp(seconds: 1_782_907_200 + Int64(number) * 60)))
    }

  private static let placements =
    (0..<32).map { ordinal in
      PlacementChange(
        replica: ReplicaID(train, ordinal), kind: .start, from: nil,
        to: node("h100-\(ordinal / 2 + 1)"),
        devices: Array((ordinal % 2 * 4)..<(ordinal % 2 * 4 + 4)), cause: .wanted)
    } + [
      PlacementChange(
        replica: ReplicaID(chat, 0), kind: .move, from: node("l4-1"), to: node("l4-3"),
        devices: [0], cause: .nodeLost(node("l4-1"), reason: "spot reclaim")),
      PlacementChange(
        replica: ReplicaID(chat, 1), kind: .restart, from: node("l4-2"), to: node("l4-2"),
        devices: [0], cause: .changed(path: "spec.image")),
      PlacementChange(
        replica: ReplicaID(WorkloadName("night-batch"), 0), kind: .move, from: node("h200-1"),
        to: node("cpu-9"), devices: [0],
        cause: .preempted(by: train, .priority), lossMilliDeviceSeconds: 8_100_000_000),
      PlacementChange(
        replica: ReplicaID(WorkloadName("night-batch"), 1), kind: .stop, from: node("h200-2"),
        to: nil, devices: [0], cause: .preempted(by: train, .reclaim)),
    ]

  private static let pending = [
    PendingReplicas(
      workload: WorkloadName("night-batch"), ordinals: [1, 2, 3],
      reasons: [
        ReasonCount(.acceleratorCount, nodes: 16, offers: 0),
        ReasonCount(.poolLimit, nodes: 0, offers: 1),
      ], remedy: .raisePoolMaximum(PoolName("h100"), to: 20))
  ]

  private static let report: [ReportEntry] = [
    .demandClamped(WorkloadName("search"), units: 670, to: 500, limits: CountRange(1, 500)),
    .disruptionDeferred(node("cpu-6"), budget: 2),
    .disruptionDeferred(node("cpu-7"), budget: 2),
  ]

  private static let gates = [
    GateOutcome(
      gate: GateName("prod-safety"), rule: .deny(.preempts(Labels([("tier", "prod")]))),
      findings: []),
    GateOutcome(
      gate: GateName("prod-safety"),
      rule: .deny(.costIncreaseAbove(perHour: Money(micros: 50_000_000))),
      findings: ["the cost rises by $1016.40/h"]),
  ]
}
