import Model
import Planning

/// How much may be asked of one cluster's provider: a bucket of calls that fills as time passes, and a
/// breaker that opens when call after call fails, since what is down comes up sooner when it is left
/// alone. One call alone then tries whether it answers again.
///
/// It is made anew from the journal when a process starts: one that dies again and again asks for no
/// more than one that lives.
struct Throttle {
  private var calls: Bucket
  private let cluster: ClusterName
  /// In a row.
  private var failures = 0
  private var openUntil: Timestamp?
  private var isTrying = false

  init(_ cluster: ClusterName, at now: Timestamp, _ pace: CallPace) {
    self.cluster = cluster
    calls = Bucket(max: pace.burst, perMinute: pace.perMinute, at: now)
  }

  /// From now on; what it held is kept, as far as it may hold it.
  mutating func keep(to pace: CallPace, at now: Timestamp) {
    calls.refill(max: pace.burst, perMinute: pace.perMinute, at: now)
  }

  /// Whether a call may be made now, which then counts.
  mutating func take(at now: Timestamp) -> Bool {
    guard !isTrying, openUntil.map({ $0 <= now }) ?? true, calls.take(at: now) else { return false }
    isTrying = openUntil != nil
    return true
  }

  mutating func giveBack() {
    calls.giveBack()
    isTrying = false
  }

  /// What came of a call.
  mutating func answered(_ failure: Failure?, at now: Timestamp, _ limits: ReconcilerLimits) {
    isTrying = false
    switch failure {
    case nil, .conflict, .terminal, .outOfStock:
      failures = 0
      openUntil = nil
    case .transient, .unknown:
      failures += 1
      guard failures >= limits.breakerFailuresMin else { return }
      openUntil =
        now
        + Backoff.pause(
          after: failures - limits.breakerFailuresMin + 1, of: "breaker \(cluster)",
          min: limits.breakerPauseMin, max: limits.backoffMax)
    }
  }

  /// When the next call may be made; nil while one tries whether the provider answers.
  func next(at now: Timestamp) -> Timestamp? {
    guard !isTrying else { return nil }
    return max(openUntil ?? now, calls.next(at: now))
  }
}

/// How many calls of a provider there may be: at once after a time without any, and then each minute.
struct CallPace: Hashable {
  var burst: Int
  var perMinute: Int

  /// A cluster's own limit allows for six seconds of it at once.
  init(_ cluster: ClusterSpec?, _ limits: ReconcilerLimits) {
    perMinute = cluster?.limits.callsPerMinute ?? limits.callsPerMinute
    burst = cluster?.limits.callsPerMinute.map { max(1, $0 / 10) } ?? limits.callsBurst
  }
}

/// So many at once, and so many a minute.
struct Bucket {
  private var max: Int
  private var perMinute: Int
  private var milli: Int64
  private var filledAt: Timestamp

  init(max: Int, perMinute: Int, at now: Timestamp) {
    precondition(max > 0 && perMinute > 0, "a bucket that never gives anything")
    self.max = max
    self.perMinute = perMinute
    milli = Int64(max).multipliedSaturated(by: 1000)
    filledAt = now
  }

  mutating func refill(max: Int, perMinute: Int, at now: Timestamp) {
    precondition(max > 0 && perMinute > 0, "a bucket that never gives anything")
    fill(at: now)
    self.max = max
    self.perMinute = perMinute
    add(milli: 0)
  }

  mutating func take(at now: Timestamp) -> Bool {
    fill(at: now)
    guard milli >= 1000 else { return false }
    milli -= 1000
    return true
  }

  mutating func giveBack() { add(milli: 1000) }

  mutating func add(milli more: Int64) {
    milli = min(milli.addingSaturated(more), Int64(max).multipliedSaturated(by: 1000))
  }

  func next(at now: Timestamp) -> Timestamp {
    var filled = self
    filled.fill(at: now)
    guard filled.milli < 1000 else { return now }
    let each = Int64(perMinute).multipliedSaturated(by: 1000)
    return now + Seconds(((1000 - filled.milli) * 60 + each - 1) / each)
  }

  /// A clock that went back fills nothing, and takes nothing either.
  private mutating func fill(at now: Timestamp) {
    let passed = now.seconds.subtractingSaturated(filledAt.seconds)
    filledAt = now
    guard passed > 0 else { return }
    add(milli: passed.multipliedSaturated(by: Int64(perMinute).multipliedSaturated(by: 1000)) / 60)
  }
}

extension Reconciler {
  /// Whether this cluster's provider may be asked now, which then counts.
  mutating func take(from cluster: ClusterName, at now: Timestamp) -> Bool {
    var throttle = throttles[cluster] ?? Throttle(cluster, at: now, callPace(of: cluster))
    defer { throttles[cluster] = throttle }
    return throttle.take(at: now)
  }

  private func callPace(of cluster: ClusterName) -> CallPace {
    CallPace(assignment?.desired.clusters.first { $0.name == cluster }, limits)
  }

  /// What the clusters allow by now.
  mutating func keepToCallPace(at now: Timestamp) {
    for cluster in throttles.keys {
      let pace = callPace(of: cluster)
      throttles[cluster]?.keep(to: pace, at: now)
    }
  }

  mutating func answered(_ failure: Failure?, by cluster: ClusterName, at now: Timestamp) {
    throttles[cluster]?.answered(failure, at: now, limits)
  }

  /// What the journal tells of the calls of earlier processes.
  mutating func recall(_ recent: [JournalEntry]) {
    var events: [IdempotencyKey: JournalEntry.Event] = [:]
    for entry in recent {
      guard let cluster = entry.action.cluster else { continue }
      let before = events.updateValue(entry.event, forKey: entry.key)
      switch entry.event {
      case .intent:
        // Nobody knows what came of the time before.
        if before == .intent { answered(.unknown(""), by: cluster, at: entry.at) }
        _ = take(from: cluster, at: entry.at)
      case .done: answered(nil, by: cluster, at: entry.at)
      case .failed(let failure): answered(failure, by: cluster, at: entry.at)
      }
    }
    // A call that nobody heard of again tries nothing any more.
    for cluster in throttles.keys { throttles[cluster]?.forgetTrying() }
  }
}

extension Throttle {
  fileprivate mutating func forgetTrying() { isTrying = false }
}
