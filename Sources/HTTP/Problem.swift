/// Why a request has no answer. Its texts never hold a header, a body or what stands after a `?`.
public enum Problem: Error, Hashable, Sendable {
  /// The address, the certificates or the request can't be used as they are.
  case unusable(String)
  /// Nobody is known by this name.
  case unresolved(host: String)
  /// Nobody listens there, or nobody can be reached.
  case refused(String)
  /// It is not proven who the server is, or it doesn't take us for who we say.
  case untrusted(String)
  /// All connections were in use for too long.
  case busy
  /// The connection broke before the answer was whole.
  case lost(String)
  /// The answer was not whole at the deadline.
  case late(seconds: Int)
  /// The answer, or a line of it, has more than so many bytes.
  case tooLong(bytes: Int)

  /// Whether the server may have received the request, and carried it out.
  public var mayHaveArrived: Bool {
    switch self {
    case .unusable, .unresolved, .refused, .untrusted, .busy: false
    case .lost, .late, .tooLong: true
    }
  }
}

extension Problem: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unusable(let detail): detail
    case .unresolved(let host): "there is no host '\(host)'"
    case .refused(let detail): "no connection: \(detail)"
    case .untrusted(let detail): "no trusted connection: \(detail)"
    case .busy: "all connections are in use"
    case .lost(let detail): "the connection broke: \(detail)"
    case .late(let seconds): "no answer in \(seconds) s"
    case .tooLong(let bytes): "the answer has more than \(bytes) bytes"
    }
  }
}
