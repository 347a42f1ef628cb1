import Model
import Planning
import Simulation
import Testing

/// How running replicas are exchanged when their workload changes.
@Suite struct RolloutTests {
  /// Follows a rollout to its end and gives the fewest ready and the most running replicas on the way.
  func follow(_ stage: inout Stage, _ name: String) -> (readyMin: Int, runningMax: Int) {
    var readyMin = stage.ready(name)
    var runningMax = readyMin
    for _ in 0..<400 {
      let plan = stage.plan()
      if plan.target != stage.target { stage.adopt(plan) }
      let acted = stage.act()
      readyMin = min(readyMin, stage.ready(name))
      let running = stage.observed.replicas.filter {
        $0.id.workload.text == name && $0.holdsResources && $0.phase != .stopping
      }
      runningMax = max(runningMax, running.count)
      if plan.actions.isEmpty && !acted { break }
      stage.world.advance(to: stage.world.now + Seconds(1))
    }
    return (readyMin, runningMax)
  }

  @Test(arguments: [
    (4, 1, 0), (4, 0, 1), (4, 0, 2), (5, 2, 1), (3, 1, 0), (1, 1, 0), (6, 3, 0),
  ])
  func aServiceStaysUp(replicas: Int, surge: Int, unavailable: Int) {
    var stage = Stage(
      [pool("cpu", of: "cpu16", nodes: .to(4))],
      [
        service(
          "web", replicas: replicas,
          rollout: Rollout(maxSurge: .count(surge), maxUnavailable: .count(unavailable)))
      ])
    stage.expectSettles()
    stage.change("web") { $0.image = "v2" }
    let (readyMin, runningMax) = follow(&stage, "web")
    #expect(readyMin >= replicas - unavailable)
    #expect(runningMax <= replicas + surge)
    stage.expectSettles()
    #expect(stage.ready("web") == replicas)
    let revision = stage.desired.workloads[0].revision
    #expect(stage.observed.replicas.allSatisfy { $0.revision == revision })
    #expect(stage.target?.surge == [])
  }

  @Test func withoutRoomForAStandInTheOldRevisionStays() {
    var stage = Stage(
      [pool("cpu", of: "cpu16", nodes: .to(1))], [service("web", replicas: 4)])
    stage.expectSettles()
    stage.change("web") { $0.image = "v2" }
    stage.expect("web held")
    stage.mustSettle()
    #expect(stage.ready("web") == 4)
    stage.expectSound()
  }

  /// What stays as it is takes what it took when it was started, not what its workload asks for now.
  /// With the room of one that can't be exchanged after all, another one would be: it stays whole too.
  @Test func whoWasToEndInTheRoomOfOneThatIsHeldIsHeldAsWell() {
    let rollout = Rollout(maxSurge: .count(0), maxUnavailable: .count(1))
    var stage = Stage(
      [pool("cpu", of: "cpu16", nodes: .to(1))],
      [
        service("cat", replicas: 2, cpu: 1, rollout: rollout),
        service("bee", replicas: 1, cpu: 4, rollout: rollout),
      ])
    stage.expectSettles()
    stage.change("cat") { $0.resources.amounts.cpuMilli = 7000 }
    stage.change("bee") { $0.resources.amounts.cpuMilli = 5000 }
    stage.expect("bee held", "cat held")
    stage.mustSettle()
    stage.expectSound()
    #expect(stage.ready("cat") == 2)
    stage.desired.workloads.removeAll { $0.metadata.name == "bee" }
    stage.expectSettles()
    #expect(stage.ready("cat") == 2)
  }

  @Test func whatIsHeldKeepsItsRoom() {
    var stage = Stage(
      [pool("cpu", of: "cpu16", nodes: .to(1))],
      [service("fill", replicas: 2, cpu: 3), service("web", replicas: 1, cpu: 8)])
    stage.expectSettles()
    stage.change("web") { $0.resources.amounts.cpuMilli = 4000 }
    stage.desired.workloads.append(service("xtra", replicas: 1, cpu: 4, priority: 50))
    stage.expect("pending xtra [0]", "web held")
    stage.mustSettle()
    stage.expectSound()
  }

