import Digests
import Documents
import GRDB
public import Interfaces
public import Model
public import Planning

/// Setpoint's memory in one SQLite file, `.setpoint/state.db`: revisions, targets, journal, events.
///
/// Nothing is ever overwritten but the pointer to the current target: the tables are append-only, and
/// triggers keep them so. Every call is one transaction, on disk before it returns (WAL, synchronous
/// FULL). A file that is newer, foreign or damaged is refused before anything is written to it.
public actor SQLiteStore: StateStore {
  /// For messages, as the caller gave it.
  public nonisolated let path: String
  let database: DatabaseQueue

  /// Opens the file, and makes it where there is none: its directory for the owner only (0700), the
  /// file as well (0600).
  public init(path: String) throws(StoreError) {
    self.path = path
    try StateFile.prepare(path)
    database = try StoreError.translating(path) {
      let queue = try DatabaseQueue(path: path, configuration: StateFile.configuration)
      try queue.write { db in try Schema.migrate(db) }
      return queue
    }
  }

  public func current() throws(StoreError) -> StoredState {
    try read { db throws in
      guard let row = try Row.fetchOne(db, sql: Self.currentSQL) else { return StoredState() }
      let target = try self.target(row["body"])
      return StoredState(
        manifests: row["manifests"], target: target, openIntents: try Journal.open(db),
        done: try Journal.done(of: target, db))
    }
  }

  private static let currentSQL = """
    SELECT target.body, revision.manifests
    FROM current_target JOIN target ON target.id = current_target.target_id
    JOIN revision ON revision.target_id = target.id
    """

  public func adopt(_ adoption: Adoption) throws(StoreError) -> AdoptionOutcome {
    try write { db throws in
      let current = try Self.currentTarget(db)
      guard current == adoption.target.parent else { return .stale(current: current) }
      let target = adoption.target.id.digest.hex
      try db.execute(
        sql: "INSERT INTO target (id, parent_id, body, created_at) VALUES (?, ?, ?, ?)",
        arguments: [target, current?.digest.hex, adoption.target.json, adoption.at.description])
      try db.execute(
        sql: """
          INSERT INTO revision (target_id, plan_id, at, summary, manifests) VALUES (?, ?, ?, ?, ?)
          """,
        arguments: [
          target, adoption.plan.digest.hex, adoption.at.description, adoption.summary,
          adoption.manifests,
        ])
      try db.execute(
        sql: """
          INSERT INTO current_target (one, target_id) VALUES (1, ?)
          ON CONFLICT (one) DO UPDATE SET target_id = excluded.target_id
          """, arguments: [target])
      try Journal.append(
        [
          Event(
            at: adoption.at, subject: "plan \(adoption.plan)", reason: "Adopted",
            message: adoption.summary)
        ], db)
      return .adopted
    }
  }

  public func record(_ entries: [JournalEntry], events: [Event]) throws(StoreError) {
    let refusal: StoreError? = try write { db throws in
      let current = try Self.currentTarget(db)
      if entries.contains(where: { $0.event == .intent && $0.target != current }) {
        return .superseded(by: current)
      }
      try Journal.append(entries, db)
      try Journal.append(events, db)
      return nil
    }
    if let refusal { throw refusal }
  }

  public func events(limit: Int) throws(StoreError) -> [Event] {
    try read { db throws in try Journal.events(limit: limit, db) }
  }

  public func history(limit: Int) throws(StoreError) -> [RevisionRecord] {
    try read { db throws in try Journal.history(limit: limit, db) }
  }

  private static func currentTarget(_ db: Database) throws -> TargetID? {
    try String.fetchOne(db, sql: "SELECT target_id FROM current_target").map(TargetID.init(hex:))
  }

  private func read<Value: Sendable>(
    _ body: @Sendable (Database) throws -> Value
  ) throws(StoreError) -> Value {
    try StoreError.translating(path) { try database.read(body) }
  }

  /// One immediate transaction: what was read in it still holds when it commits.
  private func write<Value: Sendable>(
    _ body: @Sendable (Database) throws -> Value
  ) throws(StoreError) -> Value {
    try StoreError.translating(path) { try database.write(body) }
  }
}
