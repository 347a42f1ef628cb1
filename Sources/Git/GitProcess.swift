import Subprocess

/// Runs git so that neither the user's nor the machine's nor the repository's own settings make it
/// do more than it was told.
///
/// The environment is a list of what may be there, not what is left of ours. What a repository's
/// own
/// `.git/config` could start is overridden on the command line: hooks, the file system monitor,
/// pagers. Nothing is fetched by the way: reading a promised object that is not here fails instead.
struct GitProcess: Sendable {
  struct Ended: Sendable {
    let status: Int32
    let output: [UInt8]
    /// What git said against it, line by line.
    let complaints: [String]

    var complaint: String { complaints.first ?? "" }

    var isSuccess: Bool { status == 0 }

    var text: String { String(decoding: output, as: UTF8.self) }
  }

  /// Where git and what it runs itself are looked for.
  let searchPath: String
  var secondsMax: Int

  private static let complaintBytesMax = 64 << 10

  private static let settings = [
    "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.pager=cat", "core.askPass=",
    "core.sshCommand=false", "core.attributesFile=/dev/null", "credential.helper=",
    "protocol.allow=never", "gc.auto=0", "maintenance.auto=false", "advice.detachedHead=false",
  ]

  private var environment: [String: String] {
    [
      "PATH": searchPath, "LC_ALL": "C", "HOME": "/nonexistent",
      "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_SYSTEM": "/dev/null",
      "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_ATTR_NOSYSTEM": "1",
      "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "", "SSH_ASKPASS": "", "GIT_PAGER": "cat",
      "GIT_ALLOW_PROTOCOL": "", "GIT_PROTOCOL_FROM_USER": "0", "GIT_NO_LAZY_FETCH": "1",
      // Both would let a repository show other objects than those that their ids name.
      "GIT_NO_REPLACE_OBJECTS": "1", "GIT_GRAFT_FILE": "/dev/null",
      "GIT_OPTIONAL_LOCKS": "0", "GIT_LITERAL_PATHSPECS": "1",
    ]
  }

  /// One run from its start to its end, whatever its exit status is. `variables` are set besides,
  /// or instead of those that are always set.
  func run(
    _ arguments: [String], input: [UInt8] = [], with variables: [String: String] = [:],
    outputBytesMax: Int
  ) async throws(GitProblem) -> Ended {
    let arguments = Self.settings.flatMap { ["-c", $0] } + arguments
    let result = await withTaskGroup(of: Result<Ended, GitProblem>.self) { group in
      group.addTask { await ended(arguments, input, variables, outputBytesMax) }
      group.addTask {
        let late = Result<Ended, GitProblem>.failure(.tooSlow(seconds: secondsMax))
        // Cancelled means that git has ended, and then nobody asks for this any more.
        do { try await Task.sleep(for: .seconds(secondsMax)) } catch { return late }
        return late
      }
      let first = await group.next() ?? .failure(.tooSlow(seconds: secondsMax))
      group.cancelAll()
      return first
    }
    return try result.get()
  }

  private func ended(
    _ arguments: [String], _ input: [UInt8], _ variables: [String: String], _ outputBytesMax: Int
  ) async -> Result<Ended, GitProblem> {
    let variables = environment.merging(variables) { $1 }.map {
      (Environment.Key(stringLiteral: $0.key), $0.value)
    }
    do {
      let result = try await Subprocess.run(
        .name("git"), arguments: Arguments(arguments),
        environment: .custom(Dictionary(uniqueKeysWithValues: variables)),
        input: .array(input), output: .bytes(limit: outputBytesMax),
        error: .bytes(limit: Self.complaintBytesMax))
      let complaint = String(decoding: result.standardError, as: UTF8.self)
      let status: Int32 =
        switch result.terminationStatus {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
      return .success(
        Ended(
          status: status, output: result.standardOutput,
          complaints: complaint.split(separator: "\n").map(String.init)))
    } catch let error as SubprocessError {
      switch error.code {
      case .executableNotFound: return .failure(.noGit)
      case .outputLimitExceeded: return .failure(.tooMuchOutput(bytes: outputBytesMax))
      default: return .failure(.failed(error.description))
      }
    } catch {
      return .failure(.failed("\(error)"))
    }
  }
}
