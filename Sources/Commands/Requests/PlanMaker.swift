import Autoscaling
import Documents
import Execution
import Interfaces
import Model
import Planning
import SimulatedProvider
import Views

/// A plan with all that it takes to apply it.
struct PreparedPlan: Sendable {
  let plan: Plan
  let input: PlanningInput
  let wishes: Wishes
  /// What the history says of it behind its numbers.
  var note = ""
  /// What was spent by then, where somebody looked.
  var account: Account?

  /// As the history lists it.
  var summary: String { PlanSummary(plan).line + note }

  /// As a file holds it.
  var saved: SavedPlan {
    SavedPlan(
      plan: plan, manifests: wishes.manifests, priceFiles: wishes.savedPrices, at: input.now,
      summary: summary)
  }
}

/// The one way from a request to a plan; `plan`, `apply`, `delete`, `review` and the loop all go it.
enum PlanMaker {
  /// `judges` are gates that the plan is judged by instead of the request's own.
  static func plan(
    _ request: ManifestRequest, state: StoredState, observed: ObservedState,
    outOfStock: [StockOut] = [], scales: [WorkloadName: ScaleDecision] = [:],
    spent: [BudgetOwner: Money] = [:], idle: [WorkloadName: Timestamp] = [:],
    judges: [GateSpec]? = nil, at now: Timestamp,
    saveBugsBeside path: String
  ) throws(Trouble) -> PreparedPlan {
    let wishes = request.wishes
    var input = PlanningInput(
      desired: wishes.desired, desiredDigest: wishes.digest, changes: request.changes,
      previous: state.target, observed: observed, done: state.doneAt,
      catalogs: wishes.catalogs, outOfStock: outOfStock, scales: scales,
      spent: spent, idle: idle, now: now)
    if let judges { input.desired.gates = judges }
    let prepared = PreparedPlan(plan: Planner.plan(input), input: input, wishes: wishes)
    try BugReport.refuse(prepared, beside: path)
    return prepared
  }
}

extension Session {
  /// The plan of `request` on what is stored and seen now.
  func prepare(
    _ request: ManifestRequest, over stored: StoredState
  ) async throws(Trouble) -> PreparedPlan {
    let observed = await observe(request.allClusters)
    let now = await clock.now()
    let account: Account
    do throws(StoreError) {
      account = try await self.account(observed, request.wishes, stored, at: now)
    } catch {
      throw .state(error)
    }
    var prepared = try PlanMaker.plan(
      request, state: stored, observed: observed, scales: await scaler.decisions,
      spent: account.spent(of: request.desired), idle: await idleWatch.idle, at: now,
      saveBugsBeside: path)
    prepared.account = account
    return prepared
  }
}
