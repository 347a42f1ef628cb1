import Diagnostics
import Git
import Manifests
import YAML

/// What one commit has under some paths, in files that are read by object id and not interpreted.
struct CommittedFiles {
  let commit: CommitID
  private(set) var sources = Sources()
  private(set) var problems: [Diagnostic]

  static let limits = GitLimits(
    fileBytesMax: YAMLLimits.standard.fileBytesMax, filesMax: YAMLLimits.standard.filesMax,
    totalBytesMax: 2 * YAMLLimits.standard.setBytesMax)

  /// Where git is looked for.
  static var searchPath: String { POSIX.variable("PATH") ?? "/usr/local/bin:/usr/bin:/bin" }

  /// Each of `commits` with its files under `paths`; what they have alike is read once.
  static func read(
    _ paths: [String], at commits: [CommitID], of repository: GitRepository
  ) async throws(GitProblem) -> [CommittedFiles] {
    var listings: [CommittedListing] = []
    for commit in commits {
      listings.append(try await CommittedListing(paths, at: commit, of: repository))
    }
    let contents = try await repository.contents(of: listings.flatMap(\.files))
    var read: [CommittedFiles] = []
    for listing in listings {
      var files = CommittedFiles(listing, contents, paths)
      try await files.addPriceFiles(from: repository)
      read.append(files)
    }
    return read
  }

  private init(_ listing: CommittedListing, _ contents: [BlobID: [UInt8]], _ paths: [String]) {
    commit = listing.commit
    problems = listing.problems
    var bytes = 0
    for file in listing.files {
      bytes += file.bytes
      _ = sources.add(SourceText(path: file.path, bytes: contents[file.blob] ?? []))
    }
    let refused = YAMLLimits.standard.refusal(
      files: listing.files.count, bytes: bytes, of: paths.first ?? ".")
    if let refused { problems.append(refused) }
  }

  /// Those that manifests name, that lie beside or below them, and outside of the paths; what is
  /// missing is said where it is named.
  private mutating func addPriceFiles(from repository: GitRepository) async throws(GitProblem) {
    for path in Catalogs.missingPaths(ManifestReader.read(sources).value, in: sources) {
      do throws(GitProblem) {
        let listing = try await repository.list(path, at: commit, fromTop: true)
        problems += listing.refused.map(GitWording.diagnostic)
        // Where a directory has that name, nothing in it is meant.
        let name = path.split(separator: "/").last
        let files = listing.files.filter { $0.path.split(separator: "/").last == name }
        let contents = try await repository.contents(of: files)
        for file in files {
          _ = sources.add(SourceText(path: file.path, bytes: contents[file.blob] ?? []))
        }
      } catch {
        guard case .noPath = error else { throw error }
      }
    }
  }
}

/// What one commit has under all paths together.
private struct CommittedListing {
  let commit: CommitID
  /// Sorted by path, each once.
  let files: [GitFile]
  private(set) var problems: [Diagnostic] = []

  init(
    _ paths: [String], at commit: CommitID, of repository: GitRepository
  ) async throws(GitProblem) {
    self.commit = commit
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
}
