import Catalog
import Interfaces
import Model
import Planning
import SQLiteStore

/// What was spent by a moment: what is written down, and what came since.
struct Account: Sendable {
  let spending: Spending
  let rate: RunRate
  fileprivate let accounts: Accounts
  fileprivate let unwritten: [Spending]
  fileprivate let now: Timestamp

  /// Of the budgets of `desired`.
  func spent(of desired: DesiredState) -> [BudgetOwner: Money] {
    var spent: [BudgetOwner: Money] = [:]
    for (owner, _) in desired.budgets {
      spent[owner] = spending.spent(by: owner, among: desired.queues)
    }
    return spent
  }
}

extension Session {
  /// The account of a month, of this one where none is given, on what is seen now.
  func account(
    _ observed: ObservedState, _ wishes: Wishes, _ stored: StoredState, of month: Month? = nil,
    at now: Timestamp
  ) async throws(StoreError) -> Account {
    let accounts = try await store.accounts(of: month ?? Month(of: now))
    let rate = RunRate(
      observed, desired: wishes.desired, previous: stored.target, catalogs: wishes.catalogs)
    let unwritten = rate.spent(since: accounts.accountedUntil, until: now)
    var spending = accounts.spending
    for month in unwritten where month.month == spending.month {
      spending.amounts.merge(month.amounts, uniquingKeysWith: +)
    }
    return Account(
      spending: spending, rate: rate, accounts: accounts, unwritten: unwritten, now: now)
  }

  /// Writes down what came since it was last done.
  func note(_ account: Account) async throws(StoreError) {
    try await store.account(
      account.unwritten, for: account.rate.seen, from: account.accounts.accountedUntil,
      until: account.now)
  }

  /// The same for a command that looked before it made the state its own.
  func write(_ account: Account?) async throws(Trouble) {
    guard let account else { return }
    do throws(StoreError) { try await note(account) } catch { throw .state(error) }
  }
}
