import GRDB
public import Interfaces
public import Model
public import Planning

/// Setpoint's memory in one SQLite file, `.setpoint/state.db`: revisions, targets, journal, events.
/// Whoever calls waits for those who called before.
public actor SQLiteStore: StateStore {
  /// For messages, as the caller gave it.
  public nonisolated let path: String
  nonisolated let database: DatabaseQueue
  var state: StateDatabase

  /// Opens the file, and makes it where there is none: its directory for the owner only (0700), the
  /// file as well (0600).
  public init(path: String) throws(StoreError) { self.init(try StateDatabase(path: path)) }

  /// Opens the file to look only. Where there is none, it is as good as empty, and none is made; one of
  /// an older release is read as it would be in this one's form, and left in its own.
  public init(reading path: String) throws(StoreError) {
    self.init(try StateDatabase(reading: path))
  }

  private init(_ state: StateDatabase) {
    self.state = state
    path = state.path
    database = state.database
  }

  public func current() throws(StoreError) -> StoredState { try state.current() }

  public func adopt(_ adoption: Adoption) throws(StoreError) -> AdoptionOutcome {
    try state.adopt(adoption)
  }

  public func record(_ entries: [JournalEntry], events: [Event]) throws(StoreError) {
    try state.record(entries, events: events)
  }

  public func events(limit: Int) throws(StoreError) -> [Event] { try state.events(limit: limit) }

  public func history(limit: Int) throws(StoreError) -> [RevisionRecord] {
    try state.history(limit: limit)
  }

  public func claim(_ lease: Lease, at now: Timestamp) throws(StoreError) -> LeaseOutcome {
    try state.claim(lease, at: now)
  }

  public func release() throws(StoreError) { try state.release() }
}
