import Interfaces
import Model
import Planning
import SQLiteStore
import Testing

/// Of two that keep one world, one does.
@Suite struct LeaseTests {
  let start = at(1_800_000_000)

  func lease(_ holder: String, until seconds: Int64) -> Lease {
    Lease(holder: holder, end: start + Seconds(seconds))
  }

  @Test func whileItLastsNobodyElseGetsIt() async throws {
    let scratch = try Scratch()
    let ours = try SQLiteStore(path: scratch.path)
    let theirs = try SQLiteStore(path: scratch.path)
    #expect(try await ours.claim(lease("a", until: 30), at: start) == .granted)
    let held = LeaseOutcome.held(lease("a", until: 30))
    #expect(try await theirs.claim(lease("b", until: 59), at: start + Seconds(29)) == held)
    #expect(try await ours.claim(lease("a", until: 50), at: start + Seconds(20)) == .granted)
    #expect(
      try await theirs.claim(lease("b", until: 79), at: start + Seconds(49))
        == .held(lease("a", until: 50)), "prolonged")
  }

  @Test func whoReleasesItLetsOthersIn() async throws {
    let scratch = try Scratch()
    let ours = try SQLiteStore(path: scratch.path)
    let theirs = try SQLiteStore(path: scratch.path)
    _ = try await ours.claim(lease("a", until: 30), at: start)
    try await theirs.release()
    #expect(
      try await theirs.claim(lease("b", until: 30), at: start) != .granted,
      "who has none releases none")
    try await ours.release()
    #expect(try await theirs.claim(lease("b", until: 30), at: start) == .granted)
  }

  @Test func whoLostItStartsAndDecidesNothing() async throws {
    let scratch = try Scratch()
    let slept = try SQLiteStore(path: scratch.path)
    let awake = try SQLiteStore(path: scratch.path)
    let current = target()
    _ = try await slept.claim(lease("slept", until: 30), at: start)
    _ = try await slept.adopt(adoption(current))
    try await slept.record([entry(.intent, of: current)], events: [])
    #expect(try await awake.claim(lease("awake", until: 61), at: start + Seconds(31)) == .granted)

    let lost = StoreError.leaseLost(to: "awake")
    await #expect(throws: lost) {
      try await slept.record(
        [entry(.done, of: current), entry(.intent, of: current, action: ActionID("x"))],
        events: [])
    }
    await #expect(throws: lost) {
      try await slept.adopt(adoption(target("stale", parent: current)))
    }
    #expect(try await awake.current().target == current)
    #expect(try await awake.current().openIntents.count == 1, "nothing of the record was kept")
    try await slept.record([entry(.done, of: current)], events: [])
    #expect(try await awake.current().openIntents == [], "what it did is told all the same")
    try await awake.record([entry(.intent, of: current)], events: [])
  }

  @Test func aLeaseThatIsGoneIsNobodys() async throws {
    let scratch = try Scratch()
    let ours = try SQLiteStore(path: scratch.path)
    let theirs = try SQLiteStore(path: scratch.path)
    let current = target()
    _ = try await ours.adopt(adoption(current))
    _ = try await ours.claim(lease("a", until: 30), at: start)
    _ = try await theirs.claim(lease("b", until: 61), at: start + Seconds(31))
    try await theirs.release()
    await #expect(throws: StoreError.leaseLost(to: "nobody")) {
      try await ours.record([entry(.intent, of: current)], events: [])
    }
  }

  @Test func whoNeverClaimedOneIsNotBoundByIt() async throws {
    let scratch = try Scratch()
    let keeper = try SQLiteStore(path: scratch.path)
    let apply = try SQLiteStore(path: scratch.path)
    _ = try await keeper.claim(lease("keeper", until: 30), at: start)
    let current = target()
    #expect(try await apply.adopt(adoption(current)) == .adopted)
    try await apply.record([entry(.intent, of: current)], events: [])
  }
}
