import Model
import Planning
import Simulation
import Testing

/// Who does next to nothing is told so, or stopped.
@Suite struct IdleTests {
  private let notebook = WorkloadName("notebook")
  private let since = Timestamp(seconds: 7)

  private func settled(_ action: IdlePolicy.Action) -> Stage {
    var stage = Stage(
      [pool("gpu", of: "gpu1", nodes: .to(4))],
      [
        service("notebook", replicas: 1, milliDevices: 1000),
        service("web", replicas: 1, milliDevices: 1000),
      ])
    stage.change("notebook") { $0.idle = IdlePolicy(query: "q", belowMilli: 5000, action: action) }
    stage.expectSettles()
    return stage
  }

  @Test func whoIsFlaggedRunsOn() {
    var stage = settled(.flag)
    stage.idle = [notebook: since]
    stage.expect("notebook idle")
    stage.idle = [:]
    stage.expect()
  }

  /// It stays stopped though nothing is measured of it any more, gives its node back, and comes again
  /// when its manifest says otherwise.
  @Test func whoIsStoppedStaysStopped() {
    var stage = settled(.stop)
    stage.idle = [notebook: since]
    let plan = stage.plan()
    #expect(plan.lines.contains("stop notebook/0 from gpu-1: unwanted"), "\(plan.lines)")
    #expect(plan.report.map(\.word) == ["notebook idle, stopped"])
    stage.adopt(plan)
    stage.idle = [:]
    stage.mustSettle()
    stage.world.advance(to: stage.world.now + .hours(1))
    stage.mustSettle()
    #expect(stage.ready("notebook") == 0)
    #expect(stage.ready("web") == 1)
    #expect(stage.nodeNames.count == 1)
    stage.expect("notebook idle, stopped")
    stage.change("notebook") { $0.idle?.action = .flag }
    stage.mustSettle()
    #expect(stage.ready("notebook") == 1)
    stage.expectSound()
  }

  @Test func anotherRevisionIsStartedAnew() {
    var stage = settled(.stop)
    stage.idle = [notebook: since]
    stage.mustSettle()
    #expect(stage.ready("notebook") == 0)
    stage.idle = [:]
    stage.change("notebook") { $0.image = "v2" }
    stage.mustSettle()
    #expect(stage.ready("notebook") == 1)
    stage.expectSound()
  }

  @Test func aSpentBudgetStopsWhoIsIdle() {
    var stage = settled(.flag)
    stage.desired.clusters[0].budget = Budget(monthly: .zero, onExceed: .stopIdle)
    stage.idle = [notebook: since]
    stage.expect("notebook idle")
    stage.spent = [.cluster(ClusterName("c")): Money(micros: 1)]
    stage.mustSettle()
    #expect(stage.ready("notebook") == 0 && stage.ready("web") == 1)
    stage.idle = [:]
    stage.mustSettle()
    #expect(stage.ready("notebook") == 0)
    // Another month has come.
    stage.spent = [:]
    stage.mustSettle()
    #expect(stage.ready("notebook") == 1)
    stage.expectSound()
  }
}
