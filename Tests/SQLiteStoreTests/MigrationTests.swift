import Digests
import Documents
import Foundation
import GRDB
import Interfaces
import Model
import Planning
import Testing

@testable import SQLiteStore

/// From every form that the file ever had, and what is forgotten of a long history.
@Suite struct MigrationTests {
  /// A file as the first release wrote it, with what was adopted and recorded in it.
  func firstForm(_ scratch: borrowing Scratch, body: String, id: String) throws {
    try FileManager.default.createDirectory(
      at: URL(filePath: scratch.path).deletingLastPathComponent(),
      withIntermediateDirectories: true)
    let queue = try DatabaseQueue(path: scratch.path)
    try queue.write { db in
      try Schema.migrate(db, to: 1)
      try db.execute(
        sql: """
          INSERT INTO target VALUES (:id, NULL, :body, '2026-01-01T00:00:00Z');
          INSERT INTO revision (target_id, plan_id, at, summary, manifests)
          VALUES (:id, 'p', '2026-01-01T00:00:00Z', 'first', 'kind: Workload');
          INSERT INTO current_target VALUES (1, :id);
          INSERT INTO journal (key, action, target_id, at, kind)
          VALUES ('create us/pool-1', 'create us/pool-1', :id, '2026-01-01T00:00:01Z', 'intent');
          INSERT INTO event (at, subject, reason, message)
          VALUES ('2026-01-01T00:00:00Z', 'plan p', 'Adopted', 'first')
          """, arguments: ["id": id, "body": body])
    }
    try queue.close()
  }

  @Test(arguments: [true, false]) func theFirstFormIsTakenOver(knowsIncarnations: Bool)
    async throws
  {
    let scratch = try Scratch()
    let known = target()
    // Targets of before the highest incarnation was kept do not speak of it, and their id neither.
    let old = Target(
      parent: nil, desired: known.desired, nodes: known.nodes, replicas: known.replicas,
      nextNodeOrdinals: known.nextNodeOrdinals, lastIncarnation: nil, edition: .first)
    let later = Target(
      parent: nil, desired: known.desired, nodes: known.nodes, replicas: known.replicas,
      nextNodeOrdinals: known.nextNodeOrdinals, edition: .first)
    #expect(Set([old.id, later.id, known.id]).count == 3)
    let adopted = knowsIncarnations ? later : old
    // Nor do they speak of what their id is the digest of.
    var body = adopted.json.replacing(/,?\s*"edition": ?\d+/, with: "")
    #expect(!body.contains("edition"))
    if !knowsIncarnations {
      body = body.replacing(/,?\s*"lastIncarnation": ?\d+/, with: "")
      #expect(!body.contains("lastIncarnation"))
    }
    try firstForm(scratch, body: body, id: adopted.id.digest.hex)

    let reading = try SQLiteStore(reading: scratch.path)
    #expect(try await reading.current().target == adopted)
    let store = try SQLiteStore(path: scratch.path)
    let state = try await store.current()
    #expect(state.target == adopted)
    #expect(state.target?.lastIncarnation == 1)
    #expect(state.prices == [])
    #expect(state.openIntents.map(\.action) == [.create(node)])
    #expect(try await store.events(limit: 9).map(\.message) == ["first"])
    let version = try await store.database.read { try Int.fetchOne($0, sql: "PRAGMA user_version") }
    #expect(version == Schema.version)
    #expect(try await store.adopt(adoption(target("next", parent: adopted))) == .adopted)
    #expect(try await store.history(limit: 9).map(\.number) == [2, 1])
  }

  /// Open are those whose key nothing was said of since, whatever else their action came to before.
  @Test func openIntentsOfAnEarlierFormAreFound() async throws {
    let scratch = try Scratch()
    try firstForm(scratch, body: target().json, id: target().id.digest.hex)
    let queue = try DatabaseQueue(path: scratch.path)
    try await queue.write { db in
      let entries = [
        ("create us/pool-1", "done"), ("stop a", "intent"), ("stop b", "intent"),
        ("stop a", "failed"), ("stop a", "intent"), ("stop c", "intent"), ("stop b", "done"),
      ]
      for (key, kind) in entries {
        try db.execute(
          sql: """
            INSERT INTO journal (key, action, target_id, at, kind, failure)
            SELECT :key, :key, target_id, '2026-01-01T00:00:02Z', :kind,
              CASE :kind WHEN 'failed' THEN :failure END FROM current_target
            """, arguments: ["key": key, "kind": kind, "failure": Failure.transient("busy").json])
      }
    }
    try queue.close()
    let reading = try SQLiteStore(reading: scratch.path)
    #expect(try await reading.current().openIntents.map(\.key.text) == ["stop a", "stop c"])
    let store = try SQLiteStore(path: scratch.path)
    #expect(try await store.current().openIntents.map(\.key.text) == ["stop a", "stop c"])
    #expect(try await store.audit().problems == [])
  }

