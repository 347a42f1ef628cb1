import Model
import Planning
import Scheduling
import Simulation
import Testing

/// Gangs whose manifest asks for a shape that fits nowhere, told as stories.
@Suite struct HeldGangTests {
  private func stage(nodes: Int, _ workloads: WorkloadSpec...) -> Stage {
    Stage([pool("gpu", of: "gpu8", nodes: .to(nodes))], workloads)
  }

  @Test func itRunsOnAndThePlanSaysWhatWouldLetTheChangeGoThrough() {
    var stage = stage(nodes: 1, training("llm", replicas: 2, devices: 4))
    stage.expectSettles()
    let starts = stage.observed.replicas.map(\.startedAt)
    stage.change("llm") { $0.resources.accelerator?.milliDevices = 8000 }
    stage.expect("llm held")
    for case .rolloutHeld(_, let pending) in stage.plan().report {
      #expect(pending.remedy == .raisePoolMaximum(PoolName("gpu"), to: 2))
    }
    stage.mustSettle()
    stage.expectSound()
    #expect(stage.observed.replicas.map(\.startedAt) == starts)
    stage.change(pool: "gpu") { $0.nodes = .to(2) }
    stage.expect(
      "create gpu-2: needed by llm", "restart llm/0 from gpu-1 to gpu-1: changed",
      "move llm/1 from gpu-1 to gpu-2: changed")
    stage.expectSettles()
    #expect(stage.ready("llm") == 2)
  }

  @Test func aServiceInTwoClustersIsNotHeldAsTheGangThatItIsToBecome() {
    var llm = training("llm", replicas: 2)
    llm.type = .inference
    var stage = Stage(
      clusters: [cluster("c"), cluster("d")],
      [
        pool("gpu", of: "gpu8", nodes: .to(1)),
        pool("far", of: "gpu8", nodes: .to(1), in: "d"),
      ], [llm])
    stage.expectSettles()
    #expect(stage.ready("llm") == 2)
    stage.change("llm") { $0.type = .training }
    stage.mustSettle()
    stage.expectSound()
  }

  @Test func itKeepsItsNumberWhereALargerOneFindsNoRoom() {
    var stage = stage(nodes: 2, training("llm", replicas: 2))
    stage.expectSettles()
    stage.change("llm") { $0.replicas = .range(CountRange(3)) }
    stage.expect("llm held")
    stage.mustSettle()
    #expect(stage.ready("llm") == 2)
    stage.expectSound()
  }

  @Test func itMakesRoomForWhoHasTheBetterClaimAndForNobodyElse() {
    var stage = stage(nodes: 1, training("llm", replicas: 2, devices: 4))
    stage.expectSettles()
    stage.change("llm") { $0.resources.accelerator?.milliDevices = 8000 }
    stage.desired.workloads.append(training("weak", replicas: 1, priority: 50))
    stage.expect("pending weak [0]", "llm held")
    stage.desired.workloads[1] = training("strong", replicas: 1, priority: 900)
    stage.expect(
      "stop llm/0 from gpu-1: preempted by strong, priority",
      "stop llm/1 from gpu-1: preempted by strong, gang",
      "start strong/0 to gpu-1: wanted", "pending llm [0, 1]")
    stage.expectSettles()
    #expect(stage.ready("strong") == 1)
  }

  @Test func anElasticOneStaysAsLargeAsItIs() {
    var stage = Stage(
      [pool("gpu", of: "gpu8", nodes: CountRange(3))],
      [elastic("llm", replicas: CountRange(2, 6), step: 1)])
    stage.expectSettles()
    #expect(stage.ready("llm") == 3)
    stage.change("llm") { $0.resources.amounts.cpuMilli = 100_000 }
    stage.expect("llm held")
    stage.mustSettle()
    #expect(stage.ready("llm") == 3)
    stage.expectSound()
  }

  /// Half of a gang is worth nothing: it can't be held, and goes.
  @Test func oneThatIsNotWholeGoes() {
    var stage = stage(nodes: 2, training("llm", replicas: 2))
    stage.expectSettles()
    stage.change("llm") { $0.replicas = .range(CountRange(3)) }
    stage.run(.loseNode("gpu-2"))
    stage.mustSettle()
    #expect(stage.ready("llm") == 0)
    #expect(stage.plan().lines == ["pending llm [0, 1, 2]"])
    stage.expectSound()
  }

  @Test func whoeverIsHeldIsToldOrTheAuditObjects() {
    var stage = stage(nodes: 2, training("llm", replicas: 2))
    stage.expectSettles()
    stage.change("llm") { $0.replicas = .range(CountRange(3)) }
    var content = PlanContent(stage.plan())
    #expect(PlanAudit.check(Plan(content), stage.input) == [])
    content.report = []
    let violations = PlanAudit.check(Plan(content), stage.input)
    #expect(violations == [.standing(.gangSplit(WorkloadName("llm")))])
  }
}
