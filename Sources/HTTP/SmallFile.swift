import Glibc

/// Files of a few lines that people or their tools keep up to date: tokens and certificates. They are
/// read anew each time, since whoever renews one has done all there is to do.
public enum SmallFile {
  /// Of what is longer nothing is told: it is not what it is taken for.
  public static func read(_ path: String, bytesMax: Int = 1 << 20) throws(Unreadable) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 14)
    while bytes.count <= bytesMax {
      let count = unsafe chunk.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .last }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
    throw Unreadable("it has more than \(bytesMax) bytes")
  }
}

/// Why a file can't be read.
public struct Unreadable: Error, Hashable, Sendable {
  /// In the system's words.
  public let reason: String

  public init(_ reason: String) { self.reason = reason }

  fileprivate static var last: Unreadable {
    guard let words = unsafe strerror(errno) else { return Unreadable("error \(errno)") }
    return Unreadable(unsafe String(cString: words))
  }
}

extension Credential {
  /// The one word that a file of a token holds, with white space around it or none; nil for what can't
  /// stand in a header, or is none.
  public static func word(in text: some StringProtocol) -> String? {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard words.count == 1, let word = words.first,
      word.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { return nil }
    return String(word)
  }
}
