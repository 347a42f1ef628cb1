import Interfaces
import Model
import Planning
import Reconciliation

extension Session {
  /// Plans on what is stored now, and adopts the plan unless it says what is current already.
  func plan(_ request: PlanRequest) async -> Message {
    guard let replan else { return .event(.planFailed("nobody plans here")) }
    do throws(StoreError) {
      let stored = try await store.current()
      let decision = await decide(request, stored, replan)
      switch decision {
      case .failure(let refusal): return .event(.planFailed(refusal.detail))
      case .success(let decision): return try await adopt(decision, over: stored)
      }
    } catch {
      return .event(.planFailed(error.wording))
    }
  }

  private func decide(
    _ request: PlanRequest, _ stored: StoredState, _ replan: Replan
  ) async -> Result<Decision, PlanningRefusal> {
    do throws(PlanningRefusal) {
      let decision = try await replan(request, stored, await clock.now())
      guard let gate = decision.plan.brokenGates.first else { return .success(decision) }
      let findings = gate.findings.joined(separator: "; ")
      return .failure(PlanningRefusal("gate '\(gate.gate)' refuses the plan: \(findings)"))
    } catch {
      return .failure(error)
    }
  }

  private func adopt(
    _ decision: Decision, over stored: StoredState
  ) async throws(StoreError) -> Message {
    let plan = decision.plan
    if let current = stored.target, plan.changes.isEmpty, plan.target.saysTheSame(as: current) {
      return .decided(Assignment(current, stored, decision.scope.desired), decision.scope.clusters)
    }
    let adoption = Adoption(
      target: plan.target, plan: plan.id, manifests: decision.manifests,
      prices: decision.prices, summary: decision.summary, at: await clock.now())
    switch try await store.adopt(adoption) {
    case .stale: return .event(.planFailed("another plan was adopted meanwhile"))
    case .adopted:
      let now = try await store.current()
      return .decided(
        Assignment(plan.target, now, decision.scope.desired), decision.scope.clusters)
    }
  }
}

extension Assignment {
  init(_ target: Target, _ stored: StoredState, _ desired: DesiredState) {
    self.init(
      target: target, desired: desired, openIntents: stored.openIntents, done: stored.done)
  }
}

extension Target {
  /// Whether only the parent differs: a plan that decides nothing new needs no adoption.
  func saysTheSame(as other: Target) -> Bool {
    desired == other.desired && nodes == other.nodes && replicas == other.replicas
      && surge == other.surge && finished == other.finished
      && nextNodeOrdinals == other.nextNodeOrdinals
  }
}
