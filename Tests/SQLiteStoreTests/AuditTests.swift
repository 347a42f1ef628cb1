import Digests
import Documents
import Foundation
import GRDB
import Interfaces
import Model
import Planning
import Testing

@testable import SQLiteStore

/// What is recorded can't be changed unseen, and says by itself what is current.
@Suite struct AuditTests {
  /// A store with some history: two adoptions, a done, a failed and an open intent.
  func used(_ scratch: borrowing Scratch) async throws -> SQLiteStore {
    let store = try SQLiteStore(path: scratch.path)
    let first = target()
    let second = target("next", parent: first)
    var adopted = adoption(first)
    adopted.prices = [ClusterPrices(cluster: ClusterName("us"), text: "prices")]
    _ = try await store.adopt(adopted)
    try await store.record([entry(.intent, of: first)], events: [])
    try await store.record([entry(.done, of: first)], events: [event("took")])
    _ = try await store.adopt(adoption(second, "Plan: 2 to create"))
    let other = ActionID("delete us/pool-1")
    try await store.record([entry(.intent, of: second, action: other)], events: [])
    try await store.record(
      [entry(.failed(.transient("throttled")), of: second, action: other)], events: [event("not")])
    try await store.record([entry(.intent, of: second, action: other, at: 9)], events: [])
    return store
  }

  func event(_ word: String) -> Event {
    Event(at: at(7), subject: "node us/pool-1", reason: "Seen", message: word)
  }

  @Test func aWholeTrailHasEveryRowOnce() async throws {
    let scratch = try Scratch()
    let trail = try await used(scratch).audit()
    #expect(trail.problems == [])
    #expect(trail.revisions == 2)
    #expect(trail.intents == 3)
    #expect(trail.outcomes == 2)
    #expect(trail.openIntents == 1)
    #expect(trail.events == 4)
    #expect(trail.head.number == 2 * 2 + 5 + 4)
    #expect(AuditHead("\(trail.head)") == trail.head)
  }

  @Test func anEmptyTrailIsWhole() async throws {
    let scratch = try Scratch()
    let trail = try await SQLiteStore(path: scratch.path).audit()
    #expect(trail == AuditTrail())
    #expect(AuditHead("\(trail.head)") == trail.head)
  }

  /// Each by somebody who knows SQL, and takes the triggers away first.
  @Test(arguments: [
    "UPDATE journal SET at = 'another time' WHERE seq = 2",
    "UPDATE journal SET action = 'stop x' WHERE seq = 1",
    "UPDATE journal SET failure = '{}' WHERE kind = 'failed'",
    "UPDATE event SET message = 'nothing' WHERE seq = 3",
    "UPDATE revision SET summary = 'Plan: 0 to create' WHERE number = 1",
    "UPDATE revision SET manifests = 'kind: Queue' WHERE number = 1",
    "UPDATE price_file SET text = 'cheap'",
    "DELETE FROM price_file",
    "UPDATE target SET body = 'null' WHERE parent_id IS NULL",
    "UPDATE target SET created_at = 'x' WHERE parent_id IS NULL",
    "DELETE FROM journal WHERE seq = 3",
    "DELETE FROM journal WHERE seq = 5",
    "DELETE FROM event WHERE seq = 1",
    "DELETE FROM event WHERE seq = 4",
    "DELETE FROM chain WHERE seq = 4",
    "DELETE FROM chain WHERE seq = (SELECT max(seq) FROM chain)",
    // The last row with its link: the file still knows how many links there were.
    """
    DELETE FROM chain WHERE subject = 'journal' AND item = 5;
    DELETE FROM journal WHERE seq = 5
    """,
    // Two rows change places.
    """
    UPDATE journal SET seq = 99 WHERE seq = 1;
    UPDATE journal SET seq = 1 WHERE seq = 2;
    UPDATE journal SET seq = 2 WHERE seq = 99
    """,
    // Two links change places.
    """
    UPDATE chain SET seq = 99 WHERE seq = 2;
    UPDATE chain SET seq = 2 WHERE seq = 3;
    UPDATE chain SET seq = 3 WHERE seq = 99
    """,
    "UPDATE chain SET content = replace(content, '1', '2') WHERE seq = 1",
    "INSERT INTO event (at, subject, reason, message) VALUES ('t', 's', 'r', 'm')",
    """
    INSERT INTO journal (key, action, target_id, at, kind)
    SELECT 'k', 'a', target_id, 't', 'intent' FROM current_target
    """,
    "DELETE FROM open_intent",
    "UPDATE open_intent SET seq = 2",
    "INSERT INTO open_intent VALUES ('create us/pool-1', 1)",
    "DELETE FROM current_target",
    """
    UPDATE current_target SET target_id = (SELECT id FROM target WHERE parent_id IS NULL)
    """,
  ]) func everyEditShows(sql: String) async throws {
    let scratch = try Scratch()
    let store = try await used(scratch)
    try await store.database.write { db in
      let triggers = try String.fetchAll(
        db, sql: "SELECT name FROM sqlite_master WHERE type = 'trigger'")
      for trigger in triggers { try db.execute(sql: "DROP TRIGGER \(trigger)") }
      try db.execute(sql: sql)
    }
    #expect(try await store.audit().problems != [])
  }