  @Test func ofAHundredRevisionsAllIsKeptAndOfOlderOnesThatTheyWere() async throws {
    let scratch = try Scratch()
    let store = try SQLiteStore(path: scratch.path)
    var current: Target?
    let count = StateDatabase.revisionsKeptMax + 3
    for round in 1...count {
      let next = target("round \(round)", parent: current)
      var adopted = adoption(next, "round \(round)")
      adopted.prices = [ClusterPrices(cluster: ClusterName("us"), text: "prices \(round)")]
      #expect(try await store.adopt(adopted) == .adopted)
      if round == 1 { try await store.record([entry(.intent, of: next)], events: []) }
      current = next
    }
    let history = try await store.history(limit: count + 1)
    #expect(history.map(\.number) == (1...count).reversed())
    #expect(history.map { $0.manifests == nil } == (1...count).map { $0 > 100 })
    let state = try await store.current()
    #expect(state.target == current)
    #expect(state.prices.map(\.text) == ["prices \(count)"])
    #expect(state.openIntents.count == 1, "the journal speaks of forgotten targets")
    let rest = try await store.database.read { db in
      try Int.fetchAll(
        db,
        sql: """
          SELECT count(*) FROM price_file UNION ALL
          SELECT count(*) FROM target WHERE body <> 'null' UNION ALL SELECT count(*) FROM target
          """)
    }
    #expect(rest == [100, 100, count])
  }

  @Test(arguments: [
    "UPDATE target SET body = '{}'", "UPDATE revision SET manifests = ''",
    "UPDATE price_file SET text = 'x'", "DELETE FROM price_file",
    "UPDATE target SET body = 'null'",
  ]) func whatIsCurrentCannotBeForgotten(sql: String) async throws {
    let scratch = try Scratch()
    let store = try SQLiteStore(path: scratch.path)
    var adopted = adoption(target())
    adopted.prices = [ClusterPrices(cluster: ClusterName("us"), text: "prices")]
    _ = try await store.adopt(adopted)
    await #expect(throws: DatabaseError.self) {
      try await store.database.write { try $0.execute(sql: sql) }
    }
  }

  /// What a power cut leaves of the log: the file opens at any length of it, as it was after one of
  /// the commits, and never in between.
  @Test func aTornLogIsReadUpToItsLastWholeCommit() async throws {
    let scratch = try Scratch()
    let store = try SQLiteStore(path: scratch.path)
    var current = target()
    var known: [TargetID?: Int] = [nil: 0, current.id: 1]
    _ = try await store.adopt(adoption(current))
    for round in 0..<3 {
      let next = target("round \(round)", parent: current)
      _ = try await store.adopt(adoption(next))
      current = next
      known[next.id] = round + 2
    }
    let copy = try scratch.copy(as: "whole")
    let file = try Data(contentsOf: URL(filePath: copy))
    let log = try Data(contentsOf: URL(filePath: copy + "-wal"))
    let frame = 24 + 4096
    var seen: [Int] = []
    let lengths = Array(stride(from: 32, through: log.count, by: frame))
    for length in lengths + lengths.map({ $0 + frame / 2 }) where length <= log.count {
      let torn = scratch.directory.appending(path: "torn-\(length)")
      try FileManager.default.createDirectory(at: torn, withIntermediateDirectories: true)
      let path = torn.appending(path: "state.db").path
      try file.write(to: URL(filePath: path))
      try log.prefix(length).write(to: URL(filePath: path + "-wal"))
      let survivor = try SQLiteStore(path: path)
      let state = try await survivor.current()
      let number = try #require(known[state.target?.id])
      #expect(try await survivor.history(limit: 9).count == number)
      let verdict = try await survivor.database.read {
        try String.fetchOne($0, sql: "PRAGMA integrity_check")
      }
      #expect(verdict == "ok")
      seen.append(number)
    }
    #expect(Set(seen) == Set(0...4), "every commit is a place to come back to")
    #expect(seen.count > 20)
  }
}
