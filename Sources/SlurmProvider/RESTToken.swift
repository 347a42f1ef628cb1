import Glibc
import JSON
import Model
import Planning

/// The proof of who asks. It is read before each request: whoever renews it has done all there is to do.
enum RESTToken {
  private static let bytesMax = 64 << 10

  /// Answers `transient` where there is none, or one whose time is over: it may be renewed any moment.
  static func read(
    _ settings: SlurmREST, variable: (String) -> String?, at now: Timestamp
  ) throws(Failure) -> String {
    let source: String
    let text: String
    if let path = settings.tokenFile {
      source = "file '\(path)'"
      text = String(decoding: try SmallFile.read(path, bytesMax: bytesMax), as: UTF8.self)
    } else {
      source = "variable \(settings.tokenVariable ?? "")"
      text = settings.tokenVariable.flatMap(variable) ?? ""
    }
    var token = text.drop(while: \.isWhitespace)
    while token.last?.isWhitespace ?? false { token.removeLast() }
    // As `scontrol token` prints it.
    if token.hasPrefix("SLURM_JWT=") { token = token.dropFirst("SLURM_JWT=".count) }
    guard !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw .transient("no token for slurmrestd in \(source): `scontrol token` makes one")
    }
    if let end = expiry(of: token), end <= now {
      throw .transient(
        "the token for slurmrestd in \(source) has expired \((now - end).count) s ago: "
          + "`scontrol token` makes another")
    }
    return String(token)
  }

  /// Of a JSON Web Token (RFC 7519), the claim `exp`; nil for what can't be read, of which Slurm is the
  /// judge. 22.05 says no more of a token whose time is over than "Unspecified error".
  static func expiry(of token: some StringProtocol) -> Timestamp? {
    let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3, let claims = base64URL(parts[1]) else { return nil }
    var expiry: Int64?
    do throws(JSONProblem) {
      var reader = JSONReader(claims)
      try reader.object { (name, reader) throws(JSONProblem) in
        if name == "exp" { expiry = try reader.amount() }
      }
    } catch {
      return nil
    }
    return expiry.map { Timestamp(seconds: $0) }
  }

  /// RFC 4648, section 5, without padding.
  private static func base64URL(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for byte in text {
      let value: UInt8
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - UInt8(ascii: "A")
      case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - UInt8(ascii: "a") + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0") + 52
      case UInt8(ascii: "-"): value = 62
      case UInt8(ascii: "_"): value = 63
      default: return nil
      }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        bits &= (1 << UInt32(count)) - 1
      }
    }
    return bytes
  }
}

/// Files of a few lines that people or their tools keep up to date.
enum SmallFile {
  static func read(_ path: String, bytesMax: Int) throws(Failure) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: bytesMax + 1)
    var count = 0
    while count < bytes.count {
      let more = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count)
      }
      guard more >= 0 else { throw unreadable(path) }
      if more == 0 { return Array(bytes[..<count]) }
      count += more
    }
    throw .terminal("file '\(path)' has more than \(bytesMax) bytes")
  }

  /// It may be put there, or made readable, at any moment.
  private static func unreadable(_ path: String) -> Failure {
    .transient("can't read file '\(path)': \(unsafe String(cString: strerror(errno)))")
  }
}
