import Model
import Planning

/// Where replicas go, folded per workload: one line for all that fare alike.
struct PlacementsView {
  let placements: [PlacementChange]
  let style: Style

  private struct Fate: Hashable {
    let workload: WorkloadName
    let kind: PlacementChange.Kind
    let cause: Cause
    let from: ClusterName?
    let to: ClusterName?

    init(_ placement: PlacementChange) {
      workload = placement.replica.workload
      kind = placement.kind
      cause = Causes.key(placement.cause)
      from = placement.from?.cluster
      to = placement.to?.cluster
    }
  }

  var lines: [String] { table.lines(in: style) }

  var table: Table {
    var table = Table([.left, .left, .left], indent: 2)
    table.rows = folded(placements, by: Fate.init).map(row)
    return table
  }

  private func row(_ group: [PlacementChange]) -> Table.Row {
    let first = group[0]
    let name = group.count == 1 ? "\(first.replica)" : "\(first.replica.workload)"
    return Table.Row(
      symbol: symbol(first.kind),
      [
        Cell(name), Cell(counted(group.count, "replica")),
        Cell(way(group)),
      ], remark: remark(group),
      details: style.isVerbose ? Replicas.lines(group, in: style) : [])
  }

  /// Nothing where the symbol says it all.
  private func remark(_ group: [PlacementChange]) -> String {
    group[0].kind == .start && group[0].cause == .wanted ? "" : Causes.text(group.map(\.cause))
  }

  private func symbol(_ kind: PlacementChange.Kind) -> Symbol {
    switch kind {
    case .start: .create
    case .stop: .delete
    case .move: .move
    case .restart: .replace
    }
  }

  private func way(_ group: [PlacementChange]) -> String {
    switch group[0].kind {
    case .start: "→ \(Replicas.homes(group.compactMap(\.to)))"
    case .stop: "on \(Replicas.homes(group.compactMap(\.from)))"
    case .restart: "on \(Replicas.homes(group.compactMap { $0.to ?? $0.from }))"
    case .move:
      "\(NodeRuns(group.compactMap(\.from)).text(runsMax: 3)) → "
        + Replicas.homes(group.compactMap(\.to))
    }
  }
}

/// Replicas on nodes.
enum Replicas {
  /// `research-us/h100-1 … h100-16 (2 each)`
  static func homes(_ nodes: [NodeID]) -> String {
    let counts = folded(nodes.sorted(), by: { $0 }).map(\.count)
    let text = NodeRuns(nodes).text(runsMax: 4)
    guard let least = counts.min(), let most = counts.max(), counts.count > 1 else { return text }
    return "\(text) (\(least == most ? "\(least)" : "\(least) to \(most)") each)"
  }

  /// One line for each replica.
  static func lines(_ placements: [PlacementChange], in style: Style) -> [String] {
    var table = Table([.left, .left, .left], indent: 6)
    table.rows = placements.map { placement in
      let way = [placement.from.map { "\($0)" }, placement.to.map { "→ \($0)" }]
      let devices = numberRuns(placement.devices)
      return Table.Row([
        Cell("\(placement.replica)"), Cell(way.compactMap(\.self).joined(separator: " ")),
        Cell(devices.isEmpty ? "" : "devices \(devices)"),
      ])
    }
    return table.lines(in: style)
  }
}
