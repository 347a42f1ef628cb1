import Autoscaling
import Model
import Planning
import Scheduling
import TestSupport
import Testing

@testable import Views

/// Every sentence that a plan can say, in one file, so that it can be read as text.
@Test func everyWordOfAPlan() {
  let sections: [(String, [String])] = [
    ("Causes", causes.map { Causes.text($0) }),
    (
      "Why replicas are pending",
      PendingReason.allCases.map { Reasons.text(ReasonCount($0, nodes: 2, offers: 1)) }
    ),
    ("What would help", remedies.map { Remedies.text($0, for: chat) }),
    ("Notes", notes.map(Reports.text)),
    ("Gates", rules.map(Gates.text)),
  ]
  let text = sections.map { "\($0)\n" + $1.map { "  \($0)\n" }.joined() }.joined(separator: "\n")
  expectSnapshot(text, "words.txt")
}

private let chat = WorkloadName("chat")
private let train = WorkloadName("train")
private let lab = ClusterName("lab")
private let node = NodeID(lab, "h100-1")

private let causes: [Cause] = [
  .wanted, .unwanted, .changed(path: "spec.image"), .nodeLost(node, reason: nil),
  .nodeLost(node, reason: "spot reclaim"), .replicaLost(on: node), .nodeLeaving(node),
  .preempted(by: train, .priority),
  .preempted(by: train, .reclaim), .preempted(by: train, .gang), .gangRestart, .needed(by: train),
  .poolMinimum, .headroom, .poolShrunk, .empty(since: Timestamp(seconds: 1_767_225_600)),
  .underused(nodes: 1, savingPerHour: Money(micros: 12_500_000)),
  .underused(nodes: 3, savingPerHour: Money(micros: 12_500_000)), .expired, .orphaned,
]

private let remedies: [Remedy] = [
  .raisePoolMaximum(PoolName("h100"), to: 20),
  .raisePoolCost(PoolName("h100"), toPerHour: Money(micros: 900_000_000)),
  .raiseClusterNodes(lab, to: 20),
  .raiseClusterAccelerators(lab, to: 160),
  .raiseClusterCost(lab, toPerHour: Money(micros: 1_500_250_000)),
  .raiseQueueQuota(QueueName("nlp"), acceleratorsTo: 64), .raisePriority(to: 700),
  .lowerReplicas(to: 3), .lowerAcceleratorCount(milliDevicesTo: 500), .lowerCPU(milliTo: 3500),
  .lowerMemory(bytesTo: 48 << 30), .dropSpread, .dropPack, .dropAffinity,
  .dropAntiAffinity, .dropNodeSelector(key: "fabric"),
  .tolerate(Taint(key: "dedicated", value: "training", effect: .noSchedule)),
  .tolerate(Taint(key: "gpu", value: "", effect: .noSchedule)), .allowCluster(ClusterName("eu")),
  .joinQueue(QueueName("nlp")),
]

private let notes: [ReportEntry] = [
  .demandClamped(chat, units: 670, to: 500, limits: CountRange(1, 500)),
  .demandClamped(chat, units: 1, to: 50, limits: CountRange(50, 500)), .notAssessed(chat),
  .scaled(
    chat, from: 4,
    ScaleDecision(replicas: 7, reason: .expected, needMilli: 4100, expectedMilli: 6950)),
  .notObserved(lab, reason: nil), .notObserved(lab, reason: "timed out"),
  .contested(lab, scheduler: "default-scheduler"),
  .rolloutHeld(
    chat,
    PendingReplicas(workload: chat, ordinals: [3], reasons: [], remedy: .lowerCPU(milliTo: 2000))),
  .rolloutHeld(chat, PendingReplicas(workload: chat, ordinals: [3], reasons: [], remedy: nil)),
  .reduced(
    train, replicas: 8, max: 16,
    PendingReplicas(
      workload: train, ordinals: Array(8..<16),
      reasons: [ReasonCount(.acceleratorCount, nodes: 3, offers: 0)])),
  .disruptionDeferred(node, budget: 1), .kept(ObjectID(.workload, "chat")), .finished(train),
  .crashLooping(ReplicaID(chat, 0), restarts: 1), .crashLooping(ReplicaID(chat, 0), restarts: 12),
  .standsAgainst(
    chat, .affinity, NeighbourRule(workloads: Labels([("app", "cache")]), within: .zone),
    ordinals: [0, 1]),
  .standsAgainst(chat, .antiAffinity, NeighbourRule(within: .node), ordinals: [0]),
  .headroom(PoolName("h100"), replicas: 1, of: 2, on: [node]),
  .headroom(PoolName("h100"), replicas: 0, of: 1, on: []), .notPacked(train, .block, areas: 2),
  .idle(chat, since: Timestamp(seconds: 1_800_000_000), isStopped: false),
  .idle(chat, since: nil, isStopped: true),
  .overBudget(
    .cluster(ClusterName("lab")), spent: Money(micros: 40_123_450_000),
    Budget(monthly: Money(micros: 40_000_000_000))),
  .overBudget(
    .cluster(ClusterName("lab")), spent: Money(micros: 40_123_450_000),
    Budget(monthly: Money(micros: 40_000_000_000), onExceed: .hold)),
  .overBudget(
    .queue(QueueName("nlp")), spent: Money(micros: 1_000_000),
    Budget(monthly: .zero, onExceed: .hold)),
  .nodeDegraded(node, .lost, reason: "not answering"),
  .nodeDegraded(node, .draining, reason: nil),
]

private let rules: [GateRule] = [
  .deny(.preempts(.none)), .deny(.preempts(Labels([("tier", "prod"), ("env", "live")]))),
  .deny(.costIncreaseAbove(perHour: Money(micros: 50_000_000))),
  .deny(.costIncreaseAbovePercent(10)), .deny(.costAbove(perHour: Money(micros: 900_000_000))),
  .deny(.pending), .deny(.deletes(kind: nil, moreThan: .count(3))),
  .deny(.deletes(kind: .workload, moreThan: .percent(20))), .deny(.replaces),
  .deny(.movesMoreThan(1)), .deny(.movesMoreThan(4)),
  .deny(.nodesOutside([])), .deny(.nodesOutside([PoolName("h100"), PoolName("a100")])),
  .deny(.touchesProtected), .require(.schedulableGang(AcceleratorModel("H100"), devices: 32)),
  .require(.settles), .require(.survives(.zone)), .require(.survives(.node)),
]
