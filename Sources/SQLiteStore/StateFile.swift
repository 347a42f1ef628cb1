import Foundation
import GRDB
import Glibc
import Interfaces

/// The file before it is trusted: there, ours, of a version that we know, and whole.
enum StateFile {
  static var configuration: Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(busyTimeoutSeconds)
    configuration.label = "state"
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
    }
    return configuration
  }

  /// Long enough for another process to end its transaction; short enough for a person to wait.
  static let busyTimeoutSeconds = 2.0

  static func prepare(_ path: String) throws(StoreError) {
    if !FileManager.default.fileExists(atPath: path) { try create(path) }
    _ = try judge(path)
  }

  /// Whether there is a file; what can't be looked at is not taken for absent.
  static func isThere(_ path: String) throws(StoreError) -> Bool {
    var status = stat()
    guard unsafe stat(path, &status) != 0 else { return true }
    guard errno == ENOENT else {
      throw .unreadable(path: path, detail: unsafe String(cString: strerror(errno)))
    }
    return false
  }

  /// The version of a file that may be used. Without the right to write, nothing is changed, not even
  /// by mistake.
  static func judge(_ path: String) throws(StoreError) -> Int {
    try judgeHeader(path)
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(busyTimeoutSeconds)
    let version = try StoreError.translating(path) {
      try DatabaseQueue(path: path, configuration: configuration).read { db in
        try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
      }
    }
    try judge(version, path)
    return version
  }

  private static func create(_ path: String) throws(StoreError) {
    let directory = (path as NSString).deletingLastPathComponent
    do {
      if !directory.isEmpty && !FileManager.default.fileExists(atPath: directory) {
        try FileManager.default.createDirectory(
          atPath: directory, withIntermediateDirectories: true,
          attributes: [.posixPermissions: 0o700])
      }
    } catch {
      if error.isLackOfRoom { throw .diskFull(path: path) }
      throw .unreadable(path: path, detail: "its directory can't be made: \(error.reason)")
    }
    // Never truncates: another process may have made it a moment ago.
    let descriptor = unsafe open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      if errno == ENOSPC || errno == EDQUOT { throw .diskFull(path: path) }
      throw .unreadable(path: path, detail: unsafe String(cString: strerror(errno)))
    }
    close(descriptor)
  }

  /// Whether no file can be made, or none can grow, where `path` lies.
  static func hasNoRoom(beside path: String) -> Bool {
    let directory = (path as NSString).deletingLastPathComponent
    var status = statvfs()
    guard unsafe statvfs(directory.isEmpty ? "." : directory, &status) == 0 else { return false }
    // Some file systems count no files, and say that there is room for none.
    return status.f_bavail == 0 || (status.f_files > 0 && status.f_favail == 0)
  }

  /// What the first hundred bytes say, which SQLite would take at their word: an empty file is a new
  /// one; any other must be a database, ours, and not newer than we are.
  private static func judgeHeader(_ path: String) throws(StoreError) {
    let head: [UInt8]
    do {
      let file = try FileHandle(forReadingFrom: URL(filePath: path))
      head = Array(try file.read(upToCount: 100) ?? Data())
      try file.close()
    } catch {
      throw .unreadable(path: path, detail: error.reason)
    }
    if head.isEmpty { return }
    guard head.count == 100, head.starts(with: "SQLite format 3\0".utf8) else {
      throw .corrupt(path: path, detail: "it is no database")
    }
    let version = bigEndian(head[60..<64])
    let application = bigEndian(head[68..<72])
    guard application == Schema.applicationID || (application == 0 && version == 0) else {
      throw .corrupt(path: path, detail: "it is another program's database")
    }
    try judge(version, path)
  }

  private static func judge(_ version: Int, _ path: String) throws(StoreError) {
    guard version <= Schema.version else {
      throw .newer(path: path, version: version, supported: Schema.version)
    }
  }

  private static func bigEndian(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 << 8 | Int($1) }
  }
}

extension Error {
  /// What the system says, without the domain and the code around it.
  fileprivate var reason: String { (underlying ?? self).localizedDescription }

  fileprivate var isLackOfRoom: Bool {
    let code = (underlying ?? self) as NSError
    return code.domain == NSPOSIXErrorDomain && [Int(ENOSPC), Int(EDQUOT)].contains(code.code)
  }

  private var underlying: (any Error)? {
    (self as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
  }
}

extension DatabaseQueue {
  /// A copy of `source` in this release's form, or an empty state, that no file knows of.
  static func inMemory(_ source: DatabaseQueue?) throws -> DatabaseQueue {
    let queue = try DatabaseQueue()
    try source?.backup(to: queue)
    try queue.write { db in try Schema.migrate(db) }
    return queue
  }
}
