import Diagnostics
import Execution
import Glibc
import Interfaces
import Manifests
import Model
import Planning
import Reconciliation
import SimulatedProvider
import Views

/// Makes a plan real, with progress on screen, and says how it ended.
struct Applying: Sendable {
  /// Of the state file.
  let path: String
  let terminal: Terminal

  /// Shows the plan, and carries it out; refuses one that breaks a gate, or that nobody agrees to.
  func apply(_ prepared: PreparedPlan, _ request: ManifestRequest, isConfirmed: Bool)
    async throws(Trouble) -> Exit
  {
    try terminal.print(PlanView(prepared.plan, style: terminal.style).text)
    let broken = prepared.plan.brokenGates.map(\.gate.text)
    guard broken.isEmpty else {
      terminal.complain(.problem(ApplyWording.gateBroken(broken)))
      return .gateBroken
    }
    guard !prepared.plan.isEmpty else { return .done }
    if !isConfirmed {
      guard terminal.canAsk else { throw .problem(ApplyWording.notConfirmed()) }
      guard terminal.ask("\nApply this plan?") else {
        terminal.say("Nothing was changed.\n")
        return .failed
      }
    }
    // Nothing is made for those who only looked.
    let session = try Session(writing: path)
    try await session.adopt(prepared.adoption)
    return try await converge(request, session)
  }

  /// Brings the world to what was adopted, planning again on the way where the world demands it.
  private func converge(
    _ request: ManifestRequest, _ session: Session
  ) async throws(Trouble) -> Exit {
    let interrupts = Interrupts()
    defer { interrupts.stop() }
    let drawing = Drawing(terminal)
    let outcome = await session.driver().converge(
      request.scope, replan: session.replan(request.settled), stop: interrupts.requests,
      progress: { drawing.show($0) })
    drawing.end()
    return try await tell(outcome, request, session)
  }

  private func tell(
    _ outcome: Outcome, _ request: ManifestRequest, _ session: Session
  ) async throws(Trouble) -> Exit {
    terminal.say(OutcomeWording.text(outcome))
    switch outcome {
    case .converged: return try await planAgain(request, session)
    case .interrupted: return .interrupted
    case .superseded:
      throw .problem(StateWording.overtaken(path))
    case .failed, .stalled, .needsPlan, .notPlanned, .storeFailed: return .failed
    }
  }

  /// The proof that it is done: a plan made now has nothing in it.
  private func planAgain(
    _ request: ManifestRequest, _ session: Session
  ) async throws(Trouble) -> Exit {
    let settled = request.settled
    let again = try await session.prepare(settled, over: session.current())
    guard again.plan.isEmpty else {
      terminal.say("Planning again still finds something to do:\n\n")
      terminal.say(PlanView(again.plan, style: terminal.talkStyle).text)
      return .failed
    }
    let objects = settled.desired.isEmpty ? " Nothing is left." : ""
    terminal.say("Done: planning again finds nothing to do.\(objects)\n")
    return .done
  }
}

extension ManifestRequest {
  var scope: Scope { Scope(desired: desired, clusters: allClusters) }
}

extension Session {
  func driver(limits: DriverLimits = DriverLimits()) -> Driver {
    Driver(store: store, provider: provider, clock: clock, limits: limits)
  }

  /// Plans `request` again on what is stored and seen by then.
  func replan(_ request: ManifestRequest) -> Replan {
    { asked, stored, now throws(PlanningRefusal) in
      let prepared: PreparedPlan
      do throws(Trouble) {
        prepared = try PlanMaker.plan(
          request, state: stored, observed: asked.observed, outOfStock: asked.outOfStock,
          at: now, saveBugsBeside: path)
      } catch {
        throw PlanningRefusal(error.text(coloured: false, width: 100))
      }
      return Decision(
        plan: prepared.plan, manifests: prepared.wishes.manifests,
        prices: prepared.wishes.keptPrices, summary: PlanSummary(prepared.plan).line,
        scope: request.scope)
    }
  }
}
