import Diagnostics
import Model
import Planning

/// Which nodes come and go, each with its cause; those alike are told in one line.
struct NodesView {
  let nodes: [NodeChange]
  let style: Style

  private struct Likeness: Hashable {
    let cluster: ClusterName
    let kind: NodeChange.Kind
    let pool: PoolName?
    let instanceType: String
    let zone: String
    let capacityType: CapacityType
    let price: Money?
    let cause: Cause

    init(_ node: NodeChange) {
      cluster = node.node.cluster
      kind = node.kind
      pool = node.pool
      instanceType = node.instanceType
      zone = node.zone
      capacityType = node.capacityType
      price = node.pricePerHour
      cause = Causes.key(node.cause)
    }
  }

  var lines: [String] { table.lines(in: style) }

  var table: Table {
    var table = Table([.left, .left, .left, .left, .right], indent: 2)
    let sorted = NodeChange.Kind.allCases.flatMap { kind in nodes.filter { $0.kind == kind } }
    let groups =
      style.isVerbose ? sorted.map { [$0] } : folded(sorted, by: Likeness.init)
    table.rows = groups.map(row)
    return table
  }

  private func row(_ group: [NodeChange]) -> Table.Row {
    let first = group[0]
    let symbol: Symbol =
      switch first.kind {
      case .create: .create
      case .delete: .delete
      }
    let price = first.pricePerHour.map {
      group.count > 1 ? "\($0.perHourText) each" : $0.perHourText
    }
    let names = NodeRuns(group.map(\.node)).text()
    return Table.Row(
      symbol: symbol,
      [
        Cell(names),
        Cell((group.count > 1 ? "\(group.count) × " : "") + Visible.line(first.instanceType)),
        Cell(first.capacityType.rawValue), Cell(Visible.line(first.zone)),
        Cell(price ?? "no price"),
      ], remark: Causes.text(group.map(\.cause)))
  }
}
