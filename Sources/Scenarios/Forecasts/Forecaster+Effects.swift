import Balancing
import Catalog
import Digests
import Manifests
import Model
import Planning
import Reconciliation
import Scheduling
import Simulation

/// What the reconciler asks for, carried out at once on the simulated world.
extension Forecaster {
  mutating func carryOut(_ effect: Reconciler.Effect) {
    switch effect {
    case .observe(let cluster):
      do throws(Failure) {
        inbox.append(.observed(try world.observe(cluster)))
      } catch {
        inbox.append(.observationFailed(cluster, error))
      }
    case .record(let entries, let happenings):
      for entry in entries { record(entry) }
      for happening in happenings { tell(happening) }
      inbox.append(.recorded)
    case .apply(let action, let key): apply(action, key)
    case .replan(let request): inbox.append(plan(request))
    case .publish(let table): inbox.append(.published(table.cluster))
    case .wake(let moment): wake = moment
    case .report, .finish: break
    }
  }

  private mutating func record(_ entry: JournalEntry) {
    switch entry.event {
    case .intent: openIntents[entry.key] = entry
    case .done:
      openIntents[entry.key] = nil
      done[entry.action] = entry
    case .failed: openIntents[entry.key] = nil
    }
  }

  private mutating func apply(_ action: Action, _ key: IdempotencyKey) {
    guard let cluster = question.clusters.first(where: { $0.name == action.step.cluster }) else {
      let failure = Failure.terminal("there is no cluster '\(action.step.cluster)'")
      return inbox.append(.failed(action.id, failure))
    }
    do throws(Failure) {
      try world.apply(action.step, key: key, in: cluster.simulated)
      inbox.append(.succeeded(action.id))
    } catch {
      inbox.append(.failed(action.id, error))
    }
    ledger.look(at: world)
  }

  /// Plans what is wanted by now on what is seen, as `run` does: a plan that a gate refuses is not
  /// adopted.
  private mutating func plan(_ request: PlanRequest) -> Reconciler.Event {
    let next = wanted
    var input = PlanningInput(
      desired: next, desiredDigest: Digest(of: CanonicalText.manifests(next)),
      changes: ObjectChanges.between(desired, next), previous: target,
      observed: request.observed, done: done.mapValues(\.at), catalogs: question.catalogs,
      outOfStock: request.outOfStock, scales: scaling.decisions, now: world.now)
    if question.ignoresGates { input.desired.gates = [] }
    let plan = Planner.plan(input)
    if !plan.isEmpty {
      violations += PlanAudit.check(plan, input).map { "at \(world.now): \($0)" }
    }
    if let gate = plan.brokenGates.first {
      return refuse(gate.gate, gate.findings.joined(separator: "; "))
    }
    refusal = ""
    adopt(plan, next)
    return assignment.map { .adopted($0) } ?? .planFailed("nothing is adopted")
  }

  private mutating func refuse(_ gate: GateName, _ findings: String) -> Reconciler.Event {
    let words = "\(gate): \(findings)"
    if words != refusal {
      refusal = words
      tell([
        ForecastEvent(at: world.now, kind: .refused, subject: "\(gate)", detail: findings)
      ])
    }
    return .planFailed("gate '\(gate)' refuses the plan: \(findings)")
  }

  private mutating func adopt(_ plan: Plan, _ next: DesiredState) {
    let hasNewPending = plan.pending != pending
    pending = plan.pending
    desired = next
    // As in `run`: what decides nothing new is not adopted anew.
    if let target, plan.changes.isEmpty, plan.target.decides(as: target), !hasNewPending { return }
    target = plan.target
    ledger.learn(plan.target)
    ledger.look(at: world)
    guard !plan.isEmpty || hasNewPending else { return }
    forecast.plans.append(ForecastPlan(at: world.now, plan: plan))
    tell([ForecastEvent(at: world.now, kind: .planned, subject: "plan \(forecast.plans.count)")])
  }

  private mutating func tell(_ happening: Happening) {
    func tell(_ kind: ForecastEvent.Kind, _ subject: String, _ detail: String = "") {
      self.tell([ForecastEvent(at: world.now, kind: kind, subject: subject, detail: detail)])
    }
    switch happening {
    case .took(let action):
      switch action.step {
      case .createNode(let node): tell(.createNode, "\(node.id)")
      case .drainNode(let node): tell(.drainNode, "\(node)")
      case .deleteNode(let node): tell(.deleteNode, "\(node)")
      case .startReplica(let order):
        tell(.startReplica, "\(order.replica.id)", "\(order.replica.node)")
      case .stopReplica(let replica, let node): tell(.stopReplica, "\(replica)", "\(node)")
      }
    case .failed(let action, let failure): tell(.actionFailed, "\(action.id)", "\(failure)")
    case .gaveUp(let action, let failure): tell(.gaveUp, "\(action.id)", "\(failure)")
    case .lostSight(let cluster, let failure): tell(.unseen, "\(cluster)", "\(failure)")
    case .sees(let cluster): tell(.seen, "\(cluster)")
    case .draining, .undrained, .published, .notPublished: return
    case .converged:
      if !isSettled { tell(.settled, "everything") }
      isSettled = true
      return
    }
    isSettled = false
  }

  func observed(_ clusters: [ClusterSpec]) -> ObservedState {
    var observed = ObservedState.nothing
    for cluster in clusters {
      do throws(Failure) {
        observed.observations.append(try world.observe(cluster.name))
      } catch {
        observed.unseen.append(UnseenCluster(cluster.name, reason: "\(error)"))
      }
    }
    return observed
  }

  /// The target with what was carried out of it, as a store hands it out.
  var assignment: Assignment? {
    guard let target else { return nil }
    return Assignment(
      target: target, desired: desired,
      openIntents: openIntents.values.sorted { $0.key.text < $1.key.text },
      done: target.asked.compactMap { done[$0] })
  }
}
