/// A path within a repository, from the top of its tree: `manifests/research`, or empty for all of
/// it.
struct RepositoryPath: Hashable, Sendable {
  let text: String

  /// `path` is taken from `prefix`, the directory that the repository was opened by.
  init(_ path: String, from prefix: String) throws(GitProblem) {
    guard !path.hasPrefix("/"), !path.utf8.contains(0) else { throw .outside(path) }
    var parts = prefix.split(separator: "/").map(String.init)
    for part in path.split(separator: "/") where part != "." {
      guard part == ".." else {
        parts.append(String(part))
        continue
      }
      guard parts.popLast() != nil else { throw .outside(path) }
    }
    guard !parts.contains(where: { $0.lowercased() == ".git" }) else { throw .outside(path) }
    text = parts.joined(separator: "/")
  }
}
