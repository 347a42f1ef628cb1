import Model

/// How many ready replicas of a service may go, and how many more may run, at one moment of its
/// exchange. Each is a token that comes with the fact that brings it; tokens are conserved, so an
/// exchange that has one to begin with comes to its end.
struct Leeway {
  private var stops: [[Wait]]
  private var starts: [[Wait]]
  /// How many must get ready before the first may go.
  private var lacking: Int
  /// How many must go before another may come.
  private var excess: Int

  /// `spareReady` replicas are ready above what the service needs, and `spareRunning` may run besides.
  init(spareReady: Int, spareRunning: Int) {
    stops = Array(repeating: [], count: max(0, spareReady))
    starts = Array(repeating: [], count: max(0, spareRunning))
    lacking = max(0, -spareReady)
    excess = max(0, -spareRunning)
  }

  var mayStart: Bool { !starts.isEmpty }

  /// What stopping one more ready replica waits for; nil where none may go.
  mutating func takeStop() -> [Wait]? { stops.isEmpty ? nil : stops.removeFirst() }

  /// What starting this replica waits for; nil where none may come. In its predecessor's place if that
  /// is free, and else in another's: who comes in the end is the same.
  mutating func takeStart(of replica: ReplicaID) -> [Wait]? {
    let own = starts.firstIndex { waits in
      waits.contains { if case .replicaGone(replica, _) = $0 { true } else { false } }
    }
    return starts.isEmpty ? nil : starts.remove(at: own ?? starts.startIndex)
  }

  mutating func noteReady(_ fact: Wait) {
    if lacking > 0 { lacking -= 1 } else { stops.append([fact]) }
  }

  mutating func noteGone(_ fact: Wait) {
    if excess > 0 { excess -= 1 } else { starts.append([fact]) }
  }
}
