public import Diagnostics

/// Everything that can be wrong between manifests that are each right on their own.
extension Code {
  /// Two manifests of one kind and name.
  public static let duplicateObject = Code("reference", "duplicate-object")
  /// An object that another set already owns.
  public static let otherSet = Code("reference", "other-set")
  public static let unknownCluster = Code("reference", "unknown-cluster")
  public static let unknownQueue = Code("reference", "unknown-queue")
  public static let unknownPool = Code("reference", "unknown-pool")
  /// A zone that the cluster, or its region, has not.
  public static let unknownZone = Code("reference", "unknown-zone")
  /// A region that the catalogue has not.
  public static let unknownRegion = Code("reference", "unknown-region")
  /// An instance type that the catalogue does not sell in the cluster's region.
  public static let unknownInstanceType = Code("reference", "unknown-instance-type")
  /// A cluster's `catalog` that is not there.
  public static let missingPriceFile = Code("reference", "missing-price-file")
  /// A price file outside of its manifest's directory that nobody named.
  public static let distantPriceFile = Code("reference", "distant-price-file")
  /// Two entries of a price file for the same thing.
  public static let repeatedPrice = Code("reference", "repeated-price")
  /// An object that another set refers to would go.
  public static let stillUsed = Code("reference", "still-used")
  public static let queueCycle = Code("reference", "queue-cycle")
  /// A queue's quota above its own limit.
  public static let quotaOverLimit = Code("reference", "quota-over-limit")
  /// Quotas below one queue that come to more than its own.
  public static let quotaOverParent = Code("reference", "quota-over-parent")
  /// A demand where no cluster says what it comes to.
  public static let noDemandModel = Code("reference", "no-demand-model")
  /// A demand where no pool says what a replica stands for.
  public static let noUnitsPerReplica = Code("reference", "no-units-per-replica")
  /// More than a cluster's limits allow, whatever else runs.
  public static let overLimit = Code("reference", "over-limit")
  /// A step that the numbers of replicas don't keep to, or nothing to step between.
  public static let unevenStep = Code("reference", "uneven-step")
  /// An autoscaler without anything to move, or without anything to measure by.
  public static let uselessAutoscale = Code("reference", "useless-autoscale")
  /// An endpoint where nobody is to be reached, or one that holds a plan up for too long.
  public static let uselessEndpoint = Code("reference", "useless-endpoint")
  /// Two clusters that would write one file.
  public static let sharedFile = Code("reference", "shared-file")
  public static let neverReady = Code("reference", "never-ready")
  public static let unknownTimeZone = Code("reference", "unknown-time-zone")
  /// A rollout that could neither add nor remove a replica.
  public static let stuckRollout = Code("reference", "stuck-rollout")
  /// An affinity to workloads that nobody declares.
  public static let unmatchedAffinity = Code("reference", "unmatched-affinity")
  /// Replicas that must stand together, and must not.
  public static let contradictoryPlacement = Code("reference", "contradictory-placement")
  /// A part of a core where whole ones are given out.
  public static let partOfACore = Code("reference", "part-of-a-core")
  /// A volume where there are no claims, or two in one place.
  public static let uselessVolume = Code("reference", "useless-volume")
}
