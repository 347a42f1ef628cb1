import Foundation
import GRDB
import Interfaces
import Model
import Planning
import Testing

@testable import SQLiteStore

/// A file that is not as it should be, a disk without room, a process that dies: a clear error, and
/// nothing lost.
@Suite struct FaultTests {
  /// Whether opening the file fails as expected and leaves its bytes as they were.
  func refuses(_ scratch: borrowing Scratch, _ isExpected: (StoreError) -> Bool) throws -> Bool {
    let before = try scratch.bytes()
    let path = scratch.path
    do {
      _ = try SQLiteStore(path: path)
      return false
    } catch let error {
      let after = try scratch.bytes()
      return isExpected(error) && before == after
    }
  }

  func write(_ bytes: Data, to scratch: borrowing Scratch) throws {
    let file = URL(filePath: scratch.path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try bytes.write(to: file)
  }

  @Test(arguments: [true, false]) func aNewerFileIsRefusedUntouched(isCheckpointed: Bool)
    async throws
  {
    let scratch = try Scratch()
    let path = scratch.path
    do {
      let store = try SQLiteStore(path: path)
      _ = try await store.adopt(adoption(target()))
    }
    let queue = try DatabaseQueue(path: path)
    try await queue.write { try $0.execute(sql: "PRAGMA user_version = 7") }
    if isCheckpointed {
      _ = try await queue.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    }
    #expect(
      try refuses(scratch) { $0 == .newer(path: path, version: 7, supported: Schema.version) })
    try queue.close()
  }

  @Test(arguments: ["not a database at all", String(repeating: "x", count: 5000)])
  func whatIsNoDatabaseIsRefusedUntouched(text: String) throws {
    let scratch = try Scratch()
    try write(Data(text.utf8), to: scratch)
    #expect(
      try refuses(scratch) {
        if case .corrupt(_, "it is no database") = $0 { true } else { false }
      })
  }

  @Test func anotherProgramsDatabaseIsRefusedUntouched() throws {
    let scratch = try Scratch()
    try write(Data(), to: scratch)
    let queue = try DatabaseQueue(path: scratch.path)
    try queue.write { try $0.execute(sql: "PRAGMA user_version = 1; CREATE TABLE mail (x)") }
    try queue.close()
    #expect(
      try refuses(scratch) {
        if case .corrupt(_, "it is another program's database") = $0 { true } else { false }
      })
  }

  @Test func damageIsNamedAsSuch() async throws {
    let scratch = try Scratch()
    let store = try SQLiteStore(path: scratch.path)
    _ = try await store.adopt(adoption(target()))
    try await store.database.write { db in
      try db.execute(
        sql: """
          DROP TRIGGER target_keeps;
          UPDATE target SET body = replace(body, 'pool-1', 'pool-2')
          """)
    }
    await #expect(
      throws: StoreError.corrupt(
        path: scratch.path,
        detail: "the current target does not read back: the id is not that of the content")
    ) { try await store.current() }
  }

  @Test func aDirectoryThatCannotBeMadeIsNamed() throws {
    let scratch = try Scratch()
    let file = scratch.directory.appending(path: "file")
    try Data().write(to: file)
    let path = file.appending(path: ".setpoint/state.db").path
    #expect { try SQLiteStore(path: path) } throws: {
      if case StoreError.unreadable(path, _) = $0 { true } else { false }
    }
  }

  @Test func aWriterThatHoldsTheFileMakesItBusy() async throws {
    let scratch = try Scratch()
    let path = scratch.path
    let store = try SQLiteStore(path: path)
    var holding = Configuration()
    holding.allowsUnsafeTransactions = true
    let other = try DatabaseQueue(path: path, configuration: holding)
    try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
    await #expect(throws: StoreError.busy(path: path)) {
      try await store.adopt(adoption(target()))
    }
    try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
    #expect(try await store.adopt(adoption(target())) == .adopted)
  }

  @Test func aFullDiskAtAnyPointLosesNothing() async throws {
    let scratch = try Scratch()
    let store = try SQLiteStore(path: scratch.path)
    var current = target()
    _ = try await store.adopt(adoption(current))
    var failures = 0
    // The file may grow by one more page each time, until the adoption of a large revision fits.
    for pages in 1..<200 {
      let next = target("next", parent: current)
      var large = adoption(next)
      large.manifests = String(repeating: "# a long manifest\n", count: 4000)
      try await store.database.writeWithoutTransaction { db in
        let used = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        try db.execute(sql: "PRAGMA max_page_count = \(used + pages)")
      }
      do {
        #expect(try await store.adopt(large) == .adopted)
        current = next
        break
      } catch {
        #expect(error == .diskFull(path: scratch.path))
        failures += 1
        #expect(try await store.current().target == current)
        #expect(try await store.history(limit: 9).count == 1)
      }
    }
    #expect(failures > 3)
    #expect(try await store.current().target == current)
  }

  @Test(arguments: ["target", "revision", "current_target", "event"])
  func anAdoptionHappensAsAWholeOrNotAtAll(table: String) async throws {
    let scratch = try Scratch()
    let store = try SQLiteStore(path: scratch.path)
    let first = target()
    _ = try await store.adopt(adoption(first))
    let before = try await store.events(limit: 9)
    try await store.database.writeWithoutTransaction { db in
      for verb in ["INSERT", "UPDATE"] {
        try db.execute(
          sql: """
            CREATE TEMP TRIGGER fail_\(verb) BEFORE \(verb) ON main.\(table)
            BEGIN SELECT RAISE(ABORT, 'injected'); END
            """)
      }
    }
    await #expect(throws: StoreError.self) {
      try await store.adopt(adoption(target("next", parent: first)))
    }
    #expect(try await store.current().target == first)
    #expect(try await store.history(limit: 9).count == 1)
    #expect(try await store.events(limit: 9) == before)
  }

  @Test func whatWasCommittedOutlivesTheProcess() async throws {
    let scratch = try Scratch()
    let store = try SQLiteStore(path: scratch.path)
    var current: Target?
    for round in 0..<5 {
      let next = target("round \(round)", parent: current)
      _ = try await store.adopt(adoption(next))
      try await store.record([entry(.intent, of: next)], events: [])
      current = next
      let survivor = try SQLiteStore(path: scratch.copy(as: "copy-\(round)"))
      let state = try await survivor.current()
      #expect(state.target == next)
      #expect(state.openIntents.map(\.target) == [next.id])
      let verdict = try await survivor.database.read {
        try String.fetchOne($0, sql: "PRAGMA integrity_check")
      }
      #expect(verdict == "ok")
    }
  }

  @Test(arguments: [
    "UPDATE journal SET at = 'x'", "DELETE FROM journal", "DELETE FROM target",
    "UPDATE revision SET summary = 'x'", "DELETE FROM event", "DELETE FROM revision",
    "INSERT INTO journal (key, action, target_id, at, kind) VALUES ('k', 'a', 'nobody', 't', 'intent')",
    """
    INSERT INTO journal (key, action, target_id, at, kind)
    SELECT 'unheard of', 'a', id, 't', 'done' FROM target
    """,
    "UPDATE current_target SET target_id = (SELECT id FROM target)",
  ]) func theDatabaseRefusesWhatTheProgramMustNotDo(sql: String) async throws {
    let scratch = try Scratch()
    let store = try SQLiteStore(path: scratch.path)
    let current = target()
    _ = try await store.adopt(adoption(current))
    try await store.record([entry(.intent, of: current)], events: [])
    await #expect(throws: DatabaseError.self) {
      try await store.database.write { try $0.execute(sql: sql) }
    }
  }
}
