import Transport

/// A repository whose revisions are read by object id, never through a work tree.
///
/// Names are resolved to commit ids once; from then on everything is read by id, so that a branch
/// that moves meanwhile changes nothing. Nothing is checked out, no filter or hook of the
/// repository runs, and nothing is fetched: that is what a `GitMirror` is for.
public struct GitRepository: Sendable {
  public let limits: GitLimits
  let process: GitProcess
  /// Absolute.
  let gitDirectory: String
  /// From the top of the tree to the directory that it was opened by; empty, or with its slash.
  let prefix: String

  /// Opens the repository that `directory` belongs to, or the one around the current directory.
  ///
  /// A repository of another user is opened only where it is named: whoever names it says that it
  /// is meant, while one that merely lies above the current directory may have been put there by
  /// anybody. The same holds for a bare repository, which could be a part of somebody's tree.
  public init(
    _ directory: String?, searchPath: String, limits: GitLimits
  ) async throws(GitProblem) {
    self.limits = limits
    process = GitProcess(searchPath: searchPath, secondsMax: limits.secondsMax)
    let trust =
      directory == nil
      ? ["-c", "safe.bareRepository=explicit"] : ["-c", "safe.directory=*"]
    let found = try await process.run(
      trust + ["-C", directory ?? ".", "rev-parse", "--absolute-git-dir", "--show-prefix"],
      outputBytesMax: Self.answerBytesMax)
    let lines = found.text.split(separator: "\n", omittingEmptySubsequences: false)
    guard found.isSuccess, lines.count >= 2, lines[0].hasPrefix("/") else {
      throw found.complaint.contains("dubious ownership")
        ? .foreignOwner(directory ?? ".") : .notARepository(directory ?? ".")
    }
    gitDirectory = String(lines[0])
    prefix = String(lines[1])
  }

  static let answerBytesMax = 64 << 10

  /// Runs git on this repository, with no look at where the process stands.
  func git(
    _ arguments: [String], input: [UInt8] = [], with variables: [String: String] = [:],
    outputBytesMax: Int = answerBytesMax, secondsMax: Int? = nil
  ) async throws(GitProblem) -> GitProcess.Ended {
    var process = process
    if let secondsMax { process.secondsMax = secondsMax }
    return try await process.run(
      ["--git-dir=\(gitDirectory)"] + arguments, input: input, with: variables,
      outputBytesMax: outputBytesMax)
  }

  /// Both sides of a range as commit ids.
  public func resolve(_ range: RevisionRangeText) async throws(GitProblem) -> RevisionRange {
    let base = try await commit(range.base)
    let head = try await commit(range.head)
    return RevisionRange(
      baseName: range.base, headName: range.head,
      base: range.isFromMergeBase ? try await mergeBase(base, head, of: range) : base, head: head)
  }

  func commit(_ name: String) async throws(GitProblem) -> CommitID {
    let answer = try await git(
      ["rev-parse", "--verify", "--quiet", "--end-of-options", "\(name)^{commit}"])
    guard answer.isSuccess, let id = answer.id else {
      throw try await isShallow() ? .shallow(name) : .unknownRevision(name)
    }
    return id
  }

  private func mergeBase(
    _ base: CommitID, _ head: CommitID, of range: RevisionRangeText
  ) async throws(GitProblem) -> CommitID {
    let answer = try await git(["merge-base", base.hex, head.hex])
    guard answer.isSuccess, let id = answer.id else {
      throw try await isShallow()
        ? .shallow("\(range.base)...\(range.head)") : .unrelated(range.base, range.head)
    }
    return id
  }

  private func isShallow() async throws(GitProblem) -> Bool {
    try await git(["rev-parse", "--is-shallow-repository"]).text.hasPrefix("true")
  }
}

extension GitProcess.Ended {
  /// The commit id that the first line is.
  var id: CommitID? { text.split(separator: "\n").first.flatMap { CommitID($0) } }
}
