import Model
import Planning
import Scheduling
import Testing

/// Wishes that are told where they were not reached, and nodes that are kept for some.
@Suite struct PreferenceTests {
  @Test func aPackThatWasNotReachedIsTold() {
    var stage = Stage(
      [
        pool("a", of: "gpu8", nodes: CountRange(1), zones: ["a"]),
        pool("b", of: "gpu8", nodes: .to(2), zones: ["b"]),
      ], [training("llm", replicas: 2, placement: PlacementRules(packPreferred: .zone))])
    stage.change(pool: "b") { $0.nodes = CountRange(1) }
    stage.mustSettle()
    #expect(stage.plan().lines == ["llm in 2 and not in one zone"])
    stage.change("llm") { $0.placement.packPreferred = nil }
    stage.expectSettles()
    stage.expect()
  }

  @Test func aReservedPoolIsForItsQueuesOnly() {
    var stage = Stage(
      [pool("gpu", of: "gpu8", nodes: .to(2))],
      queues: [QueueSpec(metadata: Metadata(name: "nlp"))],
      [training("llm", replicas: 1, queue: "nlp"), training("other", replicas: 1)])
    stage.change(pool: "gpu") { $0.reservedFor = [QueueName("nlp")] }
    stage.expectSettles()
    #expect(stage.plan().lines == ["pending other [0]"])
    #expect(stage.plan().pending.first?.reasons.map(\.reason) == [.reserved])
  }

  /// A reservation is a rule like a taint: who stands there without a right goes elsewhere.
  @Test func whoMayNotStayGoesElsewhere() {
    var stage = Stage(
      [pool("one", of: "cpu16", nodes: .to(2)), pool("two", of: "cpu16", nodes: .to(2))],
      queues: [QueueSpec(metadata: Metadata(name: "nlp"))], [service("web", replicas: 1)])
    stage.mustSettle()
    #expect(stage.observed.replicas.map(\.node.name) == ["one-1"])
    stage.change(pool: "one") { $0.reservedFor = [QueueName("nlp")] }
    stage.mustSettle()
    #expect(stage.observed.replicas.filter(\.holdsResources).map(\.node.name) == ["two-1"])
    stage.expectSound()
  }
}
