import Transport

/// Runs git so that neither the user's nor the machine's nor the repository's own settings make it
/// do more than it was told.
///
/// What a repository's own `.git/config` could start is overridden on the command line: hooks, the
/// file system monitor, pagers. Nothing is fetched by the way: reading a promised object that is not
/// here fails instead.
struct GitProcess: Sendable {
  typealias Ended = Tool.Ended

  var secondsMax: Int
  private let tool: Tool

  /// Where git and what it runs itself are looked for.
  init(searchPath: String, secondsMax: Int) {
    self.secondsMax = secondsMax
    tool = Tool("git", environment: Self.environment(searchPath))
  }

  private static let settings = [
    "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.pager=cat", "core.askPass=",
    "core.sshCommand=false", "core.attributesFile=/dev/null", "credential.helper=",
    "protocol.allow=never", "gc.auto=0", "maintenance.auto=false", "advice.detachedHead=false",
  ]

  private static func environment(_ searchPath: String) -> [String: String] {
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
    do {
      return try await tool.run(
        arguments, input: input, with: variables, secondsMax: secondsMax,
        outputBytesMax: outputBytesMax)
    } catch {
      throw GitProblem(error)
    }
  }
}

extension GitProblem {
  fileprivate init(_ problem: Tool.Problem) {
    switch problem {
    case .notInstalled: self = .noGit
    case .tooSlow(let seconds): self = .tooSlow(seconds: seconds)
    case .tooMuchOutput(let bytes): self = .tooMuchOutput(bytes: bytes)
    case .failed(let detail): self = .failed(detail)
    }
  }
}

extension Tool.Ended {
  /// What git said against it first.
  var complaint: String { complaints.first ?? "" }

  var text: String { String(decoding: output, as: UTF8.self) }
}
