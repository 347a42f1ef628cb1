import Foundation
import Interfaces
import Model
import Planning
import SQLiteStore
import Testing

/// What the store keeps, and gives back.
@Suite struct StoreTests {
  @Test func isEmptyAtFirst() async throws {
    let scratch = try Scratch()
    let store = try SQLiteStore(path: scratch.path)
    #expect(try await store.current() == StoredState())
    #expect(try await store.events(limit: 10) == [])
    #expect(try await store.history(limit: 10) == [])
  }

  @Test func isForItsOwnerOnly() async throws {
    let scratch = try Scratch()
    _ = try SQLiteStore(path: scratch.path)
    func mode(_ path: String) throws -> Int {
      try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? -1
    }
    #expect(try mode(scratch.path) == 0o600)
    #expect(try mode(scratch.directory.appending(path: ".setpoint").path) == 0o700)
  }

  @Test func keepsWhatWasAdoptedAcrossProcesses() async throws {
    let scratch = try Scratch()
    let first = target()
    do {
      let store = try SQLiteStore(path: scratch.path)
      #expect(try await store.adopt(adoption(first)) == .adopted)
    }
    let store = try SQLiteStore(path: scratch.path)
    let state = try await store.current()
    #expect(state.target == first)
    #expect(state.manifests == adoption(first).manifests)
    #expect(try await store.events(limit: 10).map(\.reason) == ["Adopted"])
  }

  /// Who has read once reads on from there: the same as who reads for the first time.
  @Test func readsOnAsIfForTheFirstTime() async throws {
    let scratch = try Scratch()
    let store = try SQLiteStore(path: scratch.path)
    func expectSame(_ what: String) async throws {
      let first = try await SQLiteStore(path: scratch.path).current()
      #expect(try await store.current() == first, "\(what)")
    }
    let first = target()
    _ = try await store.adopt(adoption(first))
    try await expectSame("adopted")
    let start = ActionID.start(first.replicas[0])
    for (number, action) in [start, .create(node), start, ActionID("stop other/0")].enumerated() {
      let seconds = Int64(number)
      try await store.record(
        [entry(.intent, of: first, action: action, at: seconds)], events: [])
      try await expectSame("intends \(action)")
      try await store.record([entry(.done, of: first, action: action, at: seconds)], events: [])
      try await expectSame("has done \(action)")
    }
    #expect(try await store.current().done.map(\.action) == [.create(node), start, start])
    for round in 0..<3 {
      let many = (0..<200).map { entry(.intent, of: first, at: Int64(round * 200 + $0)) }
      try await store.record(many, events: [])
      try await expectSame("intends many")
    }
    try await store.pause(
      PausedObject(object: ObjectID(.workload, "web"), since: at(9), reason: "tired"))
    try await expectSame("pauses")
    _ = try await store.adopt(adoption(target("next", parent: first)))
    try await expectSame("adopts another")
  }

  @Test func adoptsOnlyWhatWasMadeFromTheCurrentTarget() async throws {
    let scratch = try Scratch()
    let ours = try SQLiteStore(path: scratch.path)
    let theirs = try SQLiteStore(path: scratch.path)
    let first = target()
    _ = try await ours.adopt(adoption(first))
    let left = target("left", parent: first)
    let right = target("right", parent: first)
    #expect(try await ours.adopt(adoption(left)) == .adopted)
    #expect(try await theirs.adopt(adoption(right)) == .stale(current: left.id))
    #expect(try await theirs.current().target == left)
    #expect(try await ours.history(limit: 9).map(\.target) == [left.id, first.id])
  }

  @Test func ofManyRacersOneWins() async throws {
    let scratch = try Scratch()
    let path = scratch.path
    let first = target()
    _ = try await SQLiteStore(path: path).adopt(adoption(first))
    let outcomes = try await withThrowingTaskGroup(of: AdoptionOutcome.self) { group in
      for racer in 0..<8 {
        group.addTask {
          let store = try SQLiteStore(path: path)
          return try await store.adopt(adoption(target("racer \(racer)", parent: first)))
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.filter { $0 == .adopted }.count == 1)
  }

  @Test func tellsOpenIntentsFromThoseWithAnOutcome() async throws {
    let scratch = try Scratch()
    let store = try SQLiteStore(path: scratch.path)
    let current = target()
    _ = try await store.adopt(adoption(current))
    try await store.record([entry(.intent, of: current)], events: [])
    #expect(try await store.current().openIntents == [entry(.intent, of: current)])
    let failure = Failure.transient("throttled \u{2028}\u{85} \"quoted\"\n")
    try await store.record([entry(.failed(failure), of: current)], events: [])
    #expect(try await store.current().openIntents == [])
    try await store.record([entry(.intent, of: current, at: 9)], events: [])
    try await store.record([entry(.done, of: current, at: 10)], events: [])
    let state = try await store.current()
    #expect(state.openIntents == [])
    #expect(state.done == [entry(.done, of: current, at: 10)])
  }

  @Test func doneIsOnlyWhatTheCurrentTargetAsksFor() async throws {
    let scratch = try Scratch()
    let store = try SQLiteStore(path: scratch.path)
    let current = target()
    _ = try await store.adopt(adoption(current))
    let other = ActionID("stop train/0 on us/pool-9")
    try await store.record(
      [
        entry(.intent, of: current, action: other), entry(.done, of: current, action: other),
      ], events: [])
    #expect(try await store.current().done == [])
  }

  @Test func anOvertakenExecutorStartsNothingMore() async throws {
    let scratch = try Scratch()
    let store = try SQLiteStore(path: scratch.path)
    let old = target()
    let new = target("new", parent: old)
    _ = try await store.adopt(adoption(old))
    try await store.record([entry(.intent, of: old)], events: [])
    _ = try await store.adopt(adoption(new))
    await #expect(throws: StoreError.superseded(by: new.id)) {
      try await store.record(
        [entry(.done, of: old), entry(.intent, of: old, action: ActionID("delete us/pool-1"))],
        events: [])
    }
    #expect(try await store.current().openIntents.count == 1, "nothing of the record was kept")
    try await store.record([entry(.done, of: old)], events: [])
    #expect(try await store.current().openIntents == [])
  }

  @Test func eventsAreTheNewestOldestFirst() async throws {
    let scratch = try Scratch()
    let store = try SQLiteStore(path: scratch.path)
    let events = (0..<5).map {
      Event(at: at(Int64($0)), subject: "node us/pool-1", reason: "Seen", message: "\($0)")
    }
    try await store.record([], events: events)
    #expect(try await store.events(limit: 2) == Array(events.suffix(2)))
  }
}
