import Model
import Planning
import Simulation
import Testing

/// Under-used nodes are emptied where that is worth it, and nothing comes back.
@Suite struct ConsolidatingTests {
  /// Two nodes of 16 cores with two services, of which one replica each is left.
  static func halfEmpty(
    nodes: CountRange = .to(4), _ disruption: Disruption = Disruption()
  ) -> Stage {
    var stage = Stage(
      [pool("cpu", of: "cpu16", nodes: nodes, disruption: disruption)],
      [service("ant", replicas: 2, cpu: 8), service("bee", replicas: 2, cpu: 8)])
    stage.mustSettle()
    stage.change("ant") { $0.replicas = .range(CountRange(1)) }
    stage.change("bee") { $0.replicas = .range(CountRange(1)) }
    stage.mustSettle()
    return stage
  }

  @Test func twoHalfEmptyNodesBecomeOne() {
    var stage = Self.halfEmpty()
    #expect(stage.nodeNames == ["cpu-1", "cpu-2"])
    stage.expect()
    stage.world.advance(to: stage.world.now + .minutes(11))
    let plan = stage.plan()
    #expect(
      plan.lines == [
        "delete cpu-1: 1 under-used, $1.60", "move ant/0 from cpu-1 to cpu-2: cpu-1 leaving",
      ])
    #expect(plan.cost.changePerHour == Money(micros: -1_600_000))
    stage.expectSettles()
    #expect(stage.nodeNames == ["cpu-2"])
    #expect(stage.ready("ant") == 1 && stage.ready("bee") == 1)
    stage.world.advance(to: stage.world.now + .hours(2))
    stage.expect()
  }

  /// While it moves, it is never away.
  @Test func theSuccessorIsReadyBeforeTheOldOneGoes() {
    var stage = Self.halfEmpty()
    stage.world.advance(to: stage.world.now + .minutes(11))
    let plan = stage.plan()
    stage.adopt(plan)
    let stop = plan.actions.first {
      if case .stopReplica = $0.step { true } else { false }
    }
    #expect(
      stop?.waits == [
        .replicaReady(
          ReplicaID(WorkloadName("ant"), 0), on: NodeID(ClusterName("c"), "cpu-2"))
      ])
  }

  @Test(arguments: [
    Disruption(consolidate: .empty), Disruption(consolidateAfter: nil),
    Disruption(budget: .count(0)), Disruption(consolidateAfter: .hours(1)),
  ])
  func nothingIsEmptiedThatMayNotBe(_ disruption: Disruption) {
    var stage = Self.halfEmpty(disruption)
    stage.world.advance(to: stage.world.now + .minutes(11))
    let plan = stage.plan()
    #expect(plan.actions.isEmpty)
    let isPutOff = plan.report.map(\.word) == ["cpu-1 deferred, budget 0"]
    #expect(isPutOff == (disruption.budget == .count(0)), "what only the budget forbids is told")
    stage.expectSound()
  }

  @Test func aPoolKeepsItsMinimum() {
    var stage = Self.halfEmpty(nodes: CountRange(2, 4))
    stage.world.advance(to: stage.world.now + .hours(1))
    stage.expect()
  }

  @Test func aProtectedPoolIsLeftAlone() {
    var stage = Self.halfEmpty()
    stage.change(pool: "cpu") { $0.metadata.isProtected = true }
    stage.world.advance(to: stage.world.now + .hours(1))
    #expect(stage.plan().actions.isEmpty)
  }

  @Test func aDearNodeIsReplacedByACheaperOne() {
    var stage = Stage(
      [pool("gpu", of: "gpu8", "gpu1", nodes: .to(4))],
      [service("web", replicas: 8, milliDevices: 1000)])
    stage.mustSettle()
    #expect(stage.nodeNames == ["gpu-1"])
    stage.change("web") { $0.replicas = .range(CountRange(1)) }
    stage.mustSettle()
    stage.world.advance(to: stage.world.now + .minutes(11))
    stage.expect(
      "delete gpu-1: 1 under-used, $69.00", "create gpu-2: needed by web",
      "move web/0 from gpu-1 to gpu-2: gpu-1 leaving")
    stage.expectSettles()
    #expect(stage.nodeNames == ["gpu-2"])
    #expect(stage.ready("web") == 1)
  }

  /// Twenty hours of one device that nobody saved are worth $200: a saving of $69 an hour makes up for
  /// it in eight hours, but not in two.
  @Test(arguments: [(8, true), (2, false)])
  func unsavedWorkIsWeighedAgainstTheSaving(hours: Int64, goes: Bool) {
    var stage = Stage(
      [
        pool(
          "gpu", of: "gpu8", "gpu1", nodes: .to(4),
          disruption: Disruption(savingHorizon: .hours(hours)))
      ], [training("llm", replicas: 1, devices: 1), training("big", replicas: 1, devices: 7)])
    stage.mustSettle()
    #expect(stage.nodeNames == ["gpu-1"])
    stage.desired.workloads.removeAll { $0.metadata.name == "big" }
    stage.mustSettle()
    stage.world.advance(to: stage.world.now + .hours(20))
    let plan = stage.plan()
    #expect(plan.nodes.contains { $0.kind == .delete } == goes, "\(plan.lines)")
    stage.change("llm") { $0.checkpointEvery = .minutes(30) }
    #expect(
      stage.plan().nodes.contains { $0.kind == .delete }, "what is saved often, loses little")
    stage.expectSound()
  }

  /// One by one within the budget, and what is put off is told.
  @Test func manyGoWithinTheBudget() {
    var stage = Stage(
      [
        pool(
          "cpu", of: "cpu16", nodes: .to(9),
          disruption: Disruption(budget: .count(2), consolidateAfter: .minutes(10)))
      ],
      (0..<6).map { service("s\($0)", replicas: 4, cpu: 4) })
    stage.mustSettle()
    #expect(stage.nodeNames.count == 6)
    for index in 0..<6 { stage.change("s\(index)") { $0.replicas = .range(CountRange(1)) } }
    stage.mustSettle()
    stage.world.advance(to: stage.world.now + .minutes(11))
    let plan = stage.plan()
    #expect(plan.nodes.count { $0.kind == .delete } == 2)
    #expect(
      plan.report.count { if case .disruptionDeferred = $0 { true } else { false } } == 2)
    for _ in 0..<6 {
      stage.expectSettles()
      stage.world.advance(to: stage.world.now + .minutes(11))
    }
    stage.expect()
    #expect(stage.nodeNames.count == 2)
    #expect((0..<6).allSatisfy { stage.ready("s\($0)") == 1 })
  }

  /// A plan that was adopted and whose first step was never taken is not forgotten.
  @Test func whatWasDecidedIsCarriedOnWith() {
    var stage = Self.halfEmpty()
    stage.world.advance(to: stage.world.now + .minutes(11))
    let plan = stage.plan()
    stage.adopt(plan)
    let again = stage.plan()
    #expect(again.nodes.map(\.node) == plan.nodes.map(\.node))
    #expect(again.target.nodes == plan.target.nodes)
    #expect(again.target.replicas == plan.target.replicas)
    stage.expectSettles()
    #expect(stage.nodeNames == ["cpu-2"])
  }
}

