import Documents
import JSON
import Model
public import Planning
import Scheduling

/// Why a replica stands where it does, or nowhere.
public struct ReplicaExplanationView: Sendable {
  private let told: ReplicaExplanation
  private let style: Style

  /// Rivals that are shown; the rest is counted.
  static let rivalsMax = 8

  public init(_ explanation: ReplicaExplanation, style: Style = Style()) {
    told = explanation
    self.style = style
  }

  public var text: String {
    let sections = [
      [style.heading("Replica \(told.replica)")] + paragraph(verdict, indent: 2, in: style),
      section(places.isEmpty ? "No other place" : "Places, the best first", placesLines),
      section("Excluded", told.ranking.excluded.map { "  \(Reasons.text($0))" }),
      told.pending.map {
        section("Pending", PendingView(pending: [$0], style: style).lines)
      } ?? [],
    ].filter { !$0.isEmpty }
    return sections.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  private func section(_ title: String, _ lines: [String]) -> [String] {
    lines.isEmpty ? [] : [style.heading(title)] + lines
  }

  private var verdict: String {
    guard let home = told.home else { return "has no home" }
    let devices =
      told.devices.isEmpty
      ? "" : ", device\(told.devices.count == 1 ? "" : "s") \(numberRuns(told.devices))"
    guard let change = told.change else {
      return "stands on \(home)\(devices), and stays: what stands is moved for a reason only"
    }
    let cause = Causes.text(change.cause)
    switch change.kind {
    case .start: return "is to start on \(home)\(devices): \(cause)"
    case .restart: return "is to start anew on \(home)\(devices): \(cause)"
    case .move:
      return "is to move to \(home)\(devices)\(change.from.map { " from \($0)" } ?? ""): \(cause)"
    case .stop: return "is to stop: \(cause)"
    }
  }

  /// Its home, wherever it ranks, and the best rivals.
  private var places: [RankedNode] {
    let all = told.ranking.places
    let own = all.filter { $0.node == told.home }
    return own + all.filter { $0.node != told.home }.prefix(Self.rivalsMax)
  }

  private var placesLines: [String] {
    guard !places.isEmpty else { return [] }
    var table = Table(
      [.left, .left, .right, .left], header: ["", "NODE", "SCORE", "WHY"], indent: 2)
    table.rows = places.map { place in
      Table.Row([
        Cell(place.node == told.home ? "*" : ""), Cell("\(place.node)"),
        Cell("\(place.terms.score)"), Cell(Self.text(place.terms)),
      ])
    }
    let rest = told.ranking.places.count - places.count
    return table.lines(in: style) + (rest > 0 ? ["  and \(counted(rest, "other node"))"] : [])
  }

  /// `strands 0.25 devices; uses up a device`
  static func text(_ terms: ScoreTerms) -> String {
    var parts: [String] = []
    if terms.sparesDevices { parts.append("takes room beside devices that it doesn't need") }
    if let free = terms.freePerMille {
      parts.append("leaves \(free / 10).\(free % 10) % of the scarcer of cpu and memory free")
    } else {
      let stranded = terms.strandedMilliDevices
      let amount = Quantity.decimal.text(abs(stranded))
      parts.append(
        stranded == 0
          ? "leaves no device without cores"
          : stranded > 0
            ? "leaves \(amount) devices without cores" : "gives cores back to \(amount) devices")
    }
    if terms.usesUpDevice { parts.append("uses up a device") }
    if terms.siblings > 0 {
      parts.append("\(counted(terms.siblings, "other replica")) of its workload there")
    }
    return parts.joined(separator: "; ")
  }

  /// Members are added in later versions and none changes its meaning.
  public var json: String {
    JSONWriter.object { writer in
      writer.member("formatVersion", 1)
      writer.member("kind", "replicaExplanation")
      writer.member("replica", "\(told.replica)")
      writer.member("node", ifPresent: told.home.map { "\($0)" })
      writer.member("devices", told.devices)
      if let change = told.change {
        writer.member("change") { $0.object { change.write(to: &$0) } }
      }
      writer.member("places", objects: told.ranking.places) { writer, place in
        Self.write(place, to: &writer)
      }
      writer.member("excluded", objects: told.ranking.excluded) { $1.write(to: &$0) }
      if let pending = told.pending {
        writer.member("pending") { $0.object { pending.write(to: &$0) } }
      }
    }
  }

  private static func write(_ place: RankedNode, to writer: inout JSONWriter) {
    writer.member("node", "\(place.node)")
    writer.member("score", place.terms.score)
    writer.member("strandedMilliDevices", place.terms.strandedMilliDevices)
    writer.member("usesUpDevice", place.terms.usesUpDevice)
    writer.member("sparesDevices", place.terms.sparesDevices)
    writer.member("freePerMille", ifPresent: place.terms.freePerMille)
    writer.member("siblings", place.terms.siblings)
  }
}
