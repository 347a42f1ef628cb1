import Model
import Planning
import Simulation
import Testing

/// What the planner does, told as stories.
@Suite struct StoryTests {
  @Test func aGangGetsItsNodesAndNothingMore() {
    var stage = Stage([pool("gpu", of: "gpu8", nodes: .to(4))], [training("llm", replicas: 2)])
    stage.expect(
      "create gpu-1: needed by llm", "create gpu-2: needed by llm", "start llm/0 to gpu-1: wanted",
      "start llm/1 to gpu-2: wanted")
    stage.expectSettles()
    #expect(stage.ready("llm") == 2)
  }

  @Test func aGangThatFitsInPartIsPendingWhole() {
    var stage = Stage([pool("gpu", of: "gpu8", nodes: .to(2))], [training("llm", replicas: 3)])
    stage.expect("pending llm [0, 1, 2]")
    stage.expectSettles()
    #expect(stage.nodeNames == [])
  }

  @Test func aPoolKeepsItsMinimum() {
    var stage = Stage([pool("cpu", of: "cpu16", nodes: CountRange(2, 4))])
    stage.expect("create cpu-1: minimum", "create cpu-2: minimum")
    stage.expectSettles()
  }

  @Test func whatIsOnItsWayIsNotBoughtTwice() {
    var stage = Stage([pool("gpu", of: "gpu8", nodes: .to(4))], [training("llm", replicas: 2)])
    let first = stage.plan()
    stage.adopt(first)
    // Before the orders went out, after they did, and while the nodes boot.
    let again = stage.plan()
    #expect(again.target.nodes == first.target.nodes)
    stage.act()
    let ordered = stage.plan()
    #expect(ordered.target.nodes == first.target.nodes)
    stage.world.advance(to: stage.world.now + Seconds(30))
    let booting = stage.plan()
    #expect(booting.nodes == [])
    stage.expectSettles()
    #expect(stage.nodeNames == ["gpu-1", "gpu-2"])
  }

  @Test func aGangMemberLostRestartsTheWholeGang() {
    var stage = Stage([pool("gpu", of: "gpu8", nodes: .to(3))], [training("llm", replicas: 2)])
    stage.expectSettles()
    stage.run(.loseNode("gpu-1"))
    stage.expect(
      "delete gpu-1: gpu-1 lost", "create gpu-3: needed by llm",
      "move llm/0 from gpu-1 to gpu-3: gpu-1 lost", "restart llm/1 from gpu-2 to gpu-2: gang",
      "gpu-1 lost")
    stage.expectSettles()
    #expect(stage.ready("llm") == 2)
    #expect(stage.nodeNames == ["gpu-2", "gpu-3"])
  }

  @Test func whatLeavesANodeThatIsNotOursSaysWhy() {
    var stage = Stage([], [service("web", replicas: 1)])
    for name in ["theirs-1", "theirs-2"] {
      stage.world.add(
        foreign: ObservedNode(
          id: NodeID(ClusterName("c"), name), pool: nil, instanceType: "cpu16", zone: "a",
          capacityType: .onDemand, labels: .none,
          capacity: NodeCapacity(amounts: Resources(cpuMilli: 16_000, memoryBytes: 16 << 33)),
          phase: .ready, createdAt: Timestamp(seconds: 0)))
    }
    stage.expectSettles()
    let home = stage.target?.replicas.first?.node
    var input = stage.input
    for index in input.observed.observations[0].nodes.indices
    where input.observed.observations[0].nodes[index].id == home {
      input.observed.observations[0].nodes[index].phase = .draining
      input.observed.observations[0].nodes[index].reason = "fan broken"
    }
    let changes = Planner.plan(input).placements
    #expect(changes.map(\.cause) == home.map { [.nodeLost($0, reason: "fan broken")] })
  }

  @Test func aServiceReplicaOnALostNodeMovesAlone() {
    var stage = Stage([pool("cpu", of: "cpu16", nodes: .to(4))], [service("web", replicas: 8)])
    stage.expectSettles()
    let before = stage.target?.replicas.filter { $0.node.name == "cpu-2" }
    stage.run(.loseNode("cpu-1"))
    stage.expectSettles()
    #expect(stage.ready("web") == 8)
    #expect(stage.target?.replicas.filter { $0.node.name == "cpu-2" } == before)
    #expect(!stage.nodeNames.contains("cpu-1"), "a name is never used twice")
  }

  @Test func aReclaimedNodeIsReplacedBeforeItGoes() {
    var stage = Stage(
      [pool("cpu", of: "cpu16", nodes: .to(4), capacity: [.spot])], [service("web", replicas: 4)])
    stage.expectSettles()
    stage.run(.reclaim("cpu-1"))
    stage.expectSettles()
    #expect(stage.ready("web") == 4)
    #expect(stage.nodeNames == ["cpu-2"])
  }

