import Diagnostics
import Digests
import Documents
import GRDB
import Interfaces
import Model
import Planning

/// The rows of the append-only tables, in and out.
enum Journal {
  static func append(_ entries: [JournalEntry], _ db: Database) throws {
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO journal (key, action, target_id, at, kind, failure) VALUES (?, ?, ?, ?, ?, ?)
        """)
    for entry in entries {
      let (kind, failure) = entry.event.columns
      let fields = [
        entry.key.text, entry.action.text, entry.target.digest.hex, entry.at.description, kind,
        failure?.json,
      ]
      try statement.execute(arguments: StatementArguments(fields))
      try Chain.append(.journal, row: db.lastInsertedRowID, Chain.content(fields), db)
    }
  }

  static func append(_ events: [Event], _ db: Database) throws {
    let statement = try db.cachedStatement(
      sql: "INSERT INTO event (at, subject, reason, message) VALUES (?, ?, ?, ?)")
    for event in events {
      let fields = [event.at.description, event.subject, event.reason, event.message]
      try statement.execute(arguments: StatementArguments(fields))
      try Chain.append(.event, row: db.lastInsertedRowID, Chain.content(fields), db)
    }
  }

  /// Intents that nothing was said of since, in the order in which they were written.
  static func open(_ db: Database) throws -> [JournalEntry] {
    try entries("WHERE seq IN (SELECT seq FROM open_intent)", [], db)
  }

  /// The newest, oldest first.
  static func recent(_ db: Database) throws -> [JournalEntry] {
    let end = try Int64.fetchOne(db.cachedStatement(sql: "SELECT max(seq) FROM journal")) ?? 0
    return try entries("WHERE seq > ?", [end - recentMax], db)
  }

  /// What was written after the entry of that number.
  static func since(_ end: Int64, _ db: Database) throws -> [JournalEntry] {
    try entries("WHERE seq > ?", [end], db)
  }

  /// More than providers are asked for in the time that they remember it.
  fileprivate static let recentMax: Int64 = 256

  static func done(of target: Target, _ db: Database) throws -> [JournalEntry] {
    // By the index: the journal grows for ever, and a target does not.
    try target.makings.sorted().flatMap { action in
      try entries("WHERE kind = 'done' AND action = ?", [action.text], db)
    }
  }

  static func events(limit: Int, _ db: Database) throws -> [Event] {
    try Row.fetchAll(
      db, sql: "SELECT * FROM (SELECT * FROM event ORDER BY seq DESC LIMIT ?) ORDER BY seq",
      arguments: [limit]
    ).map { row in
      Event(
        at: try Timestamp(stored: row["at"]), subject: row["subject"], reason: row["reason"],
        message: row["message"])
    }
  }

  private static func entries(
    _ condition: String, _ arguments: StatementArguments, _ db: Database
  ) throws -> [JournalEntry] {
    // A target asks this thousands of times.
    let statement = try db.cachedStatement(
      sql: "SELECT * FROM journal \(condition) ORDER BY seq")
    return try Row.fetchAll(statement, arguments: arguments).map { row in
      JournalEntry(
        key: IdempotencyKey(row["key"]), action: ActionID(row["action"]),
        target: TargetID(hex: row["target_id"]), at: try Timestamp(stored: row["at"]),
        event: try JournalEntry.Event(kind: row["kind"], failure: row["failure"]))
    }
  }
}

extension StoredState {
  /// Goes on to where the journal ends by now: `entries` were written since.
  mutating func take(_ entries: [JournalEntry]) {
    recent = Array((recent + entries).suffix(Int(Journal.recentMax)))
    let made = entries.filter { $0.event == .done }
    guard let target, !made.isEmpty else { return }
    let makings = target.makings
    // In the order in which they are read: by action, and of one the oldest first.
    done = (done + made.filter { makings.contains($0.action) }).enumerated()
      .sorted { ($0.element.action, $0.offset) < ($1.element.action, $1.offset) }.map(\.element)
  }
}

extension Target {
  /// Creations and starts that it asks for.
  fileprivate var makings: Set<ActionID> {
    Set(nodes.map { ActionID.create($0.id) } + (replicas + surge).map { ActionID.start($0) })
  }
}

extension JournalEntry.Event {
  fileprivate var columns: (kind: String, failure: Failure?) {
    switch self {
    case .intent: ("intent", nil)
    case .done: ("done", nil)
    case .failed(let failure): ("failed", failure)
    }
  }

  fileprivate init(kind: String, failure: String?) throws {
    switch (kind, failure) {
    case ("intent", _): self = .intent
    case ("done", _): self = .done
    case (_, let failure?):
      let read = Failure.read(SourceText(path: "journal", text: failure))
      guard let value = read.value else {
        throw DamagedTarget(detail: "a failure in the journal does not read back")
      }
      self = .failed(value)
    default: throw DamagedTarget(detail: "a journal entry of kind '\(kind)'")
    }
  }
}

extension Timestamp {
  init(stored text: String) throws {
    do {
      self = try Timestamp.parse(text)
    } catch {
      throw DamagedTarget(detail: "'\(text)' where a time should stand")
    }
  }
}

extension TargetID {
  init(hex: String) { self.init(Digest(hex: hex)) }
}

extension StateDatabase {
  func target(_ body: String) throws -> Target {
    let read = Target.read(SourceText(path: "target", text: body))
    guard let target = read.value else {
      let detail = read.diagnostics.first?.message ?? "nothing"
      throw DamagedTarget(detail: "the current target does not read back: \(detail)")
    }
    return target
  }
}
