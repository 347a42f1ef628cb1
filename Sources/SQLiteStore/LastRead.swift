import GRDB
import Interfaces
import Synchronization

/// What was read last, with where the file stood.
///
/// Targets, revisions and the journal are only ever appended to, and what is current is never
/// forgotten: as long as the same target is current, the journal ends at the same entry and the same is
/// paused, what is stored is the same, and need not be read and understood again. Where only the journal
/// went on, its new entries are all that is read.
final class LastRead: Sendable {
  struct Mark: Equatable, Sendable {
    var target: String
    var journalEnd: Int64?
    /// The rows of what is paused.
    var paused: String?

    /// Nil where nothing was ever adopted.
    static func fetch(_ db: Database) throws -> Mark? {
      let statement = try db.cachedStatement(
        sql: """
          SELECT target_id, (SELECT max(seq) FROM journal) AS journal_end,
            (SELECT group_concat(object || ' ' || since || ' ' || reason, char(10))
              FROM (SELECT * FROM paused ORDER BY object)) AS paused
          FROM current_target
          """)
      return try Row.fetchOne(statement).map { row in
        Mark(
          target: row["target_id"], journalEnd: row["journal_end"], paused: row["paused"])
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

  /// What stood there while the journal of the same target was shorter, and where it ended.
  func state(before mark: Mark) -> (state: StoredState, journalEnd: Int64)? {
    last.withLock { last in
      guard let last, last.mark.target == mark.target, let end = mark.journalEnd,
        last.mark.journalEnd ?? 0 <= end
      else { return nil }
      return (last.state, last.mark.journalEnd ?? 0)
    }
  }

  func keep(_ state: StoredState, at mark: Mark) { last.withLock { $0 = (mark, state) } }
}
