import Documents
import GRDB
import Interfaces

/// A target in the file that does not read back.
struct DamagedTarget: Error {
  var detail: String
}

extension StoreError {
  /// Runs `body`, and says in our words what SQLite says in its own.
  static func translating<Value>(
    _ path: String, _ body: () throws -> Value
  ) throws(StoreError) -> Value {
    do {
      return try body()
    } catch let error as StoreError {
      throw error
    } catch let error as DatabaseError {
      throw StoreError(error, path)
    } catch let error as DamagedTarget {
      throw .corrupt(path: path, detail: error.detail)
    } catch {
      throw .unreadable(path: path, detail: "\(error)")
    }
  }

  private init(_ error: DatabaseError, _ path: String) {
    let detail = error.message ?? "SQLite error \(error.resultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
    // The index of the log, a file of its own, could not grow.
    case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE:
      self = .diskFull(path: path)
    // Neither log nor index could be made.
    case .SQLITE_CANTOPEN where StateFile.hasNoRoom(beside: path): self = .diskFull(path: path)
    case .SQLITE_FULL: self = .diskFull(path: path)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_ERROR:
      self = .corrupt(path: path, detail: detail)
    default: self = .unreadable(path: path, detail: detail)
    }
  }
}
