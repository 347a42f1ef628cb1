import Interfaces
import Model
import Planning
import Testing

extension ProviderHarness {
  func aNodeComesAsOrdered() async throws {
    let order = Fixture.node("a")
    try await apply(.createNode(order))
    try await settle()
    let node = try #require(try await observe().nodes.first)
    #expect(node.id == order.id)
    #expect(node.pool == order.pool)
    #expect(node.instanceType == order.instanceType)
    #expect(node.zone == order.zone)
    #expect(node.capacityType == order.capacityType)
    #expect(node.labels.matches(order.labels))
    #expect(node.taints == order.taints)
    #expect(node.capacity == order.capacity)
    #expect(node.phase == .ready)
  }

  func creatingTwiceIsOnce() async throws {
    try await apply(.createNode(Fixture.node("a")), key: "first")
    try await apply(.createNode(Fixture.node("a")), key: "first")
    try await apply(.createNode(Fixture.node("a")), key: "second")
    try await settle()
    try await apply(.createNode(Fixture.node("a")), key: "third")
    #expect(try await observe().nodes.map(\.id) == [Fixture.id("a")])
  }

  func aDeletedNodeGoes() async throws {
    try await boot("a")
    try await boot("b")
    try await apply(.deleteNode(Fixture.id("a")))
    try await settle()
    #expect(try await observe().nodes.map(\.id) == [Fixture.id("b")])
  }

  func deletingAndStoppingWhatIsGoneSucceeds() async throws {
    try await boot("a")
    #expect(await refusal(of: .deleteNode(Fixture.id("never"))) == nil)
    #expect(await refusal(of: .drainNode(Fixture.id("never"))) == nil)
    #expect(await refusal(of: Fixture.stop(Fixture.workload(), on: "never")) == nil)
    #expect(await refusal(of: Fixture.stop(Fixture.workload(), on: "a")) == nil)
    #expect(try await observe().nodes.map(\.phase) == [.ready])
  }

  func aDrainedNodeKeepsWhatRuns() async throws {
    let workload = Fixture.workload()
    try await boot("a")
    try await apply(Fixture.start(workload, 0, on: "a"))
    try await settle()
    try await apply(.drainNode(Fixture.id("a")))
    try await settle()
    let refusal = await refusal(of: Fixture.start(workload, 1, on: "a"))
    #expect(refusal?.isConflict == true)
    let observed = try await observe()
    #expect(observed.nodes.map(\.phase) == [.draining])
    #expect(observed.replicas.map(\.phase) == [.ready])
  }

  func foreignNodesAreUsedAndNeverTouched() async throws {
    try await add(foreign: Fixture.foreignNode("theirs"))
    #expect(await refusal(of: .drainNode(Fixture.id("theirs")))?.isTerminal == true)
    #expect(await refusal(of: .deleteNode(Fixture.id("theirs")))?.isTerminal == true)
    #expect(await refusal(of: .createNode(Fixture.node("theirs")))?.isTerminal == true)
    try await apply(Fixture.start(Fixture.workload(), on: "theirs"))
    try await settle()
    let observed = try await observe()
    #expect(observed.nodes.map(\.phase) == [.ready])
    #expect(observed.nodes.map(\.pool) == [nil])
    #expect(observed.replicas.map(\.phase) == [.ready])
  }

  func aLostNodeTakesItsReplicasWithIt() async throws {
    let workload = Fixture.workload(type: .training)
    try await boot("a")
    try await boot("b")
    try await apply(Fixture.start(workload, on: "a"))
    try await settle()
    try await lose(Fixture.id("a"))
    var observed = try await observe()
    #expect(observed.nodes.map(\.phase) == [.lost, .ready])
    #expect(observed.replicas.allSatisfy { $0.phase == .lost })
    try await apply(Fixture.start(workload, on: "b"))
    try await apply(.deleteNode(Fixture.id("a")))
    try await settle()
    observed = try await observe()
    #expect(observed.nodes.map(\.id) == [Fixture.id("b")])
    #expect(observed.replicas.map(\.node) == [Fixture.id("b")])
  }

  func observationsAreCompleteAndSorted() async throws {
    let workload = Fixture.workload()
    for name in ["c", "a", "b"] {
      try await boot(name)
      for ordinal in [1, 0] where name != "b" {
        try await apply(Fixture.start(workload, ordinal + (name == "a" ? 2 : 0), on: name))
      }
    }
    let observed = try await observe()
    #expect(observed.isComplete)
    #expect(observed.cluster == cluster.name)
    #expect(observed.nodes.map(\.id.name) == ["a", "b", "c"])
    #expect(observed.replicas.map(\.id.ordinal) == [0, 1, 2, 3])
    var other = cluster
    other.metadata.name = "elsewhere"
    let nothing = try await provider.observe(other)
    #expect(nothing.cluster == other.name)
    #expect(nothing.nodes.isEmpty && nothing.replicas.isEmpty && nothing.isComplete)
  }

  func restartsKeepTheState() async throws {
    let workload = Fixture.workload(milliDevices: 2000)
    try await boot("a")
    try await apply(Fixture.start(workload, on: "a", devices: [0, 1]), key: "start")
    try await apply(.createNode(Fixture.node("b")))
    let again = try await restarted()
    let underWay = try await again.observe(cluster)
    #expect(underWay.nodes.map(\.id.name) == ["a", "b"])
    #expect(underWay.replicas.map(\.devices) == [[0, 1]])
    try await settle()
    // Real time goes on meanwhile.
    func seen() async throws -> Observation {
      var seen = try await again.observe(cluster)
      seen.at = Timestamp(seconds: 0)
      return seen
    }
    let before = try await seen()
    try await again.apply(
      Fixture.start(workload, on: "a", devices: [0, 1]), key: IdempotencyKey("start"), in: cluster)
    #expect(try await seen() == before)
    #expect(before.replicas.map(\.phase) == [.ready])
  }
}