  /// The last one of fewer replicas goes first: its stand-in bears its name, and the first one can only
  /// move to where it stood.
  @Test func aServiceIsExchangedWhileItShrinks() {
    var stage = Stage(
      [
        pool("one", of: "cpu16", nodes: CountRange(1)),
        pool("two", of: "cpu16", nodes: CountRange(1, 2)),
      ], [service("web", replicas: 2, cpu: 10)])
    stage.expectSettles()
    stage.change("web") {
      $0.image = "v2"
      $0.replicas = .range(CountRange(1))
      $0.placement.nodeSelector = Labels([("pool", "two")])
    }
    stage.expect(
      "create two-2: needed by web", "move web/0 from one-1 to two-1: changed",
      "move web/1 from two-1 to two-2: changed")
    #expect(follow(&stage, "web").readyMin >= 1)
    stage.expectSettles()
  }

  /// The one that goes first leaves its name to the stand-in, for which there is no room until others
  /// went: meanwhile whoever has room comes.
  @Test func aServiceThatShrinksStartsWhereThereIsRoom() {
    var stage = Stage(
      [
        pool("free", of: "cpu16", nodes: CountRange(1)),
        pool("home", of: "cpu16", nodes: CountRange(2)),
        pool("last", of: "cpu16", nodes: CountRange(1)),
      ],
      [
        service(
          "batch", replicas: 1, cpu: 10, priority: 200,
          placement: PlacementRules(nodeSelector: Labels([("pool", "free")]))),
        service("web", replicas: 3, cpu: 10),
      ])
    stage.expectSettles()
    stage.change("web") {
      $0.resources.amounts.cpuMilli = 12_000
      $0.replicas = .range(CountRange(2))
    }
    stage.desired.workloads[0] = service(
      "fox", replicas: 1, cpu: 12, priority: 900,
      placement: PlacementRules(nodeSelector: Labels([("pool", "last")])))
    stage.desired.workloads.sort { $0.name < $1.name }
    stage.expect(
      "stop batch/0 from free-1: unwanted", "start fox/0 to last-1: wanted",
      "move web/0 from home-1 to free-1: changed", "move web/1 from home-2 to home-1: changed",
      "move web/2 from last-1 to home-2: changed")
    #expect(follow(&stage, "web").readyMin >= 2)
    stage.expectSettles()
  }

  /// Nothing older of it may go before the one that is missing is ready: that one comes to the room that
  /// is free, and who moves there waits for what others leave.
  @Test func whatAnExchangeIsShortOfComesBeforeWhoMovesThere() {
    let rollout = Rollout(maxSurge: .count(0), maxUnavailable: .count(1))
    let atHome = PlacementRules(nodeSelector: Labels([("pool", "home")]))
    let away = PlacementRules(nodeSelector: Labels([("pool", "away")]))
    func one(_ name: String, milliDevices: Int64, _ placement: PlacementRules) -> WorkloadSpec {
      service(
        name, replicas: 1, cpu: 1, milliDevices: milliDevices, placement: placement,
        rollout: rollout)
    }
    var stage = Stage(
      [
        pool("away", of: "gpu1", nodes: CountRange(1)),
        pool("home", of: "gpu1", nodes: CountRange(1)),
      ],
      [
        one("app", milliDevices: 500, away), one("job", milliDevices: 250, atHome),
        one("web", milliDevices: 500, atHome),
      ])
    stage.expectSettles()
    stage.change("app") { $0.placement = atHome }
    stage.change("web") {
      $0.resources.accelerator?.milliDevices = 250
      $0.replicas = .range(CountRange(2))
    }
    stage.desired.workloads.removeAll { $0.metadata.name == "job" }
    #expect(stage.plan().report.map(\.word) == [], "nobody is held")
    #expect(follow(&stage, "web").readyMin >= 1)
    stage.expectSettles()
    #expect(stage.ready("web") == 2 && stage.ready("app") == 1)
  }

