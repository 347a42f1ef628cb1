public import Model
public import Planning

/// How the reconciler ended.
public enum Outcome: Hashable, Sendable {
  /// Every node and replica of the target is there and ready, and nothing else of ours is there.
  case converged
  /// All that can be done is done; these could not be.
  case failed([FailedAction], unobserved: [UnobservedCluster])
  /// Nothing came nearer to the target for as long as `ReconcilerLimits.stallAfter`.
  case stalled(waiting: [WaitingAction], underWay: [Transition])
  /// The target can't be reached any more, and this mode does not plan.
  case needsPlan([ReplanReason])
  /// A plan was needed on the way, and none could be adopted.
  case notPlanned(String)
  /// Somebody else adopted another target.
  case superseded
  /// Stopped on request; what was begun is recorded.
  case interrupted
  /// The state could not be written.
  case storeFailed(String)
}

public struct FailedAction: Hashable, Sendable {
  public var action: ActionID
  public var failure: Failure

  public init(action: ActionID, failure: Failure) {
    self.action = action
    self.failure = failure
  }
}

public struct UnobservedCluster: Hashable, Sendable {
  public var cluster: ClusterName
  public var failure: Failure

  public init(cluster: ClusterName, failure: Failure) {
    self.cluster = cluster
    self.failure = failure
  }
}

/// An action with the facts that it still waits for.
public struct WaitingAction: Hashable, Sendable {
  public var action: ActionID
  public var waits: [Wait]

  public init(action: ActionID, waits: [Wait]) {
    self.action = action
    self.waits = waits
  }
}

/// An action that failed and will be tried again.
public struct RetryingAction: Hashable, Sendable {
  public var action: ActionID
  public var failure: Failure
  public var at: Timestamp

  public init(action: ActionID, failure: Failure, at: Timestamp) {
    self.action = action
    self.failure = failure
    self.at = at
  }
}

/// How far it is, for people who watch.
public struct Progress: Hashable, Sendable {
  public enum Phase: String, CaseIterable, Hashable, Sendable {
    case observing, planning, acting, waiting, converged, stopping
  }

  public var phase: Phase
  public var target: TargetID?
  /// Of the actions that the target was found to need.
  public var done = 0
  public var total = 0
  /// In flight, sorted.
  public var running: [ActionID] = []
  public var waiting: [WaitingAction] = []
  public var retrying: [RetryingAction] = []
  public var failed: [FailedAction] = []
  /// What was begun and only the world can bring to its end.
  public var underWay: [Transition] = []
  public var unobserved: [UnobservedCluster] = []
  /// Why the last plan could not be made or adopted.
  public var planProblem: String?
  /// Why the state could not be written.
  public var storeProblem: String?
}
