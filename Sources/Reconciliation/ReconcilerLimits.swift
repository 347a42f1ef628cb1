public import Model
import Planning

/// Every bound of the reconciler, with its unit.
public struct ReconcilerLimits: Hashable, Sendable {
  /// Calls in flight at once, over all clusters.
  public var callsMax = 16
  /// Calls of one cluster's provider at once after a time without any, and then so many a minute, where
  /// the cluster has no limit of its own.
  public var callsBurst = 64
  public var callsPerMinute = 600
  /// Tries of what failed before, over all clusters: at once, a minute, and one more for ten others.
  public var retriesBurst = 32
  public var retriesPerMinute = 30
  /// Failures in a row after which a cluster's provider is left alone, and for how long at first; the
  /// pause doubles up to `backoffMax`.
  public var breakerFailuresMin = 10
  public var breakerPauseMin = Seconds(10)
  /// Between two tables of endpoints for one balancer, each of which may be a reload.
  public var publishEvery = Seconds(2)
  /// How long a replica that is to stop waits for a balancer that can't be told.
  public var untoldFor = Seconds(120)
  /// Between two looks at a cluster on the way to the target. After an outcome it looks at once.
  public var lookEvery = Seconds(5)
  /// Between two looks at a cluster at its setpoint.
  public var resyncEvery = Seconds(30)
  /// Between two plans of the loop while nothing changes.
  public var planEvery = Seconds(60)
  /// The pause after a first failure; it doubles with each further one.
  public var backoffMin = Seconds(1)
  public var backoffMax = Seconds(300)
  /// Failures of one action or observation after which a run that is to end gives up on it. The loop
  /// never does.
  public var attemptsMax = 8
  /// Refused writes of the state in a row after which a run that is to end does so.
  public var recordAttemptsMax = 4
  /// How long what was made may take to be seen before it counts as gone.
  public var appearsWithin = PlanningInput.appearsWithin
  /// How long nothing may come nearer to the target; longer than any node takes to boot.
  public var stallAfter = Seconds(900)
  /// Looks that must have shown the same before a stall is believed: a clock can jump.
  public var stallLooksMin = 3
  /// Restarts after which a crash-looping replica is not waited for any more.
  public var crashLoopRestartsMin = 3
  /// How long an offer that was out of stock is not asked for again.
  public var stockOutFor = Seconds(600)
  /// The same for one whose node was given up since it did not become ready.
  public var undeliveredFor = Seconds(3600)

  public init() {}
}