  @Test func aGangStopsWholeAndStartsWhole() {
    var stage = Stage([pool("gpu", of: "gpu8", nodes: .to(2))], [training("llm", replicas: 2)])
    stage.expectSettles()
    stage.change("llm") { $0.image = "v2" }
    stage.expect(
      "restart llm/0 from gpu-1 to gpu-1: changed", "restart llm/1 from gpu-2 to gpu-2: changed")
    stage.expectSettles()
    #expect(stage.ready("llm") == 2)
  }

  @Test func aGangOfAnotherSizeStartsAnew() {
    var stage = Stage([pool("gpu", of: "gpu8", nodes: .to(3))], [training("llm", replicas: 2)])
    stage.expectSettles()
    stage.change("llm") { $0.replicas = .range(CountRange(3)) }
    let plan = stage.plan()
    #expect(plan.placements.filter { $0.kind == .restart }.count == 2)
    #expect(plan.placements.filter { $0.kind == .start }.count == 1)
    var input = stage.input
    input.changes = [
      ObjectChange(
        object: ObjectID(.workload, "llm"), action: .update,
        fields: ["spec.priority", "spec.replicas"].map {
          FieldChange(path: $0, before: "2", after: "3", effect: .inPlace)
        })
    ]
    let told = Planner.plan(input).placements.filter { $0.kind == .restart }.map(\.cause)
    #expect(told == [.changed(path: "spec.replicas"), .changed(path: "spec.replicas")])
    stage.expectSettles()
    #expect(stage.ready("llm") == 3)
  }

  @Test(arguments: [(8, 1, 0), (8, 0, 1), (12, 1, 0)])
  func largerReplicasFindOtherPlaces(cpu: Int, surge: Int, unavailable: Int) {
    var stage = Stage(
      [pool("cpu", of: "cpu16", nodes: .to(8))],
      [
        service(
          "web", replicas: 4,
          rollout: Rollout(maxSurge: .count(surge), maxUnavailable: .count(unavailable)))
      ])
    stage.expectSettles()
    stage.change("web") { $0.resources.amounts.cpuMilli = Int64(cpu) * 1000 }
    let (readyMin, _) = follow(&stage, "web")
    #expect(readyMin >= 4 - unavailable)
    stage.expectSettles()
    #expect(stage.ready("web") == 4)
  }

  @Test func aRolloutThatIsChangedOnTheWayEndsAtTheLastRevision() {
    var stage = Stage([pool("cpu", of: "cpu16", nodes: .to(4))], [service("web", replicas: 6)])
    stage.expectSettles()
    for image in ["v2", "v3", "v4"] {
      stage.change("web") { $0.image = image }
      for _ in 0..<30 {
        let plan = stage.plan()
        if plan.target != stage.target { stage.adopt(plan) }
        stage.act()
        stage.world.advance(to: stage.world.now + Seconds(1))
        #expect(stage.ready("web") >= 6, "\(image)")
      }
    }
    stage.expectSettles()
    let revision = stage.desired.workloads[0].revision
    #expect(stage.observed.replicas.filter { $0.revision == revision }.count == 6)
    #expect(stage.observed.replicas.count == 6)
  }

  @Test func aNodeLostDuringARolloutIsHealed() {
    var stage = Stage([pool("cpu", of: "cpu16", nodes: .to(4))], [service("web", replicas: 6)])
    stage.expectSettles()
    stage.change("web") { $0.image = "v2" }
    for _ in 0..<25 {
      let plan = stage.plan()
      if plan.target != stage.target { stage.adopt(plan) }
      stage.act()
      stage.world.advance(to: stage.world.now + Seconds(1))
    }
    stage.run(.loseNode("cpu-1"))
    stage.expectSettles()
    #expect(stage.ready("web") == 6)
  }
}
