/// What is asked of a server.
public struct Request: Sendable {
  public var method: Method
  /// From its `/` on, percent-encoded where that is needed.
  public var path: String
  /// Encoded here.
  public var query: [Field]
  public var headers: [Field]
  /// What proves who asks; never shown.
  public var credential: Credential?
  public var body: [UInt8]
  /// From the first byte of the request to the last one of the answer.
  public var secondsMax: Int
  /// Of the answer's body; of one line where lines are asked for.
  public var answerBytesMax: Int

  public enum Method: String, Hashable, Sendable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
  }

  public struct Field: Hashable, Sendable {
    public let name: String
    public let value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  public init(
    _ method: Method, _ path: String, query: [Field] = [], headers: [Field] = [],
    credential: Credential? = nil, body: [UInt8] = [], secondsMax: Int, answerBytesMax: Int
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.credential = credential
    self.body = body
    self.secondsMax = secondsMax
    self.answerBytesMax = answerBytesMax
  }

  /// The path as it is sent.
  var target: String {
    guard !query.isEmpty else { return path }
    let pairs = query.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }
    return path + "?" + pairs.joined(separator: "&")
  }

  /// Everything but the unreserved characters of RFC 3986 as `%XX`; also for a part of a path.
  public static func encoded(_ text: String) -> String {
    var encoded: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        encoded.append(byte)
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        encoded += Array("%\(digits.count == 1 ? "0" : "")\(digits)".utf8)
      }
    }
    return String(decoding: encoded, as: UTF8.self)
  }
}

/// A header that is a secret: printing it, or what holds it, shows no more than its name.
public struct Credential: Hashable, Sendable {
  let header: String
  let value: String

  public init(header: String, _ value: String) {
    self.header = header
    self.value = value
  }

  public static func bearer(_ token: String) -> Credential {
    Credential(header: "Authorization", "Bearer \(token)")
  }
}

extension Credential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "\(header): (secret)" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What a server said to a request.
public struct Answer: Hashable, Sendable {
  public let status: Int
  /// In the order in which they came.
  public let headers: [Request.Field]
  public let body: [UInt8]

  public init(status: Int, headers: [Request.Field], body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  public var isSuccess: Bool { 200...299 ~= status }

  /// The first of this name, in whatever case it is written.
  public func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}
