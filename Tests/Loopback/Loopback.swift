import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// A server for tests: whatever it is asked, a closure answers.
public final class Loopback: Sendable {
  public let port: Int
  private let channel: any Channel

  /// What it was asked.
  public struct Asked: Sendable {
    public let method: String
    /// Without what stands after `?`.
    public let path: String
    /// Decoded.
    public let query: [String: String]
    public let headers: [String: String]
    public let body: [UInt8]

    /// The first header of this name; names in small letters.
    public subscript(header: String) -> String? { headers[header] }
  }

  public enum Reply: Sendable {
    case answer(Int, [UInt8], [String: String] = [:])
    /// As long as the stream goes on, or the asker listens.
    case stream(Int, AsyncStream<[UInt8]>, [String: String] = [:])
    /// Bytes as they are, and the end of the connection.
    case raw(String)
    /// Nothing, while the connection stands.
    case silence

    public static func text(
      _ status: Int, _ body: String, _ headers: [String: String] = [:]
    ) -> Reply { .answer(status, Array(body.utf8), headers) }
  }

  /// On a port that is free where it is 0, or on a socket; with TLS where there is a certificate.
  public init(
    port: Int = 0, socket: String? = nil, tls: TestCertificates.Server? = nil,
    _ reply: @escaping @Sendable (Asked) async -> Reply
  ) async throws {
    let context = try tls.map { try NIOSSLContext(configuration: $0.configuration()) }
    let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let context { try pipeline.addHandler(NIOSSLServerHandler(context: context)) }
          try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: false, withErrorHandling: false)
          try pipeline.addHandler(Conversation(reply))
        }
      }
    if let socket {
      channel = try await bootstrap.bind(
        unixDomainSocketPath: socket, cleanupExistingSocketFile: true
      ).get()
    } else {
      channel = try await bootstrap.bind(host: "127.0.0.1", port: port).get()
    }
    self.port = channel.localAddress?.port ?? 0
  }

  /// Nobody new is let in; who is there stays.
  public func close() async throws { try await channel.close() }

  deinit { channel.close(promise: nil) }
}

/// One connection. Requests on it come one after the other.
private final class Conversation: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let reply: @Sendable (Loopback.Asked) async -> Loopback.Reply
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []
  private var task: Task<Void, Never>?

  init(_ reply: @escaping @Sendable (Loopback.Asked) async -> Loopback.Reply) {
    self.reply = reply
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
      body = []
    case .body(let piece): body += piece.readableBytesView
    case .end:
      guard let head else { return }
      let asked = Loopback.Asked(head, body)
      let writer = Writer(channel: context.channel)
      task = Task { [reply] in await writer.write(await reply(asked)) }
    }
  }

  func channelInactive(context: ChannelHandlerContext) { task?.cancel() }

  /// A client that has gone is nothing that a test server has to say something to.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}

private struct Writer: Sendable {
  let channel: any Channel

  func write(_ reply: Loopback.Reply) async {
    do {
      switch reply {
      case .answer(let status, let body, let headers):
        let length = ["Content-Length": "\(body.count)"]
        try await head(status, headers.merging(length) { $1 })
        try await send(.body(.byteBuffer(ByteBuffer(bytes: body))))
        try await send(.end(nil))
      case .stream(let status, let pieces, let headers):
        try await head(status, headers.merging(["Transfer-Encoding": "chunked"]) { $1 })
        for await piece in pieces {
          try await send(.body(.byteBuffer(ByteBuffer(bytes: piece))))
        }
        try await send(.end(nil))
      case .raw(let text):
        try await channel.eventLoop.submit {
          try channel.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
            .writeAndFlush(NIOAny(ByteBuffer(string: text)), promise: nil)
        }.get()
        try await channel.close()
      case .silence: break
      }
    } catch {
      // The asker has gone.
      channel.close(promise: nil)
    }
  }

  private func head(_ status: Int, _ headers: [String: String]) async throws {
    let head = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: status),
      headers: HTTPHeaders(headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
    try await send(.head(head))
  }

  private func send(_ part: HTTPServerResponsePart) async throws {
    try await channel.writeAndFlush(part)
  }
}

extension Loopback.Asked {
  fileprivate init(_ head: HTTPRequestHead, _ body: [UInt8]) {
    let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let pairs = parts.dropFirst().joined().split(separator: "&").map { pair in
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (Self.decoded(sides[0]), Self.decoded(sides.count > 1 ? sides[1] : ""))
    }
    self.init(
      method: head.method.rawValue, path: Self.decoded(parts[0]),
      query: Dictionary(pairs) { $1 },
      headers: Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in
        first
      }, body: body)
  }

  /// What can't be decoded stays as it is.
  private static func decoded(_ text: Substring) -> String {
    var decoded: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      if byte == UInt8(ascii: "%"), let value = UInt8(digits, radix: 16) {
        decoded.append(value)
        rest = rest.dropFirst(2)
      } else {
        decoded.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      }
    }
    return String(decoding: decoded, as: UTF8.self)
  }
}
