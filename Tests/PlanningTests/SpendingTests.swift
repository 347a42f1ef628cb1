import Catalog
import Model
import Planning
import Scheduling
import Testing

/// What is paid for whom, and what a spent budget comes to.
@Suite struct SpendingTests {
  private let c = ClusterName("c")

  /// A GPU node that one workload holds half of, and a CPU node that nobody uses.
  private func settled() -> Stage {
    var stage = Stage(
      [pool("gpu", of: "gpu8", nodes: .to(4)), pool("cpu", of: "cpu16", nodes: CountRange(1))],
      queues: [
        QueueSpec(metadata: Metadata(name: "research")),
        QueueSpec(metadata: Metadata(name: "nlp"), parent: QueueName("research")),
      ], [training("train", replicas: 1, devices: 4, queue: "nlp")])
    stage.expectSettles()
    return stage
  }

  private func rate(_ stage: Stage) -> RunRate {
    let input = stage.input
    return RunRate(
      input.observed, desired: input.desired, previous: input.previous, catalogs: input.catalogs)
  }

  @Test func aNodeIsPaidForByWhoUsesItAndTheRestIsIdle() {
    let rate = rate(settled())
    let train = SpendingKey(c, queue: QueueName("nlp"), workload: WorkloadName("train"))
    #expect(
      rate.perHour == [train: Money(micros: 40_000_000), SpendingKey(c): Money(micros: 41_600_000)])
    #expect(rate.unpriced == [])
    #expect(rate.seen == [c])
  }

  /// Where no device is in the node, the larger part of cores and memory counts.
  @Test func coresOrMemoryAreWhatIsPaidForOfOtherNodes() {
    var stage = Stage(
      [pool("cpu", of: "cpu16", nodes: CountRange(1))],
      [service("web", replicas: 1, cpu: 4), service("db", replicas: 2, cpu: 2)])
    stage.expectSettles()
    let perHour = rate(stage).perHour
    #expect(perHour[SpendingKey(c, workload: WorkloadName("web"))] == Money(micros: 400_000))
    #expect(perHour[SpendingKey(c, workload: WorkloadName("db"))] == Money(micros: 400_000))
    #expect(perHour.values.reduce(.zero, +) == Money(micros: 1_600_000))
  }

  @Test func timeIsPaidForOnceAndInItsMonth() throws {
    let stage = settled()
    let rate = rate(stage)
    let start = try Timestamp.parse("2026-10-31T22:00:00Z")
    let spent = rate.spent(since: [c: start], until: start + .hours(3))
    #expect(spent.map(\.month.description) == ["2026-10", "2026-11"])
    #expect(spent.map(\.total.micros) == [163_200_000, 81_600_000])
    #expect(rate.spent(since: [c: start], until: start) == [])
    #expect(rate.spent(since: [:], until: start) == [], "nobody accounted for it yet")
    // A node is not paid for before it was there.
    let early = Timestamp(seconds: -1_000_000)
    let born = stage.observed.nodes.map(\.createdAt).max() ?? early
    let sum = rate.spent(since: [c: early], until: born + .hours(1)).map(\.total).reduce(.zero, +)
    #expect(sum < Money(micros: 84_000_000), "\(sum)")
  }

  @Test func aQueueSpendsWhatThoseBelowItDo() {
    let month = Month(of: Timestamp(seconds: 0))
    let spending = Spending(
      month,
      [
        SpendingKey(c, queue: QueueName("nlp"), workload: WorkloadName("a")): Money(micros: 3),
        SpendingKey(c, queue: QueueName("other"), workload: WorkloadName("b")): Money(micros: 5),
        SpendingKey(c): Money(micros: 7),
      ])
    let queues = [
      QueueSpec(metadata: Metadata(name: "research")),
      QueueSpec(metadata: Metadata(name: "nlp"), parent: QueueName("research")),
      QueueSpec(metadata: Metadata(name: "other")),
    ]
    func spent(_ owner: BudgetOwner) -> Int64 { spending.spent(by: owner, among: queues).micros }
    #expect(spent(.queue(QueueName("research"))) == 3)
    #expect(spent(.queue(QueueName("other"))) == 5)
    #expect(spent(.cluster(c)) == 15)
    #expect(spent(.cluster(ClusterName("d"))) == 0)
  }

  @Test func aClusterWhoseBudgetIsSpentBuysNothing() {
    var stage = settled()
    stage.desired.clusters[0].budget = Budget(monthly: Money(micros: 10), onExceed: .hold)
    stage.desired.workloads.append(training("more", replicas: 2, devices: 4))
    stage.desired.workloads.append(training("large", replicas: 1, devices: 8))
    stage.spent = [.cluster(c): Money(micros: 11)]
    let plan = stage.plan()
    #expect(plan.nodes == [])
    #expect(plan.pending.map(\.workload.text) == ["large", "more"])
    #expect(plan.pending.allSatisfy { $0.reasons.contains { $0.reason == .clusterBudget } })
    #expect(plan.lines.last == "Cluster/c over budget")
    // What it has room for still runs, and a budget that only warns holds nothing back.
    stage.desired.workloads[1].replicas = .range(CountRange(1))
    #expect(stage.plan().placements.map(\.replica.workload.text) == ["more"])
    stage.desired.clusters[0].budget?.onExceed = .warn
    #expect(stage.plan().pending == [])
    stage.desired.clusters[0].budget?.onExceed = .hold
    stage.spent = [.cluster(c): Money(micros: 10)]
    #expect(stage.plan().pending == [], "all of it is not more than it")
    stage.expectSound()
  }

  @Test func aQueueWhoseBudgetIsSpentGetsNoMoreDevices() {
    var stage = settled()
    for index in stage.desired.queues.indices
    where stage.desired.queues[index].metadata.name == "research" {
      stage.desired.queues[index].budget = Budget(monthly: .zero, onExceed: .hold)
    }
    stage.spent = [.queue(QueueName("research")): Money(micros: 1)]
    #expect(stage.plan().actions == [], "what it holds it keeps")
    stage.desired.workloads.append(training("more", replicas: 1, devices: 2, queue: "nlp"))
    stage.desired.workloads.append(training("others", replicas: 1, devices: 2))
    let plan = stage.plan()
    #expect(plan.pending.map(\.workload.text) == ["more"])
    #expect(plan.pending.first?.reasons.map(\.reason).contains(.queueLimit) ?? false)
    #expect(plan.placements.map(\.replica.workload.text) == ["others"])
    stage.expectSound()
  }
}
