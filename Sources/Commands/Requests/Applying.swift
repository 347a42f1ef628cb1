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
  let session: Session
  let terminal: Terminal

  /// Shows nothing of its own before the plan is adopted; refuses a plan that breaks a gate.
  func apply(_ prepared: PreparedPlan, _ request: ManifestRequest, isConfirmed: Bool)
    async throws(Trouble) -> Exit
  {
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
    try await session.adopt(prepared.adoption)
    return try await converge(request)
  }

  /// Brings the world to what was adopted, planning again on the way where the world demands it.
  private func converge(_ request: ManifestRequest) async throws(Trouble) -> Exit {
    let interrupts = Interrupts()
    defer { interrupts.stop() }
    let drawing = Drawing(terminal)
    let outcome = await session.driver().converge(
      request.scope, replan: session.replan(request.settled), stop: interrupts.requests,
      progress: { drawing.show($0) })
    drawing.end()
    return try await tell(outcome, request)
  }

  private func tell(_ outcome: Outcome, _ request: ManifestRequest) async throws(Trouble) -> Exit {
    terminal.say(OutcomeWording.text(outcome))
    switch outcome {
    case .converged: return try await planAgain(request)
    case .interrupted: return .interrupted
    case .superseded:
      throw .problem(StateWording.overtaken(session.path))
    case .failed, .stalled, .needsPlan, .notPlanned, .storeFailed: return .failed
    }
  }

  /// The proof that it is done: a plan made now has nothing in it.
  private func planAgain(_ request: ManifestRequest) async throws(Trouble) -> Exit {
    let settled = request.settled
    let state = try await session.current()
    let observed = await session.observe(settled.allClusters)
    let again = try PlanMaker.plan(
      settled, state: state, observed: observed, at: await session.clock.now(),
      saveBugsBeside: session.path)
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

extension Terminal {
  func complain(_ trouble: Trouble) {
    say(trouble.text(coloured: talkStyle.isColoured, width: talkStyle.width))
  }
}

extension ManifestRequest {
  var scope: Scope { Scope(desired: desired, clusters: allClusters) }

  /// The same wishes after they were adopted: nothing changes in the objects any more.
  var settled: ManifestRequest {
    var settled = self
    settled.before = desired
    return settled
  }
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
        plan: prepared.plan, manifests: prepared.manifests,
        summary: PlanSummary(prepared.plan).line, scope: request.scope)
    }
  }
}
