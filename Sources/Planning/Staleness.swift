/// Why a plan that was made earlier may not be carried out in the world as it is now.
public enum Staleness: Hashable, Sendable {
  /// Another target than the plan's parent is current; nil where none is.
  case overtaken(by: TargetID?)
  /// Facts that it leans on don't hold any more; at least one.
  case changed([BrokenFact])
  /// These actions would be due by now on the way to its target, and the plan doesn't list them.
  case touchesMore([ActionID])
  /// What it would do now is unsound.
  case unsound([Violation])
}

extension Plan {
  /// Nil where the plan may still be carried out in `input`, the world and the wishes as they are now:
  /// its parent is current, its read set holds, nothing is to be done that it doesn't list, and the
  /// audit has nothing against it. Whatever else has changed makes no difference.
  public func staleness(in input: PlanningInput) -> Staleness? {
    guard target.parent == input.previous?.id else { return .overtaken(by: input.previous?.id) }
    let broken = readSet.broken(
      in: input.observed, desired: input.desired, catalogs: input.catalogs)
    guard broken.isEmpty else { return .changed(broken) }
    let due = Differ.actions(toward: target, desired: input.desired, from: input.observed)
    let listed = Set(actions.map(\.id))
    let unlisted = due.filter { !listed.contains($0.id) }
    guard unlisted.isEmpty else { return .touchesMore(unlisted.map(\.id)) }
    let violations = violations(of: due, input)
    return violations.isEmpty ? nil : .unsound(violations)
  }

  /// What the audit says to taking these actions now. Whether the plan's own account of itself agrees
  /// was judged when it was made, on the world of that time.
  private func violations(of due: [Action], _ input: PlanningInput) -> [Violation] {
    var content = PlanContent(target: target)
    content.actions = due
    content.placements = placements
    content.nodes = nodes
    // A gang that is held in its former shape stands as told there.
    content.report = report
    return PlanAudit.check(Plan(content), input).filter { violation in
      switch violation {
      case .standing, .bounds, .touching, .ordering: true
      case .agreement: false
      }
    }
  }
}