  /// Who cuts off the end and the count of it can't be told from one who stopped earlier; a head that
  /// was noted elsewhere tells.
  @Test func aNotedHeadShowsWhatWasCutOff() async throws {
    let scratch = try Scratch()
    let store = try await used(scratch)
    let head = try await store.audit().head
    #expect(try await store.audit(expecting: head).problems == [])
    try await store.database.write { db in
      try db.execute(
        sql: """
          DROP TRIGGER chain_stays; DROP TRIGGER journal_stays;
          DELETE FROM chain WHERE subject = 'journal' AND item = 5;
          DELETE FROM journal WHERE seq = 5;
          DELETE FROM open_intent WHERE seq = 5;
          UPDATE sqlite_sequence SET seq = seq - 1 WHERE name IN ('chain', 'journal')
          """)
    }
    #expect(try await store.audit().problems == [])
    #expect(try await store.audit(expecting: head).problems != [])
    var other = head
    other.number = 3
    #expect(
      try await store.audit(expecting: other).problems == [
        "link 3 is another one than was noted"
      ])
  }

  @Test func whatAnOlderReleaseRecordedIsTakenIntoTheChain() async throws {
    let scratch = try Scratch()
    try FileManager.default.createDirectory(
      at: URL(filePath: scratch.path).deletingLastPathComponent(),
      withIntermediateDirectories: true)
    let adopted = target()
    let old = try DatabaseQueue(path: scratch.path)
    try await old.write { db in
      try Schema.migrate(db, to: 2)
      try db.execute(
        sql: """
          INSERT INTO target VALUES (:id, NULL, :body, '2026-01-01T00:00:00Z');
          INSERT INTO revision (target_id, plan_id, at, summary, manifests)
          VALUES (:id, 'p', '2026-01-01T00:00:00Z', 'first', 'kind: Workload');
          INSERT INTO current_target VALUES (1, :id);
          INSERT INTO price_file VALUES (:id, 'us', 'prices');
          INSERT INTO lease VALUES (1, 'somebody', '2026-01-01T00:00:30Z');
          INSERT INTO journal (key, action, target_id, at, kind)
          VALUES ('k', 'create us/pool-1', :id, '2026-01-01T00:00:01Z', 'intent');
          INSERT INTO event (at, subject, reason, message)
          VALUES ('2026-01-01T00:00:00Z', 'plan p', 'Adopted', 'first')
          """, arguments: ["id": adopted.id.digest.hex, "body": adopted.json])
    }
    try old.close()
    let store = try SQLiteStore(path: scratch.path)
    #expect(try await store.current().target == adopted)
    #expect(try await store.current().prices.map(\.text) == ["prices"])
    #expect(try await store.lease()?.holder == "somebody")
    let trail = try await store.audit()
    #expect(trail.problems == [])
    #expect(trail.head.number == 4)
    #expect(try await store.adopt(adoption(target("next", parent: adopted))) == .adopted)
    #expect(try await store.audit().problems == [])
  }

  @Test func whatIsForgottenLeavesTheChainWhole() async throws {
    let scratch = try Scratch()
    let store = try SQLiteStore(path: scratch.path)
    var current: Target?
    for round in 0...StateDatabase.revisionsKeptMax {
      let next = target("round \(round)", parent: current)
      _ = try await store.adopt(adoption(next, "round \(round)"))
      current = next
    }
    #expect(try await store.history(limit: 200).last?.manifests == nil)
    #expect(try await store.audit().problems == [])
  }

  @Test(arguments: ["", "1", "1:ab", "-1:", "x:\(String(repeating: "0", count: 64))", "1:2:3"])
  func whatIsNoHeadIsNotRead(text: String) { #expect(AuditHead(text) == nil) }
}
