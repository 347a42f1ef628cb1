import Diagnostics
import Model
import Planning
import Scheduling

/// A what-if as one page that needs nothing else: no script, and nothing from anywhere.
public struct WhatIfPage: Sendable {
  let whatIf: WhatIf

  public init(_ whatIf: WhatIf) { self.whatIf = whatIf }

  private var style: Style { Style(width: 10_000) }
  private var forecast: Forecast { whatIf.forecast }

  /// Lines and plans beyond these are only counted.
  private static let linesMax = 500
  private static let plansMax = 20

  public var html: String {
    Page(
      title: "Setpoint simulation: \(whatIf.title)",
      body: header + summary + curves + costs + fleet + course + pending + plans
    ).html.text
  }

  private var header: HTML {
    let unpriced = forecast.unpriced
    let remarks =
      whatIf.remarks
      + (unpriced.isEmpty ? [] : ["Without a known price: \(NodeRuns(unpriced).text())."])
    let notices = remarks.map { "<p class=\"notice\">\($0)</p>\n" as HTML }
    return """
      <header><h1>\(whatIf.title)</h1>
      <p class="quiet">simulated from \(forecast.startedAt.description) on, for
      \(Amounts.span(forecast.length))</p>
      \(HTML(joining: notices))</header>

      """
  }

  private var summary: HTML {
    let (first, last) = (whatIf.first, whatIf.last)
    let (ready, wanted) = (last?.replicasReady ?? 0, last?.replicasWanted ?? 0)
    let facts: [HTML] = [
      fact(
        "Quiet",
        forecast.quietAt.map { "after \(Amounts.span($0 - forecast.startedAt))" } ?? "not yet",
        forecast.quietAt == nil && !whatIf.isTimed ? "warning" : ""),
      fact("Nodes", "\(first?.nodes ?? 0) → \(last?.nodes ?? 0)", ""),
      fact("Replicas ready", "\(ready) of \(wanted)", ready < wanted ? "warning" : ""),
      fact(
        "Pending", "\(forecast.pending.ordinalCount)", forecast.pending.isEmpty ? "" : "warning"),
      fact(
        "Cost",
        "\(first?.costPerHour.perHourText ?? "") → \(last?.costPerHour.perHourText ?? "")", "",
        below: whatIf.isTimed ? "\(whatIf.costText) in \(Amounts.span(forecast.length))" : ""),
    ]
    return """
      <dl class="facts">\(HTML(joining: facts))</dl>
      <p class="line">\(whatIf.line)</p>

      """
  }

  private func fact(_ name: String, _ value: String, _ kind: String, below: String = "") -> HTML {
    let more: HTML = below.isEmpty ? "" : "<small>\(below)</small>"
    return "<div class=\"\(kind)\"><dt>\(name)</dt><dd>\(value)\(more)</dd></div>\n"
  }

  private var curves: HTML {
    let plots = WhatIfCurve.all(of: whatIf.forecast).map { kind -> HTML in
      var lines = [
        CurvePlot.Line(
          title: kind.otherTitle.isEmpty
            ? "with it" : String(kind.title.split(separator: " ").last ?? ""),
          curve: Curve(forecast, kind.value), kind: "one")
      ]
      if let other = kind.other {
        lines.append(
          CurvePlot.Line(title: kind.otherTitle, curve: Curve(forecast, other), kind: "two"))
      }
      if let without = whatIf.without {
        lines.append(
          CurvePlot.Line(
            title: kind.otherTitle.isEmpty ? "without it" : "\(lines[0].title), without it",
            curve: Curve(without, kind.value), kind: "three"))
      } else if lines.count == 1 {
        lines[0].title = ""
      }
      return CurvePlot(title: kind.title, lines: lines, text: kind.text).html
    }
    return section("Over time", "<div class=\"plots\">\(HTML(joining: plots))</div>\n" as HTML)
  }

  private var costs: HTML {
    whatIf.isTimed ? section("Cost", WhatIfCosts(whatIf).table) : .nothing
  }

  private var fleet: HTML {
    guard let before = forecast.before, let after = forecast.after else { return .nothing }
    return FleetPage(FleetPicture(base: before, head: after, observed: forecast.observed)).html
  }

  private var course: HTML {
    let lines = ForecastEvents(
      whatIf: whatIf, isDetailed: !whatIf.isTimed, isVerbose: false
    ).lines
    guard !lines.isEmpty else { return section("What happens", "<p>Nothing.</p>\n" as HTML) }
    var table = Table([.right, .left, .left])
    table.rows = lines.prefix(Self.linesMax).map {
      Table.Row([Cell(whatIf.time($0.at)), Cell($0.kind.word, $0.kind.ink), Cell($0.text)])
    }
    return section("What happens", table) + more(lines.count - table.rows.count, "line")
  }

  private var pending: HTML {
    let lines = PendingView(pending: forecast.pending, style: style).lines.map { line -> HTML in
      let isInner = line.hasPrefix("      ")
      return "<li class=\"\(isInner ? "inner" : "")\">\(String(line.drop { $0 == " " }))</li>\n"
    }
    return lines.isEmpty
      ? .nothing
      : section("Pending at the end", "<ul class=\"list\">\(HTML(joining: lines))</ul>\n" as HTML)
  }

  private var plans: HTML {
    let made = forecast.plans.prefix(Self.plansMax).enumerated().map { index, made -> HTML in
      let plan = made.plan
      let body =
        part("Nodes", NodesView(nodes: plan.nodes, style: style).table)
        + part(
          "Placements",
          PlacementsView(placements: plan.placements.filter { !$0.isPreemption }, style: style)
            .table)
        + part(
          "Preempted",
          PreemptedView(placements: plan.placements.filter(\.isPreemption), style: style).table)
      let title = "Plan \(index + 1), \(whatIf.time(made.at)): \(PlanSummary(plan).effects)"
      let open: HTML = index == 0 ? " open" : ""
      return "<details\(open)><summary>\(title)</summary>\n\(body)</details>\n"
    }
    guard !made.isEmpty else { return .nothing }
    return section("Plans", HTML(joining: made))
      + more(forecast.plans.count - made.count, "plan")
  }

  private func more(_ count: Int, _ noun: String) -> HTML {
    count > 0 ? "<p class=\"quiet\">and \(counted(count, noun)) more</p>\n" : .nothing
  }

  private func part(_ title: String, _ table: Table) -> HTML {
    table.rows.isEmpty
      ? .nothing : "<h3>\(title)</h3>\n<div class=\"scroll\">\(table.html)</div>\n"
  }

  private func section(_ title: String, _ table: Table) -> HTML {
    section(title, "<div class=\"scroll\">\(table.html)</div>\n" as HTML)
  }

  private func section(_ title: String, _ body: HTML) -> HTML {
    "<section><h2>\(title)</h2>\n\(body)</section>\n"
  }
}
