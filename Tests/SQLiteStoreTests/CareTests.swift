import Foundation
import GRDB
import Interfaces
import Model
import Planning
import Testing

@testable import SQLiteStore

/// Copies of the file while it is used, and work that a process died over.
@Suite struct CareTests {
  @Test func aBackupIsWhatOneCommitLeft() async throws {
    let scratch = try Scratch()
    let store = try SQLiteStore(path: scratch.path)
    let first = target()
    _ = try await store.adopt(adoption(first))
    let copy = scratch.directory.appending(path: "copy.db").path
    // Another process writes all the while.
    let writing = Task {
      let other = try SQLiteStore(path: store.path)
      var count = 0
      while !Task.isCancelled {
        try await other.record(
          [entry(.intent, of: first), entry(.done, of: first)], events: [])
        count += 1
      }
      return count
    }
    while try await store.audit().intents < 20 {}
    #expect(try await store.backUp(to: copy) > 40)
    writing.cancel()
    #expect(try await writing.value >= 20)
    #expect(!FileManager.default.fileExists(atPath: copy + "-wal"))
    let mode = try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    let restored = try SQLiteStore(path: copy)
    #expect(try await restored.damages() == [])
    let trail = try await restored.audit()
    #expect(trail.problems == [])
    #expect(trail.intents >= 20)
    #expect(trail.openIntents == 0, "a record is there as a whole")
    #expect(try await restored.current().target == first)
    #expect(try await restored.adopt(adoption(target("on", parent: first))) == .adopted)
  }

  @Test func aBackupNeverTakesTheRoomOfAnotherFile() async throws {
    let scratch = try Scratch()
    let store = try SQLiteStore(path: scratch.path)
    let copy = scratch.directory.appending(path: "copy.db").path
    try Data("precious".utf8).write(to: URL(filePath: copy))
    await #expect(throws: StoreError.unreadable(path: copy, detail: "File exists")) {
      _ = try await store.backUp(to: copy)
    }
    #expect(try String(contentsOfFile: copy, encoding: .utf8) == "precious")
  }

  @Test func ofABackupThatFailsNothingStays() async throws {
    let scratch = try Scratch()
    let store = try SQLiteStore(path: scratch.path)
    _ = try await store.adopt(adoption(target()))
    try await store.database.write { try $0.execute(sql: "DROP TABLE chain") }
    let copy = scratch.directory.appending(path: "copy.db").path
    await #expect(throws: StoreError.self) { _ = try await store.backUp(to: copy) }
    #expect(!FileManager.default.fileExists(atPath: copy))
  }

  @Test func whatIsBegunAgainWithoutAnEndIsCounted() async throws {
    let scratch = try Scratch()
    let store = try SQLiteStore(path: scratch.path)
    #expect(try await store.begin("plan a", at: at(1)) == 1)
    #expect(try await store.begin("plan b", at: at(2)) == 1)
    try await store.end("plan b")
    let again = try SQLiteStore(path: scratch.path)
    #expect(try await again.begin("plan a", at: at(3)) == 2)
    #expect(try await again.begin("plan b", at: at(4)) == 1, "it ended")
    #expect(
      try await again.inFlight() == [
        WorkInFlight(subject: "plan a", count: 2, since: at(1).description),
        WorkInFlight(subject: "plan b", count: 1, since: at(4).description),
      ])
    try await again.end("plan a")
    #expect(try await again.inFlight().map(\.subject) == ["plan b"])
  }

  @Test func theFormOfAFileIsTold() throws {
    let scratch = try Scratch()
    #expect(try StateDatabase.form(of: scratch.path) == nil)
    _ = try SQLiteStore(path: scratch.path)
    let form = try StateDatabase.form(of: scratch.path)
    #expect(form?.found == Schema.version)
    #expect(form?.known == Schema.version)
  }
}
