import Digests
import Documents
import Interfaces
import Manifests
import Model
import Planning
import Views

/// A plan with all that it takes to apply it.
struct PreparedPlan: Sendable {
  let plan: Plan
  let input: PlanningInput
  /// All desired objects as canonical manifests.
  let manifests: String
  let priceFiles: [SavedPrices]

  /// As a file holds it.
  var saved: SavedPlan {
    SavedPlan(
      plan: plan, manifests: manifests, priceFiles: priceFiles, at: input.now,
      summary: PlanSummary(plan).line)
  }

  /// What makes the plan's target current.
  var adoption: Adoption {
    Adoption(
      target: plan.target, plan: plan.id, manifests: manifests, summary: PlanSummary(plan).line,
      at: input.now)
  }
}

/// The one way from a request to a plan; `plan`, `apply`, `delete`, `review` and the loop all go it.
enum PlanMaker {
  /// `judges` are gates that the plan is judged by instead of the request's own.
  static func plan(
    _ request: ManifestRequest, state: StoredState, observed: ObservedState,
    outOfStock: [StockOut] = [], judges: [GateSpec]? = nil, at now: Timestamp,
    saveBugsBeside path: String
  ) throws(Trouble) -> PreparedPlan {
    let manifests = CanonicalText.manifests(request.desired)
    var input = PlanningInput(
      desired: request.desired, desiredDigest: Digest(of: manifests),
      changes: ObjectChanges.between(request.before, request.desired), previous: state.target,
      observed: observed, done: Set(state.done.map(\.action)), catalogs: request.catalogs,
      outOfStock: outOfStock, now: now)
    if let judges { input.desired.gates = judges }
    let prepared = PreparedPlan(
      plan: Planner.plan(input), input: input, manifests: manifests,
      priceFiles: request.priceFiles)
    try BugReport.refuse(prepared, beside: path)
    return prepared
  }
}
