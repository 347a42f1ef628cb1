import GRDB
public import Interfaces
public import Model
public import Planning

/// The rows of paused objects.
enum PausedRow {
  /// Sorted by object.
  static func fetch(_ db: Database) throws -> [PausedObject] {
    let statement = try db.cachedStatement(sql: "SELECT object, since, reason FROM paused")
    return try Row.fetchAll(statement).map { row in
      let name: String = row["object"]
      let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
      guard parts.count == 2, let kind = Kind(rawValue: parts[0]) else {
        throw StoreError.corrupt(path: "", detail: "'\(name)' is paused, which is no object")
      }
      return PausedObject(
        object: ObjectID(kind, parts[1]), since: try Timestamp(stored: row["since"]),
        reason: row["reason"])
    }.sorted { $0.object < $1.object }
  }

  static func put(_ paused: PausedObject, _ db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO paused (object, since, reason) VALUES (?, ?, ?)
        ON CONFLICT (object) DO UPDATE SET reason = excluded.reason
        """, arguments: ["\(paused.object)", paused.since.description, paused.reason])
  }

  /// Whether it was there.
  static func delete(_ object: ObjectID, _ db: Database) throws -> Bool {
    try db.execute(sql: "DELETE FROM paused WHERE object = ?", arguments: ["\(object)"])
    return db.changesCount > 0
  }
}

extension StateDatabase {
  /// Leaves the object as it is from now on; where it is paused already, only the reason is another.
  public func pause(_ paused: PausedObject) throws(StoreError) {
    let event = Event(
      at: paused.since, subject: "\(paused.object)", reason: "Paused", message: paused.reason)
    try write { db throws in
      try PausedRow.put(paused, db)
      try Journal.append([event], db)
    }
  }

  /// Whether it was paused.
  public func resume(_ object: ObjectID, at now: Timestamp) throws(StoreError) -> Bool {
    let event = Event(at: now, subject: "\(object)", reason: "Resumed", message: "")
    return try write { db throws in
      guard try PausedRow.delete(object, db) else { return false }
      try Journal.append([event], db)
      return true
    }
  }
}

extension SQLiteStore {
  public func pause(_ paused: PausedObject) throws(StoreError) { try state.pause(paused) }

  public func resume(_ object: ObjectID, at now: Timestamp) throws(StoreError) -> Bool {
    try state.resume(object, at: now)
  }
}
