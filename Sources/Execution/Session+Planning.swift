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
      if request.isOvertaken(by: stored.target?.id) { return .event(.superseded) }
      switch await rule(request, stored, replan) {
      case .refuse(let refusal): return .event(.planFailed(refusal.detail))
      case .keep(let assignment, let clusters): return .decided(assignment, clusters)
      case .adopt(let adoption, let scope):
        let outcome = try await store.adopt(adoption)
        return Message(
          outcome, of: adoption.target, for: request, try await store.current(), scope)
      }
    } catch {
      return .event(.planFailed(error.wording))
    }
  }

  private func rule(
    _ request: PlanRequest, _ stored: StoredState, _ replan: Replan
  ) async -> Ruling {
    do throws(PlanningRefusal) {
      let decision = try await replan(request, stored, await clock.now())
      return Ruling(decision, over: stored, at: await clock.now())
    } catch {
      return .refuse(error)
    }
  }
}
