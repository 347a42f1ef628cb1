public import Documents
import Model
public import Planning
import Scheduling

/// The answer to a what-if, with all that a reader asks of it.
public struct WhatIf: Sendable {
  /// As they were said: `lose zone=us-east-1a`; empty where only time goes by.
  public var assumptions: [String]
  public var forecast: Forecast
  /// The same without the assumptions; nil where there are none.
  public var without: Forecast?
  /// Whether a length of time was asked for, or only how it ends.
  public var isTimed: Bool
  /// What a reader must know to weigh the rest, a sentence each.
  public var remarks: [String]

  public init(
    assumptions: [String], forecast: Forecast, without: Forecast? = nil, isTimed: Bool,
    remarks: [String] = []
  ) {
    self.assumptions = assumptions
    self.forecast = forecast
    self.without = without
    self.isTimed = isTimed
    self.remarks = remarks
  }

  /// As a document, for programs.
  public var report: SimulationReport {
    SimulationReport(
      assumptions: assumptions, course: SimulatedCourse(forecast),
      without: without.map(SimulatedCourse.init))
  }

  var title: String {
    assumptions.isEmpty ? "What happens" : "What if: \(assumptions.joined(separator: ", "))"
  }

  var first: ForecastSample? { forecast.samples.first }
  var last: ForecastSample? { forecast.samples.last }

  /// What is left of the costs of both when the assumptions are the only difference.
  var costChange: Money? { without.map { forecast.cost - $0.cost } }

  /// All of it in numbers, always in the same order.
  var line: String {
    let end =
      forecast.quietAt.map { "quiet after \(Amounts.span($0 - forecast.startedAt))" }
      ?? "not quiet after \(Amounts.span(forecast.length))"
    var parts = [
      end, counted(forecast.plans.count, "plan"),
      "nodes \(first?.nodes ?? 0) → \(last?.nodes ?? 0)",
      "\(last?.replicasReady ?? 0) of \(last?.replicasWanted ?? 0) replicas ready",
      "\(forecast.pending.ordinalCount) pending",
      Amounts.change(from: first?.costPerHour ?? .zero, to: last?.costPerHour ?? .zero),
    ]
    if isTimed { parts.append("\(costText) in \(Amounts.span(forecast.length))") }
    return "Simulated: " + parts.joined(separator: " · ")
  }

  /// `$4,180.25`, and how much that is more than without the assumptions.
  var costText: String {
    let cost = Amounts.cents(forecast.cost)
    guard let change = costChange else { return cost }
    return "\(cost) (\(Amounts.signedCents(change)))"
  }

  /// `+1m35s`
  func time(_ moment: Timestamp) -> String { "+\(Amounts.span(moment - forecast.startedAt))" }
}

extension Amounts {
  /// A length of time, exact: `24h`, `1h1m35s`, `0s`.
  static func span(_ length: Seconds) -> String { "\(Seconds(max(0, length.count)))" }

  /// In whole cents, as sums over a time are told: `$4,180.25`.
  static func cents(_ money: Money) -> String {
    let cents = (money.micros.magnitude + 5_000) / 10_000
    let rest = cents % 100
    let text = "$\(grouped(Int64(clamping: cents / 100))).\(rest < 10 ? "0" : "")\(rest)"
    return money < .zero ? "−\(text)" : text
  }

  static func signedCents(_ money: Money) -> String {
    money < .zero ? cents(money) : "+\(cents(money))"
  }
}
