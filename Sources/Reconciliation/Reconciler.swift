public import Model
public import Planning

/// Brings the world to an adopted target and, where it is told to, keeps it there.
///
/// It is a state machine: facts come in as events, what is to be done goes out as effects, and time is
/// a value. `handle` first takes note of the event, then derives everything that is due from what it
/// knows, so a repeated, late or lost event changes when things happen and not what. It holds no list
/// of steps to replay: the actions that are left are computed again from what is seen, unless a look
/// shows only what was to be expected; see `Agenda`.
///
/// The rules: an intent is recorded before its call and the outcome after it; after an unknown outcome
/// nothing is tried again before a new look at that cluster; nothing is done in a cluster that was not
/// seen as a whole; a failing action does not hold up those that do not wait for it.
public struct Reconciler: Sendable {
  /// The actions that lead from what is seen to the target, in an order in which they can be taken:
  /// `Differ.actions(toward:desired:from:)`. Those without waits can be taken in any order, however far
  /// the others have come.
  public typealias Diff = @Sendable (Target, DesiredState, ObservedState) -> [Action]

  /// When it is done.
  public enum Mode: Hashable, Sendable {
    /// Carries out the adopted target and no other: where a new plan is needed, it ends and says so.
    case exactly
    /// Ends at the setpoint; asks for new plans on the way where the world demands it.
    case untilConverged
    /// As `untilConverged`, with a plan before anything else.
    case planningFirst
    /// Goes on until it is stopped, and plans again whenever the world or the wishes change.
    case forever

    /// Whether nothing is started before a plan was made on what is seen.
    public var plansFirst: Bool {
      switch self {
      case .exactly, .untilConverged: false
      case .planningFirst, .forever: true
      }
    }
  }

  let mode: Mode
  let limits: ReconcilerLimits
  let diff: Diff

  var assignment: Assignment?
  var watches: [ClusterName: Watch] = [:]
  var agenda = Agenda()
  var comparison = Comparison()
  /// Of the current target.
  var decisions: Decisions?
  var calls: [ActionID: Call] = [:]
  var throttles: [ClusterName: Throttle] = [:]
  /// What tries of what failed before are paid from.
  var retries: Bucket?
  var pace = OrderPace()
  var attempts: [IdempotencyKey: Attempt] = [:]
  /// How often the world took back what was carried out under a key.
  var undone: [IdempotencyKey: Int] = [:]
  /// Intents without an outcome: they may have happened.
  var openIntents: [IdempotencyKey: JournalEntry] = [:]
  var outbox = Outbox()
  var planning = PlanningNeed()
  var stockOuts: [StockOut: Timestamp] = [:]
  /// Of clusters whose requests are spread by somebody.
  var publications: [ClusterName: Publication] = [:]
  /// Counts outcomes, so that an observation can be told to be older than one.
  var serial = 0
  /// When something last came nearer to the target.
  var progressAt: Timestamp?
  var unchangedLooks = 0
  var isStopping = false
  var isSuperseded = false
  var hasSaidConverged = false
  var outcome: Outcome?
  var lastProgress: Progress?
  var lastWake: Timestamp?
  /// What time it was at the last event.
  var clock: Timestamp?

  public init(mode: Mode, limits: ReconcilerLimits = ReconcilerLimits(), diff: @escaping Diff) {
    self.mode = mode
    self.limits = limits
    self.diff = diff
  }

  /// Takes note of `event` and gives what is to be done now, to be carried out in this order.
  ///
  /// After `.finish` there is nothing more to do, whatever event comes.
  public mutating func handle(_ event: Event, at now: Timestamp) -> [Effect] {
    guard outcome == nil else { return [] }
    follow(now)
    note(event, at: now)
    return decide(at: now)
  }

  private mutating func note(_ event: Event, at now: Timestamp) {
    switch event {
    case .watch(let clusters): watch(clusters)
    case .adopted(let assignment): adopt(assignment, at: now)
    case .planFailed(let detail): planFailed(detail, at: now)
    case .desiredChanged: planning.want(.desiredChanged)
    case .observed(let observation): saw(observation, at: now)
    case .observationFailed(let cluster, let failure): missed(cluster, failure, at: now)
    case .recorded: recorded()
    case .recordFailed(let detail): recordFailed(detail, at: now)
    case .superseded: superseded(at: now)
    case .succeeded(let action): succeeded(action, at: now)
    case .failed(let action, let failure): failed(action, failure, at: now)
    case .published(let cluster): published(cluster, at: now)
    case .publishFailed(let cluster, let failure): publishFailed(cluster, failure, at: now)
    case .measured(let loads): measured(loads)
    case .woke:
      lastWake = nil
      if agenda.isDue(at: now) { refreshAgenda(at: now) }
    case .stopRequested:
      if isStopping {
        calls = [:]
        publications = [:]
      }
      isStopping = true
    }
  }

  private mutating func decide(at now: Timestamp) -> [Effect] {
    var effects: [Effect] = []
    if !isStopping && !isSuperseded {
      effects += looksDue(at: now)
      effects += planDue(at: now)
      startActions(at: now)
      effects += publishDue(at: now)
    }
    sayWhenConverged(at: now)
    effects += callsDue(at: now)
    effects += recordDue(at: now)
    outcome = verdict(at: now)
    effects += progressDue(at: now)
    if let outcome { return effects + [.finish(outcome)] }
    return effects + wakeDue(at: now)
  }

  /// One wake-up at a time: the next moment at which something is due without any event.
  private mutating func wakeDue(at now: Timestamp) -> [Effect] {
    guard let next = nextDue(at: now) else { return [] }
    if let lastWake, lastWake > now, lastWake <= next { return [] }
    let moment = max(next, now + Seconds(1))
    lastWake = moment
    return [.wake(at: moment)]
  }
}
