import Foundation
import HTTP
import Loopback
import Synchronization
import Testing

/// What a request comes to, whatever the server does.
@Suite struct ServerTests {
  private func server(_ loopback: Loopback) throws -> Server {
    try Server(Address("http://127.0.0.1:\(loopback.port)"))
  }

  private func get(_ path: String = "/", secondsMax: Int = 60, bytesMax: Int = 1000) -> Request {
    Request(.get, path, secondsMax: secondsMax, answerBytesMax: bytesMax)
  }

  @Test func anAnswerIsHandedOverAsItIs() async throws {
    let loopback = try await Loopback { asked in
      .text(
        422,
        "\(asked.method) \(asked.path) \(asked.query) \(String(decoding: asked.body, as: UTF8.self))",
        ["Retry-After": "3", "X-Seen": asked["x-sent"] ?? ""])
    }
    let answer = try await server(loopback).answer(
      to: Request(
        .patch, "/api/v1/pods", query: [.init("field", "a&b=c d")],
        headers: [.init("X-Sent", "yes")], body: Array("{}".utf8), secondsMax: 60,
        answerBytesMax: 1000))
    #expect(answer.status == 422 && !answer.isSuccess)
    #expect(
      String(decoding: answer.body, as: UTF8.self)
        == #"PATCH /api/v1/pods ["field": "a&b=c d"] {}"#)
    #expect(answer.header("retry-after") == "3" && answer.header("X-SEEN") == "yes")
    #expect(answer.header("absent") == nil)
  }

  /// A credential goes to nobody but whom it is meant for.
  @Test func nobodyIsFollowedElsewhere() async throws {
    let loopback = try await Loopback { asked in
      asked.path == "/" ? .text(307, "", ["Location": "/elsewhere"]) : .text(200, "elsewhere")
    }
    #expect(try await server(loopback).answer(to: get()).status == 307)
  }

  @Test func aCredentialArrivesAndIsNeverShown() async throws {
    let loopback = try await Loopback { .text(200, $0["authorization"] ?? "none") }
    var request = get()
    request.credential = .bearer("s3cret")
    let answer = try await server(loopback).answer(to: request)
    #expect(String(decoding: answer.body, as: UTF8.self) == "Bearer s3cret")
    #expect("\(request)".contains("Authorization: (secret)"))
    #expect(!"\(request) \(String(reflecting: request))".contains("s3cret"))
    var dumped = ""
    dump(request, to: &dumped)
    #expect(!dumped.contains("s3cret"))
    request.credential = .bearer("s3cret\r\nX-More: 1")
    let problem = await problem(try server(loopback), request)
    #expect(problem == .unusable("header 'Authorization' holds a control character"))
  }

  @Test func whoIsNotThereWasNotReached() async throws {
    let port = try await {
      let loopback = try await Loopback { _ in .silence }
      try await loopback.close()
      return loopback.port
    }()
    let refused = await problem(try Server(Address("http://127.0.0.1:\(port)")), get())
    #expect(refused?.mayHaveArrived == false)
    #expect(refused == .refused("nobody listens there"))
    let noSocket = await problem(try Server(Address("unix:///nonexistent/socket")), get())
    #expect(noSocket == .refused("there is no such socket"))
    let unknown = await problem(try Server(Address("http://nobody.invalid")), get())
    #expect(unknown == .unresolved(host: "nobody.invalid"))
  }

  @Test func whoGoesAwayMayHaveHeard() async throws {
    let texts = ["", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "nonsense\r\n\r\n"]
    for text in texts {
      let loopback = try await Loopback { _ in .raw(text) }
      let problem = await problem(try server(loopback), get())
      #expect(problem?.mayHaveArrived == true, "after '\(text)'")
    }
  }

  @Test func whoIsSlowIsGivenUp() async throws {
    let loopback = try await Loopback { asked in
      let (stream, feed) = AsyncStream.makeStream(of: [UInt8].self)
      feed.yield(Array("half".utf8))
      return asked.path == "/half" ? .stream(200, stream) : .silence
    }
    let server = try server(loopback)
    #expect(await problem(server, get(secondsMax: 1)) == .late(seconds: 1))
    // The deadline is for the whole answer, not for its beginning.
    #expect(await problem(server, get("/half", secondsMax: 1)) == .late(seconds: 1))
  }

  @Test func nobodyMayTalkWithoutEnd() async throws {
    let loopback = try await Loopback { _ in .text(200, String(repeating: "a", count: 1000)) }
    #expect(try await server(loopback).answer(to: get()).body.count == 1000)
    #expect(await problem(try server(loopback), get(bytesMax: 999)) == .tooLong(bytes: 999))
  }

  @Test func moreRequestsThanConnectionsWaitForOneAnother() async throws {
    let most = Mutex((now: 0, most: 0))
    let loopback = try await Loopback { _ in
      most.withLock {
        $0.now += 1
        $0.most = max($0.most, $0.now)
      }
      for _ in 0..<20 { await Task.yield() }
      most.withLock { $0.now -= 1 }
      return .text(200, "")
    }
    let server = try Server(Address("http://127.0.0.1:\(loopback.port)"), connectionsMax: 2)
    let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<50 { group.addTask { try await server.answer(to: get()).status } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(statuses == Array(repeating: 200, count: 50))
    #expect(1...2 ~= most.withLock { $0.most })
  }

  @Test func aSocketIsAServerAsWell() async throws {
    let path = "/tmp/setpoint-http-\(ProcessInfo.processInfo.processIdentifier)"
    let loopback = try await Loopback(socket: path) { .text(200, $0.path) }
    let answer = try await Server(Address("unix://\(path)")).answer(to: get("/slurm/v1"))
    #expect(String(decoding: answer.body, as: UTF8.self) == "/slurm/v1")
    try await loopback.close()
  }

  @Test func whoIsCancelledEnds() async throws {
    let asked = AsyncStream.makeStream(of: Void.self)
    let loopback = try await Loopback { _ in
      asked.continuation.yield()
      return .silence
    }
    let server = try server(loopback)
    let task = Task { await problem(server, get()) }
    for await _ in asked.stream { break }
    task.cancel()
    #expect(await task.value != nil)
  }
}

/// Why there is no answer; nil where there is one.
func problem(_ server: Server, _ request: Request) async -> Problem? {
  do throws(Problem) {
    _ = try await server.answer(to: request)
    return nil
  } catch {
    return error
  }
}
