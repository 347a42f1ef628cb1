import Execution
import Interfaces
import Model
import Planning
import Reconciliation
import SimulatedProvider
import Synchronization
import Views

/// What a run keeps: the last good revision of its source over what is stored, or what is stored.
final class Wanted: Sendable {
  /// Of the state file.
  let path: String
  let source: FollowedSource?
  /// Clusters that nobody wants any more: what runs there still has to go.
  private let leaving = Mutex<[ClusterSpec]>([])

  init(path: String, source: FollowedSource?) {
    self.path = path
    self.source = source
  }

  func request(over stored: StoredState) throws(Trouble) -> ManifestRequest {
    let wishes = try stored.wishes(at: path)
    guard let revision = source?.revision else { return ManifestRequest(stored: wishes) }
    return try ManifestRequest(revision.sources, gatheredWith: [], beside: wishes)
  }

  /// All clusters to be looked at for `request`.
  func scope(_ request: ManifestRequest) -> Scope {
    let wanted = Set(request.desired.clusters.map(\.name))
    let gone = leaving.withLock { leaving in
      leaving = (leaving + request.clustersLeaving).filter { !wanted.contains($0.name) }
      var known: Set<ClusterName> = []
      leaving.removeAll { !known.insert($0.name).inserted }
      return leaving
    }
    return Scope(desired: request.desired, clusters: request.desired.clusters + gone)
  }

  /// The plan's summary for the history, with the revision that it comes from.
  func summary(_ plan: Plan) -> String {
    let line = PlanSummary(plan).line
    guard let revision = source?.revision, !plan.changes.isEmpty else { return line }
    return "\(revision.mark): \(line)"
  }

  /// Plans whatever is wanted by then: another process may have applied something else, and the
  /// source may have gone on.
  func replan(in session: Session) -> Replan {
    { asked, stored, now throws(PlanningRefusal) in
      let request: ManifestRequest
      do throws(Trouble) {
        request = try self.request(over: stored)
      } catch {
        throw PlanningRefusal(error.text(coloured: false, width: 100))
      }
      let scope = self.scope(request)
      var asked = asked
      asked.observed = await session.observe(those: scope.clusters, besides: asked.observed)
      var decision = try await session.planned(request, asked, stored, now)
      decision.summary = self.summary(decision.plan)
      decision.scope = scope
      return decision
    }
  }
}

extension Session {
  /// A plan of `request`, unless processes died over it.
  fileprivate func planned(
    _ request: ManifestRequest, _ asked: PlanRequest, _ stored: StoredState, _ now: Timestamp
  ) async throws(PlanningRefusal) -> Decision {
    let subject = Quarantine.planning(request.wishes.digest)
    let result: Result<Decision, PlanningRefusal>
    do throws(Trouble) {
      result = try await quarantine.around(subject) { () throws(Trouble) in
        do throws(PlanningRefusal) {
          return .success(try await replan(request)(asked, stored, now))
        } catch {
          return .failure(error)
        }
      }
    } catch {
      throw PlanningRefusal(error.text(coloured: false, width: 100))
    }
    return try result.get()
  }

  /// `seen` with a first look at those of `clusters` that nobody has looked at: new ones, which a
  /// gate could otherwise keep out for ever, since nothing fits where nothing was seen.
  fileprivate func observe(
    those clusters: [ClusterSpec], besides seen: ObservedState
  ) async -> ObservedState {
    let known = Set(seen.observations.map(\.cluster) + seen.unseen.map(\.cluster))
    let more = await observe(clusters.filter { !known.contains($0.name) })
    return ObservedState(
      seen.observations + more.observations, unseen: seen.unseen + more.unseen)
  }
}
