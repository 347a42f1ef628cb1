import Model
public import Planning

/// A plan for people: what changes, what it does to the world and why, what it costs, and in the last
/// line all of it in numbers.
public struct PlanView: Sendable {
  let plan: Plan
  let style: Style

  public init(_ plan: Plan, style: Style = Style()) {
    self.plan = plan
    self.style = style
  }

  public var text: String {
    var sections = [
      section("Objects", ChangesView(changes: plan.changes, style: style).lines),
      section("Nodes", NodesView(nodes: plan.nodes, style: style).lines),
      section("Placements", PlacementsView(placements: kept, style: style).lines),
      section("Preempted", PreemptedView(placements: preempted, style: style).lines),
      section("Pending", PendingView(pending: plan.pending, style: style).lines),
      section("Notes", Reports.texts(plan.report).flatMap { paragraph($0, indent: 2, in: style) }),
      section("Gates", GatesView(gates: plan.gates, style: style).lines),
      section("Cost", costLines),
    ].filter { !$0.isEmpty }
    sections.append([style.heading(PlanSummary(plan).line)])
    return sections.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  private func section(_ title: String, _ lines: [String]) -> [String] {
    lines.isEmpty ? [] : [style.heading(title)] + lines
  }

  private var preempted: [PlacementChange] { plan.placements.filter(\.isPreemption) }

  private var kept: [PlacementChange] { plan.placements.filter { !$0.isPreemption } }

  /// Nothing where no node comes or goes: the last line says the price already.
  private var costLines: [String] {
    let unpriced = plan.cost.unpriced
    var lines: [String] = []
    if plan.cost.changePerHour != .zero {
      let change = Amounts.change(from: plan.cost.beforePerHour, to: plan.cost.afterPerHour)
      lines.append("  \(change), \(Amounts.month(plan.cost.afterPerHour)) in a month of 730 hours")
    }
    if !unpriced.isEmpty {
      let text = "without a known price: \(NodeRuns(unpriced).text())"
      lines += paragraph(text, indent: 2, in: style)
    }
    return lines
  }
}

extension PlacementChange {
  var isPreemption: Bool {
    if case .preempted = cause { true } else { false }
  }
}
