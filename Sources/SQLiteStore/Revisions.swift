import Digests
import Documents
import GRDB
public import Interfaces
public import Model
public import Planning

/// What was adopted, in and out.
extension Journal {
  /// The target, its revision with the prices, and the event; the pointer is moved by the caller.
  static func append(_ adoption: Adoption, _ db: Database) throws {
    let target = adoption.target.id.digest.hex
    let at = adoption.at.description
    let insertTarget = try db.cachedStatement(
      sql: "INSERT INTO target (id, parent_id, body, created_at) VALUES (?, ?, ?, ?)")
    try insertTarget.execute(
      arguments: [target, adoption.target.parent?.digest.hex, adoption.target.json, at])
    let insertRevision = try db.cachedStatement(
      sql: """
        INSERT INTO revision (target_id, plan_id, at, summary, manifests) VALUES (?, ?, ?, ?, ?)
        """)
    try insertRevision.execute(
      arguments: [target, adoption.plan.digest.hex, at, adoption.summary, adoption.manifests])
    let number = db.lastInsertedRowID
    for prices in adoption.prices {
      try db.execute(
        sql: "INSERT INTO price_file (target_id, cluster, text) VALUES (?, ?, ?)",
        arguments: [target, prices.cluster.text, prices.text])
    }
    for subject in [Chain.Subject.revision, .body] {
      guard let content = try Chain.content(subject, row: number, db) else { continue }
      try Chain.append(subject, row: number, content, db)
    }
    let adopted = Event(
      at: adoption.at, subject: "plan \(adoption.plan)", reason: "Adopted",
      message: adoption.summary)
    try append([adopted] + adoption.events, db)
  }

  /// Drops what is large of all revisions but the newest `count`.
  static func forget(olderThan count: Int, _ db: Database) throws {
    let newest =
      try Int.fetchOne(db.cachedStatement(sql: "SELECT max(number) FROM revision")) ?? 0
    guard newest > count else { return }
    let old = try String.fetchAll(
      db,
      sql: """
        SELECT target.id FROM target JOIN revision ON revision.target_id = target.id
        WHERE target.body <> 'null' AND revision.number <= ?
        """, arguments: [newest - count])
    for target in old {
      try db.execute(
        sql: "UPDATE revision SET manifests = '' WHERE target_id = ?", arguments: [target])
      try db.execute(sql: "DELETE FROM price_file WHERE target_id = ?", arguments: [target])
      try db.execute(sql: "UPDATE target SET body = 'null' WHERE id = ?", arguments: [target])
    }
  }

  static func prices(of target: TargetID, _ db: Database) throws -> [ClusterPrices] {
    let statement = try db.cachedStatement(
      sql: "SELECT cluster, text FROM price_file WHERE target_id = ?")
    return try Row.fetchAll(statement, arguments: [target.digest.hex]).map {
      ClusterPrices(cluster: ClusterName($0["cluster"]), text: $0["text"])
    }
    .sorted { $0.cluster < $1.cluster }
  }

  static func history(limit: Int, _ db: Database) throws -> [RevisionRecord] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT revision.*, target.body = 'null' AS is_forgotten
        FROM revision JOIN target ON target.id = revision.target_id
        ORDER BY number DESC LIMIT ?
        """, arguments: [limit]
    ).map { row in
      let target = TargetID(hex: row["target_id"])
      return RevisionRecord(
        number: row["number"], target: target,
        plan: PlanID(Digest(hex: row["plan_id"])), at: try Timestamp(stored: row["at"]),
        summary: row["summary"], manifests: row["is_forgotten"] ? nil : row["manifests"],
        prices: try prices(of: target, db))
    }
  }
}

/// A target, and since when it was the one to reach.
public struct AdoptedTarget: Hashable, Sendable {
  public var at: Timestamp
  public var target: Target

  public init(at: Timestamp, target: Target) {
    self.at = at
    self.target = target
  }
}

extension StateDatabase {
  /// What was to be reached from `start` on: the target of that moment and all that came after it,
  /// oldest first, as far back as targets are kept whole.
  public func targets(since start: Timestamp) throws(StoreError) -> [AdoptedTarget] {
    try read { db throws in
      let kept = try Row.fetchAll(
        db,
        sql: """
          SELECT revision.number, revision.at
          FROM revision JOIN target ON target.id = revision.target_id
          WHERE target.body <> 'null' ORDER BY revision.number
          """
      ).map { (number: $0["number"] as Int64, at: try Timestamp(stored: $0["at"])) }
      guard let first = kept.last(where: { $0.at <= start }) ?? kept.first else { return [] }
      // Bodies are large: those from before are not fetched.
      return try Row.fetchAll(
        db,
        sql: """
          SELECT revision.at, target.body
          FROM revision JOIN target ON target.id = revision.target_id
          WHERE target.body <> 'null' AND revision.number >= ? ORDER BY revision.number
          """, arguments: [first.number]
      ).map { row in
        AdoptedTarget(
          at: try Timestamp(stored: row["at"]), target: try self.target(row["body"]))
      }
    }
  }
}

extension SQLiteStore {
  /// See `StateDatabase.targets`.
  public func targets(since start: Timestamp) throws(StoreError) -> [AdoptedTarget] {
    try state.targets(since: start)
  }
}
