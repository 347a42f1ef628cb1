import Execution
import Interfaces
import Model
import Planning
import Reconciliation
import SQLiteStore
import SimulatedProvider
import Views

/// The time in which one process keeps a state, with all that it works with.
struct KeepersTurn: Sendable {
  let wanted: Wanted
  let drift: DriftPolicy
  let limits: DriverLimits
  let session: Session
  let interrupts: Interrupts
  let drawing: Drawing
  let terminal: Terminal

  /// How one pass ended.
  enum Pass: Equatable {
    case ended(Outcome)
    case gateBroken([GateName])
    /// It deletes much, and nobody agreed to that plan.
    case needsConsent([GraveDeletion], PlanID)
    /// Nothing was asked for, and this is what healing would do: its summary and all of it.
    case drifted(String, String)
    case settled

    var exit: Exit {
      switch self {
      case .settled, .ended(.converged): .done
      case .ended(.interrupted): .interrupted
      case .ended(.superseded), .ended(.failed), .ended(.stalled), .ended(.needsPlan),
        .ended(.notPlanned), .ended(.storeFailed):
        .failed
      case .gateBroken: .gateBroken
      case .needsConsent: .failed
      case .drifted: .changes
      }
    }
  }

  /// Plans, and carries out what is asked for; what only the world asks for is carried out or
  /// reported, as the policy says.
  func pass() async throws(Trouble) -> Pass {
    let stored = try await session.current()
    let request = try wanted.request(over: stored)
    _ = try await scaleOnce()
    _ = try await watchIdleOnce()
    let isNew = stored.target == nil || !request.changes.isEmpty
    let isAsked = isNew ? true : try await isUnderWay(stored)
    guard isNew || drift == .report else {
      return try await converge(request, plansFirst: true)
    }
    let prepared = try await session.quarantine.around(
      Quarantine.planning(request.wishes.digest)
    ) { () throws(Trouble) in
      try await session.prepare(request, over: stored)
    }
    guard isAsked else {
      let plan = prepared.plan
      return plan.isEmpty
        ? .settled
        : .drifted(PlanSummary(plan).line, PlanView(plan, style: terminal.style).text)
    }
    let broken = prepared.plan.brokenGates.map(\.gate)
    guard broken.isEmpty else { return .gateBroken(broken) }
    let grave = wanted.graveDeletions(prepared.plan, request)
    guard grave.isEmpty else { return .needsConsent(grave, prepared.plan.id) }
    if isNew {
      let summary = wanted.summary(prepared.plan)
      try await session.adopt(
        Adoption(prepared.plan, of: prepared.wishes, summary, at: prepared.input.now))
    }
    return try await converge(request)
  }

  private func converge(
    _ request: ManifestRequest, plansFirst: Bool = false
  ) async throws(Trouble) -> Pass {
    let scope = wanted.scope(request)
    session.clock.note(scope.clusters)
    let outcome = await session.driver(limits: limits, diff: wanted.pauses.diff).converge(
      scope, replan: wanted.replan(in: session), plansFirst: plansFirst, stop: interrupts.requests,
      progress: drawing.show)
    drawing.end()
    return .ended(outcome)
  }

  /// What a pass came to, for people and in the list of events.
  func tell(_ pass: Pass) async throws(Trouble) {
    switch pass {
    case .ended(let outcome): terminal.say(OutcomeWording.text(outcome))
    case .gateBroken(let gates): terminal.complain(.problem(ApplyWording.gateBroken(gates)))
    case .needsConsent(let grave, let plan):
      terminal.complain(.problem(ApplyWording.needsConsent(grave, plan, given: wanted.consent)))
    case .settled: terminal.say("All is as it was decided.\n")
    case .drifted(let summary, let text):
      try terminal.print(text)
      terminal.say("Nobody asked for this, and nothing was done: drift is only reported.\n")
      do throws(StoreError) {
        try await session.store.record(
          [],
          events: [
            Event(
              at: await session.clock.now(), subject: "drift", reason: "Drifted", message: summary)
          ])
      } catch {
        throw .state(error)
      }
    }
  }

  /// Whether what was adopted last was not there as a whole since: then it is still to be brought
  /// about, and what is missing is no drift.
  private func isUnderWay(_ stored: StoredState) async throws(Trouble) -> Bool {
    let events = try await session.events(limit: Session.eventsSearched)
    guard let adopted = events.lastIndex(where: { $0.reason == "Adopted" }) else { return false }
    return !events[adopted...].contains { $0.reason == "Converged" }
  }
}
