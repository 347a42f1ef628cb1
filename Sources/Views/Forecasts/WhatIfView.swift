import Diagnostics
import Model
import Planning
import Scheduling

/// A what-if for people at a terminal: what happens step by step, curves, costs, and in the last line
/// all of it in numbers.
public struct WhatIfView: Sendable {
  let whatIf: WhatIf
  let style: Style

  public init(_ whatIf: WhatIf, style: Style = Style()) {
    self.whatIf = whatIf
    self.style = style
  }

  /// Lines of the course before the rest is only counted.
  private static let linesMax = 120

  public var text: String {
    var sections = [
      section(whatIf.title, course),
      section("Curves over \(Amounts.span(whatIf.forecast.length))", curves),
      section("Cost", whatIf.isTimed ? costs : []),
      section(
        "Pending at the end", PendingView(pending: whatIf.forecast.pending, style: style).lines),
      section("Notes", notes.flatMap { paragraph($0, indent: 2, in: style) }),
    ].filter { !$0.isEmpty }
    sections += plans
    sections.append([style.heading(whatIf.line)])
    return sections.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  private func section(_ title: String, _ lines: [String]) -> [String] {
    lines.isEmpty ? [] : [style.heading(title)] + lines
  }

  private var course: [String] {
    let lines = ForecastEvents(
      whatIf: whatIf, isDetailed: !whatIf.isTimed || style.isVerbose, isVerbose: style.isVerbose
    ).lines
    guard !lines.isEmpty else { return ["  Nothing happens."] }
    let shown = style.isVerbose ? lines[...] : lines.prefix(Self.linesMax)
    let width = shown.map { columns(of: whatIf.time($0.at)) }.max() ?? 0
    let kinds = shown.map { columns(of: $0.kind.word) }.max() ?? 0
    let text = shown.flatMap { line -> [String] in
      let head =
        "  " + padded(whatIf.time(line.at), to: width) + "  "
        + style.paint(padded(line.kind.word, to: kinds), line.kind.ink) + "  "
      let indent = width + kinds + 6
      let rest = wrapped(line.text, width: max(style.width - indent, 20))
      return rest.enumerated().map { $0 == 0 ? head + $1 : spaces(indent) + $1 }
    }
    let more = lines.count - shown.count
    return text + (more > 0 ? ["  and \(counted(more, "line")) more; --verbose tells them"] : [])
  }

  private var curves: [String] {
    guard whatIf.forecast.samples.count > 1 else { return [] }
    let columns = min(60, max(10, style.width - 52))
    return WhatIfCurve.all(of: whatIf.forecast).map { kind in
      let curve = Curve(whatIf.forecast, kind.value)
      let most = max(curve.most, kind.other.map { Curve(whatIf.forecast, $0).most } ?? 0)
      let range =
        curve.least == curve.most
        ? kind.text(curve.most) : "\(kind.text(curve.least)) to \(kind.text(curve.most))"
      let of = kind.other.map { _ in " of \(kind.text(most))" } ?? ""
      return "  \(padded(kind.title, to: 16))\(curve.sparkline(columns: columns, most: most))"
        + "  \(range)\(of)"
    }
  }

  private var costs: [String] {
    var table = WhatIfCosts(whatIf).table
    table.indent = 2
    return table.lines(in: style)
  }

  private var notes: [String] {
    let unpriced = whatIf.forecast.unpriced
    return whatIf.remarks
      + (unpriced.isEmpty ? [] : ["without a known price: \(NodeRuns(unpriced).text())"])
  }

  /// The first one in full, and all of them where everything is to be written out.
  private var plans: [[String]] {
    let plans = whatIf.forecast.plans
    return (style.isVerbose ? plans[...] : plans.prefix(1)).enumerated().map { index, made in
      let title = "Plan \(index + 1) of \(plans.count), at \(whatIf.time(made.at))"
      let text = PlanView(made.plan, style: style).text
      return [style.heading(title), ""]
        + text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
  }
}

/// What is drawn over time.
struct WhatIfCurve {
  let title: String
  let value: @Sendable (ForecastSample) -> Int64
  /// What it is a part of, where it is.
  var other: (@Sendable (ForecastSample) -> Int64)?
  var otherTitle = ""
  let text: @Sendable (Int64) -> String

  /// What the load asks for is drawn where it is measured.
  static func all(of forecast: Forecast) -> [WhatIfCurve] {
    forecast.samples.contains { $0.needMilli != nil } ? [load] + always : always
  }

  private static let load = WhatIfCurve(
    title: "replicas needed", value: { $0.needMilli ?? 0 },
    text: { Quantity.decimal.text(($0 + 50) / 100 * 100) })

  private static let always = [
    WhatIfCurve(title: "nodes", value: { Int64($0.nodes) }, text: { "\($0)" }),
    WhatIfCurve(
      title: "replicas ready", value: { Int64($0.replicasReady) },
      other: { Int64($0.replicasWanted) }, otherTitle: "wanted", text: { "\($0)" }),
    WhatIfCurve(
      title: "devices held", value: { Int64($0.devicesHeld) }, other: { Int64($0.devices) },
      otherTitle: "there", text: { "\($0)" }),
    WhatIfCurve(
      title: "cost per hour", value: { $0.costPerHour.micros },
      text: { Money(micros: $0).perHourText }),
  ]
}

/// What each pool costs over the time, with the assumptions and without.
struct WhatIfCosts {
  private let whatIf: WhatIf

  init(_ whatIf: WhatIf) { self.whatIf = whatIf }

  var table: Table {
    let other = whatIf.without
    var table = Table(
      [.left, .right, .right] + (other == nil ? [] : [.right, .right]),
      header: ["pool", "node-hours", "cost"] + (other == nil ? [] : ["without", "change"]))
    let names = Set((whatIf.forecast.costs + (other?.costs ?? [])).map(\.pool)).sorted()
    for name in names {
      let mine = whatIf.forecast.costs.first { $0.pool == name }
      let theirs = other?.costs.first { $0.pool == name }
      table.rows.append(
        row("\(name)", mine?.nodeSeconds ?? 0, mine?.cost ?? .zero, theirs?.cost ?? .zero))
    }
    let seconds = whatIf.forecast.costs.reduce(Int64(0)) { $0.addingSaturated($1.nodeSeconds) }
    table.rows.append(row("all", seconds, whatIf.forecast.cost, other?.cost ?? .zero))
    return table
  }

  private func row(_ name: String, _ seconds: Int64, _ cost: Money, _ other: Money) -> Table.Row {
    var cells = [Cell(name), Cell(Self.hours(seconds)), Cell(Amounts.cents(cost))]
    if whatIf.without != nil {
      cells += [Cell(Amounts.cents(other)), Cell(Amounts.signedCents(cost - other))]
    }
    return Table.Row(cells)
  }

  /// In tenths.
  static func hours(_ seconds: Int64) -> String {
    let tenths = seconds.addingSaturated(180) / 360
    return "\(Amounts.grouped(tenths / 10)).\(tenths % 10)"
  }
}
