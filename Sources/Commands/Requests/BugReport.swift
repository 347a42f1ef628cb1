import Documents
import Planning

/// A plan that the independent checker refuses is never shown as one: what it was made from is saved,
/// so that the bug can be repeated.
enum BugReport {
  static func refuse(_ prepared: PreparedPlan, beside statePath: String) throws(Trouble) {
    let violations = PlanAudit.check(prepared.plan, prepared.input)
    guard !violations.isEmpty else { return }
    let snapshot = Snapshot(
      at: prepared.input.now, manifests: prepared.wishes.manifests,
      prices: prepared.wishes.keptPrices, observed: prepared.input.observed)
    throw save(
      snapshot, violations.map { "\($0)" }, "\(prepared.plan.id)", beside: statePath)
  }

  /// Saves what it takes to repeat the bug, as far as the disk lets it.
  static func save(
    _ snapshot: Snapshot, _ violations: [String], _ name: String, beside statePath: String
  ) -> Trouble {
    let path = "\(statePath).bug-\(name).json"
    do throws(POSIX.Problem) {
      try POSIX.makeDirectory(POSIX.directory(of: statePath))
      try POSIX.create(path, snapshot.json)
    } catch {
      return .bug(violations, savedAt: "no file: \(error.text)")
    }
    return .bug(violations, savedAt: path)
  }
}
