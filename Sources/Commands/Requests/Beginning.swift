import Documents
import Interfaces
import Model
import Planning

/// What there is where something is thought through from: as it is now, or as a snapshot says.
struct Beginning: Sendable {
  let stored: StoredState
  let seen: ObservedState
  let now: Timestamp

  init(_ snapshot: Snapshot) {
    stored = StoredState(manifests: snapshot.manifests, prices: snapshot.prices)
    seen = snapshot.observed
    now = snapshot.at
  }

  /// Looks at all clusters of `request`.
  init(_ stored: StoredState, _ request: ManifestRequest, _ session: Session) async {
    self.stored = stored
    seen = await session.observe(request.allClusters)
    now = await session.clock.now()
  }

  /// What it can't be trusted in.
  var remarks: [String] {
    let partial = seen.observations.filter { !$0.isComplete }.map(\.cluster)
    return (seen.unseen.map(\.cluster) + partial).sorted().map {
      "\($0) could not be seen as a whole: it is taken not to answer all the while"
    }
  }
}
