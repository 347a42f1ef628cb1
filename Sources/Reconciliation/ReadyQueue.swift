import Model
import Planning

/// What can be started now in one cluster, in its order. What failed before is paid for by a budget of
/// all clusters, and nodes of a pool are ordered only so fast: neither holds up the others.
struct ReadyQueue {
  struct Entry {
    /// Among all that remains.
    let place: Int
    let item: Remaining
    let key: IdempotencyKey
  }

  /// What failed before stands in a line of its own, and so do the nodes of each pool.
  private struct Line: Hashable {
    var isRetry: Bool
    var pool: PoolName?
  }

  /// The next one of each line last; no line is empty.
  private var lines: [Line: [Entry]] = [:]

  var isEmpty: Bool { lines.isEmpty }

  /// The place of the next one.
  var place: Int { lines.values.compactMap(\.last?.place).min() ?? .max }

  /// Behind all that is there; `turnRound` ends it.
  mutating func append(_ entry: Entry, isRetry: Bool) {
    lines[Line(isRetry: isRetry, pool: entry.item.orderedOf), default: []].append(entry)
  }

  mutating func turnRound() {
    for line in lines.keys { lines[line]?.reverse() }
  }

  /// Takes the next one; one that failed before only where `budget` pays for it, which first tries add
  /// to, and a node only of a pool that may have one more.
  mutating func next(
    _ budget: inout Bucket, at now: Timestamp, mayOrder: (PoolName) -> Bool
  ) -> Entry? {
    let open = lines.filter { $0.key.pool.map(mayOrder) ?? true }
      .map { (line: $0.key, place: $0.value.last?.place ?? .max) }
      .sorted { $0.place < $1.place }
    for (line, _) in open {
      if line.isRetry {
        guard budget.take(at: now) else { continue }
      } else {
        budget.add(milli: Self.milliRetriesPerFirstTry)
      }
      let entry = lines[line]?.popLast()
      if lines[line]?.isEmpty ?? true { lines[line] = nil }
      return entry
    }
    return nil
  }

  /// When the first of them may be taken.
  func next(
    at now: Timestamp, retries: Timestamp, orders: (PoolName) -> Timestamp
  ) -> Timestamp? {
    lines.keys.map { line in
      max(line.isRetry ? retries : now, line.pool.map(orders) ?? now)
    }.min()
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
      let pace = pace
      let entry = agenda.ready[cluster]?.next(&budget, at: now) {
        pace.next($0, in: cluster, at: now) <= now
      }
      guard let entry else {
        throttles[cluster]?.giveBack()
        continue
      }
      if let pool = entry.item.orderedOf { self.pace.note(pool, in: cluster, at: now) }
      if agenda.ready[cluster]?.isEmpty ?? false { agenda.ready[cluster] = nil }
      return entry
    }
    return nil
  }

  /// When what is ready and held back by throttles may go on.
  func throttledUntil(_ now: Timestamp) -> Timestamp? {
    let retry = retries?.next(at: now) ?? now
    return agenda.ready.compactMap { cluster, queue in
      queue.next(at: now, retries: retry) { pace.next($0, in: cluster, at: now) }
        .map { max($0, throttles[cluster]?.next(at: now) ?? now) }
    }.min()
  }
}

extension Remaining {
  /// The pool whose node it orders.
  var orderedOf: PoolName? {
    switch action.step {
    case .createNode(let node): node.pool
    case .drainNode, .deleteNode, .startReplica, .stopReplica: nil
    }
  }
}
