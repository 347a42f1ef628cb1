import HTTP
import Interfaces
import KubernetesImitation
import Loopback
import Model
import Planning
import ProviderContract
import Synchronization
import Testing

@testable import KubernetesProvider

/// Looks after the first two are answered by watches.
@Suite struct WatchTests {
  /// A lab whose provider has looked twice, and counts how often pods are listed and watched since.
  private final class Watched: Sendable {
    let lab: Lab
    let provider: KubernetesProvider
    let imitation: Imitation
    private let counts = Counts()

    final class Counts: Sendable {
      let of = Mutex((lists: 0, watches: 0))
    }

    init() async throws {
      lab = try await Lab()
      provider = lab.provider()
      imitation = try #require(lab.imitation)
      try await lab.hand.register(node: "a")
      await imitation.set { [counts] asked in
        guard asked.path == "/api/v1/pods" else { return nil }
        let isWatch = asked.query["watch"] != nil
        counts.of.withLock { if isWatch { $0.watches += 1 } else { $0.lists += 1 } }
        return nil
      }
      for _ in 0..<2 { _ = try await look() }
      try await until { self.watches > 0 }
    }

    var lists: Int { counts.of.withLock { $0.lists } }
    var watches: Int { counts.of.withLock { $0.watches } }

    func look() async throws -> Observation { try await provider.observe(lab.cluster) }

    func until(_ isSo: () async throws -> Bool) async throws {
      for _ in 0..<10_000 {
        if try await isSo() { return }
        _ = try await lab.hand.list("/api/v1/nodes")
      }
      Issue.record("not so in the end")
    }

    func sees(_ occupants: String...) async throws {
      try await until { try await self.look().occupants.map(\.name) == occupants }
    }
  }

  @Test func whatOthersDoIsSeenWithoutAList() async throws {
    let watched = try await Watched()
    try await watched.lab.hand.run("one", on: "a")
    try await watched.sees("default/one")
    try await watched.lab.hand.lose(node: "a")
    try await watched.until { try await watched.look().nodes.map(\.phase) == [.lost] }
    try await watched.lab.hand.ask(
      .delete, "/api/v1/namespaces/default/pods/one", ["gracePeriodSeconds": 0])
    try await watched.sees()
    #expect(watched.lists == 2 && watched.watches == 1)
  }

  @Test func aWatchThatEndsIsGoneOnWith() async throws {
    let watched = try await Watched()
    try await watched.lab.hand.run("one", on: "a")
    try await watched.sees("default/one")
    // One that has said nothing at all is not gone on with.
    await watched.imitation.sendBookmarks()
    await watched.imitation.endWatches()
    try await watched.lab.hand.run("two", on: "a")
    try await watched.sees("default/one", "default/two")
    #expect(watched.lists == 2 && watched.watches == 2)
  }

  /// A bookmark says how far things are where nothing happens, so that there is something to go on from.
  @Test func bookmarksKeepAWatchFresh() async throws {
    let watched = try await Watched()
    for number in 0..<3 {
      try await watched.lab.hand.ask(
        .post, "/api/v1/namespaces", ["metadata": ["name": .string("space-\(number)")]])
    }
    await watched.imitation.sendBookmarks()
    await watched.imitation.compact()
    try await watched.lab.hand.run("one", on: "a")
    try await watched.sees("default/one")
    await watched.imitation.endWatches()
    try await watched.until { watched.watches == 2 }
    try await watched.lab.hand.run("two", on: "a")
    try await watched.sees("default/one", "default/two")
    #expect(watched.lists == 2)
  }

  @Test func whatIsForgottenIsListedAgain() async throws {
    let watched = try await Watched()
    await watched.imitation.set(holdsBack: true)
    try await watched.lab.hand.run("one", on: "a")
    await watched.imitation.compact()
    await watched.imitation.endWatches()
    try await watched.sees("default/one")
    #expect(watched.lists > 2)
  }

  @Test func whatIsNoEventEndsAWatch() async throws {
    let watched = try await Watched()
    await watched.imitation.garble()
    try await watched.until {
      _ = try await watched.look()
      return watched.lists > 2
    }
    try await watched.lab.hand.run("one", on: "a")
    try await watched.sees("default/one")
  }

  /// A watch that is late by a moment is waited for: to list everything takes longer.
  @Test func aLateWatchIsWaitedFor() async throws {
    let watched = try await Watched()
    await watched.imitation.set(holdsBack: true)
    watched.lab.pauses.fill { [imitation = watched.imitation, hand = watched.lab.hand] in
      await imitation.set(holdsBack: false)
      _ = try await hand.list("/api/v1/nodes")
    }
    var chat = Fixture.workload()
    chat.image = "registry.example/chat:1"
    try await watched.provider.apply(
      Fixture.start(chat, on: "a"), key: IdempotencyKey("k"), in: watched.lab.cluster)
    #expect(try await watched.look().replicas.map(\.phase) == [.starting])
    #expect(watched.lists == 2)
  }

  /// A watch may be slow; what was done here is shown whether or not it has told of it.
  @Test func whatWeDidIsAlwaysShown() async throws {
    let watched = try await Watched()
    await watched.imitation.set(holdsBack: true)
    var chat = Fixture.workload()
    chat.image = "registry.example/chat:1"
    for (step, phases) in [
      (Fixture.start(chat, on: "a"), [ObservedReplica.Phase.starting]),
      (Fixture.stop(chat, on: "a"), [.stopping]),
    ] {
      try await watched.provider.apply(
        step, key: IdempotencyKey(step.id.text), in: watched.lab.cluster)
      #expect(try await watched.look().replicas.map(\.phase) == phases)
      #expect(try await watched.look().replicas.map(\.phase) == phases)
    }
  }
}
