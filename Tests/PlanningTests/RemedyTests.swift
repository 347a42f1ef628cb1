import Model
import Planning
import Scheduling
import Testing

/// What would help pending replicas is said in the words of manifests, as the whole number that must
/// stand there, and does help.
@Suite struct RemedyTests {
  /// The one remedy of the plan, after which nothing is pending any more and before which something is.
  func expect(
    _ remedy: Remedy, on stage: Stage, location: SourceLocation = #_sourceLocation,
    _ apply: (inout DesiredState) -> Void
  ) {
    var stage = stage
    let before = stage.plan()
    #expect(before.pending.map(\.remedy) == [remedy], sourceLocation: location)
    apply(&stage.desired)
    #expect(stage.plan().pending == [], sourceLocation: location)
    stage.expectSound(location: location)
  }

  @Test func aPoolMayHaveMoreNodes() {
    let stage = Stage([pool("gpu", of: "gpu8", nodes: .to(2))], [training("llm", replicas: 3)])
    expect(.raisePoolMaximum(PoolName("gpu"), to: 3), on: stage) { $0.nodePools[0].nodes = .to(3) }
  }

  /// What is there already counts: the number is the one to write, not what is missing.
  @Test func aPoolThatHasNodesMayHaveMore() {
    var stage = Stage([pool("gpu", of: "gpu8", nodes: .to(2))], [training("llm", replicas: 2)])
    stage.expectSettles()
    stage.desired.workloads.append(training("next", replicas: 2))
    expect(.raisePoolMaximum(PoolName("gpu"), to: 4), on: stage) { $0.nodePools[0].nodes = .to(4) }
  }

  @Test func aClusterMayHaveMore() {
    func stage(_ limits: ClusterLimits) -> Stage {
      var stage = Stage(
        clusters: [cluster(limits: limits)], [pool("gpu", of: "gpu8", nodes: .to(9))],
        [training("llm", replicas: 1)])
      stage.expectSettles()
      stage.desired.workloads.append(training("next", replicas: 1))
      return stage
    }
    expect(.raiseClusterNodes(ClusterName("c"), to: 2), on: stage(ClusterLimits(nodes: 1))) {
      $0.clusters[0].limits.nodes = 2
    }
    expect(
      .raiseClusterAccelerators(ClusterName("c"), to: 16), on: stage(ClusterLimits(accelerators: 8))
    ) {
      $0.clusters[0].limits.accelerators = 16
    }
    let eighty = Money(micros: 80_000_000)
    expect(
      .raiseClusterCost(ClusterName("c"), toPerHour: eighty + eighty),
      on: stage(ClusterLimits(costPerHour: eighty))
    ) { $0.clusters[0].limits.costPerHour = eighty + eighty }
    var bounded = stage(ClusterLimits())
    bounded.change(pool: "gpu") { $0.limits.costPerHour = eighty }
    expect(.raisePoolCost(PoolName("gpu"), toPerHour: eighty + eighty), on: bounded) {
      $0.nodePools[0].limits.costPerHour = eighty + eighty
    }
  }
}
