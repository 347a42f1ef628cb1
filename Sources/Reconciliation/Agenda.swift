import Model
import Planning

/// What the last observations leave to do, sorted by what keeps it from being done.
struct Agenda {
  /// All of it, in an order in which it can be taken.
  var remaining: [Action] = []
  /// Can be started now, the next one last.
  var ready: [(action: Action, key: IdempotencyKey)] = []
  var waiting: [WaitingAction] = []
  var retrying: [RetryingAction] = []
  var failed: [FailedAction] = []
  /// What only the world can bring to its end.
  var underWay: [Transition] = []
  /// Replicas among `underWay` that keep failing.
  var crashLooping: [Transition] = []
  /// Every action that the target was found to need.
  var seen: Set<ActionID> = []
  /// Of the remaining ones: carried out, and not to be seen yet.
  var doneSince = 0
  /// When one of them is due without anything happening.
  var nextDue: Timestamp?
}

/// What was compared last, and what was found.
struct Comparison {
  struct Basis: Equatable {
    var target: Target
    var desired: DesiredState
    /// When it was seen is left out.
    var seen: [Observation]
  }

  var basis: Basis
  var actions: [Action]
}

extension Reconciler {
  /// Computes again what is left to do, from the target and the last observations.
  mutating func refreshAgenda(at now: Timestamp) {
    guard let assignment else { return }
    let observed = observed
    let world = World(observed)
    let before = (agenda.remaining.map(\.id), agenda.underWay)
    var next = Agenda()
    next.seen = agenda.seen
    next.remaining = compare(assignment)
      .filter { watches[$0.step.cluster]?.isSeen ?? false }
    for action in next.remaining {
      next.seen.insert(action.id)
      if calls[action.id] == nil { sort(action, into: &next, world, now) }
    }
    next.ready.reverse()
    next.underWay = assignment.target.transitions(
      in: observed, node: world.node, replica: world.replica)
    next.crashLooping = next.underWay.filter { isCrashLooping($0, world) }
    findLosses(of: assignment.target, world)
    agenda = next
    if before != (next.remaining.map(\.id), next.underWay) { madeProgress(at: now) }
    closeOpenIntents(at: now)
    findObservationChange()
  }

  /// The steps from what is known to the target. Most looks show what the one before them showed, and
  /// then the last answer still holds.
  private mutating func compare(_ assignment: Assignment) -> [Action] {
    let basis = Comparison.Basis(
      target: assignment.target, desired: assignment.desired,
      seen: known.observations.map(\.content))
    if let comparison, comparison.basis == basis { return comparison.actions }
    let actions = diff(assignment.target, assignment.desired, known)
    comparison = Comparison(basis: basis, actions: actions)
    return actions
  }

  mutating func madeProgress(at now: Timestamp) {
    progressAt = now
    unchangedLooks = 0
    planning.answered = []
  }

  private mutating func sort(
    _ action: Action, into agenda: inout Agenda, _ world: World, _ now: Timestamp
  ) {
    var key = key(of: action.step, in: world)
    if isUndone(action, key) {
      undone[IdempotencyKey(of: action.step, in: world), default: 0] += 1
      attempts[key] = nil
      key = self.key(of: action.step, in: world)
    }
    let attempt = attempts[key] ?? Attempt()
    if attempt.hasGivenUp {
      if let failure = attempt.failure {
        agenda.failed.append(FailedAction(action: action.id, failure: failure))
      }
      return
    }
    if let due = attempt.shows(by: limits) {
      guard wasLooked(at: action.step.cluster, since: due) else {
        return agenda.noteDone(until: due)
      }
      if vanished(action) { return }
    }
    guard action.waits.isEmpty else {
      agenda.waiting.append(WaitingAction(action: action.id, waits: action.waits))
      return
    }
    if let notBefore = attempt.notBefore, notBefore > now, let failure = attempt.failure {
      agenda.retrying.append(
        RetryingAction(action: action.id, failure: failure, at: notBefore))
      return agenda.noteDue(notBefore)
    }
    // Not before a look that is newer than its last outcome: that may have been an unknown one.
    guard (watches[action.step.cluster]?.seenSerial ?? -1) >= attempt.serial else { return }
    agenda.ready.append((action, key))
  }

  /// The name under which a step is tried now: another one for each time that the world took back what
  /// had been carried out, since under a key that is used up a provider does nothing.
  private func key(of step: Step, in world: World) -> IdempotencyKey {
    let key = IdempotencyKey(of: step, in: world)
    return undone[key].map { IdempotencyKey("\(key) again \($0)") } ?? key
  }

  /// Whether something was taken away, and long after is there still or again: a node that was lost
  /// while it was being deleted. Taking it away once more is harmless, as names are never used twice.
  private func isUndone(_ action: Action, _ key: IdempotencyKey) -> Bool {
    switch action.step {
    case .createNode, .startReplica: return false
    case .drainNode, .deleteNode, .stopReplica:
      guard let due = attempts[key]?.shows(by: limits) else { return false }
      return wasLooked(at: action.step.cluster, since: due)
    }
  }

  private func wasLooked(at cluster: ClusterName, since moment: Timestamp) -> Bool {
    watches[cluster]?.seenAt.map { $0 >= moment } ?? false
  }

  /// Whether a plan is asked for because what `action` made is gone: doing it again under the same key
  /// would change nothing. Where planning changed nothing either, it is worth the try.
  private mutating func vanished(_ action: Action) -> Bool {
    switch action.step {
    case .createNode, .startReplica:
      let reason = ReplanReason.vanished(action.id)
      planning.want(reason)
      return !planning.answered.contains(reason)
    case .drainNode, .deleteNode, .stopReplica: return false
    }
  }

  private func isCrashLooping(_ transition: Transition, _ world: World) -> Bool {
    guard case .starting(let id, let node) = transition, let seen = world.replica(id, on: node)
    else { return false }
    return seen.phase == .crashLooping && seen.restarts >= limits.crashLoopRestartsMin
  }

  /// Nodes of the target that can't serve it any more ask for a plan: only the planner may choose.
  private mutating func findLosses(of target: Target, _ world: World) {
    for node in target.nodes {
      switch world.node(node.id)?.phase {
      case .draining, .lost, .deleting: planning.want(.nodeLost(node.id))
      case .booting, .ready, nil: break
      }
    }
  }
}

extension Agenda {
  /// Carried out, and not to be seen yet.
  mutating func noteDone(until due: Timestamp) {
    doneSince += 1
    noteDue(due)
  }

  mutating func noteDue(_ moment: Timestamp) {
    nextDue = min(nextDue ?? moment, moment)
  }
}
