import Catalog
import Execution
import Interfaces
import Manifests
import Model
import Planning
import Reconciliation
import SQLiteStore
import Simulation
import Views

/// Planning and adopting, as the driver and the commands do.
extension Trial {
  /// The loop wants a plan: on what is stored now and what it saw last.
  mutating func plan(_ request: PlanRequest, _ index: Int) {
    let fault = fault(at: .plan)
    if fault == .crashBefore { return kill(index) }
    let message: Message
    do throws(StoreError) {
      if fault == .storeBusy || fault == .storeBroken { try refuse(fault) }
      message = try decide(request, fault, index)
    } catch {
      message = .event(.planFailed(error.wording))
    }
    if fault == .crashAfter { return kill(index) }
    answer(message, to: index, after: .zero)
  }

  private mutating func decide(
    _ request: PlanRequest, _ fault: Fault?, _ index: Int
  ) throws(StoreError) -> Message {
    let stored = try controllers[index].state.current()
    if request.isOvertaken(by: stored.target?.id) { return .event(.superseded) }
    let wanted: Wish? =
      switch controllers[index].role {
      case .run: stored.manifests.flatMap { library.wish(storedAs: $0) }
      case .apply(let number): library[number]
      }
    guard let wish = wanted else {
      judge.blame("what was stored does not read back")
      return .event(.planFailed("the manifests can't be read"))
    }
    let input = input(
      wish, changes: [], stored, request.observed, request.outOfStock,
      at: world.now + controllers[index].skew)
    guard let decision = decision(wish, input) else {
      return .event(.planFailed("the plan is refused"))
    }
    switch Ruling(decision, over: stored, at: input.now) {
    case .refuse(let refusal): return .event(.planFailed(refusal.detail))
    case .keep(let assignment, let clusters): return .decided(assignment, clusters)
    case .adopt(let adoption, let scope):
      if fault == .storeFull { try refuse(fault) }
      let outcome = try adopt(adoption, fault, index)
      return Message(
        outcome, of: adoption.target, for: request, try controllers[index].state.current(), scope)
    }
  }

  private mutating func adopt(
    _ adoption: Adoption, _ fault: Fault?, _ index: Int
  ) throws(StoreError) -> AdoptionOutcome {
    let basis = adoption.target.parent
    let current = try controllers[index].state.current().target?.id
    let adoption = strategies.adoption(adoption, current)
    let outcome = try controllers[index].state.adopt(adoption)
    note("\(index)", "adopts \(adoption.target.id): \(outcome == .adopted)")
    if outcome == .adopted {
      judge.adopted(adoption, madeOn: basis, by: controllers[index], at: world.now)
      try doubt(fault)
    }
    return outcome
  }

  func input(
    _ wish: Wish, changes: [ObjectChange], _ stored: StoredState, _ observed: ObservedState,
    _ outOfStock: [StockOut], at now: Timestamp
  ) -> PlanningInput {
    PlanningInput(
      desired: wish.desired, desiredDigest: wish.digest, changes: changes,
      previous: stored.target, observed: observed, done: stored.doneAt,
      catalogs: Dictionary(
        uniqueKeysWithValues: wish.desired.clusters.map { ($0.name, Catalog.builtIn) }),
      outOfStock: outOfStock, now: now)
  }

  /// Nil where the audit refuses the plan.
  private mutating func decision(_ wish: Wish, _ input: PlanningInput) -> Decision? {
    let plan = strategies.plan(input)
    let violations = PlanAudit.check(plan, input)
    judge.plansAudited += 1
    if strategies.tells { trace += Telling.lines(of: plan, input) }
    for violation in violations { judge.blame("a plan is unsound: \(violation)") }
    guard strategies.audit(plan, input).isEmpty else { return nil }
    return Decision(
      plan: plan, manifests: wish.text, summary: PlanSummary(plan).line,
      scope: Scope(desired: wish.desired, digest: wish.digest, clusters: wish.desired.clusters))
  }

  /// `setpoint apply`: look, plan, adopt, and carry it out.
  mutating func startApply(_ number: Int, _ index: Int) {
    let fault = fault(at: .plan)
    if fault == .crashBefore { return kill(index) }
    let wish = library[number]
    do throws(StoreError) {
      if fault == .storeBusy || fault == .storeBroken { try refuse(fault) }
      let stored = try controllers[index].state.current()
      let before = stored.manifests.flatMap { library.wish(storedAs: $0)?.desired } ?? .empty
      let input = input(
        wish, changes: ObjectChanges.between(before, wish.desired), stored, everything(wish), [],
        at: world.now + controllers[index].skew)
      guard let decision = decision(wish, input), decision.plan.brokenGates.isEmpty else { return }
      if case .adopt(let adoption, _) = Ruling(decision, over: stored, at: input.now) {
        if fault == .storeFull { try refuse(fault) }
        guard try adopt(adoption, fault, index) == .adopted else {
          controllers[index].startAt = world.now + Seconds(10)
          return
        }
      } else {
        judge.wished(number)
      }
      if fault == .crashAfter { return kill(index) }
      controllers[index].life += 1
      begin(index, .untilConverged, try controllers[index].state.current(), wish)
    } catch {
      controllers[index].die(disk, startAt: applyAgainAt(index))
    }
  }

  /// What can be seen of all clusters at once.
  func everything(_ wish: Wish) -> ObservedState {
    var observed = ObservedState.nothing
    for cluster in wish.desired.clusters {
      do throws(Failure) {
        observed.observations.append(try world.observe(cluster.name))
      } catch {
        observed.unseen.append(UnseenCluster(cluster.name, reason: "\(error)"))
      }
    }
    return observed
  }
}
