import Diagnostics
import Digests
import Git
import Manifests
import Synchronization

/// A source in Git that is followed: the last good revision of it.
///
/// What can't be fetched, is not signed as it must be, was rewound, is empty or has mistakes is
/// unknown, and unknown is not absent: the last good revision stays.
final class FollowedSource: Sendable {
  struct Revision: Sendable {
    let commit: CommitID
    let sources: Sources
    /// `main@1a2b3c4d5e`
    let mark: String
  }

  /// What came of a look.
  enum Look {
    case same
    case taken(Revision)
    /// Something is there, and is not taken.
    case refused(Trouble)
    case unreachable(Trouble)

    var trouble: Trouble? {
      switch self {
      case .same, .taken: nil
      case .refused(let trouble), .unreachable(let trouble): trouble
      }
    }
  }

  let location: GitLocation
  private let mirror: GitMirror
  private let trust: GitTrust?
  private let rewindTo: CommitID?
  private let last = Mutex<Revision?>(nil)

  var revision: Revision? { last.withLock { $0 } }

  /// The work directory lies beside the state.
  static func open(
    _ location: GitLocation, beside statePath: String, trust: GitTrust?, rewindTo: CommitID?
  ) async throws(Trouble) -> FollowedSource {
    let above = POSIX.directory(of: statePath)
    let name = Digest(of: "\(location)").short
    let directory = (above.isEmpty ? "" : "\(above)/") + "sources/\(name).git"
    do throws(POSIX.Problem) {
      try POSIX.makeDirectory(POSIX.directory(of: directory))
    } catch {
      throw .problem(SourceWording.unreadable(directory, error.text))
    }
    let access = GitAccess(
      searchPath: CommittedFiles.searchPath, variable: { POSIX.variable($0) })
    do throws(GitProblem) {
      let mirror = try await GitMirror(
        of: location, in: directory, access: access, limits: CommittedFiles.limits)
      return FollowedSource(mirror, trust, rewindTo)
    } catch {
      throw .problem(GitWording.diagnostic(error))
    }
  }

  private init(_ mirror: GitMirror, _ trust: GitTrust?, _ rewindTo: CommitID?) {
    location = mirror.location
    self.mirror = mirror
    self.trust = trust
    self.rewindTo = rewindTo
  }

  /// Goes on with what was accepted last by an earlier run, where that is still good.
  func recall(beside wishes: Wishes) async {
    do throws(Fault) {
      guard let commit = try await git(mirror.lastAccepted) else { return }
      let revision = try await read(commit, beside: wishes)
      last.withLock { $0 = revision }
    } catch {
      // The look that follows says what is wrong with what is there now.
      return
    }
  }

  /// Fetches, and takes what is there if it is good; what processes died over is not read again.
  func look(beside wishes: Wishes, _ quarantine: Quarantine? = nil) async -> Look {
    do throws(Fault) {
      let commit = try await git(mirror.fetch)
      if commit == revision?.commit { return .same }
      if commit != rewindTo {
        try await git { () throws(GitProblem) in try await mirror.checkThatItFollows(commit) }
      }
      let revision = try await read(commit, beside: wishes, quarantine)
      try await git { () throws(GitProblem) in try await mirror.accept(commit) }
      last.withLock { $0 = revision }
      return .taken(revision)
    } catch {
      return error.look
    }
  }

  private func read(
    _ commit: CommitID, beside wishes: Wishes, _ quarantine: Quarantine?
  ) async throws(Fault) -> Revision {
    guard let quarantine else { return try await read(commit, beside: wishes) }
    let subject = Quarantine.reading("\(location.shortRef)@\(commit.short)")
    do throws(Trouble) { try await quarantine.begin(subject) } catch { throw .trouble(error) }
    let result: Result<Revision, Fault>
    do throws(Fault) { result = .success(try await read(commit, beside: wishes)) } catch {
      result = .failure(error)
    }
    do throws(Trouble) { try await quarantine.end(subject) } catch { throw .trouble(error) }
    return try result.get()
  }

  private func read(
    _ commit: CommitID, beside wishes: Wishes
  ) async throws(Fault) -> Revision {
    let files = try await git { () async throws(GitProblem) -> CommittedFiles in
      if let trust { try await mirror.verify(commit, by: trust) }
      return try await CommittedFiles.read(
        [location.path], at: [commit], of: mirror.repository)[0]
    }
    // To judge it: it is read again beside whatever is stored when it is planned.
    do throws(Trouble) {
      _ = try ManifestRequest(files.sources, gatheredWith: files.problems, beside: wishes)
    } catch {
      throw .trouble(error)
    }
    return Revision(
      commit: commit, sources: files.sources, mark: "\(location.shortRef)@\(commit.short)")
  }

  private enum Fault: Error {
    case git(GitProblem)
    case trouble(Trouble)

    var look: Look {
      switch self {
      case .trouble(let trouble): return .refused(trouble)
      case .git(let problem):
        let trouble = Trouble.problem(GitWording.diagnostic(problem))
        switch problem {
        case .unreachable, .tooSlow: return .unreachable(trouble)
        case .noGit, .notARepository, .foreignOwner, .invalidRange, .unknownRevision, .shallow,
          .unrelated, .outside, .noPath, .tooManyFiles, .tooManyBytes, .damaged, .tooMuchOutput,
          .rewound, .unverified, .failed:
          return .refused(trouble)
        }
      }
    }
  }

  private func git<Answer>(
    _ ask: () async throws(GitProblem) -> Answer
  ) async throws(Fault) -> Answer {
    do throws(GitProblem) { return try await ask() } catch { throw .git(error) }
  }
}
