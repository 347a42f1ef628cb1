import Model
import Planning

/// What the last comparison of target and world left to do, sorted by what keeps it from being done.
///
/// A comparison costs as much as the whole fleet, so an agenda is kept for as long as it holds: while it
/// has something ready, and looks show nothing but what it foresaw. `Reconciler.foresaw(_:)` says what
/// that is.
struct Agenda {
  /// All of it, in an order in which it can be taken. What was done since and is there by now is among
  /// it until the next comparison.
  var remaining: [Remaining] = []
  /// Can be started now.
  var ready: [ClusterName: ReadyQueue] = [:]
  var waiting: [WaitingAction] = []
  var retrying: [RetryingAction] = []
  var failed: [FailedAction] = []
  /// What only the world can bring to its end.
  var underWay: [Transition] = []
  /// Replicas among `underWay` that keep failing.
  var crashLooping: [Transition] = []
  /// Every action that the target was found to need.
  var seen: Set<ActionID> = []
  /// Of the remaining ones, those that nobody has set about.
  var untouched: Set<ActionID> = []
  /// Clusters where something is left to do or to wait for.
  var open: Set<ClusterName> = []
  /// Clusters where the next look decides whether something is tried again.
  var lookedForward: Set<ClusterName> = []
  /// Of the remaining ones: carried out, and not to be seen yet.
  var doneSince = 0
  /// When one of them is due without anything happening.
  var nextDue: Timestamp?

  /// Whether some cluster could go on if only it were known that it may.
  var hasRunOut: Bool { ready.isEmpty || open.contains { ready[$0] == nil } }

  func isDue(at now: Timestamp) -> Bool { nextDue.map { $0 <= now } ?? false }
}

/// An action that is left to do, with its name, which is made of text and asked for often.
struct Remaining {
  let action: Action
  let id: ActionID

  init(_ action: Action) {
    self.action = action
    id = action.id
  }
}

/// What was compared last, and what was found.
struct Comparison {
  var remaining: [Remaining] = []
  /// Whether target, wishes or world are other by now.
  var isOutdated = true
}

extension Reconciler {
  /// Computes again what is left to do, from the target and the last observations.
  mutating func refreshAgenda(at now: Timestamp) {
    guard let assignment else { return }
    let world = World(watches)
    noteOutdated()
    let before = (agenda.remaining.map(\.id), agenda.underWay)
    var next = Agenda()
    next.seen = agenda.seen
    next.remaining = compare(assignment)
      .filter { watches[$0.action.step.cluster]?.isSeen ?? false }
    findLeaving(next.remaining, world, at: now)
    for (place, item) in next.remaining.enumerated() {
      next.seen.insert(item.id)
      next.open.insert(item.action.step.cluster)
      if calls[item.id] == nil { sort(item, at: place, into: &next, world, now) }
    }
    for cluster in next.ready.keys { next.ready[cluster]?.turnRound() }
    next.underWay = assignment.target.transitions(
      in: observed, node: world.node, replica: world.replica)
    next.open.formUnion(next.underWay.map(\.cluster))
    next.crashLooping = next.underWay.filter { isCrashLooping($0, world) }
    findLosses(of: assignment.target, world)
    agenda = next
    if before != (next.remaining.map(\.id), next.underWay) { madeProgress(at: now) }
    closeOpenIntents(at: now)
    findObservationChange()
  }

  /// The steps from what is known to the target. Until something changes, the last answer holds.
  private mutating func compare(_ assignment: Assignment) -> [Remaining] {
    if comparison.isOutdated {
      comparison = Comparison(
        remaining: diff(assignment.target, assignment.desired, known).map(Remaining.init),
        isOutdated: false)
    }
    return comparison.remaining
  }

  mutating func madeProgress(at now: Timestamp) {
    progressAt = now
    unchangedLooks = 0
    planning.answered = []
  }

  private mutating func sort(
    _ item: Remaining, at place: Int, into agenda: inout Agenda, _ world: World, _ now: Timestamp
  ) {
    let cluster = item.action.step.cluster
    var key = key(of: item, in: world)
    if isUndone(item.action, key) {
      undone[IdempotencyKey(of: item, in: world), default: 0] += 1
      attempts[key] = nil
      key = self.key(of: item, in: world)
    }
    let attempt = attempts[key] ?? Attempt()
    if let due = attempt.shows(by: limits), !wasLooked(at: cluster, since: due) {
      return agenda.noteDone(until: due)
    }
    agenda.untouched.insert(item.id)
    if attempt.hasGivenUp {
      if let failure = attempt.failure {
        agenda.failed.append(FailedAction(action: item.id, failure: failure))
      }
      return
    }
    if attempt.doneAt != nil, vanished(item) { return }
    guard item.action.waits.isEmpty else {
      agenda.waiting.append(WaitingAction(action: item.id, waits: item.action.waits))
      return
    }
    if let notBefore = attempt.notBefore, notBefore > now, let failure = attempt.failure {
      agenda.retrying.append(RetryingAction(action: item.id, failure: failure, at: notBefore))
      return agenda.noteDue(notBefore)
    }
    // Not before a look that is newer than its last outcome: that may have been an unknown one.
    guard (watches[cluster]?.seenSerial ?? -1) >= attempt.serial else {
      agenda.lookedForward.insert(cluster)
      return
    }
    if let free = mustDrain(item.action.step, world, at: now) { return agenda.noteDue(free) }
    let entry = ReadyQueue.Entry(place: place, item: item, key: key)
    agenda.ready[cluster, default: ReadyQueue()].append(entry, isRetry: attempt.failures > 0)
  }

  /// The name under which a step is tried now: another one for each time that the world took back what
  /// had been carried out, since under a key that is used up a provider does nothing.
  private func key(of item: Remaining, in world: World) -> IdempotencyKey {
    let key = IdempotencyKey(of: item, in: world)
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

  /// Whether a plan is asked for because what an action made is gone: doing it again under the same key
  /// would change nothing. Where planning changed nothing either, it is worth the try.
  private mutating func vanished(_ item: Remaining) -> Bool {
    switch item.action.step {
    case .createNode, .startReplica:
      let reason = ReplanReason.vanished(item.id)
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
