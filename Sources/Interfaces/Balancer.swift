public import Balancing
public import Model
public import Planning

/// What spreads the requests for services of a cluster over their replicas.
public protocol Balancer: Sendable {
  /// Has requests go as `table` says, and returns once they do: then those that drain get no new ones.
  ///
  /// The same table twice is once. Where it fails, what was published before stays: nothing is taken out
  /// for want of knowledge.
  func publish(_ table: EndpointTable, in cluster: ClusterSpec) async throws(Failure)
}
