import Model
import Planning
import Simulation
import Testing

/// Room that a pool keeps free: bought, told, taken at once, and not given back.
@Suite struct HeadroomTests {
  private static func fleet(_ count: Int = 1, nodes: CountRange = .to(4)) -> Stage {
    var stage = Stage(
      [pool("cpu", of: "cpu16", nodes: nodes)], [service("web", replicas: 1, cpu: 16)])
    stage.change(pool: "cpu") {
      $0.headroom = Headroom(
        replicas: count,
        resources: ReplicaResources(amounts: Resources(cpuMilli: 16_000, memoryBytes: 1 << 30)))
    }
    return stage
  }

  @Test func aNodeIsBoughtAndKept() {
    var stage = Self.fleet()
    stage.expect(
      "create cpu-1: needed by web", "create cpu-2: headroom", "start web/0 to cpu-1: wanted",
      "cpu keeps 1 of 1 on [\"cpu-2\"]")
    stage.expectSettles()
    stage.world.advance(to: stage.world.now + .hours(3))
    stage.expect("cpu keeps 1 of 1 on [\"cpu-2\"]")
    stage.expectSettles()
    #expect(stage.nodeNames == ["cpu-1", "cpu-2"])
  }

  @Test func whoComesTakesItAtOnce() {
    var stage = Self.fleet()
    stage.mustSettle()
    stage.change("web") { $0.replicas = .range(CountRange(2)) }
    stage.expect(
      "create cpu-3: headroom", "start web/1 to cpu-2: wanted",
      "cpu keeps 1 of 1 on [\"cpu-3\"]")
    stage.expectSettles()
  }

  @Test func limitsHoldAndWhatIsMissingIsTold() {
    var stage = Self.fleet(3, nodes: .to(2))
    stage.expectSettles()
    #expect(stage.plan().lines == ["cpu keeps 1 of 3 on [\"cpu-2\"]"])
  }

  /// Without the wish the node goes like any that is empty.
  @Test func itGoesWithTheWish() {
    var stage = Self.fleet()
    stage.mustSettle()
    stage.change(pool: "cpu") { $0.headroom = nil }
    stage.world.advance(to: stage.world.now + .hours(1))
    stage.expect("delete cpu-2: empty")
    stage.expectSettles()
  }

  /// Two half-empty nodes are not made one where what is free on them is to stay free.
  @Test func underusedNodesStayForIt() {
    var stage = ConsolidatingTests.halfEmpty()
    stage.change(pool: "cpu") {
      $0.headroom = Headroom(
        replicas: 2,
        resources: ReplicaResources(amounts: Resources(cpuMilli: 8000, memoryBytes: 1 << 30)))
    }
    stage.world.advance(to: stage.world.now + .minutes(11))
    stage.expect("cpu keeps 2 of 2 on [\"cpu-1\", \"cpu-2\"]")
    stage.expectSettles()
  }
}
