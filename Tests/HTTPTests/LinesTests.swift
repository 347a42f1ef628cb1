import HTTP
import Loopback
import Synchronization
import Testing

/// Answers that come line by line.
@Suite struct LinesTests {
  private func lines(
    _ pieces: [String], status: Int = 200, bytesMax: Int = 10, ends: Bool = true,
    until last: String? = nil
  ) async throws -> (lines: [String], answer: Answer) {
    let loopback = try await Loopback { _ in
      let (stream, feed) = AsyncStream.makeStream(of: [UInt8].self)
      for piece in pieces { feed.yield(Array(piece.utf8)) }
      if ends { feed.finish() }
      return .stream(status, stream)
    }
    let seen = Mutex<[String]>([])
    let answer = try await Server(Address("http://127.0.0.1:\(loopback.port)")).lines(
      of: Request(.get, "/", secondsMax: 60, answerBytesMax: bytesMax)
    ) { line in
      let line = String(decoding: line, as: UTF8.self)
      seen.withLock { $0.append(line) }
      return line != last
    }
    return (seen.withLock { $0 }, answer)
  }

  @Test func linesComeHoweverTheyAreCut() async throws {
    #expect(try await lines(["one\ntw", "o\n", "\nfour"]).lines == ["one", "two", "", "four"])
    #expect(try await lines([]).lines == [])
  }

  /// A watch never ends by itself.
  @Test func whoHasHeardEnoughEndsIt() async throws {
    #expect(try await lines(["a\nb\nc\n"], ends: false, until: "b").lines == ["a", "b"])
  }

  @Test func aLineHasABound() async throws {
    #expect(try await lines(["1234567890\n1234567890"]).lines.count == 2)
    await #expect(throws: Problem.tooLong(bytes: 10)) { try await lines(["12345678901\n"]) }
    await #expect(throws: Problem.tooLong(bytes: 10)) { try await lines(["123456", "78901"]) }
  }

  @Test func whatIsNoSuccessIsNoLine() async throws {
    let (lines, answer) = try await lines(["gone\n"], status: 410)
    #expect(lines.isEmpty && answer.status == 410 && answer.body == Array("gone\n".utf8))
  }
}
