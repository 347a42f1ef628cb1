import Digests
import GRDB
import Interfaces

/// Walks the chain from its first link to its last, and holds every row against it; and plays what is
/// recorded again, which must come to what is current.
struct AuditWalk {
  private(set) var trail = AuditTrail()
  private let db: Database
  private let expected: AuditHead?
  private var before = Chain.root
  private var current: String?
  /// The last entry of each key.
  private var journal: [String: (row: Int64, kind: String)] = [:]

  static func trail(_ db: Database, expecting head: AuditHead?) throws -> AuditTrail {
    var walk = AuditWalk(db, head)
    try walk.followChain()
    try walk.findStrays()
    try walk.compareWithState()
    return walk.trail
  }

  private init(_ db: Database, _ expected: AuditHead?) {
    self.db = db
    self.expected = expected
  }

  private mutating func followChain() throws {
    let links = try Row.fetchCursor(
      db, sql: "SELECT seq, subject, item, content, link FROM chain ORDER BY seq")
    while let link = try links.next() {
      let number: Int = link["seq"]
      if number != trail.head.number + 1 {
        trail.blame("link \(trail.head.number + 1) of the chain is missing")
      }
      let subject: String = link["subject"]
      let row: Int64 = link["item"]
      let content: String = link["content"]
      let digest: String = link["link"]
      if digest != Chain.link(subject, row, content, after: before) {
        trail.blame("link \(number) of the chain does not follow from the one before it")
      }
      if let kind = Chain.Subject(rawValue: subject) { try check(kind, row, content) }
      before = digest
      trail.head = AuditHead(number: number, link: digest)
      if trail.head.number == expected?.number, trail.head != expected {
        trail.blame("link \(number) is another one than was noted")
      }
    }
    if let expected, expected.number > trail.head.number {
      trail.blame("the chain ends at link \(trail.head.number), and \(expected.number) was noted")
    }
    let last = try Int.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'chain'")
    if let last, last > trail.head.number {
      trail.blame("the chain ends at link \(trail.head.number), and once had \(last)")
    }
  }

  private mutating func check(_ subject: Chain.Subject, _ row: Int64, _ content: String) throws {
    guard let found = try Chain.content(subject, row: row, db) else {
      return trail.blame("\(subject.rawValue) \(row) is gone")
    }
    var isForgotten = false
    switch subject {
    case .revision: try replay(revision: row)
    case .body: isForgotten = try wasForgotten(row)
    case .journal: try replay(entry: row)
    case .event: trail.events += 1
    }
    if found.hex != content, !isForgotten {
      trail.blame("\(subject.rawValue) \(row) is not as it was recorded")
    }
  }

  /// Whether all that is large of it went as that of old revisions does.
  private func wasForgotten(_ number: Int64) throws -> Bool {
    let body = try String.fetchOne(
      db,
      sql: """
        SELECT body FROM revision JOIN target ON target.id = revision.target_id WHERE number = ?
        """, arguments: [number])
    let newest = try Int64.fetchOne(db, sql: "SELECT max(number) FROM revision") ?? 0
    return body == "null" && number <= newest - Int64(StateDatabase.revisionsKeptMax)
  }

  private mutating func replay(revision number: Int64) throws {
    trail.revisions += 1
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT target.id, parent_id
        FROM revision JOIN target ON target.id = revision.target_id WHERE number = ?
        """, arguments: [number])
    guard let row else { return }
    let parent: String? = row["parent_id"]
    if parent != current {
      trail.blame("revision \(number) was not made from the one before it")
    }
    current = row["id"]
  }

  private mutating func replay(entry row: Int64) throws {
    guard
      let entry = try Row.fetchOne(
        db, sql: "SELECT key, action, kind FROM journal WHERE seq = ?", arguments: [row])
    else { return }
    let key: String = entry["key"]
    let action: String = entry["action"]
    let kind: String = entry["kind"]
    if kind == "intent" {
      trail.intents += 1
    } else {
      trail.outcomes += 1
      if journal[key] == nil {
        trail.blame("journal \(row) is an outcome of what was never intended: \(action)")
      }
    }
    journal[key] = (row, kind)
  }

  /// Rows that are in no chain were put in by somebody else.
  private mutating func findStrays() throws {
    for subject in Chain.Subject.allCases {
      let strays = try Int64.fetchAll(
        db,
        sql: """
          SELECT \(subject.number) FROM \(subject.table)
          WHERE NOT EXISTS
            (SELECT 1 FROM chain
            WHERE subject = ? AND item = \(subject.table).\(subject.number))
          ORDER BY \(subject.number)
          """, arguments: [subject.rawValue])
      for stray in strays { trail.blame("\(subject.rawValue) \(stray) is in no chain") }
    }
  }

  private mutating func compareWithState() throws {
    let pointer = try String.fetchOne(db, sql: "SELECT target_id FROM current_target")
    if pointer != current { trail.blame("what is current is not what was adopted last") }
    let open = try Row.fetchAll(db, sql: "SELECT key, seq FROM open_intent")
    let noted = Dictionary(
      uniqueKeysWithValues: open.map { ($0["key"] as String, $0["seq"] as Int64) })
    if noted != journal.filter({ $0.value.kind == "intent" }).mapValues(\.row) {
      trail.blame("the open intents are not those that the journal leaves open")
    }
    trail.openIntents = open.count
  }
}

extension AuditTrail {
  /// Cuts an endless list short.
  private static let problemsMax = 100

  fileprivate mutating func blame(_ problem: String) {
    if problems.count < Self.problemsMax { problems.append(problem) }
  }
}
