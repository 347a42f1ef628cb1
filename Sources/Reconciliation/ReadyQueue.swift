import Model
import Planning

/// What can be started now in one cluster, in its order. What failed before stands in a line of its own,
/// since a budget of all clusters pays for it.
struct ReadyQueue {
  struct Entry {
    /// Among all that remains.
    let place: Int
    let item: Remaining
    let key: IdempotencyKey
  }

  /// The next one last.
  private var firstTries: [Entry] = []
  private var retries: [Entry] = []

  var isEmpty: Bool { firstTries.isEmpty && retries.isEmpty }
  var hasFirstTries: Bool { !firstTries.isEmpty }

  /// The place of the next one.
  var place: Int {
    min(firstTries.last?.place ?? .max, retries.last?.place ?? .max)
  }

  /// Behind all that is there; `turnRound` ends it.
  mutating func append(_ entry: Entry, isRetry: Bool) {
    if isRetry { retries.append(entry) } else { firstTries.append(entry) }
  }

  mutating func turnRound() {
    firstTries.reverse()
    retries.reverse()
  }

  /// Takes the next one; one that failed before only where `budget` pays for it, which first tries add
  /// to.
  mutating func next(_ budget: inout Bucket, at now: Timestamp) -> Entry? {
    let firstPlace = firstTries.last?.place ?? .max
    if let retry = retries.last, retry.place < firstPlace, budget.take(at: now) {
      return retries.removeLast()
    }
    if let entry = firstTries.popLast() {
      budget.add(milli: Self.milliRetriesPerFirstTry)
      return entry
    }
    return nil
  }

  /// Ten first tries allow for one retry.
  private static let milliRetriesPerFirstTry: Int64 = 100
}

extension Reconciler {
  /// The next ready action whose provider may be asked, and which may be tried: one cluster that is
  /// left alone holds up no other.
  mutating func nextReady(at now: Timestamp) -> ReadyQueue.Entry? {
    let clusters = agenda.ready.map { (place: $0.value.place, cluster: $0.key) }
      .sorted { $0.place < $1.place }.map(\.cluster)
    for cluster in clusters where take(from: cluster, at: now) {
      var budget =
        retries ?? Bucket(max: limits.retriesBurst, perMinute: limits.retriesPerMinute, at: now)
      defer { retries = budget }
      guard let entry = agenda.ready[cluster]?.next(&budget, at: now) else {
        throttles[cluster]?.giveBack()
        continue
      }
      if agenda.ready[cluster]?.isEmpty ?? false { agenda.ready[cluster] = nil }
      return entry
    }
    return nil
  }

  /// When what is ready and held back by throttles may go on.
  func throttledUntil(_ now: Timestamp) -> Timestamp? {
    agenda.ready.map { cluster, queue in
      let moment = throttles[cluster]?.next(at: now) ?? now
      guard !queue.hasFirstTries, let retries else { return moment }
      return max(moment, retries.next(at: now))
    }.min()
  }
}
