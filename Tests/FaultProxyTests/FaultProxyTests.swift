import FaultProxy
import HTTP
import Loopback
import Synchronization
import Testing

@Suite struct FaultProxyTests {
  /// A server that takes note, a proxy in front, and whoever asks it.
  private final class Line: Sendable {
    private let notes: Notes
    private let server: Loopback
    let proxy: FaultProxy
    private let client: Server

    private final class Notes: Sendable {
      let all = Mutex<[String]>([])
    }

    init() async throws {
      let notes = Notes()
      self.notes = notes
      server = try await Loopback { asked in
        let body = String(decoding: asked.body, as: UTF8.self)
        notes.all.withLock { $0.append("\(asked.method) \(asked.path) \(asked.query) \(body)") }
        return .text(201, "twelve bytes", ["X-Kind": "whole"])
      }
      proxy = try await FaultProxy(to: "http://127.0.0.1:\(server.port)")
      client = try Server(try Address(proxy.address))
    }

    /// What arrived at the server.
    var arrived: [String] { notes.all.withLock { $0 } }

    func ask(seconds: Int = 10) async -> Result<Answer, Problem> {
      let request = Request(
        .post, "/jobs/a%20b", query: [.init("q", "1&2")], body: Array("x".utf8),
        secondsMax: seconds, answerBytesMax: 1000)
      do throws(Problem) { return .success(try await client.answer(to: request)) } catch {
        return .failure(error)
      }
    }
  }

  private static let request = #"POST /jobs/a b ["q": "1&2"] x"#

  @Test func whatIsNotSpoiledPassesAsItIs() async throws {
    let line = try await Line()
    let answer = try await line.ask().get()
    #expect(answer.status == 201)
    #expect(answer.header("x-kind") == "whole")
    #expect(String(decoding: answer.body, as: UTF8.self) == "twelve bytes")
    #expect(line.arrived == [Self.request])
  }

  @Test(arguments: [.dropBefore, .dropAfter, .truncate(bytes: 3)] as [Fault])
  func theConnectionEnds(_ fault: Fault) async throws {
    let line = try await Line()
    line.proxy.spoil { _ in fault }
    guard case .failure(.lost) = await line.ask() else {
      Issue.record("an answer came")
      return
    }
    #expect(line.arrived == (fault.letsThrough ? [Self.request] : []))
    #expect(line.proxy.passed.map(\.fault) == [fault])
  }

  @Test func theAnswerNeverComes() async throws {
    let line = try await Line()
    line.proxy.spoil { _ in .hold }
    #expect(await line.ask(seconds: 1) == .failure(.late(seconds: 1)))
    #expect(line.arrived == [Self.request])
  }

  @Test(.timeLimit(.minutes(1))) func itArrivesThoughNobodyWaitsAnyMore() async throws {
    let line = try await Line()
    line.proxy.spoil { _ in .delay(milliseconds: 1500) }
    #expect(await line.ask(seconds: 1) == .failure(.late(seconds: 1)))
    while line.arrived.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
    #expect(line.arrived == [Self.request])
  }

  @Test func othersAnswer() async throws {
    let line = try await Line()
    line.proxy.spoil { _, count in count == 0 ? .answer(503, "later") : .replace("{") }
    let first = try await line.ask().get()
    #expect(first.status == 503 && first.body == Array("later".utf8))
    #expect(line.arrived == [])
    let second = try await line.ask().get()
    #expect(second.status == 201 && second.body == Array("{".utf8))
    #expect(line.arrived == [Self.request])
  }
}
