import Model
import Planning
import Simulation
import Testing

/// Rules about neighbours, from what people want to what is done.
@Suite struct NeighbourTests {
  private static func fleet() -> Stage {
    var stage = Stage(
      [pool("cpu", of: "cpu16", nodes: .to(4))],
      [service("web", replicas: 2), service("batch", replicas: 1)])
    stage.change("batch") { $0.metadata.labels = Labels([("tier", "noisy")]) }
    return stage
  }

  private static let quiet = [
    NeighbourRule(workloads: Labels([("tier", "noisy")]), within: .node)
  ]

  @Test func aNodeIsBoughtToKeepApart() {
    var stage = Self.fleet()
    stage.change("web") { $0.placement.antiAffinity = Self.quiet }
    stage.expectSettles()
    let homes = Dictionary(grouping: stage.observed.replicas, by: \.id.workload.text)
      .mapValues { Set($0.map(\.node)) }
    #expect(homes["web"]?.isDisjoint(with: homes["batch"] ?? []) ?? false)
    #expect(stage.nodeNames.count == 2)
  }

  /// A rule that comes later moves nobody, and the plan says who stands against it.
  @Test func whatRunsStaysAndIsTold() {
    var stage = Self.fleet()
    stage.mustSettle()
    #expect(stage.nodeNames == ["cpu-1"])
    stage.change("web") { $0.placement.antiAffinity = Self.quiet }
    stage.expect("web [0, 1] against its antiAffinity")
    stage.expectSettles()
    // Who comes keeps to it.
    stage.change("web") { $0.replicas = .range(CountRange(3)) }
    stage.expectSettles()
    #expect(stage.nodeNames == ["cpu-1", "cpu-2"])
    #expect(stage.plan().lines == ["web [0, 1] against its antiAffinity"])
  }

  @Test func standsInTheZoneOfTheOthers() {
    var stage = Stage(
      [
        pool("far", of: "cpu16", nodes: .to(2), zones: ["b"]),
        pool("near", of: "cpu16", nodes: .to(2), zones: ["a"]),
      ],
      [
        service("cache", replicas: 1, cpu: 16),
        service("web", replicas: 1, cpu: 16),
      ])
    stage.change("cache") {
      $0.metadata.labels = Labels([("app", "cache")])
      $0.placement.nodeSelector = Labels([("pool", "near")])
    }
    stage.change("web") {
      $0.placement.affinity = [
        NeighbourRule(workloads: Labels([("app", "cache")]), within: .zone)
      ]
    }
    stage.expectSettles()
    #expect(stage.nodeNames == ["near-1", "near-2"])
  }

  /// Under-used nodes are not emptied where somebody would be left alone by it.
  @Test func consolidationKeepsThem() {
    var stage = ConsolidatingTests.halfEmpty()
    stage.change("ant") {
      $0.metadata.labels = Labels([("tier", "noisy")])
    }
    stage.change("bee") { $0.placement.antiAffinity = Self.quiet }
    stage.world.advance(to: stage.world.now + .hours(1))
    stage.expect()
    stage.expectSettles()
    #expect(stage.nodeNames == ["cpu-1", "cpu-2"])
  }

  /// An image is exchanged in place, where the old one keeps no successor away.
  @Test func aServiceThatStandsApartFromItselfIsExchanged() {
    var stage = Self.fleet()
    stage.change("web") {
      $0.metadata.labels = Labels([("app", "web")])
      $0.placement.antiAffinity = [
        NeighbourRule(workloads: Labels([("app", "web")]), within: .node)
      ]
    }
    stage.expectSettles()
    #expect(Set(stage.observed.replicas.map(\.node)).count == 2)
    stage.change("web") { $0.image = "v2" }
    stage.expectSettles()
    #expect(stage.ready("web") == 2)
  }
}
