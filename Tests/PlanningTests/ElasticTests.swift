import Model
import Planning
import Simulation
import Testing

/// Gangs between a least and a greatest size, told as stories.
@Suite struct ElasticTests {
  private func stage(nodes: Int, _ workloads: [WorkloadSpec]) -> Stage {
    Stage([pool("gpu", of: "gpu8", nodes: CountRange(nodes, nodes))], workloads)
  }

  @Test func itRunsWithWhatThereIsAndThePlanSaysSo() {
    var stage = stage(nodes: 5, [elastic("llm", replicas: CountRange(2, 6), step: 2)])
    stage.expectSettles()
    #expect(stage.ready("llm") == 4)
    #expect(stage.plan().lines == ["llm 4 of 6"])
  }

  @Test func itShrinksForOthersAndGrowsAgain() {
    var stage = stage(
      nodes: 4, [elastic("llm", replicas: CountRange(2, 4), step: 2, priority: 500)])
    stage.expectSettles()
    #expect(stage.ready("llm") == 4)
    let starts = stage.observed.replicas.filter { $0.id.ordinal < 2 }.map(\.startedAt)
    stage.desired.workloads.append(training("other", replicas: 1, priority: 10))
    let plan = stage.plan()
    #expect(
      plan.placements.map(\.cause) == [
        .preempted(by: WorkloadName("other"), .elastic),
        .preempted(by: WorkloadName("other"), .elastic), .wanted,
      ])
    stage.expectSettles()
    #expect(stage.ready("llm") == 2)
    #expect(stage.ready("other") == 1)
    stage.desired.workloads.removeLast()
    stage.expectSettles()
    #expect(stage.ready("llm") == 4)
    // The others never noticed.
    #expect(stage.observed.replicas.filter { $0.id.ordinal < 2 }.map(\.startedAt) == starts)
  }

  @Test func aLostNodeCostsAStepAndNobodyStartsAnew() {
    var stage = stage(nodes: 4, [elastic("llm", replicas: CountRange(2, 4), step: 2)])
    stage.change(pool: "gpu") { $0.nodes = CountRange(0, 4) }
    stage.desired.workloads[0].replicas = .range(CountRange(4, 6))
    stage.expectSettles()
    #expect(stage.ready("llm") == 4)
    let starts = stage.observed.replicas.filter { $0.node.name != "gpu-4" }.map(\.startedAt)
    stage.run(.loseNode("gpu-4"))
    stage.expectSettles()
    #expect(stage.ready("llm") == 4)
    #expect(
      stage.observed.replicas.filter { $0.node.name != "gpu-5" }.map(\.startedAt) == starts)
  }

  @Test func itFinishesWhateverItsSize() {
    var stage = stage(
      nodes: 4,
      [elastic("llm", replicas: CountRange(2, 4), step: 2, duration: .hours(1))])
    stage.mustSettle()
    stage.world.advance(to: stage.world.now + .hours(2))
    stage.expectSettles()
    #expect(stage.plan().lines == ["llm finished"])
  }
}
