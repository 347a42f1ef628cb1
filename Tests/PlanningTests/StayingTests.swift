import Model
import Planning
import Scheduling
import Simulation
import Testing

/// What stays as it is, and what is said of the rest.
@Suite struct StayingTests {
  /// Listings lag, and other processes make things while this one looks.
  @Test func whatWasJustMadeIsNotGone() {
    var stage = Stage([pool("cpu", of: "cpu16", nodes: .to(2))], [service("web", replicas: 1)])
    let first = stage.plan()
    stage.adopt(first)
    var input = stage.input
    input.done = [.create(first.target.nodes[0].id): input.now]
    #expect(Planner.plan(input).target.nodes == first.target.nodes)
    input.now = input.now + Seconds(59)
    #expect(Planner.plan(input).target.nodes == first.target.nodes)
    input.now = input.now + Seconds(1)
    #expect(Planner.plan(input).target.nodes.map(\.id.name) == ["cpu-2"])
  }

  @Test func aStartThatAFastClockNotedIsNotWaitedForLong() {
    var stage = Stage([pool("cpu", of: "cpu16", nodes: .to(2))], [service("web", replicas: 1)])
    stage.expectSettles()
    let replica = stage.target?.replicas.first
    var input = stage.input
    input.observed.observations[0].replicas = []
    for (at, isGone) in [(Seconds(-60), true), (Seconds(30), false), (.hours(1), true)] {
      input.done = input.done.mapValues { _ in input.now + at }
      #expect((Planner.plan(input).target.replicas.first != replica) == isGone, "\(at)")
    }
  }

  /// The room that a service has is too small for what it asks for now.
  @Test func whatIsMissingOfAServiceThatIsHeldIsSaid() {
    var stage = Stage(
      [pool("cpu", of: "cpu16", nodes: .to(1))], [service("web", replicas: 2, cpu: 10)])
    stage.mustSettle()
    stage.expect("pending web [1]")
    stage.change("web") { $0.resources.amounts.cpuMilli = 20_000 }
    stage.expect("pending web [1]", "web held")
    stage.mustSettle()
    #expect(stage.ready("web") == 1)
    stage.expectSound()
  }

  /// A successor's node can't be had, and the room of its predecessor was given away meanwhile.
  @Test func whatAPlanDroppedIsNoHomeAnyMore() {
    var stage = Stage(
      [
        pool("gpu", of: "gpu8", nodes: .to(1)),
        pool("cpu", of: "cpu16", nodes: .to(1), zones: ["a"]),
      ],
      [service("eel", replicas: 2, cpu: 1, milliDevices: 4000)])
    stage.expectSettles()
    stage.run(.stockOut("cpu16"))
    stage.change("eel") {
      $0.resources.accelerator = nil
      $0.placement.nodeSelector = Labels([("pool", "cpu")])
    }
    stage.desired.workloads.append(training("fox", replicas: 1, priority: 300))
    stage.adopt(stage.plan())
    stage.act()
    // Nothing of what these two decide is done before the next.
    for _ in 0..<2 { stage.adopt(stage.plan()) }
    let plan = stage.plan()
    #expect(plan.target.replicas.map(\.id.description) == ["fox/0"])
    #expect(plan.pending.map(\.workload.text) == ["eel"])
    stage.expectSound()
    stage.mustSettle()
    stage.expectSound()
    #expect(stage.ready("fox") == 1)
  }

  /// Of a service that stands in a cluster that can't be seen nothing is exchanged, and in another one,
  /// where its replicas would be larger by now, they take what they took.
  @Test func whatIsFrozenTakesNoMoreThanItDid() {
    var stage = Stage(
      clusters: [cluster("c"), cluster("d")],
      [
        pool("near", of: "gpu1", nodes: CountRange(1, 1)),
        pool("far", of: "gpu1", nodes: CountRange(1, 2), in: "d"),
      ], [service("web", replicas: 3, cpu: 1, milliDevices: 500)])
    stage.expectSettles()
    let homes = Dictionary(
      grouping: stage.target?.replicas ?? [], by: \.node.cluster.text
    ).mapValues(\.count)
    #expect(homes.values.sorted() == [1, 2])
    let alone = homes["c"] == 1 ? "c" : "d"
    stage.run(.cutOff(ClusterName(alone)))
    stage.change("web") {
      $0.resources.accelerator = AcceleratorRequest(models: [], milliDevices: 1000)
    }
    let before = stage.target?.replicas
    let plan = stage.plan()
    #expect(plan.target.replicas == before)
    stage.expectSound()
    stage.desired.workloads.append(service("api", replicas: 1, cpu: 1, milliDevices: 500))
    stage.mustSettle()
    stage.expectSound()
    stage.run(.heal(alone))
    stage.mustSettle()
    stage.expectSound()
  }

  /// What was told to stop makes room, though nobody can see where it is to start anew.
  @Test func whatIsStoppingGoesWhateverIsSeenElsewhere() {
    func only(_ pool: String) -> PlacementRules {
      PlacementRules(nodeSelector: Labels([("pool", pool)]))
    }
    var stage = Stage(
      clusters: [cluster("c"), cluster("d")],
      [
        pool("near", of: "gpu1", nodes: CountRange(1)),
        pool("far", of: "gpu1", nodes: CountRange(1), in: "d"),
      ], [training("llm", replicas: 1, devices: 1, placement: only("near"))])
    stage.expectSettles()
    stage.change("llm") { $0.placement = only("far") }
    stage.desired.workloads.append(
      training("next", replicas: 1, devices: 1, placement: only("near")))
    stage.adopt(stage.plan())
    stage.act()
    stage.run(.cutOff(ClusterName("d")))
    let plan = stage.plan()
    #expect(plan.actions.map(\.id.text) == ["start next/0 on c/near-1 #2"])
    #expect(
      plan.actions.map(\.waits)
        == [
          [.replicaGone(ReplicaID(WorkloadName("llm"), 0), on: NodeID(ClusterName("c"), "near-1"))]
        ])
    stage.expectSound()
    stage.run(.heal("d"))
    stage.expectSettles()
    #expect(stage.ready("llm") == 1 && stage.ready("next") == 1)
  }
}
