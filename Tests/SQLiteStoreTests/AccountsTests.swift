import Interfaces
import Model
import Planning
import Testing

@testable import SQLiteStore

/// Money is written down once, whoever does it.
@Suite struct AccountsTests {
  private let us = ClusterName("us")
  private let eu = ClusterName("eu")
  private let month = Month(of: at(0))

  private func spent(_ micros: Int64, by workload: String? = "train") -> [Spending] {
    let key = SpendingKey(
      us, queue: workload.map { _ in QueueName("nlp") }, workload: workload.map { WorkloadName($0) }
    )
    return [Spending(month, [key: Money(micros: micros)])]
  }

  @Test func whatIsSpentAddsUp() async throws {
    let scratch = try Scratch()
    let store = try SQLiteStore(path: scratch.path)
    #expect(try await store.accounts(of: month) == Accounts(Spending(month)))
    try await store.account([], for: [us], from: [:], until: at(100))
    try await store.account(spent(5), for: [us], from: [us: at(100)], until: at(160))
    try await store.account(
      spent(7) + spent(2, by: nil), for: [us], from: [us: at(160)], until: at(220))
    let accounts = try await SQLiteStore(reading: scratch.path).accounts(of: month)
    #expect(accounts.accountedUntil == [us: at(220)])
    #expect(accounts.spending.total == Money(micros: 14))
    #expect(accounts.spending.amounts[SpendingKey(us)] == Money(micros: 2))
    #expect(try await store.accounts(of: month.next).spending.amounts == [:])
  }

  /// Two that looked at the same time: the second one's seconds are paid for already.
  @Test func aSecondIsPaidForOnce() async throws {
    let scratch = try Scratch()
    let (one, other) = (try SQLiteStore(path: scratch.path), try SQLiteStore(path: scratch.path))
    try await one.account([], for: [us, eu], from: [:], until: at(100))
    try await one.account(
      spent(5), for: [us, eu], from: [us: at(100), eu: at(100)], until: at(160))
    try await other.account(
      spent(6), for: [us, eu], from: [us: at(100), eu: at(100)], until: at(170))
    let accounts = try await other.accounts(of: month)
    #expect(accounts.spending.total == Money(micros: 5))
    #expect(accounts.accountedUntil == [us: at(160), eu: at(160)])
  }

  @Test func aClockThatGoesBackPaysForNothingTwice() async throws {
    let scratch = try Scratch()
    let store = try SQLiteStore(path: scratch.path)
    try await store.account([], for: [us], from: [:], until: at(100))
    try await store.account([], for: [us], from: [us: at(100)], until: at(40))
    #expect(try await store.accounts(of: month).accountedUntil == [us: at(100)])
  }
}

/// What was decided in the past, for whoever wants to know what queues held.
@Suite struct TargetHistoryTests {
  @Test func aTimeBeginsWithWhatHeldThen() async throws {
    let scratch = try Scratch()
    let store = try SQLiteStore(path: scratch.path)
    #expect(try await store.targets(since: at(0)) == [])
    var targets: [Target] = []
    for round in 1...3 {
      var adopted = adoption(target("round \(round)", parent: targets.last))
      adopted.at = at(Int64(round) * 100)
      targets.append(adopted.target)
      #expect(try await store.adopt(adopted) == .adopted)
    }
    func moments(since seconds: Int64) async throws -> [Int64] {
      try await store.targets(since: at(seconds)).map(\.at.seconds)
    }
    #expect(try await moments(since: 0) == [100, 200, 300])
    #expect(try await moments(since: 250) == [200, 300])
    #expect(try await moments(since: 300) == [300])
    #expect(try await store.targets(since: at(900)).map(\.target) == [targets[2]])
  }
}
