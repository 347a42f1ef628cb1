public import Model
public import Planning

/// What is measured of a cluster's workloads.
public protocol MetricsSource: Sendable {
  /// What `query` comes to now; nil where nothing is known, which is not zero. Whatever is measured is
  /// told as it is, also where it is no number.
  func value(of query: String, in cluster: ClusterSpec) async throws(Failure) -> Double?

  /// The same at every moment of a time, as far as it is known; in order of time.
  func values(
    of query: String, in cluster: ClusterSpec, from start: Timestamp, to end: Timestamp,
    every interval: Seconds
  ) async throws(Failure) -> [Measurement]
}

public struct Measurement: Hashable, Sendable {
  public var at: Timestamp
  public var value: Double

  public init(at: Timestamp, value: Double) {
    self.at = at
    self.value = value
  }
}
