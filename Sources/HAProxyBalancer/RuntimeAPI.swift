import Glibc

/// HAProxy's runtime API, on a socket of this machine: commands on one line, and an answer that is empty
/// where all were carried out.
///
/// It is answered by HAProxy's own loop at once, so the calling thread waits for it, for seconds at
/// most.
struct RuntimeAPI {
  let path: String

  private static let waitSecondsMax = 5
  /// Far fewer than a buffer of HAProxy's (`tune.bufsize`) has room for.
  private static let commandsAtOnceMax = 50
  private static let answerBytesMax = 64 << 10

  enum Problem: Error, Hashable {
    /// In the system's words.
    case notReached(String)
    /// In HAProxy's words.
    case refused(String)
  }

  func run(_ commands: [String]) throws(Problem) {
    var rest = commands[...]
    while !rest.isEmpty {
      let line = rest.prefix(Self.commandsAtOnceMax).joined(separator: "; ")
      rest = rest.dropFirst(Self.commandsAtOnceMax)
      let said = try answer(to: line + "\n")
      guard said.allSatisfy(\.isWhitespace) else { throw .refused(said) }
    }
  }

  private func answer(to line: String) throws(Problem) -> String {
    let descriptor = try connected()
    defer { close(descriptor) }
    let bytes = Array(line.utf8)
    let count = unsafe bytes.withUnsafeBytes { buffer in
      unsafe send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
    }
    guard count == bytes.count else { throw lastProblem }
    var answer: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 12)
    while answer.count < Self.answerBytesMax {
      let count = unsafe chunk.withUnsafeMutableBytes { buffer in
        unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
      }
      guard count >= 0 else { throw lastProblem }
      if count == 0 { break }
      answer += chunk[..<count]
    }
    return String(decoding: answer, as: UTF8.self)
  }

  private func connected() throws(Problem) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = Array(path.utf8)
    guard name.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw .notReached("the path is too long for a socket")
    }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw lastProblem }
    var limit = timeval(tv_sec: Self.waitSecondsMax, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    let isBounded =
      unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size) == 0
      && setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size) == 0
    let status = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard isBounded, status == 0 else {
      let problem = lastProblem
      close(descriptor)
      throw problem
    }
    return descriptor
  }

  private var lastProblem: Problem {
    .notReached(unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)")
  }
}
