/// The price file of one cluster as canonical text: kept with what is wanted, so that whoever plans
/// later does it with the same prices.
public struct ClusterPrices: Hashable, Sendable {
  public var cluster: ClusterName
  public var text: String

  public init(cluster: ClusterName, text: String) {
    self.cluster = cluster
    self.text = text
  }
}