/// The judge of plans sees what emptying nodes must not do.
@Suite struct ConsolidationAuditTests {
  private static func violations(
    _ edit: (inout PlanContent, inout PlanningInput) -> Void
  ) -> [Violation] {
    var stage = ConsolidatingTests.halfEmpty()
    stage.world.advance(to: stage.world.now + .minutes(11))
    var input = stage.input
    var content = PlanContent(Planner.plan(input))
    edit(&content, &input)
    return PlanAudit.check(Plan(content), input)
  }

  @Test func aSoundPlanPasses() { #expect(Self.violations { _, _ in } == []) }

  @Test func theBudgetHolds() {
    let found = Self.violations { _, input in
      input.desired.nodePools[0].disruption.budget = .count(0)
    }
    #expect(found == [.touching(.budgetExceeded(PoolName("cpu"), going: 1, budget: 0))])
  }

  @Test func theMinimumHolds() {
    let found = Self.violations { _, input in
      input.desired.nodePools[0].nodes = CountRange(2, 4)
    }
    #expect(found == [.touching(.belowMinimum(PoolName("cpu"), nodes: 1, min: 2))])
  }

  /// A node that its provider is taking away counts, too.
  @Test func allCausesCountTogether() {
    let found = Self.violations { _, input in
      var seen = input.observed.observations[0]
      var other = seen.nodes[0]
      other.id = NodeID(ClusterName("c"), "cpu-7")
      other.phase = .lost
      seen.nodes.append(other)
      input.observed = ObservedState([seen])
    }
    #expect(found.contains(.touching(.budgetExceeded(PoolName("cpu"), going: 2, budget: 1))))
  }
}
