import Git

/// The files of both sides of a change, read from a repository and not interpreted.
struct Revisions {
  let range: RevisionRange
  let base: CommittedFiles
  let head: CommittedFiles

  static func read(
    _ range: RevisionRangeText, _ paths: [String], in directory: String?
  ) async throws(GitProblem) -> Revisions {
    let repository = try await GitRepository(
      directory, searchPath: CommittedFiles.searchPath, limits: CommittedFiles.limits)
    let resolved = try await repository.resolve(range)
    let sides = try await CommittedFiles.read(
      paths, at: [resolved.base, resolved.head], of: repository)
    return Revisions(range: resolved, base: sides[0], head: sides[1])
  }
}
