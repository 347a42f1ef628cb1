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
  /// Of the creations and starts that `previous` asks for, those that were carried out once: what is
  /// gone of them was taken by the world and is not merely late. `observed` must be no older than
  /// what is said here, or what was just made looks gone.
  public var done: Set<ActionID>
  /// Instance types and prices for each cluster.
  public var catalogs: [ClusterName: Catalog]
  /// Offers that providers refused lately.
  public var outOfStock: [StockOut]
  public var now: Timestamp

  public init(
    desired: DesiredState, desiredDigest: Digest, changes: [ObjectChange] = [],
    previous: Target? = nil,
    observed: ObservedState, done: Set<ActionID> = [], catalogs: [ClusterName: Catalog],
    outOfStock: [StockOut] = [],
    now: Timestamp
  ) {
    self.desired = desired
    self.desiredDigest = desiredDigest
    self.changes = changes
    self.previous = previous
    self.observed = observed
    self.done = done
    self.catalogs = catalogs
    self.outOfStock = outOfStock
    self.now = now
  }
}

/// An offer that a provider said it has none of.
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
}
