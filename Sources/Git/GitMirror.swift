import Transport

/// A bare repository of our own that one ref of another is fetched into.
///
/// It remembers the commit that was accepted last: a branch that was rewound, or that shows an
/// older commit again, does not follow it.
public struct GitMirror: Sendable {
  public let location: GitLocation
  /// To read what was fetched, by object id.
  public let repository: GitRepository
  private let access: GitAccess

  private static let fetched = "refs/setpoint/fetched"
  private static let accepted = "refs/setpoint/accepted"

  /// Opens the mirror in `directory`, or makes it there.
  public init(
    of location: GitLocation, in directory: String, access: GitAccess, limits: GitLimits
  ) async throws(GitProblem) {
    self.location = location
    self.access = access
    let process = GitProcess(searchPath: access.searchPath, secondsMax: limits.secondsMax)
    let made = try await process.run(
      ["init", "--quiet", "--bare", "--template=", "--", directory],
      outputBytesMax: GitRepository.answerBytesMax)
    guard made.isSuccess else { throw .failed(made.complaint) }
    repository = try await GitRepository(
      directory, searchPath: access.searchPath, limits: limits)
  }

  /// The commit that the ref is at over there, with all that it needs, fetched.
  public func fetch() async throws(GitProblem) -> CommitID {
    let fetched = try await repository.git(
      [
        "-c", "fetch.fsckObjects=true", "fetch", "--quiet", "--no-tags",
        "--no-recurse-submodules", "--no-write-fetch-head", "--no-auto-maintenance",
        "--end-of-options", location.url, "+\(location.ref):\(Self.fetched)",
      ], with: access.environment(for: location.scheme),
      secondsMax: repository.limits.fetchSecondsMax)
    guard fetched.isSuccess else { throw .unreachable(fetched.fatalComplaint) }
    return try await repository.commit(Self.fetched)
  }

  /// The commit that was accepted last; nil before the first.
  public func lastAccepted() async throws(GitProblem) -> CommitID? {
    let answer = try await repository.git([
      "for-each-ref", "--format=%(objectname)", Self.accepted,
    ])
    guard answer.isSuccess else { throw .damaged(answer.complaint) }
    return answer.id
  }

  /// From now on only commits that follow this one do.
  public func accept(_ commit: CommitID) async throws(GitProblem) {
    let answer = try await repository.git(["update-ref", Self.accepted, commit.hex])
    guard answer.isSuccess else { throw .failed(answer.complaint) }
  }

  /// Refuses a commit that does not have the last accepted one behind it.
  public func checkThatItFollows(_ commit: CommitID) async throws(GitProblem) {
    guard let last = try await lastAccepted(), last != commit else { return }
    let answer = try await repository.git(["merge-base", "--is-ancestor", last.hex, commit.hex])
    guard answer.isSuccess else { throw .rewound(to: commit, from: last) }
  }

  /// Refuses a commit without a good signature of somebody trusted: its own, or that of the tag object
  /// that the ref was at when it was fetched. Only the exit status counts: what is printed about a
  /// signature looks good for keys that nobody trusts as well.
  public func verify(_ commit: CommitID, by trust: GitTrust) async throws(GitProblem) {
    if try await hasGoodSignature("verify-commit", commit, by: trust) { return }
    guard let tag = try await fetchedTag(of: commit),
      try await hasGoodSignature("verify-tag", tag, by: trust)
    else { throw .unverified(commit) }
  }

  /// Asks at the object's id, never at a name that may have moved on.
  func hasGoodSignature(
    _ command: String, _ object: CommitID, by trust: GitTrust
  ) async throws(GitProblem) -> Bool {
    let settings = trust.settings.flatMap { ["-c", $0] }
    return try await repository.git(
      settings + [command, object.hex], with: trust.environment
    ).isSuccess
  }

  /// The tag object that was fetched, where there is one and it is `commit` that it tags.
  private func fetchedTag(of commit: CommitID) async throws(GitProblem) -> CommitID? {
    let answer = try await repository.git([
      "for-each-ref", "--format=%(objecttype) %(*objectname) %(objectname)", Self.fetched,
    ])
    let words = answer.text.split(whereSeparator: \.isWhitespace).map(String.init)
    guard answer.isSuccess, words.count == 3, words[0] == "tag", words[1] == commit.hex else {
      return nil
    }
    return CommitID(words[2])
  }
}

extension GitProcess.Ended {
  /// The line in which git says why it gave up, which others may stand before.
  fileprivate var fatalComplaint: String {
    let fatal = complaints.first { $0.hasPrefix("fatal: ") || $0.hasPrefix("error: ") }
    return fatal.map { String($0.dropFirst(7)) } ?? complaint
  }
}
