import GRDB
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

  private func failure(for error: DatabaseError) -> Failure {
    let detail = error.message ?? "SQLite error \(error.resultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return .transient("another process holds the simulated world in '\(path)'")
    case .SQLITE_FULL: return .terminal("the disk is full: '\(path)' can't be written")
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
