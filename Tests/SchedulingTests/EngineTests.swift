import Model
import Scheduling
import Testing

/// A scheduling that goes on: what changes leave behind, against scheduling as a whole.
@Suite struct TakingInChanges {
  @Test func aLostNodeSendsItsReplicasElsewhere() {
    var engine = PlacementEngine(nodes: [node("a", gpus: 2), node("b", gpus: 2)])
    engine.apply([.wanted(service("x", 2, gpu: 1))])
    let answer = engine.apply([.lost(NodeID(ClusterName("c"), "a"))])
    #expect(answer.placements.map { "\($0.replica) \($0.home)" }.count == 2)
    #expect(answer.waiting.isEmpty)
    #expect(engine.present.nodes.map(\.id.name) == ["b"])
  }

  @Test func whoWaitsGetsTheRoomThatOthersLeave() {
    var engine = PlacementEngine(nodes: [node("a", gpus: 1)])
    engine.apply([.wanted(service("x", 1, gpu: 1))])
    #expect(engine.apply([.wanted(service("y", 1, gpu: 1))]).waiting == [WorkloadName("y")])
    let answer = engine.apply([.unwanted(WorkloadName("x"))])
    #expect(answer.placements.map(\.replica.workload) == [WorkloadName("y")])
  }

  @Test func aServiceThatGrowsStaysWhereItIs() {
    var engine = PlacementEngine(nodes: [node("a", gpus: 2), node("b", gpus: 2)])
    engine.apply([.wanted(service("x", 1, gpu: 2))])
    let answer = engine.apply([.wanted(service("x", 2, gpu: 2))])
    #expect(answer.placements.map(\.replica.ordinal) == [1])
  }

  @Test func aNodeOfANewKindIsTakenIn() {
    var engine = PlacementEngine(nodes: [node("a", gpus: 1)])
    engine.apply([.wanted(service("x", 1, gpu: 1, models: ["L4"]))])
    let answer = engine.apply([.added(node("b", gpus: 1, model: "L4"))])
    #expect(answer.placements.map(\.replica.workload) == [WorkloadName("x")])
  }

  @Test func othersMoveSoThatAReplicaFits() {
    var engine = PlacementEngine(nodes: [node("a", gpus: 1), node("b", cpu: 32, gpus: 1)])
    #expect(engine.place(service("light", 1, cpu: 4)).count == 1)
    #expect(engine.place(service("filler", 1, cpu: 20)).count == 1)
    let wide = service("wide", 1, gpu: 1, cpu: 96)
    let homes = engine.place(wide, movesMax: 2)
    #expect(homes.count == 1)
    let present = engine.present
    #expect(present.demands.allSatisfy { $0.running.count == $0.count })
    #expect(Judge(present, Scheduler.schedule(present)).complaints.isEmpty)
  }

  /// Whatever comes and goes, in whatever order it is told: what stands is lawful, and scheduling it as
  /// a whole moves nobody for want of lawfulness.
  @Test func randomChangesLeaveLawfulFleets() {
    for seed in UInt64(0)..<200 {
      var maker = WorldMaker(seed: seed)
      let world = maker.empty()
      var bare = world
      bare.demands = []
      var engine = PlacementEngine(bare)
      var twin = engine
      let arrivals = world.demands.map { FleetChange.wanted($0) }
      var departures: [FleetChange] = [.lost(world.nodes[0].id)]
      if let first = world.demands.first { departures.append(.unwanted(first.workload)) }
      for changes in [arrivals, departures, [.added(world.nodes[0])]] {
        #expect(engine.apply(changes) == twin.apply(changes.reversed()), "seed \(seed)")
        var present = engine.present
        for index in present.demands.indices where present.demands[index].isGang {
          let isWhole = present.demands[index].running.count == present.demands[index].count
          if !isWhole { present.demands[index].running = [] }
        }
        let complaints = Judge(present, Scheduler.schedule(present)).complaints
        #expect(complaints.isEmpty, "seed \(seed)")
      }
    }
  }
}
