public import Autoscaling
public import Catalog
public import Digests
public import Model

/// Everything that a plan depends on.
public struct PlanningInput: Sendable {
  /// What people want, all sets together.
  public var desired: DesiredState
  /// Of its canonical manifests.
  public var desiredDigest: Digest
  /// How it differs from what was wanted before.
  public var changes: [ObjectChange]
  /// What was decided before; nil where nothing was.
  public var previous: Target?
  public var observed: ObservedState
  /// Of the creations and starts that `previous` asks for, when those were carried out that were: what
  /// is gone of them after a while was taken by the world and is not merely late.
  public var done: [ActionID: Timestamp]
  /// Instance types and prices for each cluster.
  public var catalogs: [ClusterName: Catalog]
  /// Offers that providers refused lately.
  public var outOfStock: [StockOut]
  /// What the autoscaler decided for those that it owns; the others keep the number that they have.
  public var scales: [WorkloadName: ScaleDecision]
  /// What was spent this month of budgets.
  public var spent: [BudgetOwner: Money]
  /// Workloads that are idle by what is measured of them, and since when.
  public var idle: [WorkloadName: Timestamp]
  public var now: Timestamp

  public init(
    desired: DesiredState, desiredDigest: Digest, changes: [ObjectChange] = [],
    previous: Target? = nil,
    observed: ObservedState, done: [ActionID: Timestamp] = [:], catalogs: [ClusterName: Catalog],
    outOfStock: [StockOut] = [], scales: [WorkloadName: ScaleDecision] = [:],
    spent: [BudgetOwner: Money] = [:], idle: [WorkloadName: Timestamp] = [:], now: Timestamp
  ) {
    self.desired = desired
    self.desiredDigest = desiredDigest
    self.changes = changes
    self.previous = previous
    self.observed = observed
    self.done = done
    self.catalogs = catalogs
    self.outOfStock = outOfStock
    self.scales = scales
    self.spent = spent
    self.idle = idle
    self.now = now
  }
}

extension PlanningInput {
  /// How long what was made may take to be seen. Listings lag, and where several processes act, one of
  /// them makes what another one's look was too early for.
  public static let appearsWithin = Seconds(60)

  /// Whether what the creation or start made would be seen by now if it were there. A moment far ahead
  /// is from before a clock was set back.
  func shouldShow(_ action: ActionID) -> Bool {
    guard let at = done[action] else { return false }
    return at + Self.appearsWithin <= now || now + Self.appearsWithin < at
  }
}

/// An offer that a provider said it has none of, or sold and did not deliver.
public struct StockOut: Hashable, Sendable {
  public var cluster: ClusterName
  public var instanceType: String
  public var capacityType: CapacityType
  public var zone: String

  public init(
    cluster: ClusterName, instanceType: String, capacityType: CapacityType, zone: String
  ) {
    self.cluster = cluster
    self.instanceType = instanceType
    self.capacityType = capacityType
    self.zone = zone
  }

  /// The offer that a node was bought as.
  public init(of node: ObservedNode) {
    self.init(
      cluster: node.id.cluster, instanceType: node.instanceType, capacityType: node.capacityType,
      zone: node.zone)
  }
}