  @Test func aFinishedRunIsNotStartedAgain() {
    var stage = Stage(
      [pool("gpu", of: "gpu8", nodes: .to(4))],
      [training("llm", replicas: 2, duration: .minutes(30))])
    stage.expectSettles()
    stage.world.advance(to: stage.world.now + .hours(1))
    stage.expectSettles()
    #expect(stage.target?.finished.map(\.workload.text) == ["llm"])
    #expect(stage.nodeNames == [], "its nodes were empty for longer than the pool allows")
    stage.expect("llm finished")
    stage.change("llm") { $0.image = "v2" }
    stage.expectSettles()
    #expect(stage.ready("llm") == 2, "another revision is another run")
  }

  @Test func emptyNodesGoAfterAWhileDownToTheMinimum() {
    var stage = Stage(
      [
        pool(
          "cpu", of: "cpu16", nodes: CountRange(1, 4),
          disruption: Disruption(budget: .percent(100), consolidateAfter: .minutes(10)))
      ], [service("web", replicas: 9)])
    stage.expectSettles()
    #expect(stage.nodeNames == ["cpu-1", "cpu-2", "cpu-3"])
    stage.desired.workloads = []
    stage.expectSettles()
    #expect(stage.nodeNames == ["cpu-1", "cpu-2", "cpu-3"], "not yet")
    stage.world.advance(to: stage.world.now + .minutes(11))
    stage.expectSettles()
    #expect(stage.nodeNames.count == 1)
  }

  @Test func anExpiredNodeIsReplacedWithinTheBudget() {
    var stage = Stage(
      [
        pool(
          "cpu", of: "cpu16", nodes: .to(6),
          disruption: Disruption(budget: .count(1), expireAfter: .hours(1)))
      ], [service("web", replicas: 8)])
    stage.expectSettles()
    stage.world.advance(to: stage.world.now + .hours(2))
    let plan = stage.plan()
    #expect(plan.nodes.filter { $0.cause == .expired }.count == 1)
    #expect(plan.report.map(\.word) == ["cpu-2 deferred, budget 1"])
    stage.expectSound()
    stage.mustSettle()
    stage.expectSound()
    #expect(stage.ready("web") == 8)
    #expect(!stage.nodeNames.contains("cpu-1") && !stage.nodeNames.contains("cpu-2"))
  }

  @Test func aPoolThatIsGoneTakesItsNodesAlong() {
    var stage = Stage(
      [pool("cpu", of: "cpu16", nodes: .to(2)), pool("new", of: "cpu16", nodes: .to(2))],
      [service("web", replicas: 2)])
    stage.expectSettles()
    stage.desired.nodePools.removeAll { $0.metadata.name == "cpu" }
    stage.expectSettles()
    #expect(stage.ready("web") == 2)
    #expect(stage.nodeNames == ["new-1"])
  }

  @Test func aProtectedPoolKeepsItsNodes() {
    var stage = Stage(
      [pool("cpu", of: "cpu16", nodes: .to(2), isProtected: true)], [service("web", replicas: 2)])
    stage.expectSettles()
    stage.desired.workloads = []
    stage.expectSettles()
    stage.world.advance(to: stage.world.now + .hours(1))
    stage.expect("NodePool/cpu kept")
    stage.mustSettle()
    #expect(stage.nodeNames == ["cpu-1"])
  }

  @Test func higherPriorityTakesTheRoom() {
    var stage = Stage(
      [pool("gpu", of: "gpu8", nodes: .to(1))], [training("small", replicas: 1, priority: 100)])
    stage.expectSettles()
    stage.desired.workloads.append(training("urgent", replicas: 1, priority: 900))
    stage.expect(
      "stop small/0 from gpu-1: preempted by urgent, priority",
      "start urgent/0 to gpu-1: wanted", "pending small [0]")
    stage.expectSettles()
    #expect(stage.ready("urgent") == 1)
  }

  @Test func aCrashLoopingReplicaStaysAndIsReported() {
    var stage = Stage([pool("cpu", of: "cpu16", nodes: .to(2))], [service("web", replicas: 1)])
    stage.run(.crash(WorkloadName("web")))
    stage.settle(rounds: 20)
    let plan = stage.plan()
    #expect(plan.report.map(\.word) == ["web/0 crash-looping"])
    #expect(plan.actions == [])
    stage.expectSound()
  }

  @Test func occupantsAreCountedAndNeverTouched() {
    var stage = Stage(
      [pool("cpu", of: "cpu16", nodes: CountRange(1, 2))], [service("web", replicas: 1, cpu: 2)])
    stage.expectSettles()
    stage.run(
      .occupy(
        node: "cpu-1", name: "theirs",
        ReplicaResources(amounts: Resources(cpuMilli: 12_000))))
    stage.change("web") { $0.replicas = .range(CountRange(2)) }
    stage.expect("start web/1 to cpu-1: wanted")
    stage.change("web") { $0.replicas = .range(CountRange(3)) }
    stage.expect(
      "create cpu-2: needed by web", "start web/1 to cpu-1: wanted", "start web/2 to cpu-2: wanted")
    stage.expectSettles()
  }

