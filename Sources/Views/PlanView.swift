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
    let parts =
      sections.map { [style.heading($0.title)] + $0.lines }
      + [style.lastLine(PlanSummary(plan).line)]
    return parts.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  /// Those that have anything to say, in the order in which they are read.
  var sections: [Section] {
    let notes = Reports.texts(plan.report).flatMap { paragraph($0, indent: 2, in: style) }
    return [
      Section(
        title: "Objects", lines: ChangesView(changes: plan.changes, style: style).lines),
      Section(title: "Nodes", lines: NodesView(nodes: plan.nodes, style: style).lines),
      Section(title: "Placements", lines: PlacementsView(placements: kept, style: style).lines),
      Section(title: "Preempted", lines: PreemptedView(placements: preempted, style: style).lines),
      Section(title: "Pending", lines: PendingView(pending: plan.pending, style: style).lines),
      Section(title: "Notes", lines: notes),
      Section(title: "Gates", lines: GatesView(gates: plan.gates, style: style).lines),
      Section(title: "Cost", lines: costLines),
    ].filter { !$0.lines.isEmpty }
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
