import Model
import Planning

/// Asking for a new plan, and what comes of it. Nothing is started while one is wanted, and it is asked
/// for once nothing is in flight: a plan is made on a world that holds still as far as we are concerned.
extension Reconciler {
  mutating func planDue(at now: Timestamp) -> [Effect] {
    wantRoutinePlans(at: now)
    guard mode != .exactly, !planning.reasons.isEmpty, planning.asked == nil, calls.isEmpty,
      outbox.isEmpty, (planning.notBefore ?? now) <= now,
      !watches.isEmpty, watches.values.allSatisfy({ $0.isFresh || $0.failures > 0 })
    else { return [] }
    stockOuts = stockOuts.filter { $0.value > now }
    let observed = observed
    planning.plannedOn = observed.observations.map(\.content)
    planning.hasNews = false
    return [
      .replan(
        PlanRequest(
          reasons: planning.ask(), observed: observed,
          outOfStock: stockOuts.keys.sorted(by: StockOut.precedes),
          basis: mode == .untilConverged ? assignment?.target.id : nil))
    ]
  }

  private mutating func wantRoutinePlans(at now: Timestamp) {
    guard mode.plansFirst, planning.isIdle else { return }
    guard let plannedAt = planning.plannedAt else { return planning.want(.start) }
    if mode == .forever, now >= plannedAt + limits.planEvery { planning.want(.timePassed) }
  }

  /// The loop plans on every change of what is seen; the planner is the one to say that it is none.
  mutating func findObservationChange() {
    guard mode == .forever, planning.plannedAt != nil, planning.hasNews, calls.isEmpty,
      watches.values.allSatisfy({ $0.isFresh || $0.failures > 0 }),
      observed.observations.map(\.content) != planning.plannedOn
    else { return }
    planning.want(.observationChanged)
  }

  mutating func adopt(_ assignment: Assignment, at now: Timestamp) {
    let isNew = assignment.target.id != self.assignment?.target.id
    let wishesChanged = assignment.target.desired != self.assignment?.target.desired
    let isFirst = self.assignment == nil
    answered(at: now, changed: isNew)
    noteUndelivered(assignment, at: now)
    self.assignment = assignment
    pace.limits = OrderPace.Limits(assignment.desired)
    if isFirst {
      recall(assignment.recent)
      pace.recall(assignment.recent, of: assignment.target)
    }
    keepToCallPace(at: now)
    comparison.isOutdated = true
    if isNew {
      decisions = Decisions(assignment.target)
      agenda.seen = []
      hasSaidConverged = false
      progressAt = now
      unchangedLooks = 0
    }
    if wishesChanged { attempts = attempts.filter { !$0.value.hasGivenUp } }
    for entry in assignment.done where attempts[entry.key] == nil {
      // Another process's clock, or this one's before it was set back, may have been ahead.
      attempts[entry.key] = Attempt(doneAt: min(entry.at, now))
    }
    for entry in assignment.openIntents where calls[entry.action] == nil {
      openIntents[entry.key] = entry
    }
    refreshAgenda(at: now)
  }

  /// Offers whose nodes the new target gives up, since they were not ready in time.
  private mutating func noteUndelivered(_ next: Assignment, at now: Timestamp) {
    guard let assignment else { return }
    let kept = Set(next.target.nodes.map(\.id))
    let given = Set(assignment.target.nodes.map(\.id)).subtracting(kept)
    guard !given.isEmpty else { return }
    let limits = Dictionary(next.desired.nodePools.map { ($0.name, $0.limits.readyWithin) }) {
      first, _ in first
    }
    for node in observed.nodes where given.contains(node.id) && node.phase == .booting {
      guard let pool = node.pool, let within = limits[pool] ?? nil, node.createdAt + within <= now
      else { continue }
      stockOuts[StockOut(of: node)] = now + self.limits.undeliveredFor
    }
  }

  /// A reason that a plan left as it was is not spoken of again until something changes; those of time
  /// and change come anew by themselves.
  private mutating func answered(at now: Timestamp, changed: Bool) {
    guard let asked = planning.asked else { return }
    planning.asked = nil
    planning.plannedAt = now
    planning.failures = 0
    planning.problem = nil
    planning.notBefore = nil
    planning.answered =
      changed ? [] : planning.answered.union(asked.filter { !$0.isRoutine })
  }

  mutating func planFailed(_ detail: String, at now: Timestamp) {
    guard let asked = planning.asked else { return }
    planning.asked = nil
    planning.problem = detail
    planning.failures += 1
    planning.notBefore =
      now
      + Backoff.pause(
        after: planning.failures, of: "plan", min: limits.backoffMin, max: limits.planEvery)
    for reason in asked { planning.want(reason) }
  }
}

extension StockOut {
  static func precedes(_ left: StockOut, _ right: StockOut) -> Bool {
    (left.cluster.text, left.instanceType, left.zone, left.capacityType.rawValue)
      < (right.cluster.text, right.instanceType, right.zone, right.capacityType.rawValue)
  }
}

extension ReplanReason {
  /// Whether it comes and goes with time instead of lasting until a plan takes it away.
  var isRoutine: Bool {
    switch self {
    case .start, .desiredChanged, .superseded, .observationChanged, .timePassed: true
    case .conflict, .outOfStock, .vanished, .nodeLost: false
    }
  }

  public static func < (left: ReplanReason, right: ReplanReason) -> Bool {
    (left.order, left.subject) < (right.order, right.subject)
  }

  private var order: Int {
    switch self {
    case .start: 0
    case .desiredChanged: 1
    case .superseded: 2
    case .conflict: 3
    case .outOfStock: 4
    case .vanished: 5
    case .nodeLost: 6
    case .observationChanged: 7
    case .timePassed: 8
    }
  }

  private var subject: String {
    switch self {
    case .start, .desiredChanged, .superseded, .observationChanged, .timePassed: ""
    case .conflict(let action), .outOfStock(let action), .vanished(let action): action.text
    case .nodeLost(let node): node.description
    }
  }
}

extension Observation {
  /// What was seen, without when, and without what may come of others.
  var content: Observation {
    var content = self
    content.at = Timestamp(seconds: 0)
    content.contenders = []
    return content
  }
}
