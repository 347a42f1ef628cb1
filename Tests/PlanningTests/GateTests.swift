import Model
import Planning
import Simulation
import Testing

/// Every rule that a gate knows, where it just holds and where it just does not.
@Suite struct GateTests {
  /// What each rule finds in the plan for `stage` as it stands.
  func findings(
    _ deny: [GatePredicate], _ require: [GateRequirement] = [], on stage: Stage,
    changes: [ObjectChange] = []
  ) -> [[String]] {
    var input = stage.input
    input.changes = changes
    input.desired.gates = [
      GateSpec(metadata: Metadata(name: "safety"), deny: deny, require: require)
    ]
    let plan = Planner.plan(input)
    #expect(PlanAudit.check(plan, input) == [])
    #expect(plan.brokenGates == plan.gates.filter { !$0.findings.isEmpty })
    return plan.gates.map(\.findings)
  }

  func dollars(_ cents: Int64) -> Money { Money(micros: cents * 10_000) }

  /// One node of $11 an hour for each replica.
  func web(_ replicas: Int) -> WorkloadSpec {
    service("web", replicas: replicas, milliDevices: 1000)
  }

  func stage(_ workloads: WorkloadSpec...) -> Stage {
    Stage([pool("gpu", of: "gpu1", nodes: .to(8))], workloads)
  }

  @Test func cost() {
    #expect(
      findings(
        [
          .costIncreaseAbove(perHour: dollars(1100)), .costIncreaseAbove(perHour: dollars(1099)),
          .costAbove(perHour: dollars(1100)), .costAbove(perHour: dollars(1099)),
          .costIncreaseAbovePercent(100_000),
        ], on: stage(web(1))) == [
          [], ["cost rises by $11.00/h"], [], ["cost comes to $11.00/h"],
          ["cost rises from $0.00/h to $11.00/h"],
        ])
  }

  @Test func costInPerCentOfWhatItWas() {
    var stage = stage(web(2))
    stage.expectSettles()
    stage.desired.workloads = [web(3)]
    #expect(
      findings([.costIncreaseAbovePercent(50), .costIncreaseAbovePercent(49)], on: stage) == [
        [], ["cost rises from $22.00/h to $33.00/h"],
      ])
  }

  @Test func pending() {
    #expect(findings([.pending], on: stage(web(8))) == [[]])
    #expect(findings([.pending], on: stage(web(9))) == [["1 of Workload/web pending"]])
  }

  @Test func preemptionByLabels() {
    var low = training("low", replicas: 1)
    low.metadata.labels = Labels([("tier", "prod"), ("team", "a")])
    var stage = Stage([pool("gpu", of: "gpu8", nodes: .to(1))], [low])
    stage.expectSettles()
    stage.desired.workloads.append(training("urgent", replicas: 1, priority: 900))
    let found = ["low/0 is preempted by Workload/urgent"]
    #expect(
      findings(
        [
          .preempts(Labels([("tier", "prod")])), .preempts(.none),
          .preempts(Labels([("tier", "prod"), ("team", "b")])),
        ], on: stage) == [found, found, []])
  }

  @Test func movesOfReplicas() {
    var stage = Stage([pool("cpu", of: "cpu16", nodes: .to(4))], [service("web", replicas: 4)])
    stage.expectSettles()
    stage.run(.loseNode("cpu-1"))
    #expect(
      findings([.movesMoreThan(4), .movesMoreThan(3)], on: stage) == [[], ["4 replicas move"]])
  }

  @Test func deletionsAndReplacements() {
    func change(_ name: String, _ action: ObjectChange.Action) -> ObjectChange {
      ObjectChange(object: ObjectID(.workload, name), action: action)
    }
    // Before there were six objects: a cluster, a pool, the gate, and three workloads, of which two go.
    let stage = stage(web(1), service("new", replicas: 1))
    let changes = [
      change("a", .delete), change("b", .delete), change("new", .create), change("web", .replace),
    ]
    let found = ["Workload/a is deleted", "Workload/b is deleted"]
    #expect(
      findings(
        [
          .deletes(kind: nil, moreThan: .percent(34)), .deletes(kind: nil, moreThan: .percent(33)),
          .deletes(kind: .workload, moreThan: .count(2)),
          .deletes(kind: .workload, moreThan: .count(1)),
          .deletes(kind: .queue, moreThan: .count(0)),
          .replaces,
        ], on: stage, changes: changes) == [[], found, [], found, [], ["Workload/web is replaced"]])
    #expect(findings([.replaces], on: stage) == [[]])
  }

  /// Room that is free, and room that pools may still buy; what the plan itself takes is gone.
  @Test func roomForAGang() {
    let h100 = AcceleratorModel("H100")
    func findings(_ devices: Int, max: Int, _ workloads: WorkloadSpec...) -> [String] {
      let stage = Stage([pool("gpu", of: "gpu8", nodes: .to(max))], workloads)
      return self.findings([], [.schedulableGang(h100, devices: devices)], on: stage).flatMap { $0 }
    }
    let llm = training("llm", replicas: 1)
    #expect(findings(16, max: 2) == [])
    #expect(findings(17, max: 2) == ["no room is left for a gang of H100:17"])
    #expect(findings(8, max: 2, llm) == [])
    #expect(findings(9, max: 2, llm) == ["no room is left for a gang of H100:9"])
    #expect(findings(4, max: 1, training("half", replicas: 1, devices: 4)) == [])
    #expect(findings(1, max: 0) == ["no room is left for a gang of H100:1"])
    let other = Stage([pool("cpu", of: "cpu16", nodes: .to(4))])
    #expect(
      self.findings([], [.schedulableGang(h100, devices: 1)], on: other)
        == [["no room is left for a gang of H100:1"]])
  }

  /// Who keeps its old shape for want of room takes what that shape takes, and no more.
  @Test func roomBesideAGangThatIsHeld() {
    var stage = Stage(
      [pool("gpu", of: "gpu8", nodes: .to(1))], [training("llm", replicas: 1, devices: 4)])
    stage.expectSettles()
    stage.change("llm") {
      $0.resources.accelerator?.milliDevices = 8000
      $0.resources.amounts.cpuMilli = 100_000
    }
    stage.expect("llm held")
    #expect(
      findings(
        [],
        [4, 5].map { .schedulableGang(AcceleratorModel("H100"), devices: $0) }, on: stage)
        == [[], ["no room is left for a gang of H100:5"]])
  }

  /// The gang of a gate tolerates every taint: it asks for room, not for a right.
  @Test func roomBehindATaintIsRoom() {
    let taint = Taint(key: "team", value: "a", effect: .noSchedule)
    let stage = Stage([pool("gpu", of: "gpu8", nodes: .to(1), taints: [taint])])
    #expect(
      findings([], [.schedulableGang(AcceleratorModel("H100"), devices: 8)], on: stage) == [[]])
  }
}
