import Autoscaling
import Model
import Planning
import Testing

/// Numbers that belong to the autoscaler.
@Suite struct AutoscaledTests {
  private let chat = WorkloadName("chat")

  private func stage(bounds: CountRange) -> Stage {
    var chat = service("chat", replicas: 1, cpu: 8)
    chat.replicas = .range(bounds)
    chat.autoscale = AutoscalePolicy(metrics: [MetricTarget(query: "rps", targetMilli: 1000)])
    var stage = Stage([pool("cpu", of: "cpu16", nodes: CountRange(0, 8))], [chat])
    stage.expectSettles()
    return stage
  }

  @Test func theNumberIsWhatWasDecidedAndThePlanSaysWhy() {
    var stage = stage(bounds: CountRange(2, 12))
    #expect(stage.ready("chat") == 2)
    stage.scales = [chat: ScaleDecision(replicas: 7, reason: .needed, needMilli: 6400)]
    #expect(stage.plan().lines.last == "chat 2 to 7: needed")
    stage.expectSettles()
    #expect(stage.ready("chat") == 7)
    stage.scales = [chat: ScaleDecision(replicas: 3, reason: .spare, needMilli: 2800)]
    stage.expectSettles()
    #expect(stage.ready("chat") == 3)
  }

  @Test func whoPlansWithoutTheAutoscalerLeavesTheNumberAsItIs() {
    var stage = stage(bounds: CountRange(2, 12))
    stage.scales = [chat: ScaleDecision(replicas: 7, reason: .needed)]
    stage.expectSettles()
    stage.scales = [:]
    #expect(stage.plan().isEmpty)
    // Nor does another change of the manifest.
    stage.change("chat") { $0.priority = 500 }
    stage.expectSettles()
    #expect(stage.ready("chat") == 7)
  }

  @Test func boundsOfTheManifestHoldWhateverWasDecided() {
    var stage = stage(bounds: CountRange(2, 4))
    stage.scales = [chat: ScaleDecision(replicas: 9, reason: .needed)]
    stage.expectSettles()
    #expect(stage.ready("chat") == 4)
  }

  @Test func theWholeBurstIsOnePlan() {
    var stage = stage(bounds: CountRange(1, 16))
    stage.scales = [chat: ScaleDecision(replicas: 16, reason: .needed)]
    let plan = stage.plan()
    #expect(plan.placements.count == 15)
    #expect(plan.nodes.count == 7)
    #expect(plan.pending.isEmpty)
  }
}
