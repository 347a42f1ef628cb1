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
  let agreement: Agreement
  /// Whether there may be more to do in the end: what has changed since a saved plan was made is no part
  /// of it, and what a disruption budget puts off is for the next one.
  var mayLeaveMore = false

  func apply(_ prepared: PreparedPlan, _ request: ManifestRequest) async throws(Trouble) -> Exit {
    try await apply(
      prepared.plan, request, summary: prepared.summary, at: prepared.input.now,
      noting: prepared.account)
  }

  /// Shows the plan, and carries it out; refuses one that breaks a gate, or that nobody agrees to.
  func apply(
    _ plan: Plan, _ request: ManifestRequest, summary: String, at now: Timestamp,
    noting account: Account? = nil
  ) async throws(Trouble) -> Exit {
    let inTheWay = try agreement.gatesInTheWay(plan, among: request.desired.gates)
    try terminal.print(PlanView(plan, style: terminal.style).text)
    let touched = plan.touched(among: request.before.paused)
    guard touched.isEmpty else { throw .problem(PauseWording.touched(touched)) }
    guard inTheWay.isEmpty else {
      terminal.complain(.problem(ApplyWording.gateBroken(inTheWay)))
      return .gateBroken
    }
    guard !plan.isEmpty else {
      try await takeOutOfQuarantine(request)
      return .done
    }
    guard try agreement.isGiven(to: plan, over: request.before.desired, terminal) else {
      terminal.say("Nothing was changed.\n")
      return .failed
    }
    try await takeOutOfQuarantine(request)
    // Nothing is made for those who only looked.
    let session = try Session(writing: path)
    try await session.write(account)
    try await session.adopt(
      Adoption(
        plan, of: request.wishes, summary + agreement.note(plan), at: now,
        events: agreement.events(plan, at: now)))
    var applying = self
    applying.mayLeaveMore = mayLeaveMore || plan.report.contains { $0.isPutOff }
    return try await applying.converge(request, session)
  }

  /// These manifests were planned here and nobody died of it: a run may try them again.
  private func takeOutOfQuarantine(_ request: ManifestRequest) async throws(Trouble) {
    let subject = Quarantine.planning(request.wishes.digest)
    guard try await Session(reading: path).quarantine.holds(subject) else { return }
    try await Session(writing: path).quarantine.end(subject)
  }

  /// Brings the world to what was adopted, planning again on the way where the world demands it.
  private func converge(
    _ request: ManifestRequest, _ session: Session
  ) async throws(Trouble) -> Exit {
    let interrupts = Interrupts()
    defer { interrupts.stop() }
    let drawing = Drawing(terminal)
    let scope = request.scope
    session.clock.note(scope.clusters)
    let outcome = await session.driver(diff: Pauses(request.before.paused).diff).converge(
      scope, replan: session.replan(request.settled), stop: interrupts.requests,
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
    try await session.write(again.account)
    guard again.plan.isEmpty || mayLeaveMore || again.plan.isBroughtByTime else {
      terminal.say("Planning again still finds something to do:\n\n")
      terminal.say(PlanView(again.plan, style: terminal.talkStyle).text)
      return .failed
    }
    guard again.plan.isEmpty else {
      terminal.say("Done, and by now there is more to do than was planned:\n\n")
      terminal.say(PlanView(again.plan, style: terminal.talkStyle).text)
      return .done
    }
    let objects = settled.desired.isEmpty ? " Nothing is left." : ""
    terminal.say("Done: planning again finds nothing to do.\(objects)\n")
    return .done
  }
}

extension Plan {
  /// Whether it does nothing but give back nodes that were idle or old for long enough by then: time
  /// passes while a plan is carried out.
  fileprivate var isBroughtByTime: Bool {
    let goings = nodes.filter { $0.kind == .delete }
    return !goings.isEmpty && changes.isEmpty && pending.isEmpty
      && goings.allSatisfy {
        switch $0.cause {
        case .empty, .underused, .expired: true
        case .wanted, .unwanted, .changed, .nodeLost, .replicaLost, .nodeLeaving, .preempted,
          .gangRestart, .needed, .poolMinimum, .headroom, .poolShrunk, .orphaned:
          false
        }
      }
      && placements.allSatisfy { if case .nodeLeaving = $0.cause { true } else { false } }
  }
}

extension Adoption {
  init(
    _ plan: Plan, of wishes: Wishes, _ summary: String, at now: Timestamp, events: [Event] = []
  ) {
    self.init(
      target: plan.target, plan: plan.id, manifests: wishes.manifests, prices: wishes.keptPrices,
      summary: summary, at: now, events: events)
  }
}

extension ManifestRequest {
  var scope: Scope { Scope(desired: desired, digest: wishes.digest, clusters: allClusters) }
}

extension Session {
  /// The account by now, written down.
  private func accounted(
    _ observed: ObservedState, _ wishes: Wishes, _ stored: StoredState, at now: Timestamp
  ) async throws(PlanningRefusal) -> Account {
    do throws(StoreError) {
      let account = try await account(observed, wishes, stored, at: now)
      try await note(account)
      return account
    } catch {
      throw PlanningRefusal(error.wording)
    }
  }

  func driver(limits: DriverLimits = DriverLimits(), diff: @escaping Reconciler.Diff) -> Driver {
    Driver(
      store: store, provider: provider, balancer: provider, clock: clock, limits: limits, diff: diff
    )
  }

  /// Plans `request` again on what is stored and seen by then.
  func replan(_ request: ManifestRequest) -> Replan {
    { asked, stored, now throws(PlanningRefusal) in
      let prepared: PreparedPlan
      let (scales, idle) = (await scaler.decisions, await idleWatch.idle)
      let account = try await accounted(asked.observed, request.wishes, stored, at: now)
      do throws(Trouble) {
        prepared = try PlanMaker.plan(
          request, state: stored, observed: asked.observed, outOfStock: asked.outOfStock,
          scales: scales, spent: account.spent(of: request.desired), idle: idle, at: now,
          saveBugsBeside: path)
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
