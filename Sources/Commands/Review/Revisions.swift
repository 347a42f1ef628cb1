import Diagnostics
import Git
import YAML

/// The files of both sides of a change, read from a repository and not interpreted.
struct Revisions {
  let range: RevisionRange
  let base: Side
  let head: Side

  struct Side {
    var sources = Sources()
    var problems: [Diagnostic] = []
  }

  static func read(
    _ range: RevisionRangeText, _ paths: [String], in directory: String?
  ) async throws(GitProblem) -> Revisions {
    let limits = YAMLLimits.standard
    let repository = try await GitRepository(
      directory, searchPath: POSIX.variable("PATH") ?? "/usr/local/bin:/usr/bin:/bin",
      limits: GitLimits(
        fileBytesMax: limits.fileBytesMax, filesMax: limits.filesMax,
        totalBytesMax: 2 * limits.setBytesMax))
    let resolved = try await repository.resolve(range)
    let before = try await Listed(paths, at: resolved.base, of: repository)
    let after = try await Listed(paths, at: resolved.head, of: repository)
    // What both have alike is read once.
    let contents = try await repository.contents(of: before.files + after.files)
    return Revisions(
      range: resolved, base: before.side(contents, paths), head: after.side(contents, paths))
  }
}

/// What one revision has under all paths together.
private struct Listed {
  /// Sorted by path, each once.
  var files: [GitFile] = []
  var problems: [Diagnostic] = []

  init(
    _ paths: [String], at commit: CommitID, of repository: GitRepository
  ) async throws(GitProblem) {
    var files: [String: GitFile] = [:]
    for path in paths {
      do throws(GitProblem) {
        let listing = try await repository.list(path, at: commit)
        for file in listing.files { files[file.path] = file }
        problems += listing.refused.map(GitWording.diagnostic)
        if listing.files.isEmpty, listing.refused.isEmpty {
          problems.append(SourceWording.noManifests(path))
        }
      } catch {
        guard case .noPath = error else { throw error }
        problems.append(GitWording.diagnostic(error))
      }
    }
    self.files = files.values.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  func side(_ contents: [BlobID: [UInt8]], _ paths: [String]) -> Revisions.Side {
    var side = Revisions.Side(problems: problems)
    var bytes = 0
    for file in files {
      bytes += file.bytes
      _ = side.sources.add(SourceText(path: file.path, bytes: contents[file.blob] ?? []))
    }
    let refused = YAMLLimits.standard.refusal(
      files: files.count, bytes: bytes, of: paths.first ?? ".")
    if let refused { side.problems.append(refused) }
    return side
  }
}
