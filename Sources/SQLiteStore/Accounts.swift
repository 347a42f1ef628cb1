import GRDB
public import Interfaces
public import Model
public import Planning

/// What was spent, as it was written down.
public struct Accounts: Hashable, Sendable {
  public var spending: Spending
  /// Up to when each cluster was accounted for.
  public var accountedUntil: [ClusterName: Timestamp]

  public init(_ spending: Spending, accountedUntil: [ClusterName: Timestamp] = [:]) {
    self.spending = spending
    self.accountedUntil = accountedUntil
  }
}

extension StateDatabase {
  public func accounts(of month: Month) throws(StoreError) -> Accounts {
    try read { db throws in
      var spending = Spending(month)
      let rows = try Row.fetchAll(
        db.cachedStatement(sql: "SELECT * FROM spending WHERE month = ?"),
        arguments: [month.description])
      for row in rows {
        let (queue, workload): (String, String) = (row["queue"], row["workload"])
        let key = SpendingKey(
          ClusterName(row["cluster"]), queue: queue.isEmpty ? nil : QueueName(queue),
          workload: workload.isEmpty ? nil : WorkloadName(workload))
        spending.amounts[key] = Money(micros: row["micros"])
      }
      return Accounts(spending, accountedUntil: try Self.accountedUntil(db))
    }
  }

  /// Adds what `clusters` spent from where `accounted` says until `now`. Where somebody else did so
  /// meanwhile, nothing is added: each second is paid for once.
  public func account(
    _ spent: [Spending], for clusters: [ClusterName], from accounted: [ClusterName: Timestamp],
    until now: Timestamp
  ) throws(StoreError) {
    try write { db throws in
      let known = try Self.accountedUntil(db)
      guard clusters.allSatisfy({ known[$0] == accounted[$0] }) else { return }
      for month in spent {
        for (key, amount) in month.amounts where amount > .zero {
          try db.cachedStatement(
            sql: """
              INSERT INTO spending (month, cluster, queue, workload, micros) VALUES (?, ?, ?, ?, ?)
              ON CONFLICT DO UPDATE SET micros = micros + excluded.micros
              """
          ).execute(arguments: [
            month.month.description, key.cluster.text, key.queue?.text ?? "",
            key.workload?.text ?? "", amount.micros,
          ])
        }
      }
      for cluster in clusters where known[cluster].map({ $0 < now }) ?? true {
        try db.cachedStatement(
          sql: """
            INSERT INTO accounted (cluster, until) VALUES (?, ?)
            ON CONFLICT DO UPDATE SET until = excluded.until
            """
        ).execute(arguments: [cluster.text, now.description])
      }
    }
  }

  private static func accountedUntil(_ db: Database) throws -> [ClusterName: Timestamp] {
    let rows = try Row.fetchAll(db.cachedStatement(sql: "SELECT cluster, until FROM accounted"))
    return Dictionary(
      try rows.map { (ClusterName($0["cluster"]), try Timestamp(stored: $0["until"])) }
    ) { first, _ in first }
  }
}

extension SQLiteStore {
  public func accounts(of month: Month) throws(StoreError) -> Accounts {
    try state.accounts(of: month)
  }

  /// See `StateDatabase.account`.
  public func account(
    _ spent: [Spending], for clusters: [ClusterName], from accounted: [ClusterName: Timestamp],
    until now: Timestamp
  ) throws(StoreError) {
    try state.account(spent, for: clusters, from: accounted, until: now)
  }
}