  @Test func anOfferThatIsOutOfStockIsReplacedByAnother() {
    var stage = Stage(
      [pool("gpu", of: "gpu8", nodes: .to(2), capacity: [.spot, .onDemand])],
      [training("llm", replicas: 1)])
    stage.run(.stockOut("gpu8:spot"))
    stage.expectSettles()
    #expect(stage.ready("llm") == 1)
    #expect(stage.observed.nodes.map(\.capacityType) == [.onDemand])
  }

  @Test(arguments: [Drill.partial(ClusterName("c")), .cutOff(ClusterName("c"))])
  func nothingIsDoneWhereNotAllIsSeen(drill: Drill) {
    var stage = Stage(
      [pool("cpu", of: "cpu16", nodes: .to(4))], [service("web", replicas: 8)])
    stage.expectSettles()
    let decided = stage.target
    stage.run(drill)
    stage.change("web") { $0.replicas = .range(CountRange(2)) }
    let plan = stage.plan()
    #expect(plan.actions == [])
    #expect(plan.report.map(\.word) == ["c not observed"])
    #expect(plan.target.nodes == decided?.nodes)
    stage.expectSound()
  }

  /// While a service is exchanged over two clusters, either may be cut off at any moment: what stands in
  /// elsewhere stays, since nobody could say when what it stands in for is ready.
  @Test(arguments: 2...7)
  func anExchangeBearsThatAClusterIsCutOff(replicas: Int) {
    var stage = Stage(
      clusters: [cluster("c"), cluster("d")],
      [pool("cpu", of: "cpu16", nodes: .to(1)), pool("far", of: "cpu16", nodes: .to(1), in: "d")],
      [service("web", replicas: replicas, rollout: Rollout(maxSurge: .count(1)))])
    stage.expectSettles()
    stage.change("web") { $0.image = "v2" }
    for _ in 0..<40 {
      for name in ["c", "d"] {
        var cut = stage
        cut.run(.cutOff(ClusterName(name)))
        _ = cut.plan()
        cut.expectSound()
      }
      stage.round()
    }
    stage.expectSettles()
  }

  /// What moves to a cluster that is not seen stays where it is for now, and so does its node.
  @Test func aNodeStaysWhileWhatIsOnItCanNotGo() {
    var stage = Stage(
      clusters: [cluster("c"), cluster("d")],
      [pool("cpu", of: "cpu16", nodes: .to(1)), pool("far", of: "cpu16", nodes: .to(1), in: "d")],
      [service("web", replicas: 2, clusters: ["c"])])
    stage.expectSettles()
    stage.change("web") { $0.clusters = [ClusterName("d")] }
    stage.adopt(stage.plan())
    stage.run(.cutOff(ClusterName("d")))
    let plan = stage.plan()
    #expect(plan.actions == [])
    stage.expectSound()
  }

  /// Where others' work waits for another scheduler, what starts is a forecast; where nothing starts
  /// there is nothing to foretell.
  @Test func aStartBesideOthersThatWaitIsAForecast() {
    var stage = Stage(
      [pool("cpu", of: "cpu16", nodes: .to(4))], [service("web", replicas: 2)])
    func report() -> [String] {
      var input = stage.input
      for index in input.observed.observations.indices {
        input.observed.observations[index].contenders = [
          Contender(scheduler: "default-scheduler", count: 3)
        ]
      }
      return Planner.plan(input).report.map(\.word)
    }
    #expect(report() == ["c contested by default-scheduler"])
    stage.expectSettles()
    #expect(report() == [])
  }

  @Test func theOtherClusterGoesOnMeanwhile() {
    var stage = Stage(
      clusters: [cluster("c"), cluster("d")],
      [pool("cpu", of: "cpu16", nodes: .to(2)), pool("far", of: "cpu16", nodes: .to(2), in: "d")],
      [service("web", replicas: 2, clusters: ["c"])])
    stage.expectSettles()
    stage.run(.cutOff(ClusterName("c")))
    stage.desired.workloads.append(service("api", replicas: 2))
    stage.expect(
      "create far-1: needed by api", "start api/0 to far-1: wanted", "start api/1 to far-1: wanted",
      "c not observed")
    stage.mustSettle()
    stage.expectSound()
    #expect(stage.ready("api") == 2)
  }

  @Test func aLostStateFileIsRebuiltFromWhatIsSeen() {
    var stage = Stage(
      [pool("gpu", of: "gpu8", nodes: .to(2)), pool("cpu", of: "cpu16", nodes: .to(2))],
      [training("llm", replicas: 2), service("web", replicas: 3)])
    stage.expectSettles()
    var rebuilt = Stage(
      stage.desired.nodePools, stage.desired.workloads)
    rebuilt.world = stage.world
    rebuilt.expect()
    rebuilt.expectSettles()
    #expect(rebuilt.target?.nodes.map(\.id) == stage.target?.nodes.map(\.id))
  }
}
