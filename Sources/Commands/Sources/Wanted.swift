import Diagnostics
import Execution
import Git
import Interfaces
import Model
import Planning
import Reconciliation
import SQLiteStore
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

  /// What is paused, as far as it was looked at.
  let pauses = Pauses([])
  /// The id of the plan to whose deletions somebody agreed.
  let consent: String?
  /// What was read last, and of what: those who look every few seconds find the same mostly.
  private let last = Mutex<(texts: Texts, request: ManifestRequest)?>(nil)

  /// All that a request follows from.
  private struct Texts: Equatable {
    var manifests: String?
    var prices: [ClusterPrices]
    var paused: [PausedObject]
    var commit: CommitID?
  }

  /// What was said of plans that are held back last, so that it is said once.
  private let held = Mutex("")

  init(path: String, source: FollowedSource?, consent: String? = nil) {
    self.path = path
    self.source = source
    self.consent = consent
  }

  /// Deletions of `plan` that nobody agreed to.
  func graveDeletions(_ plan: Plan, _ request: ManifestRequest) -> [GraveDeletion] {
    let agreed = Agreement(consent: consent)
    return agreed.isConsent(to: plan)
      ? [] : plan.graveDeletions(before: request.before.desired, named: [])
  }

  func request(over stored: StoredState) throws(Trouble) -> ManifestRequest {
    pauses.learn(stored.paused)
    let revision = source?.revision
    let texts = Texts(
      manifests: stored.manifests, prices: stored.prices, paused: stored.paused,
      commit: revision?.commit)
    if let last = last.withLock({ $0 }), last.texts == texts { return last.request }
    let wishes = try stored.wishes(at: path)
    let request =
      try revision.map { revision throws(Trouble) in
        try ManifestRequest(revision.sources, gatheredWith: [], beside: wishes)
      } ?? ManifestRequest(stored: wishes)
    last.withLock { $0 = (texts, request) }
    return request
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
    return Scope(
      desired: request.desired, digest: request.wishes.digest,
      clusters: request.desired.clusters + gone)
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
      let grave = self.graveDeletions(decision.plan, request)
      try await self.tellWhatIsHeld(decision.plan, grave, in: session, at: now)
      decision.scope = scope
      return decision
    }
  }
}

extension Wanted {
  /// Refuses a plan that deletes much without consent, and has it told in the list of events, as what a
  /// gate refuses.
  private func tellWhatIsHeld(
    _ plan: Plan, _ grave: [GraveDeletion], in session: Session, at now: Timestamp
  ) async throws(PlanningRefusal) {
    let refusal = ApplyWording.needsConsent(grave, plan.id, given: consent).message
    let broken = plan.brokenGates.map {
      "gate '\($0.gate)': \($0.findings.joined(separator: "; "))"
    }
    let message = grave.isEmpty ? broken.joined(separator: "; ") : "\(refusal) (plan \(plan.id))"
    let isNews = held.withLock { held in
      defer { held = message }
      return held != message && !message.isEmpty
    }
    if isNews {
      let subject = source.map { "source \($0.location)" } ?? "plan \(plan.id)"
      let event = Event(at: now, subject: subject, reason: "Held", message: message)
      do throws(StoreError) {
        try await session.store.record([], events: [event])
      } catch {
        throw PlanningRefusal(StateWording.diagnostic(error).message)
      }
    }
    guard grave.isEmpty else {
      throw PlanningRefusal("\(refusal); --consent \(plan.id) agrees to exactly that")
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
