import Model
import Planning

/// What is known about one cluster, and since when.
struct Watch {
  private(set) var observation: Observation?
  private(set) var sight = Sight()
  /// Asked, and no answer yet.
  var isAsked = false
  var askedAt: Timestamp?
  /// When the observation at hand was asked for.
  var seenAt: Timestamp?
  /// Outcomes counted when the observation was asked for, the last one under way and the last one seen.
  var askedSerial = -1
  var seenSerial = -1
  /// Outcomes counted when the last one here came in.
  var touchedSerial = 0
  /// Looks that failed in a row.
  var failures = 0
  var failure: Failure?
  var notBefore: Timestamp?

  /// Whether it was seen as a whole, and answers.
  var isSeen: Bool { failures == 0 && (observation?.isComplete ?? false) }

  /// Takes a look in, and says what is new.
  mutating func take(_ observation: Observation) -> News {
    let news = News(from: self.observation, to: observation)
    self.observation = observation
    sight.take(news)
    return news
  }

  /// Whether it was also looked at after the last thing that was done there.
  var isFresh: Bool { isSeen && seenSerial >= touchedSerial }
}

/// An action on its way: chosen, its intent being recorded, or with the provider.
struct Call {
  enum Phase { case intended, recorded, applying }

  var action: Action
  var key: IdempotencyKey
  var phase: Phase
}

/// What became of one decision so far.
struct Attempt {
  var failures = 0
  var failure: Failure?
  var notBefore: Timestamp?
  /// Outcomes counted at its last one: it is not tried again before a look that is newer.
  var serial = -1
  /// When it was carried out.
  var doneAt: Timestamp?
  var hasGivenUp = false

  /// Until when its effect must show; nil where it was not carried out.
  func shows(by limits: ReconcilerLimits) -> Timestamp? {
    doneAt.map { $0 + limits.appearsWithin }
  }
}

/// What waits to be recorded, and what is being recorded.
struct Outbox {
  var entries: [JournalEntry] = []
  var happenings: [Happening] = []
  var sent: (entries: [JournalEntry], happenings: [Happening])?
  var failures = 0
  var problem: String?
  var notBefore: Timestamp?

  var isEmpty: Bool { entries.isEmpty && happenings.isEmpty && sent == nil }
}

/// Whether a plan is needed or being made.
struct PlanningNeed {
  /// Reasons not yet spoken of.
  private(set) var reasons: Set<ReplanReason> = []
  /// Reasons that a plan was asked for and that it left as they were.
  var answered: Set<ReplanReason> = []
  var asked: Set<ReplanReason>?
  /// When the last plan was made, and what on; times of looking are left out.
  var plannedAt: Timestamp?
  var plannedOn: [Observation] = []
  /// Whether looks since then have shown anything new.
  var hasNews = true
  var failures = 0
  var problem: String?
  var notBefore: Timestamp?

  var isIdle: Bool { reasons.isEmpty && asked == nil }

  /// Whether the current target may be carried out: while no plan is wanted, and while none can
  /// be made, so that wrong manifests do not keep the loop from healing.
  func allowsActions(at now: Timestamp) -> Bool {
    asked == nil && (reasons.isEmpty || (problem != nil && (notBefore ?? now) > now))
  }

  mutating func want(_ reason: ReplanReason) {
    if !answered.contains(reason), !(asked?.contains(reason) ?? false) { reasons.insert(reason) }
  }

  mutating func ask() -> [ReplanReason] {
    let list = reasons.sorted()
    asked = reasons
    reasons = []
    return list
  }
}
