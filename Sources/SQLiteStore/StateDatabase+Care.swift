import Foundation
import GRDB
import Glibc
public import Interfaces
public import Model

/// What keeps the file itself in order: its audit, copies of it, and what was at work when a process
/// died.
extension StateDatabase {
  /// Holds all that was ever recorded against the chain, and plays it again; `head` was noted earlier,
  /// and must still be in it.
  public func audit(expecting head: AuditHead? = nil) throws(StoreError) -> AuditTrail {
    try read { db throws in try AuditWalk.trail(db, expecting: head) }
  }

  /// Writes a whole copy to `path`, where nothing may be yet, while others go on reading and writing
  /// this one. The copy is for its owner only (0600), and one file without a log beside it.
  ///
  /// SQLite's backup takes all pages as of one moment: the copy is what one commit left. Returns how
  /// many records it holds.
  public func backUp(to path: String) throws(StoreError) -> Int {
    // Never over a file that is there: it may be the last good copy.
    let descriptor = unsafe open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .unreadable(path: path, detail: unsafe String(cString: strerror(errno)))
    }
    close(descriptor)
    do throws(StoreError) {
      return try StoreError.translating(path) {
        let copy = try DatabaseQueue(path: path)
        try database.backup(to: copy)
        try copy.writeWithoutTransaction { db in
          try db.execute(sql: "PRAGMA journal_mode = DELETE")
        }
        let (damages, count) = try copy.read { db in
          (
            try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" },
            try Int.fetchOne(db, sql: "SELECT count(*) FROM chain") ?? 0
          )
        }
        try copy.close()
        if let damage = damages.first { throw StoreError.corrupt(path: path, detail: damage) }
        return count
      }
    } catch {
      // Half a copy must not be taken for one.
      unsafe unlink(path)
      throw error
    }
  }

  /// Notes that work on `subject` begins; how often it did without ending, this time included. What is
  /// begun a second time without an end in between was on its way when a process died.
  public func begin(_ subject: String, at now: Timestamp) throws(StoreError) -> Int {
    try write { db throws in
      try db.execute(
        sql: """
          INSERT INTO in_flight (subject, count, since) VALUES (?, 1, ?)
          ON CONFLICT (subject) DO UPDATE SET count = count + 1
          """, arguments: [subject, now.description])
      return try Int.fetchOne(
        db, sql: "SELECT count FROM in_flight WHERE subject = ?", arguments: [subject]) ?? 1
    }
  }

  /// Notes that work on `subject` came to an end, good or bad.
  public func end(_ subject: String) throws(StoreError) {
    try write { db throws in
      try db.execute(sql: "DELETE FROM in_flight WHERE subject = ?", arguments: [subject])
    }
  }

  /// What was begun and not ended, sorted by subject.
  public func inFlight() throws(StoreError) -> [WorkInFlight] {
    try read { db throws in
      try Row.fetchAll(db, sql: "SELECT * FROM in_flight ORDER BY subject").map { row in
        WorkInFlight(subject: row["subject"], count: row["count"], since: row["since"])
      }
    }
  }

  /// Who keeps the world now, if anybody said so.
  public func lease() throws(StoreError) -> Lease? {
    try read { db throws in try LeaseRow.fetch(db) }
  }

  /// The form of the file at `path` and the newest that is known; nil where there is no file.
  public static func form(of path: String) throws(StoreError) -> (found: Int, known: Int)? {
    guard try StateFile.isThere(path) else { return nil }
    return (try StateFile.judge(path), Schema.version)
  }
}

extension SQLiteStore {
  public func audit(expecting head: AuditHead? = nil) throws(StoreError) -> AuditTrail {
    try state.audit(expecting: head)
  }

  public func backUp(to path: String) throws(StoreError) -> Int { try state.backUp(to: path) }

  public func begin(_ subject: String, at now: Timestamp) throws(StoreError) -> Int {
    try state.begin(subject, at: now)
  }

  public func end(_ subject: String) throws(StoreError) { try state.end(subject) }

  public func inFlight() throws(StoreError) -> [WorkInFlight] { try state.inFlight() }

  public func lease() throws(StoreError) -> Lease? { try state.lease() }

  public func damages() throws(StoreError) -> [String] { try state.damages() }
}
