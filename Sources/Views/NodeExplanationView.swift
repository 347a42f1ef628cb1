import Documents
import JSON
import Model
public import Planning
import Scheduling

/// Why a node is there, and what would be without it.
public struct NodeExplanationView: Sendable {
  private let told: NodeExplanation
  private let style: Style

  public init(_ explanation: NodeExplanation, style: Style = Style()) {
    told = explanation
    self.style = style
  }

  public var text: String {
    let sections = [
      [style.heading("Node \(told.node)"), "  \(facts)"]
        + reasons.flatMap { paragraph($0, indent: 2, in: style) },
      absenceLines,
    ].filter { !$0.isEmpty }
    return sections.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  private var facts: String {
    let price = told.pricePerHour.map { "  \($0.perHourText)" } ?? ""
    let phase = told.phase.map { "\($0)" } ?? "not there yet"
    return
      "\(told.instanceType)  \(told.capacityType.rawValue)  \(told.zone)\(price)  \(phase)"
  }

  /// Why it is there, or goes.
  private var reasons: [String] {
    if let change = told.change {
      let verb = change.kind == .create ? "comes" : "goes"
      return ["\(verb): \(Causes.text(change.cause))"] + (change.kind == .create ? homes : [])
    }
    guard told.pool != nil else {
      return ["is not ours: it is used where it has room, and never taken away"]
    }
    var reasons = homes
    if told.occupants > 0 {
      reasons.append("carries \(counted(told.occupants, "thing")) of others, and is kept for them")
    }
    if told.poolMin > 0 && told.poolNodes <= told.poolMin, let pool = told.pool {
      reasons.append("NodePool/\(pool) has \(told.poolNodes) nodes, and must have \(told.poolMin)")
    }
    if reasons.isEmpty {
      reasons.append(
        told.emptySince.map { "is empty since \($0), and not given back yet" }
          ?? "nothing stands on it")
    }
    return reasons
  }

  private var homes: [String] {
    let counts = Dictionary(told.residents.map { ($0.workload, 1) }, uniquingKeysWith: +)
    guard !counts.isEmpty else { return [] }
    let words = counts.keys.sorted().map { "\(counted(counts[$0] ?? 0, "replica")) of \($0)" }
    return ["is home to \(words.joined(separator: ", "))"]
  }

  private var absenceLines: [String] {
    guard let without = told.without else { return [] }
    var lines = [style.heading("Without it")]
    lines += PendingView(pending: without.homeless, style: style).lines
    for move in without.moves {
      let loss =
        move.lossMilliDeviceSeconds == 0
        ? "" : ", losing \(Amounts.deviceHours(move.lossMilliDeviceSeconds))"
      let symbol = style.paint(Symbol.move.rawValue, Symbol.move.ink)
      lines.append("  \(symbol) \(move.replica)  \(move.to)\(loss)")
    }
    for replica in without.preempted { lines.append("  \(replica) would have to make room") }
    for node in without.bought {
      let symbol = style.paint(Symbol.create.rawValue, Symbol.create.ink)
      lines.append(
        "  \(symbol) \(node.id)  \(node.instanceType)  \(node.pricePerHour.perHourText)")
    }
    let nobody = without.homeless.isEmpty && without.preempted.isEmpty
    let verdict = nobody ? "nobody would be without a home" : "somebody would be without a home"
    return lines + ["  \(verdict) · \(Amounts.change(without.changePerHour))"]
  }

  /// Members are added in later versions and none changes its meaning.
  public var json: String {
    JSONWriter.object { writer in
      writer.member("formatVersion", 1)
      writer.member("kind", "nodeExplanation")
      writer.member("node", "\(told.node)")
      writer.member("pool", ifPresent: told.pool?.text)
      writer.member("instanceType", told.instanceType)
      writer.member("capacityType", told.capacityType.rawValue)
      writer.member("zone", told.zone)
      writer.member("pricePerHourMicros", ifPresent: told.pricePerHour?.micros)
      writer.member("phase", ifPresent: told.phase.map { "\($0)" })
      writer.member("emptySince", ifPresent: told.emptySince.map { "\($0)" })
      if let change = told.change {
        writer.member("change") { $0.object { change.write(to: &$0) } }
      }
      writer.member("replicas", told.residents.map { "\($0)" })
      writer.member("occupants", told.occupants)
      writer.member("poolNodes", told.poolNodes)
      writer.member("poolNodesMin", told.poolMin)
      if let without = told.without {
        writer.member("without") { $0.object { Self.write(without, to: &$0) } }
      }
    }
  }

  private static func write(_ without: NodeExplanation.Absence, to writer: inout JSONWriter) {
    writer.member("homeless", objects: without.homeless) { $1.write(to: &$0) }
    writer.member("moves", objects: without.moves) { writer, move in
      writer.member("replica", "\(move.replica)")
      writer.member("to", "\(move.to)")
      writer.member("lossMilliDeviceSeconds", move.lossMilliDeviceSeconds)
    }
    writer.member("preempted", without.preempted.map { "\($0)" })
    writer.member("bought", objects: without.bought) { writer, node in
      writer.member("node", "\(node.id)")
      writer.member("instanceType", node.instanceType)
      writer.member("pricePerHourMicros", node.pricePerHour.micros)
    }
    writer.member("changePerHourMicros", without.changePerHour.micros)
  }
}
