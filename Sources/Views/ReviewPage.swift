import Diagnostics
import Model
import Planning

/// A review as one page that needs nothing else: no script, and nothing from anywhere.
public struct ReviewPage: Sendable {
  let review: Review

  public init(_ review: Review) { self.review = review }

  private var style: Style { Style(width: 10_000) }

  public var html: String {
    let title = "Setpoint review: \(review.title)"
    return Page(title: title, body: header + summary + gates + fleet + sections).html.text
  }

  private var header: HTML {
    let remarks = review.remarks.map { "<p class=\"notice\">\($0)</p>\n" as HTML }
    return """
      <header><h1>What \(review.head.name) would do</h1>
      <p class="quiet">\(review.base.name) <code>\(review.base.short)</code> →
      \(review.head.name) <code>\(review.head.short)</code>,
      \(review.paths.joined(separator: ", ")), observed \(review.at.description)</p>
      \(HTML(joining: remarks))</header>

      """
  }

  private var summary: HTML {
    let summary = PlanSummary(review.comparison)
    let cost = summary.cost
    let objects =
      "+\(summary.creates) ~\(summary.updates) -/+\(summary.replaces) −\(summary.deletes)"
    let facts: [HTML] = [
      fact("Objects", objects, ""),
      fact("Nodes", "+\(summary.nodesAdded) −\(summary.nodesRemoved)", ""),
      fact("Preempted", "\(summary.preempted)", summary.preempted > 0 ? "warning" : ""),
      fact("Pending", "\(summary.pending)", summary.pending > 0 ? "warning" : ""),
      fact(
        "Cost", "\(cost.beforePerHour.perHourText) → \(cost.afterPerHour.perHourText)", "",
        below: cost.changePerHour == .zero
          ? "unchanged"
          : "\(Amounts.change(cost.changePerHour)), \(Amounts.monthChange(cost.changePerHour)) a month"
      ),
    ]
    return """
      <dl class="facts">\(HTML(joining: facts))</dl>
      <p class="line">\(summary.line)</p>

      """
  }

  private func fact(_ name: String, _ value: String, _ kind: String, below: String = "") -> HTML {
    let more: HTML = below.isEmpty ? "" : "<small>\(below)</small>"
    return "<div class=\"\(kind)\"><dt>\(name)</dt><dd>\(value)\(more)</dd></div>\n"
  }

  private var gates: HTML {
    guard !review.comparison.gates.isEmpty else { return .nothing }
    let items = review.comparison.gates.map { gate -> HTML in
      let findings = gate.outcome.findings.map { "<li>\($0)</li>" as HTML }
      let origin = GateWords.origin(gate)
      let note: HTML = origin.isEmpty ? "" : " <span class=\"quiet\">(\(origin))</span>"
      let list: HTML = findings.isEmpty ? "" : "<ul>\(HTML(joining: findings))</ul>"
      return """
        <li class="\(gate.outcome.isBroken ? "broken" : "holds")">\
        <strong>\(GateWords.verdict(gate))</strong> \(gate.outcome.gate.text):
        \(Gates.text(gate.outcome.rule))\(note)\(list)</li>

        """
    }
    return "<section><h2>Gates</h2>\n<ul class=\"gates\">\(HTML(joining: items))</ul></section>\n"
  }

  private var fleet: HTML {
    FleetPage(
      FleetPicture(
        base: review.comparison.base.target, head: review.comparison.head.target,
        observed: review.observed)
    ).html
  }

  private var sections: HTML {
    let (brought, spared) = (review.comparison.brought, review.comparison.spared)
    return section("Objects", objects)
      + section("Nodes", NodesView(nodes: brought.nodes, style: style).table)
      + section("Placements", PlacementsView(placements: brought.kept, style: style).table)
      + section("Preempted", PreemptedView(placements: brought.preempted, style: style).table)
      + section("Pending", PendingView(pending: brought.pending, style: style).lines)
      + section(
        "Nodes only without the change", NodesView(nodes: spared.nodes, style: style).table)
      + section(
        "Placements only without the change",
        PlacementsView(placements: spared.placements, style: style).table)
      + section(
        "Pending only without the change", PendingView(pending: spared.pending, style: style).lines)
      + section("Notes", Reports.texts(review.notes))
  }

  private func section(_ title: String, _ table: Table) -> HTML {
    table.rows.isEmpty
      ? .nothing : section(title, "<div class=\"scroll\">\(table.html)</div>" as HTML)
  }

  private func section(_ title: String, _ lines: [String]) -> HTML {
    let items = lines.map { line -> HTML in
      let isInner = line.hasPrefix("      ")
      return "<li class=\"\(isInner ? "inner" : "")\">\(String(line.drop { $0 == " " }))</li>\n"
    }
    return lines.isEmpty
      ? .nothing : section(title, "<ul class=\"list\">\(HTML(joining: items))</ul>" as HTML)
  }

  private func section(_ title: String, _ body: HTML) -> HTML {
    body.text.isEmpty ? .nothing : "<section><h2>\(title)</h2>\n\(body)</section>\n"
  }

  private var objects: HTML {
    let changes = review.comparison.changes
    let view = ReviewedChanges(review: review, style: style)
    let ordered = ObjectChange.Action.listed.flatMap { action in
      changes.filter { $0.action == action }
    }
    return HTML(
      joining: ordered.map { change in
        let symbol = Symbol(change.action)
        let place = review.places[change.object].map { "\($0)" } ?? ""
        let fields: HTML = change.fields.isEmpty ? "" : view.fields(of: change).html
        return """
          <div class="object"><p><span class="symbol">\(symbol.rawValue)</span>
          <strong>\(change.object.description)</strong> <span class="quiet">\(place)</span></p>
          <div class="scroll">\(fields)</div></div>

          """
      })
  }
}
