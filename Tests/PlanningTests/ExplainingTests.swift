import Model
import Planning
import Scheduling
import Simulation
import Testing

/// Why a replica stands where it does, and why a node is there.
@Suite struct ExplainingTests {
  private static func replica(_ name: String, _ ordinal: Int) -> ReplicaID {
    ReplicaID(WorkloadName(name), ordinal)
  }

  private static func node(_ name: String) -> NodeID { NodeID(ClusterName("c"), name) }

  /// Two GPU nodes, of which one carries a whole gang, and one of cores alone.
  private static func settled() -> Stage {
    var stage = Stage(
      [pool("gpu", of: "gpu8", nodes: .to(2)), pool("cpu", of: "cpu16", nodes: CountRange(1, 1))],
      [
        training("llm", replicas: 1), service("draw", replicas: 1, milliDevices: 1000),
        service("web", replicas: 2, cpu: 2),
      ])
    stage.settle()
    return stage
  }

  @Test func aReplicaHasItsNodeAndItsRivals() throws {
    let stage = Self.settled()
    let web = try #require(Planner.explanation(of: Self.replica("web", 0), stage.input))
    #expect(web.home == Self.node("cpu-1"))
    #expect(web.change == nil && web.pending == nil)
    #expect(web.ranking.places.first?.node == Self.node("cpu-1"))
    let rivals = web.ranking.places.dropFirst()
    #expect(!rivals.isEmpty)
    #expect(rivals.allSatisfy { $0.terms.sparesDevices && $0.node.name.hasPrefix("gpu") })
    #expect(web.ranking.places.first?.terms.freePerMille == 750)
    let draw = try #require(Planner.explanation(of: Self.replica("draw", 0), stage.input))
    #expect(draw.ranking.places.map(\.node) == [draw.home])
    #expect(
      draw.ranking.excluded == [
        ReasonCount(.acceleratorModel, nodes: 1, offers: 0),
        ReasonCount(.acceleratorCount, nodes: 1, offers: 0),
      ])
    #expect(Planner.explanation(of: Self.replica("web", 2), stage.input) == nil)
    #expect(Planner.explanation(of: Self.replica("nobody", 0), stage.input) == nil)
  }

  @Test func aPendingReplicaHasItsReasonsAndWhatWouldHelp() throws {
    var stage = Self.settled()
    stage.desired.workloads.append(training("more", replicas: 1))
    let more = try #require(Planner.explanation(of: Self.replica("more", 0), stage.input))
    #expect(more.home == nil)
    #expect(more.ranking.places == [])
    #expect(more.ranking.excluded.reduce(0) { $0 + $1.nodes } == 3)
    #expect(more.pending?.remedy == .raisePoolMaximum(PoolName("gpu"), to: 3))
  }

  /// The best place is where the scheduler would put it.
  @Test(arguments: 0..<40) func theBestPlaceIsTheOneThatIsChosen(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    var stage = RandomWorldTests.stage(&random)
    stage.settle()
    let before = stage.input
    let loose = stage.desired.workloads.first {
      !$0.isGang && $0.placement.spread == nil && $0.metadata.name.hasPrefix("web")
    }
    guard let loose else { return }
    let count = stage.plan().target.replicas.count { $0.id.workload == loose.name }
    stage.change(loose.metadata.name) { $0.replicas = .range(CountRange(count + 1)) }
    let next = Self.replica(loose.metadata.name, count)
    let plan = stage.plan()
    guard let home = plan.target.replicas.first(where: { $0.id == next })?.node,
      before.observed.nodes.contains(where: { $0.id == home }),
      plan.placements.count == 1,
      let told = Planner.explanation(of: next, stage.input)
    else { return }
    #expect(told.ranking.places.first?.node == home, "seed \(seed)")
  }

  @Test func aNodeIsThereForThoseWhoWouldHaveNoHome() throws {
    let stage = Self.settled()
    let gang = try #require(stage.target?.replicas.first { $0.id == Self.replica("llm", 0) })
    let told = try #require(Planner.explanation(of: gang.node, stage.input))
    #expect(told.residents.contains(gang.id))
    #expect(told.phase == .ready && told.change == nil)
    let without = try #require(told.without)
    // The pool may buy another in its place.
    #expect(without.homeless == [] && without.bought.map(\.instanceType) == ["gpu8"])
    #expect(without.moves.map(\.replica) == [gang.id])
    #expect(without.changePerHour == .zero)
    var scarce = stage
    scarce.change(pool: "gpu") { $0.nodes = CountRange(0, 2) }
    scarce.desired.clusters[0].limits.nodes = 0
    let stuck = try #require(Planner.explanation(of: gang.node, scarce.input)?.without)
    #expect(stuck.homeless.map(\.workload.text) == ["llm"])
    #expect(stuck.bought == [] && stuck.changePerHour == Money(micros: -80_000_000))
  }

  @Test func aNodeIsThereForItsPoolsMinimum() throws {
    let stage = Self.settled()
    let told = try #require(Planner.explanation(of: Self.node("cpu-1"), stage.input))
    #expect(told.poolMin == 1 && told.poolNodes == 1)
    #expect(told.residents == [Self.replica("web", 0), Self.replica("web", 1)])
    #expect(Planner.explanation(of: Self.node("cpu-9"), stage.input) == nil)
  }

  @Test func aNodeOnOrderSaysForWhom() throws {
    let stage = Stage([pool("cpu", of: "cpu16", nodes: .to(1))], [service("web", replicas: 1)])
    let told = try #require(Planner.explanation(of: Self.node("cpu-1"), stage.input))
    #expect(told.change?.cause == .needed(by: WorkloadName("web")))
    #expect(told.phase == nil && told.without == nil)
  }
}
