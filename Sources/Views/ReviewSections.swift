import Diagnostics
import Model
import Planning

/// The parts of a review in the order in which they are read, as lines.
struct ReviewSections {
  let review: Review
  let style: Style

  var all: [Section] {
    let (brought, spared) = (review.comparison.brought, review.comparison.spared)
    return [
      Section(title: "Objects", lines: ReviewedChanges(review: review, style: style).lines),
      Section(title: "Nodes", lines: NodesView(nodes: brought.nodes, style: style).lines),
      Section(
        title: "Placements",
        lines: PlacementsView(placements: brought.kept, style: style).lines),
      Section(
        title: "Preempted",
        lines: PreemptedView(placements: brought.preempted, style: style).lines),
      Section(title: "Pending", lines: PendingView(pending: brought.pending, style: style).lines),
      Section(title: "Only without the change", lines: spare(spared)),
      Section(title: "Notes", lines: notes),
      Section(title: "Gates", lines: gates.lines(in: style)),
      Section(title: "Cost", lines: cost),
    ].filter { !$0.lines.isEmpty }
  }

  /// What would happen, and does not.
  private func spare(_ effects: PlanComparison.Effects) -> [String] {
    NodesView(nodes: effects.nodes, style: style).lines
      + PlacementsView(placements: effects.kept, style: style).lines
      + PreemptedView(placements: effects.preempted, style: style).lines
      + PendingView(pending: effects.pending, style: style).lines
  }

  private var notes: [String] {
    (review.remarks + Reports.texts(review.notes)).flatMap {
      paragraph($0, indent: 2, in: style)
    }
  }

  var gates: Table {
    var table = Table([.left, .left, .left], indent: 2)
    table.rows = review.comparison.gates.map { gate in
      Table.Row(
        [
          Cell(GateWords.verdict(gate), gate.outcome.isBroken ? .warning : .added),
          Cell("\(gate.outcome.gate)"), Cell(Gates.text(gate.outcome.rule)),
        ],
        remark: GateWords.origin(gate),
        details: gate.outcome.findings.flatMap {
          paragraph(Visible.line($0), indent: 10, in: style)
        })
    }
    return table
  }

  private var cost: [String] {
    let cost = review.comparison.cost
    var lines: [String] = []
    if cost.changePerHour != .zero {
      let change = Amounts.change(from: cost.beforePerHour, to: cost.afterPerHour)
      let month = Amounts.monthChange(cost.changePerHour)
      lines.append("  \(change), \(month) in a month of 730 hours")
    }
    if !cost.unpriced.isEmpty {
      lines += paragraph(
        "without a known price: \(NodeRuns(cost.unpriced).text())", indent: 2, in: style)
    }
    return lines
  }
}

/// A gate's verdict on a change, in words.
enum GateWords {
  static func verdict(_ gate: ComparedGate) -> String {
    guard gate.outcome.isBroken else { return "holds" }
    return gate.isBrokenByChange ? "broken" : "broken before too"
  }

  static func origin(_ gate: ComparedGate) -> String {
    switch (gate.isInBase, gate.isInHead) {
    case (true, true), (false, false): ""
    case (true, false): "taken away by this change, which it judges all the same"
    case (false, true): "new"
    }
  }
}

extension PlanComparison.Effects {
  var preempted: [PlacementChange] { placements.filter(\.isPreemption) }

  var kept: [PlacementChange] { placements.filter { !$0.isPreemption } }
}
