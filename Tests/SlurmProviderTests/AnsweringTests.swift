import Loopback
import Synchronization
import Testing

@testable import SlurmProvider

/// A service is there once it has answered.
@Suite struct AnsweringTests {
  @Test func onceItHasAnsweredItIsNotAskedAgain() async throws {
    let said = Said()
    let server = try await Loopback { asked in
      .text(asked.path == "/healthz" ? said.next() : 404, "")
    }
    let answering = Answering()
    let question = Answering.Question(
      job: 7, address: "127.0.0.1", port: server.port, path: "/healthz?full=1")
    #expect(await answering.silent(among: [question]) == [7])
    said.status = 200
    #expect(await answering.silent(among: [question]).isEmpty)
    said.status = 503
    #expect(await answering.silent(among: [question]).isEmpty)
    #expect(said.asked == 2)
    // Another process asks for itself, and so does this one after the job was gone.
    #expect(await Answering().silent(among: [question]) == [7])
    #expect(await answering.silent(among: []).isEmpty)
    #expect(await answering.silent(among: [question]) == [7])
  }

  @Test func whereNobodyIsThatIsSoonKnown() async throws {
    let server = try await Loopback { _ in .text(200, "") }
    let port = server.port
    try await server.close()
    let questions = (0..<200).map {
      Answering.Question(job: Int64($0), address: "127.0.0.1", port: port, path: "/")
    }
    #expect(await Answering().silent(among: questions).count == 200)
    let wrong = Answering.Question(job: 1, address: "no host", port: 1, path: "/")
    #expect(await Answering().silent(among: [wrong]) == [1])
  }
}

/// What a server is to say, and how often it did.
private final class Said: Sendable {
  private let state = Mutex((status: 503, asked: 0))

  var status: Int {
    get { state.withLock(\.status) }
    set { state.withLock { $0.status = newValue } }
  }

  var asked: Int { state.withLock(\.asked) }

  func next() -> Int {
    state.withLock { state in
      state.asked += 1
      return state.status
    }
  }
}
