import Digests
import GRDB

/// The chain that binds all that is appended, so that no edit goes unseen: for each row of the journal,
/// the events and the revisions one link, which is the digest of the link before it and of the row's
/// content, as in Haber and Stornetta's time-stamping.
enum Chain {
  /// What a link speaks of. A revision has two: what is large of it is forgotten some day, and the rest
  /// stays.
  enum Subject: String, CaseIterable {
    case revision, body, journal, event

    var table: String {
      switch self {
      case .revision, .body: "revision"
      case .journal: "journal"
      case .event: "event"
      }
    }

    /// The column that numbers the rows.
    var number: String {
      switch self {
      case .revision, .body: "number"
      case .journal, .event: "seq"
      }
    }
  }

  /// What the first link follows.
  static let root = String(repeating: "0", count: 64)

  /// Links a row that was just inserted in this transaction.
  static func append(
    _ subject: Subject, row: Int64, _ content: Digest, _ db: Database
  ) throws {
    let last = try db.cachedStatement(sql: "SELECT link FROM chain ORDER BY seq DESC LIMIT 1")
    let before = try String.fetchOne(last) ?? root
    let statement = try db.cachedStatement(
      sql: "INSERT INTO chain (subject, item, content, link) VALUES (?, ?, ?, ?)")
    try statement.execute(arguments: [
      subject.rawValue, row, content.hex, link(subject.rawValue, row, content.hex, after: before),
    ])
  }

  static func link(
    _ subject: String, _ row: Int64, _ content: String, after before: String
  ) -> String {
    Digest(of: "\(before) \(subject) \(row) \(content)").hex
  }

  /// Of a row's fields in their order; each goes in with its length, so that no two lists of fields
  /// look the same.
  static func content(_ fields: [String?]) -> Digest {
    var text = ""
    for field in fields {
      if let field { text += "\(field.utf8.count):\(field)" } else { text += "-" }
    }
    return Digest(of: text)
  }

  /// Of a row as it stands in the file; nil where it is not there.
  static func content(_ subject: Subject, row: Int64, _ db: Database) throws -> Digest? {
    guard let found = try Row.fetchOne(try db.cachedStatement(sql: sql(subject)), arguments: [row])
    else { return nil }
    var fields = found.map { $1.isNull ? nil : String.fromDatabaseValue($1) }
    if subject == .body {
      let prices = try Row.fetchAll(
        db, sql: "SELECT cluster, text FROM price_file WHERE target_id = ? ORDER BY cluster",
        arguments: [found["target_id"]])
      for price in prices { fields += [price["cluster"], price["text"]] }
    }
    return content(fields)
  }

  private static func sql(_ subject: Subject) -> String {
    switch subject {
    case .revision:
      """
      SELECT target_id, parent_id, created_at, plan_id, revision.at, summary
      FROM revision JOIN target ON target.id = revision.target_id WHERE number = ?
      """
    case .body:
      """
      SELECT target_id, manifests, body
      FROM revision JOIN target ON target.id = revision.target_id WHERE number = ?
      """
    case .journal: "SELECT key, action, target_id, at, kind, failure FROM journal WHERE seq = ?"
    case .event: "SELECT at, subject, reason, message FROM event WHERE seq = ?"
    }
  }

  /// Links all that a file of before there was a chain holds.
  static func begin(_ db: Database) throws {
    for subject in Subject.allCases {
      let rows = try Int64.fetchAll(
        db, sql: "SELECT \(subject.number) FROM \(subject.table) ORDER BY \(subject.number)")
      for row in rows {
        guard let content = try content(subject, row: row, db) else { continue }
        try append(subject, row: row, content, db)
      }
    }
  }
}
