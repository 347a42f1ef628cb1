import Planning

/// A secret in a file of its own, read anew each time, since whoever renews it writes it there.
enum TokenFile {
  private static let bytesMax = 64 << 10

  /// Without white space around it.
  static let read: @Sendable (_ path: String) throws(Failure) -> String = {
    (path) throws(Failure) in
    let bytes: [UInt8]
    do throws(POSIX.Problem) { bytes = try POSIX.read(path, bytesMax: bytesMax) } catch {
      throw .transient("the token in '\(path)' can't be read: \(error.text)")
    }
    let token = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    guard token.count == 1, let word = token.first else {
      throw .terminal("'\(path)' holds no token: it must be one word")
    }
    return String(word)
  }
}
