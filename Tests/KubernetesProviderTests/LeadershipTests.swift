import HTTP
import KubernetesImitation
import Loopback
import Model
import Planning
import Synchronization
import Testing

@testable import KubernetesProvider

/// One of several leads, by a Lease of the API server.
@Suite final class LeadershipTests {
  private let lab: Lab
  private let time = Time()

  init() async throws { lab = try await Lab() }

  /// Passes while somebody waits.
  private final class Time: Sendable {
    private let milliseconds = Mutex<Int64>(0)

    var now: Duration { .milliseconds(milliseconds.withLock { $0 }) }

    func pass(_ seconds: Int64) { milliseconds.withLock { $0 += seconds * 1000 } }
  }

  private static let lease = "/apis/coordination.k8s.io/v1/namespaces/setpoint/leases/leader"

  private func candidate(_ identity: String, namespace: String = "setpoint") -> Leadership {
    let time = time
    let start = Lab.now()
    let surroundings = Surroundings(
      environment: [:], read: lab.surroundings.read,
      now: { start + Seconds(time.now.components.seconds) },
      wait: { length in
        time.pass(length.components.seconds)
        await Task.yield()
      })
    return Leadership(
      lab.settings, namespace: namespace, name: "leader", identity: identity, surroundings
    ) { time.now }
  }

  private func record() async throws -> Tree {
    try #require(try await lab.hand.ask(.get, Self.lease)["spec"])
  }

  @Test func oneLeadsAndOthersWait() async throws {
    let (first, second) = (candidate("a"), candidate("b"))
    #expect(try await first.attempt(isRenewal: false))
    #expect(first.isHeld)
    #expect(try await !second.attempt(isRenewal: false))
    #expect(!second.isHeld)
    #expect(try await record()["holderIdentity"] == "a")
    // For as long as it is renewed, however long that is.
    for _ in 0..<20 {
      time.pass(5)
      #expect(try await first.attempt(isRenewal: true))
      #expect(try await !second.attempt(isRenewal: false))
    }
    #expect(try await record()["leaseTransitions"] == 0)
  }

  @Test func whoGivesItUpIsFollowedAtOnce() async throws {
    let (first, second) = (candidate("a"), candidate("b"))
    #expect(try await first.attempt(isRenewal: false))
    #expect(try await !second.attempt(isRenewal: false))
    await first.release()
    #expect(!first.isHeld)
    #expect(try await second.attempt(isRenewal: false))
    #expect(try await record()["holderIdentity"] == "b")
    #expect(try await record()["leaseTransitions"] == 1)
    // It is not its own to give up any more.
    await first.release()
    #expect(try await record()["holderIdentity"] == "b")
  }

  /// Whoever died is waited for as long as its lease lasts, counted from when it was seen to change; what
  /// its clock said does not matter. It led no more by then.
  @Test func whoDiedIsFollowedWhenItsLeaseEnds() async throws {
    let (first, second) = (candidate("a"), candidate("b"))
    #expect(try await first.attempt(isRenewal: false))
    try await lab.hand.ask(
      .patch, Self.lease, ["spec": ["renewTime": "2001-01-01T00:00:00.000000Z"]],
      type: "application/merge-patch+json")
    var followedAfter: Int64 = 0
    while try await !second.attempt(isRenewal: false) {
      #expect(followedAfter < 10 || !first.isHeld)
      time.pass(1)
      followedAfter += 1
    }
    #expect(followedAfter == Leadership.lasts.count + 1)
    #expect(!first.isHeld)
    // It wakes up, and does not take it back, not even where it is free again.
    #expect(await first.hold() == "b leads by now")
    await second.release()
    #expect(await first.hold() == "nobody leads by now")
  }

  /// Both saw that it was free, and one was faster: whoever writes over what it did not see is refused.
  @Test(arguments: [false, true]) func twoThatAskAtOnceAreOne(isThereAlready: Bool) async throws {
    if isThereAlready {
      let earlier = candidate("z")
      #expect(try await earlier.attempt(isRenewal: false))
      await earlier.release()
    }
    for _ in 0..<5 {
      let candidates = ["a", "b", "c"].map { candidate($0) }
      let won = try await withThrowingTaskGroup(of: Bool.self) { group in
        for candidate in candidates {
          group.addTask { try await candidate.attempt(isRenewal: false) }
        }
        return try await group.reduce(0) { $1 ? $0 + 1 : $0 }
      }
      #expect(won == 1)
      #expect(candidates.count(where: \.isHeld) == 1)
      for candidate in candidates { await candidate.release() }
      guard isThereAlready else { return }
    }
  }

  @Test func atNoTimeDoTwoLead() async throws {
    let candidates = (0..<4).map { candidate("c\($0)") }
    let terms = await withTaskGroup(of: Int.self) { group in
      for candidate in candidates {
        group.addTask { await Self.terms(of: candidate, among: candidates) }
      }
      return await group.reduce(0, +)
    }
    #expect(terms == 12)
  }

  /// Leads three times, as soon as it can.
  private static func terms(of candidate: Leadership, among all: [Leadership]) async -> Int {
    var terms = 0
    for _ in 0..<3 {
      do { guard try await candidate.win({ _ in }) else { continue } } catch { continue }
      terms += 1
      let leading = all.filter(\.isHeld).map(\.identity)
      #expect(leading.isEmpty || leading == [candidate.identity])
      await candidate.release()
    }
    return terms
  }

  /// Who can't reach the server leads until others may take it, and no longer.
  @Test func whoCanNotRenewLeadsNoMore() async throws {
    let first = candidate("a")
    #expect(try await first.win { _ in })
    await lab.imitation?.set { $0.method == "PUT" ? .refusal(500, "InternalError") : nil }
    let why = await first.hold()
    #expect(why == "the lease can't be renewed: it may have happened: refused by a test")
    #expect(!first.isHeld)
    #expect(time.now < .seconds(Leadership.lasts.count))
  }

  /// A renewal whose answer was lost was one.
  @Test func aLostAnswerIsLookedUp() async throws {
    let first = candidate("a")
    #expect(try await first.win { _ in })
    let isLost = Mutex(true)
    await lab.imitation?.set { request in
      guard request.method == "PUT" else { return nil }
      return isLost.withLock { isLost in
        defer { isLost = false }
        return isLost ? .lostAnswer : nil
      }
    }
    await #expect(throws: Failure.self) { try await first.attempt(isRenewal: true) }
    time.pass(2)
    #expect(try await first.attempt(isRenewal: true))
    #expect(first.isHeld)
  }

  @Test func whoMayNotIsTold() async throws {
    let failure = await #expect(throws: Failure.self) {
      try await candidate("a", namespace: "elsewhere").win { _ in }
    }
    #expect(failure == .terminal(#"namespaces "elsewhere" not found"#))
    await lab.imitation?.set { $0.path.contains("/leases") ? .refusal(403, "Forbidden") : nil }
    let refusal = await #expect(throws: Failure.self) { try await candidate("a").win { _ in } }
    #expect(refusal == .terminal("not permitted: refused by a test"))
  }

  @Test func whoWaitsSaysForWhomAndLeavesWhenAsked() async throws {
    let (first, second) = (candidate("a"), candidate("b"))
    #expect(try await first.win { _ in })
    let told = Mutex<[String]>([])
    let waiting = Task { try await second.win { holder in told.withLock { $0.append(holder) } } }
    while told.withLock({ $0.isEmpty }) { await Task.yield() }
    waiting.cancel()
    // Time passes while it waits, so that it may have won before it was asked.
    _ = try await waiting.value
    #expect(told.withLock { $0 } == ["a"])
  }
}
