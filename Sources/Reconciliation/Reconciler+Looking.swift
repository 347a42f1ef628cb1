import Model
import Planning

/// Looking at the clusters: one observation of each under way at most, none of them waited for by the
/// others.
extension Reconciler {
  mutating func watch(_ clusters: [ClusterName]) {
    let wanted = Set(clusters)
    watches = watches.filter { wanted.contains($0.key) }
    publications = publications.filter { wanted.contains($0.key) }
    for cluster in clusters where watches[cluster] == nil { watches[cluster] = Watch() }
    comparison.isOutdated = true
  }

  /// Clusters in order, so that effects are.
  var clusters: [ClusterName] { watches.keys.sorted() }

  /// Every observation that is at hand, failing clusters left out: what is old there may be wrong.
  var observed: ObservedState {
    let failing = clusters.compactMap { cluster -> UnseenCluster? in
      guard let watch = watches[cluster], watch.failures > 0 else { return nil }
      return watch.failure.map { UnseenCluster(cluster, reason: "\($0)") }
    }
    return ObservedState(
      clusters.compactMap { watches[$0] }.filter { $0.failures == 0 }
        .compactMap(\.observation), unseen: failing)
  }

  /// The same, and what was seen last of failing clusters, marked as not the whole: what may still be
  /// there must not be started a second time elsewhere.
  var known: ObservedState {
    ObservedState(
      clusters.compactMap { watches[$0] }.compactMap { watch in
        guard var observation = watch.observation else { return nil }
        if watch.failures > 0 { observation.isComplete = false }
        return observation
      })
  }

  mutating func saw(_ observation: Observation, at now: Timestamp) {
    let cluster = observation.cluster
    guard var watch = watches[cluster] else { return }
    if watch.failures >= Self.failuresWorthTelling { outbox.happenings.append(.sees(cluster)) }
    let wasFailing = watch.failures > 0
    watches[cluster] = nil
    let news = watch.take(observation)
    watch.seenSerial = watch.askedSerial
    watch.seenAt = watch.askedAt
    watch.isAsked = false
    watch.failures = 0
    watch.failure = nil
    watch.notBefore = nil
    watches[cluster] = watch
    unchangedLooks += 1
    if wasFailing || !news.isEmpty {
      publications[cluster]?.isOutdated = true
      comparison.isOutdated = true
      planning.hasNews = true
    }
    if !wasFailing, agendaHolds(after: news, of: cluster, at: now) {
      if !news.isEmpty { madeProgress(at: now) }
    } else {
      refreshAgenda(at: now)
    }
  }

  /// Whether the agenda is as good as one that is made anew: it has something to go on with, and the
  /// look decides nothing that was put off until there is one.
  private func agendaHolds(after news: News, of cluster: ClusterName, at now: Timestamp) -> Bool {
    !agenda.hasRunOut && !agenda.isDue(at: now) && !agenda.lookedForward.contains(cluster)
      && openIntents.isEmpty && foresaw(news)
  }

  mutating func missed(_ cluster: ClusterName, _ failure: Failure, at now: Timestamp) {
    guard var watch = watches[cluster] else { return }
    watch.isAsked = false
    watch.failures += 1
    let isFirst = watch.failures == 1
    watch.failure = failure
    watch.notBefore =
      now
      + Backoff.pause(
        after: watch.failures, of: "observe \(cluster)", min: limits.backoffMin,
        max: limits.backoffMax)
    watches[cluster] = watch
    if watch.failures == Self.failuresWorthTelling {
      outbox.happenings.append(.lostSight(of: cluster, failure))
    }
    guard isFirst else { return }
    comparison.isOutdated = true
    planning.hasNews = true
    refreshAgenda(at: now)
  }

  /// A single look that fails is everyday; the second in a row is told.
  private static let failuresWorthTelling = 2

  mutating func looksDue(at now: Timestamp) -> [Effect] {
    clusters.filter { lookDue(at: $0, now: now).map { $0 <= now } ?? false }.map { cluster in
      watches[cluster]?.isAsked = true
      watches[cluster]?.askedAt = now
      watches[cluster]?.askedSerial = serial
      return .observe(cluster)
    }
  }

  /// When to look at `cluster` next; nil while an answer is awaited. After what was done there it looks
  /// at once, unless there is more to be done that needs no look.
  func lookDue(at cluster: ClusterName, now: Timestamp) -> Timestamp? {
    guard let watch = watches[cluster], !watch.isAsked else { return nil }
    if let notBefore = watch.notBefore { return notBefore }
    guard let askedAt = watch.askedAt else { return now }
    let isBusy = calls.values.contains { $0.action.step.cluster == cluster }
    let isInNoHurry = agenda.ready[cluster] != nil && planning.isIdle && !isStopping
    if !isBusy, !isInNoHurry, watch.seenSerial < watch.touchedSerial { return now }
    return askedAt + (mode == .forever && hasSaidConverged ? limits.resyncEvery : limits.lookEvery)
  }

  /// Whether nothing more is to be hoped for from looking at this cluster, in a run that is to end.
  func isHopeless(_ watch: Watch) -> Bool {
    switch watch.failure {
    case nil: false
    case .terminal: true
    case .transient, .conflict, .unknown, .outOfStock: watch.failures >= limits.attemptsMax
    }
  }
}
