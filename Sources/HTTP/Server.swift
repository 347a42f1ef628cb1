import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// The door to one server: a request → its answer, by a deadline, within a bound.
///
/// It follows no redirects, so that no credential goes where it was not meant to, repeats nothing, and
/// asks no proxy. HTTP/1.1, whatever else the server knows: one way to be tried and tested.
public final class Server: Sendable {
  public let address: Address
  private let client: HTTPClient
  private let base: String

  private static let connectSecondsMax: Int64 = 30

  /// At most `connectionsMax` requests are under way at a time; others wait. Throws
  /// `Problem.unusable` where the certificates can't be read.
  public init(
    _ address: Address, _ trust: Trust = Trust(), connectionsMax: Int = 16
  ) throws(Problem) {
    self.address = address
    var configuration = HTTPClient.Configuration(tlsConfiguration: try trust.configuration())
    configuration.redirectConfiguration = .disallow
    configuration.httpVersion = .http1Only
    configuration.timeout.connect = .seconds(Self.connectSecondsMax)
    // Whoever asks decides whether it's worth asking again.
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connectionsMax
    switch address.way {
    case .tls(let host, let port):
      if let name = trust.serverName {
        configuration.dnsOverride = [name: host]
        base = "https://\(name):\(port)\(address.prefix)"
      } else {
        base = "https://\(host):\(port)\(address.prefix)"
      }
    case .plain(let host, let port): base = "http://\(host):\(port)\(address.prefix)"
    case .socket(let path): base = "http+unix://\(Request.encoded(path))"
    }
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  deinit { client.shutdown { _ in } }

  public func answer(to request: Request) async throws(Problem) -> Answer {
    try await exchange(request) { (head, body) throws(Problem) in
      Answer(head, try await body.whole(bytesMax: request.answerBytesMax))
    }
  }

  /// Hands each line of a successful answer over, without its end, until there are no more or `take`
  /// says false; then the answer's body is empty. Any other answer comes back as it is.
  public func lines(
    of request: Request, _ take: @escaping @Sendable (ArraySlice<UInt8>) async -> Bool
  ) async throws(Problem) -> Answer {
    try await exchange(request) { (head, body) throws(Problem) in
      let answer = Answer(head, [])
      guard answer.isSuccess else {
        return Answer(head, try await body.whole(bytesMax: request.answerBytesMax))
      }
      try await body.eachLine(bytesMax: request.answerBytesMax, take)
      return answer
    }
  }

  private func exchange(
    _ request: Request,
    _ read: @escaping @Sendable (HTTPClientResponse, Incoming) async throws(Problem) -> Answer
  ) async throws(Problem) -> Answer {
    let prepared = try prepared(request)
    let result = await withTaskGroup(of: Result<Answer, Problem>.self) { group in
      group.addTask { [client] in
        do {
          // The race beside it is the deadline: this one would end with the answer's head.
          let head = try await client.execute(prepared, deadline: .distantFuture)
          return .success(try await read(head, Incoming(head.body)))
        } catch { return .failure(Problem(error)) }
      }
      group.addTask {
        let late = Result<Answer, Problem>.failure(.late(seconds: request.secondsMax))
        // Cancelled means that there is an answer, and then nobody asks for this any more.
        do { try await Task.sleep(for: .seconds(request.secondsMax)) } catch { return late }
        return late
      }
      let first = await group.next() ?? .failure(.late(seconds: request.secondsMax))
      group.cancelAll()
      return first
    }
    return try result.get()
  }

  private func prepared(_ request: Request) throws(Problem) -> HTTPClientRequest {
    guard request.path.hasPrefix("/"), request.path.isPrintable else {
      throw .unusable("the path of a request begins with '/' and holds no spaces")
    }
    var prepared = HTTPClientRequest(url: base + request.target)
    prepared.method = HTTPMethod(rawValue: request.method.rawValue)
    for header in request.headers { prepared.headers.add(name: header.name, value: header.value) }
    if let credential = request.credential {
      prepared.headers.add(name: credential.header, value: credential.value)
    }
    for (name, value) in prepared.headers {
      // The library would show the value.
      guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
        throw .unusable("header '\(name)' holds a control character")
      }
    }
    if !request.body.isEmpty { prepared.body = .bytes(ByteBuffer(bytes: request.body)) }
    return prepared
  }
}

extension Answer {
  fileprivate init(_ head: HTTPClientResponse, _ body: [UInt8]) {
    self.init(
      status: Int(head.status.code),
      headers: head.headers.map { Request.Field($0.name, $0.value) }, body: body)
  }
}
