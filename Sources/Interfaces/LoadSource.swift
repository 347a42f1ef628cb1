public import Model
public import Planning

/// What is measured of each replica of a cluster's services.
public protocol LoadSource: Sendable {
  /// What `query` comes to now for each value of `label`; series without that label are left out, and
  /// those of one value are added up. Whatever is measured is told as it is, also where it is no number.
  func series(
    of query: String, by label: String, in cluster: ClusterSpec
  ) async throws(Failure) -> [String: Double]
}
