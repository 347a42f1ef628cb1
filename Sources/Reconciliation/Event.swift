public import Balancing
public import Model
public import Planning

extension Reconciler {
  /// What happened. Each effect but `wake`, `report` and `finish` is answered by exactly one of these.
  public enum Event: Hashable, Sendable {
    /// These clusters are there to be observed; said at first and whenever their number changes.
    case watch([ClusterName])
    /// This is current now: the answer to `replan`, and the start where a target is there already.
    case adopted(Assignment)
    /// The answer to `replan` where no plan could be made or none may be adopted.
    case planFailed(String)
    /// People want something else; whatever it is, it needs a plan.
    case desiredChanged
    case observed(Observation)
    case observationFailed(ClusterName, Failure)
    case recorded
    /// Nothing of the record was kept.
    case recordFailed(String)
    /// The record was refused, since another target is current by now.
    case superseded
    case succeeded(ActionID)
    case failed(ActionID, Failure)
    /// Requests go as was told last.
    case published(ClusterName)
    case publishFailed(ClusterName, Failure)
    /// What replicas were found to have to do; said whenever it was looked for.
    case measured(EndpointLoads)
    /// The answer to `wake`.
    case woke
    /// Start nothing more and leave; said twice, don't even wait for what is in flight.
    case stopRequested
  }

  /// What is to be done.
  public enum Effect: Hashable, Sendable {
    case observe(ClusterName)
    /// To be committed as a whole; there is never more than one under way.
    case record([JournalEntry], [Happening])
    /// Its intent is on disk by now.
    case apply(Action, IdempotencyKey)
    case replan(PlanRequest)
    /// Where requests in a cluster are to go; there is never more than one under way for each.
    case publish(EndpointTable)
    /// Takes the place of any wake-up asked for before.
    case wake(at: Timestamp)
    case report(Progress)
    case finish(Outcome)
  }
}

/// The target to carry out, with all that carrying it out needs.
public struct Assignment: Hashable, Sendable {
  public var target: Target
  public var desired: DesiredState
  /// Intents without an outcome, of this target or an earlier one.
  public var openIntents: [JournalEntry]
  /// What was carried out already of this target's creations and starts.
  public var done: [JournalEntry]
  /// The newest entries of the journal, oldest first: what was asked of providers lately.
  public var recent: [JournalEntry]

  public init(
    target: Target, desired: DesiredState, openIntents: [JournalEntry] = [],
    done: [JournalEntry] = [], recent: [JournalEntry] = []
  ) {
    self.target = target
    self.desired = desired
    self.openIntents = openIntents
    self.done = done
    self.recent = recent
  }
}

/// A new plan is needed, on this basis.
public struct PlanRequest: Hashable, Sendable {
  /// Sorted; at least one.
  public var reasons: [ReplanReason]
  /// What was seen last of every cluster that answers.
  public var observed: ObservedState
  /// Offers that providers refused lately, sorted.
  public var outOfStock: [StockOut]
  /// What must still be current. Who carries out one decision does not put the next over somebody
  /// else's; nil for a loop, which plans on whatever is current.
  public var basis: TargetID?

  public init(
    reasons: [ReplanReason], observed: ObservedState, outOfStock: [StockOut] = [],
    basis: TargetID? = nil
  ) {
    self.reasons = reasons
    self.observed = observed
    self.outOfStock = outOfStock
    self.basis = basis
  }

  /// Whether another target became current than the one that it is about.
  public func isOvertaken(by current: TargetID?) -> Bool {
    basis.map { $0 != current } ?? false
  }
}

/// Why the target does not do any more.
public enum ReplanReason: Hashable, Comparable, Sendable {
  /// The loop has just begun.
  case start
  case desiredChanged
  /// Another target was adopted by somebody else.
  case superseded
  case conflict(ActionID)
  case outOfStock(ActionID)
  /// It was carried out, and what it made is not there.
  case vanished(ActionID)
  /// A node of the target is lost or being taken away.
  case nodeLost(NodeID)
  /// The world is not what the last plan was made on.
  case observationChanged
  /// Time alone can make nodes expire or be given back.
  case timePassed
}

/// Something worth telling later. `Execution` gives it its words.
public enum Happening: Hashable, Sendable {
  case took(Action)
  case failed(Action, Failure)
  /// It is not tried again until people want something else.
  case gaveUp(Action, Failure)
  case lostSight(of: ClusterName, Failure)
  case sees(ClusterName)
  case converged(TargetID)
  /// It gets no new requests any more, and is stopped after so long.
  case draining(ReplicaID, on: NodeID, Seconds)
  /// The balancer of the cluster can't be told, and is told again then.
  case notPublished(ClusterName, Failure, nextTry: Timestamp)
  case published(ClusterName)
  /// It is stopped though nobody could be told to send it no more requests.
  case undrained(ReplicaID, on: NodeID)
}
