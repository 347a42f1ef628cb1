import GRDB
import Interfaces
import Model

/// The one row of the lease.
enum LeaseRow {
  static func fetch(_ db: Database) throws -> Lease? {
    let statement = try db.cachedStatement(sql: "SELECT holder, ends_at FROM lease")
    return try Row.fetchOne(statement).map { row in
      Lease(holder: row["holder"], end: try Timestamp(stored: row["ends_at"]))
    }
  }

  static func put(_ lease: Lease, _ db: Database) throws {
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO lease (one, holder, ends_at) VALUES (1, ?, ?)
        ON CONFLICT (one) DO UPDATE SET holder = excluded.holder, ends_at = excluded.ends_at
        """)
    try statement.execute(arguments: [lease.holder, lease.end.description])
  }

  static func delete(of holder: String, _ db: Database) throws {
    try db.execute(sql: "DELETE FROM lease WHERE holder = ?", arguments: [holder])
  }
}
