import Digests
import Documents
import GRDB
public import Interfaces
public import Model
public import Planning

/// The state file, read and written by one caller after another; `SQLiteStore` is the same for many.
///
/// Nothing is ever overwritten but the pointer to the current target and the lease: the other tables
/// are append-only, and triggers keep them so; only the bodies of targets that are long past are
/// forgotten. Every call is one transaction, on disk before it returns (WAL, synchronous
/// FULL). A file that is newer, foreign or damaged is refused before anything is written to it.
public struct StateDatabase: Sendable {
  /// For messages, as the caller gave it.
  public let path: String
  let database: DatabaseQueue
  private let lastRead: LastRead
  /// Who this one claimed a lease for.
  private var holder: String?

  /// Opens the file, and makes it where there is none: its directory for the owner only (0700), the
  /// file as well (0600).
  public init(path: String) throws(StoreError) {
    self.path = path
    lastRead = LastRead()
    try StateFile.prepare(path)
    database = try StoreError.translating(path) {
      let queue = try DatabaseQueue(path: path, configuration: StateFile.configuration)
      try queue.write { db in try Schema.migrate(db) }
      return queue
    }
  }

  /// A state of its own that no file knows of: as a file is, without the disk.
  public init(inMemory name: String) throws(StoreError) {
    path = name
    lastRead = LastRead()
    database = try StoreError.translating(name) { try DatabaseQueue.inMemory(nil) }
  }

  /// The same file, as another process would open it: what is claimed here is not claimed there.
  public init(sharing other: StateDatabase) {
    path = other.path
    database = other.database
    lastRead = other.lastRead
  }

  /// Opens the file to look only. Where there is none, it is as good as empty, and none is made; one of
  /// an older release is read as it would be in this one's form, and left in its own.
  public init(reading path: String) throws(StoreError) {
    self.path = path
    lastRead = LastRead()
    guard try StateFile.isThere(path) else {
      database = try StoreError.translating(path) { try DatabaseQueue.inMemory(nil) }
      return
    }
    let version = try StateFile.judge(path)
    database = try StoreError.translating(path) {
      let queue = try DatabaseQueue(path: path, configuration: StateFile.configuration)
      return version == Schema.version ? queue : try DatabaseQueue.inMemory(queue)
    }
  }

  public func current() throws(StoreError) -> StoredState {
    let mark = try StoreError.translating(path) {
      // One statement sees one moment without a transaction.
      try database.unsafeRead { db throws in try LastRead.Mark.fetch(db) }
    }
    if let mark, let known = lastRead.state(at: mark) { return known }
    return try read { db throws in
      let paused = try PausedRow.fetch(db)
      guard let mark = try LastRead.Mark.fetch(db),
        let row = try Row.fetchOne(db.cachedStatement(sql: Self.currentSQL))
      else { return StoredState(paused: paused) }
      var state: StoredState
      if let (known, end) = lastRead.state(before: mark) {
        state = known
        state.take(try Journal.since(end, db))
        state.openIntents = try Journal.open(db)
        state.paused = paused
      } else {
        let target = try self.target(row["body"])
        state = StoredState(
          manifests: row["manifests"], prices: try Journal.prices(of: target.id, db),
          target: target, openIntents: try Journal.open(db),
          done: try Journal.done(of: target, db), recent: try Journal.recent(db), paused: paused)
      }
      lastRead.keep(state, at: mark)
      return state
    }
  }

  private static let currentSQL = """
    SELECT target.body, revision.manifests
    FROM current_target JOIN target ON target.id = current_target.target_id
    JOIN revision ON revision.target_id = target.id
    """

  public func adopt(_ adoption: Adoption) throws(StoreError) -> AdoptionOutcome {
    try write { [holder] db throws in
      if let successor = try Self.successor(of: holder, db) {
        throw StoreError.leaseLost(to: successor)
      }
      let current = try Self.currentTarget(db)
      guard current == adoption.target.parent else { return .stale(current: current) }
      try Journal.append(adoption, db)
      let point = try db.cachedStatement(
        sql: """
          INSERT INTO current_target (one, target_id) VALUES (1, ?)
          ON CONFLICT (one) DO UPDATE SET target_id = excluded.target_id
          """)
      try point.execute(arguments: [adoption.target.id.digest.hex])
      try Journal.forget(olderThan: Self.revisionsKeptMax, db)
      return .adopted
    }
  }

  /// Revisions whose target and manifests are kept whole, the current one among them.
  static let revisionsKeptMax = 100

  public func record(_ entries: [JournalEntry], events: [Event]) throws(StoreError) {
    try write { [holder] db throws in
      let current = try Self.currentTarget(db)
      let intents = entries.filter { $0.event == .intent }
      if intents.contains(where: { $0.target != current }) {
        throw StoreError.superseded(by: current)
      }
      if !intents.isEmpty, let successor = try Self.successor(of: holder, db) {
        throw StoreError.leaseLost(to: successor)
      }
      try Journal.append(entries, db)
      try Journal.append(events, db)
    }
  }

  /// Who has the lease that was claimed here, where it is somebody else.
  private static func successor(of holder: String?, _ db: Database) throws -> String? {
    guard let holder else { return nil }
    let now = try LeaseRow.fetch(db)?.holder
    return now == holder ? nil : now ?? "nobody"
  }

  public func events(limit: Int) throws(StoreError) -> [Event] {
    try read { db throws in try Journal.events(limit: limit, db) }
  }

  public func history(limit: Int) throws(StoreError) -> [RevisionRecord] {
    try read { db throws in try Journal.history(limit: limit, db) }
  }

  public mutating func claim(_ lease: Lease, at now: Timestamp) throws(StoreError) -> LeaseOutcome {
    let outcome: LeaseOutcome = try write { db throws in
      if let other = try LeaseRow.fetch(db), other.holder != lease.holder, other.end > now {
        return .held(other)
      }
      try LeaseRow.put(lease, db)
      return .granted
    }
    if outcome == .granted { holder = lease.holder }
    return outcome
  }

  public mutating func release() throws(StoreError) {
    guard let holder else { return }
    try write { db throws in try LeaseRow.delete(of: holder, db) }
    self.holder = nil
  }

  /// What SQLite finds wrong with the file, a sentence for each; empty for a sound one.
  public func damages() throws(StoreError) -> [String] {
    try read { db throws in
      try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
        + Row.fetchAll(db, sql: "PRAGMA foreign_key_check").map { "a dangling reference: \($0)" }
    }
  }

  private static func currentTarget(_ db: Database) throws -> TargetID? {
    let statement = try db.cachedStatement(sql: "SELECT target_id FROM current_target")
    return try String.fetchOne(statement).map(TargetID.init(hex:))
  }

  func read<Value: Sendable>(
    _ body: @Sendable (Database) throws -> Value
  ) throws(StoreError) -> Value {
    try StoreError.translating(path) { try database.read(body) }
  }

  /// One immediate transaction: what was read in it still holds when it commits.
  func write<Value: Sendable>(
    _ body: @Sendable (Database) throws -> Value
  ) throws(StoreError) -> Value {
    try StoreError.translating(path) { try database.write(body) }
  }
}
