import Documents
import Planning

/// A plan that the independent checker refuses is never shown as one: what it was made from is saved,
/// so that the bug can be repeated.
enum BugReport {
  static func refuse(_ prepared: PreparedPlan, beside statePath: String) throws(Trouble) {
    let violations = PlanAudit.check(prepared.plan, prepared.input)
    guard !violations.isEmpty else { return }
    let path = "\(statePath).bug-\(prepared.plan.id).json"
    let snapshot = Snapshot(
      at: prepared.input.now, manifests: prepared.wishes.manifests,
      prices: prepared.wishes.keptPrices, observed: prepared.input.observed)
    do throws(POSIX.Problem) {
      try POSIX.makeDirectory(POSIX.directory(of: statePath))
      try POSIX.create(path, snapshot.json)
    } catch {
      throw .bug(violations.map { "\($0)" }, savedAt: "no file: \(error.text)")
    }
    throw .bug(violations.map { "\($0)" }, savedAt: path)
  }
}
