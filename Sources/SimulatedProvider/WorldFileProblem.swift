import Foundation
import GRDB
import Glibc
import Planning

/// What is wrong with the file, as a `Failure` in words for the user.
struct WorldFileProblem: Sendable {
  let path: String

  func explained<Value>(_ body: () throws -> Value) throws(Failure) -> Value {
    do { return try body() } catch { throw failure(for: error) }
  }

  private func failure(for error: any Error) -> Failure {
    switch error {
    case let failure as Failure: return failure
    case let error as DatabaseError: return failure(for: error)
    case let error as DecodingError:
      return .terminal("the simulated world in '\(path)' can't be read: \(error)")
    default: return .terminal("the simulated world in '\(path)' can't be opened: \(error)")
    }
  }

  /// Whether no file can be made, or none can grow, where the world lies.
  private var hasNoRoom: Bool {
    let directory = URL(filePath: path).deletingLastPathComponent()
    var status = statvfs()
    guard unsafe statvfs(directory.path, &status) == 0 else { return false }
    // Some file systems count no files, and say that there is room for none.
    return status.f_bavail == 0 || (status.f_files > 0 && status.f_favail == 0)
  }

  private var diskFull: Failure { .terminal("the disk is full: '\(path)' can't be written") }

  private func failure(for error: DatabaseError) -> Failure {
    let detail = error.message ?? "SQLite error \(error.resultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return .transient("another process holds the simulated world in '\(path)'")
    case .SQLITE_FULL: return diskFull
    // The index of the log, a file of its own, could not grow.
    case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE: return diskFull
    // Neither log nor index could be made.
    case .SQLITE_CANTOPEN where hasNoRoom: return diskFull
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      return .terminal("'\(path)' is damaged, or is no simulated world: \(detail)")
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH:
      return .terminal("'\(path)' can't be opened for writing: \(detail)")
    case .SQLITE_IOERR:
      return .unknown("'\(path)' could not be read or written to the end: \(detail)")
    default: return .terminal("the simulated world in '\(path)' can't be used: \(detail)")
    }
  }
}
