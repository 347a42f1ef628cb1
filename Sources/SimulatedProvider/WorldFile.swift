import Foundation
import GRDB
import Glibc
import Model
public import Planning
public import Simulation
import Synchronization

/// A simulated world in a SQLite file. Every change is one transaction over the newest state, whichever
/// process wrote it; only what changed is written.
public final class WorldFile: Sendable {
  private let queue: DatabaseQueue
  private let problem: WorldFileProblem
  /// What was read or written last; nil while it is being changed.
  private let cache = Mutex<Stored?>(nil)
  /// The time of it.
  private let seen = Mutex(World().now)

  /// Moments that were waited for while the file could not be written.
  private let waited = Mutex(World().now)

  struct Stored: Sendable {
    /// Counts the changes of the file; 0 before the first one.
    var generation: Int64 = 0
    var world = World()
  }

  /// Opens the file, or makes a new world where there is none. `pagesMax` bounds its size, in pages of
  /// SQLite; a file that would outgrow it counts as a full disk.
  public convenience init(path: String, pagesMax: Int? = nil) throws(Failure) {
    try self.init(WorldFileProblem(path: path)) {
      let directory = URL(filePath: path).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
      // For its owner only; SQLite makes the files beside it as this one is.
      let descriptor = unsafe open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
      if descriptor >= 0 { close(descriptor) }
      return try DatabaseQueue(path: path, configuration: Self.configuration(pagesMax))
    }
  }

  /// Opens the file to look only: where there is none, the world is a new one that no file knows of.
  public convenience init(reading path: String) throws(Failure) {
    try self.init(WorldFileProblem(path: path)) {
      FileManager.default.fileExists(atPath: path)
        ? try DatabaseQueue(path: path, configuration: Self.configuration(nil))
        : try DatabaseQueue()
    }
  }

  private init(
    _ problem: WorldFileProblem, _ open: () throws -> DatabaseQueue
  ) throws(Failure) {
    self.problem = problem
    queue = try problem.explained {
      let queue = try open()
      try queue.write { try WorldSchema.prepare($0) }
      return queue
    }
  }

  private static func configuration(_ pagesMax: Int?) -> Configuration {
    var configuration = Configuration()
    configuration.journalMode = .wal
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { database in
      if let pagesMax { try database.execute(sql: "PRAGMA max_page_count = \(pagesMax)") }
    }
    return configuration
  }

  /// The newest state of the world.
  public func read() throws(Failure) -> World {
    try problem.explained { try queue.read { try newest(in: $0).world } }
  }

  /// Changes the world in one transaction; where `body` throws, nothing is changed.
  public func change<Value>(
    _ body: (inout World) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    try problem.explained {
      // All of it while nobody else is at the file: who came between the commit and the note of it would
      // have to read the whole world anew.
      try queue.writeWithoutTransaction { database in
        var result: (value: Value, stored: Stored)?
        try database.inTransaction(.immediate) {
          result = try change(database, body)
          return .commit
        }
        guard let result else { preconditionFailure("a transaction that did not run") }
        // Only what is committed may be believed.
        keep(result.stored)
        return result.value
      }
    }
  }

  /// Takes the world out of the cache, so that it is changed in place; after an error it is read anew,
  /// unless the error left it as it was.
  private func change<Value>(
    _ database: Database, _ body: (inout World) throws(Failure) -> Value
  ) throws -> (Value, Stored) {
    var stored = try newest(in: database)
    cache.withLock { $0 = nil }
    let rest = stored.world.rest
    let value: Value
    do throws(Failure) {
      value = try body(&stored.world)
    } catch {
      if !stored.world.isChanged(from: rest) { keep(stored) }
      throw error
    }
    guard stored.world.isChanged(from: rest) else { return (value, stored) }
    stored.generation += 1
    try stored.save(in: database)
    stored.world.forgetChanges()
    return (value, stored)
  }

  private func keep(_ stored: Stored) {
    seen.withLock { $0 = stored.world.now }
    cache.withLock { $0 = stored }
  }

  /// The time of the last state that could be read.
  var lastSeen: Timestamp { max(seen.withLock { $0 }, waitedUntil) }

  var waitedUntil: Timestamp { waited.withLock { $0 } }

  func wait(until moment: Timestamp) { waited.withLock { $0 = max($0, moment) } }

  private func newest(in database: Database) throws -> Stored {
    let statement = try database.cachedStatement(
      sql: "SELECT generation FROM world WHERE one = 1")
    let generation = try Int64.fetchOne(statement) ?? 0
    if let known = cache.withLock({ $0 }), known.generation == generation { return known }
    let stored = try Stored(reading: database)
    keep(stored)
    return stored
  }
}
