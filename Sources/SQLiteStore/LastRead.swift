import GRDB
import Interfaces
import Synchronization

/// What was read last, with where the file stood.
///
/// Targets, revisions and the journal are only ever appended to, and what is current is never forgotten:
/// as long as the same target is current and the journal ends at the same entry, what is stored is the
/// same, and need not be read and understood again.
final class LastRead: Sendable {
  struct Mark: Equatable, Sendable {
    var target: String
    var journalEnd: Int64?

    /// Nil where nothing was ever adopted.
    static func fetch(_ db: Database) throws -> Mark? {
      let statement = try db.cachedStatement(
        sql: "SELECT target_id, (SELECT max(seq) FROM journal) AS journal_end FROM current_target")
      return try Row.fetchOne(statement).map { row in
        Mark(target: row["target_id"], journalEnd: row["journal_end"])
      }
    }
  }

  private let last = Mutex<(mark: Mark, state: StoredState)?>(nil)

  func state(at mark: Mark) -> StoredState? {
    last.withLock { last in
      guard let last, last.mark == mark else { return nil }
      return last.state
    }
  }

  func keep(_ state: StoredState, at mark: Mark) { last.withLock { $0 = (mark, state) } }
}
