import Testing
import Transport

/// What a run comes to, whatever the program does.
@Suite struct ToolTests {
  private let shell = Tool("sh", environment: ["PATH": "/usr/bin:/bin", "KEPT": "yes"])

  private func run(
    _ script: String, input: String = "", with variables: [String: String] = [:],
    secondsMax: Int = 60, outputBytesMax: Int = 1 << 20
  ) async throws(Tool.Problem) -> Tool.Ended {
    try await shell.run(
      ["-c", script], input: Array(input.utf8), with: variables, secondsMax: secondsMax,
      outputBytesMax: outputBytesMax)
  }

  private func problem(_ body: () async throws(Tool.Problem) -> Void) async -> Tool.Problem? {
    do throws(Tool.Problem) {
      try await body()
      return nil
    } catch {
      return error
    }
  }

  @Test func anAnswerIsHandedOverAsItIs() async throws {
    let ended = try await run("cat; echo one >&2; echo >&2; echo two >&2; exit 3", input: "a\0b\n")
    #expect(ended.status == 3 && !ended.isSuccess)
    #expect(ended.output == Array("a\0b\n".utf8))
    #expect(ended.complaints == ["one", "two"])
  }

  /// More than a pipe holds, to one that does not listen.
  @Test func whoeverDoesNotListenMayEnd() async throws {
    let input = String(repeating: "x", count: 1 << 20)
    let ended = try await run("exec 0<&-; echo done; exit 4", input: input)
    #expect(ended.status == 4 && ended.output == Array("done\n".utf8))
  }

  @Test func aSignalIsNoSuccess() async throws {
    #expect(try await run("kill -9 $$").status == 137)
  }

  /// Nothing of our own environment goes along.
  @Test func theEnvironmentIsAList() async throws {
    let ended = try await run("env", with: ["MORE": "1", "KEPT": "no"])
    let lines = String(decoding: ended.output, as: UTF8.self).split(separator: "\n").map(
      String.init)
    let own = lines.filter {
      !$0.hasPrefix("PWD=") && !$0.hasPrefix("SHLVL=") && !$0.hasPrefix("_=")
    }
    #expect(own.sorted() == ["KEPT=no", "MORE=1", "PATH=/usr/bin:/bin"])
  }

  @Test func whatDoesNotEndIsStopped() async {
    let late = await problem { () async throws(Tool.Problem) in
      _ = try await run("exec sleep 60", secondsMax: 1)
    }
    #expect(late == .tooSlow(seconds: 1))
  }

  @Test func whatSaysTooMuchIsCutOff() async {
    let long = await problem { () async throws(Tool.Problem) in
      _ = try await run("yes", outputBytesMax: 1000)
    }
    #expect(long == .tooMuchOutput(bytes: 1000))
  }

  @Test func whatIsNotThereIsSaid() async {
    let absent = Tool("no-such-tool", environment: ["PATH": "/usr/bin:/bin"])
    let problem = await problem { () async throws(Tool.Problem) in
      _ = try await absent.run([], secondsMax: 60, outputBytesMax: 10)
    }
    #expect(problem == .notInstalled)
  }

  @Test func whatCanNotBeRunIsSaid() async {
    let directory = Tool("/usr", environment: [:])
    let problem = await problem { () async throws(Tool.Problem) in
      _ = try await directory.run([], secondsMax: 60, outputBytesMax: 10)
    }
    #expect(problem != nil && problem != .notInstalled)
  }
}
