public import Model

/// One adoption, as the history lists it.
public struct RevisionRecord: Hashable, Sendable {
  /// Counts from 1.
  public var number: Int
  public var target: TargetID
  public var plan: PlanID
  public var at: Timestamp
  public var summary: String
  /// All desired objects as canonical manifests; nil where they are so old that they were forgotten.
  public var manifests: String?
  /// The price files that they were adopted with, sorted by cluster.
  public var prices: [ClusterPrices]

  public init(
    number: Int, target: TargetID, plan: PlanID, at: Timestamp, summary: String,
    manifests: String?, prices: [ClusterPrices] = []
  ) {
    self.number = number
    self.target = target
    self.plan = plan
    self.at = at
    self.summary = summary
    self.manifests = manifests
    self.prices = prices
  }
}
