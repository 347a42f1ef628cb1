public import HTTP
public import Loopback
import Synchronization

/// What happens to a request on its way to a server, or to the answer on its way back.
public enum Fault: Hashable, Sendable {
  /// The connection ends before the server has heard of it.
  case dropBefore
  /// The server has done it, and the connection ends without a word.
  case dropAfter
  /// The server has done it, and its answer never comes.
  case hold
  /// It arrives late.
  case delay(milliseconds: Int)
  /// The proxy answers, and the server hears nothing of it.
  case answer(Int, String)
  /// The answer breaks off after so many bytes of its body.
  case truncate(bytes: Int)
  /// The answer has this body instead of its own.
  case replace(String)

  /// Whether the server hears of the request.
  public var letsThrough: Bool {
    switch self {
    case .dropBefore, .answer: false
    case .dropAfter, .hold, .delay, .truncate, .replace: true
    }
  }
}

/// A server on this machine that passes requests on to another, and loses, delays and spoils what a test
/// says.
///
///     let proxy = try await FaultProxy(to: "http://127.0.0.1:6820")
///     proxy.spoil { asked in asked.method == "DELETE" ? .dropAfter : nil }
///
/// It speaks HTTP/1.1 both ways, and gives long answers back as a whole; those to requests with
/// `watch` in their query go on line by line.
public final class FaultProxy: Sendable {
  private let loopback: Loopback
  private let shared: Shared

  /// Without certificates of its own; `trust` is for the server behind.
  public init(to address: String, _ trust: Trust = Trust()) async throws {
    let shared = Shared(try Server(try Address(address), trust))
    self.shared = shared
    loopback = try await Loopback { asked in await shared.reply(asked) }
  }

  public var address: String { "http://127.0.0.1:\(loopback.port)" }

  /// From now on; nil lets a request pass. `count` is how many have come since, this one not counted.
  public func spoil(_ fault: @escaping @Sendable (_ asked: Loopback.Asked, _ count: Int) -> Fault?)
  {
    shared.state.withLock { $0 = State(fault: fault, passed: $0.passed) }
  }

  public func spoil(_ fault: @escaping @Sendable (Loopback.Asked) -> Fault?) {
    spoil { asked, _ in fault(asked) }
  }

  /// A request that came, and what happened to it.
  public struct Passed: Sendable {
    public let asked: Loopback.Asked
    public let fault: Fault?
  }

  /// All that have come, in their order.
  public var passed: [Passed] { shared.state.withLock { $0.passed } }

  fileprivate struct State {
    var fault: @Sendable (Loopback.Asked, Int) -> Fault? = { _, _ in nil }
    var count = 0
    var passed: [Passed] = []
  }
}

private final class Shared: Sendable {
  let state = Mutex(FaultProxy.State())
  private let server: Server

  private static let secondsMax = 120
  private static let answerBytesMax = 256 << 20

  init(_ server: Server) { self.server = server }

  func reply(_ asked: Loopback.Asked) async -> Loopback.Reply {
    let fault = state.withLock { state in
      let fault = state.fault(asked, state.count)
      state.count += 1
      state.passed.append(.init(asked: asked, fault: fault))
      return fault
    }
    switch fault {
    case .dropBefore: return .raw("")
    case .answer(let status, let body): return .text(status, body)
    case .delay(let milliseconds):
      // In a task of its own: where the asker goes, what it asked for is on its way nevertheless.
      let late = Task {
        try? await Task.sleep(for: .milliseconds(milliseconds))
        return await passOn(asked)
      }
      return await late.value
    case nil: return await passOn(asked)
    case .dropAfter: return await spoiled(asked) { _ in .raw("") }
    case .hold: return await spoiled(asked) { _ in .silence }
    case .replace(let body): return await spoiled(asked) { .text($0.status, body) }
    case .truncate(let bytes):
      return await spoiled(asked) { answer in
        let beginning = String(decoding: answer.body.prefix(bytes), as: UTF8.self)
        return .raw(
          "HTTP/1.1 \(answer.status) OK\r\nContent-Length: \(answer.body.count)\r\n\r\n\(beginning)"
        )
      }
    }
  }

  private func spoiled(
    _ asked: Loopback.Asked, _ spoil: (Answer) -> Loopback.Reply
  ) async -> Loopback.Reply {
    do throws(Problem) {
      return spoil(try await server.answer(to: Request(asked, secondsMax: Self.secondsMax)))
    } catch {
      return .text(502, "\(error)")
    }
  }

  private func passOn(_ asked: Loopback.Asked) async -> Loopback.Reply {
    guard asked.query["watch"] == nil else { return await follow(asked) }
    return await spoiled(asked) { .answer($0.status, $0.body, $0.passedHeaders) }
  }

  /// The head of the answer comes with its first line, or with its end.
  private func follow(_ asked: Loopback.Asked) async -> Loopback.Reply {
    let request = Request(asked, secondsMax: Self.secondsMax)
    let (lines, source) = AsyncStream.makeStream(of: [UInt8].self)
    let task = Task { [server] in
      defer { source.finish() }
      do throws(Problem) {
        _ = try await server.lines(of: request) { line in
          source.yield(line + [UInt8(ascii: "\n")])
          return true
        }
      } catch {
        // The stream ends, as it does where a server goes away.
        return
      }
    }
    source.onTermination = { _ in task.cancel() }
    return .stream(200, lines, ["Content-Type": "application/json"])
  }
}

extension Request {
  fileprivate init(_ asked: Loopback.Asked, secondsMax: Int) {
    let path = asked.path.split(separator: "/", omittingEmptySubsequences: false)
      .map { Request.encoded(String($0)) }.joined(separator: "/")
    self.init(
      Method(rawValue: asked.method) ?? .get, path,
      query: asked.query.sorted { $0.key < $1.key }.map { Field($0.key, $0.value) },
      headers: asked.headers.sorted { $0.key < $1.key }
        .filter { !["host", "content-length", "connection", "transfer-encoding"].contains($0.key) }
        .map { Field($0.key, $0.value) },
      body: asked.body, secondsMax: secondsMax, answerBytesMax: 256 << 20)
  }
}

extension Answer {
  /// But for those that are about one connection.
  fileprivate var passedHeaders: [String: String] {
    let pairs = headers.filter { header in
      !["content-length", "connection", "transfer-encoding", "keep-alive"]
        .contains(header.name.lowercased())
    }
    return Dictionary(pairs.map { ($0.name, $0.value) }) { first, _ in first }
  }
}
