import HTTP
import JSON
import Model
import Planning

/// Which of the API groups that may be installed an API server has, and in which version. What it
/// said is believed for some minutes: every look would ask otherwise.
actor APIGroups {
  enum Group: String, Sendable {
    case clusterAPI = "cluster.x-k8s.io"
    case karpenter = "karpenter.sh"
  }

  private let way: Way
  private let now: @Sendable () -> Timestamp
  private var known: [Group: (path: String?, until: Timestamp)] = [:]

  private static let believedFor = Seconds(300)

  init(_ way: Way, now: @escaping @Sendable () -> Timestamp) {
    self.way = way
    self.now = now
  }

  /// The path of the version that the server prefers; nil where the group is not installed, or not
  /// for us to see.
  func path(of group: Group) async throws(Failure) -> String? {
    if let known = known[group], now() < known.until { return known.path }
    let path = try await asked(for: group)
    known[group] = (path, now() + Self.believedFor)
    return path
  }

  private func asked(for group: Group) async throws(Failure) -> String? {
    let answer = try await way.ask(.get, "/apis/\(group.rawValue)")
    if answer.status == 404 || answer.status == 403 { return nil }
    guard answer.isSuccess else { throw Refusal(answer).failure(mayHaveHappened: false) }
    do {
      var version: String?
      var reader = JSONReader(answer.body)
      try reader.members { (name, reader) throws(JSONProblem) in
        if name == "preferredVersion" { version = try reader.labels()["groupVersion"] }
      }
      return version.map { "/apis/\($0)" }
    } catch { throw .transient("the API server's groups can't be read: \(error)") }
  }
}
