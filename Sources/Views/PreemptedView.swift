import Model
import Planning

/// Who must make room for whom, where they go, and what work is lost.
struct PreemptedView {
  let placements: [PlacementChange]
  let style: Style

  private struct Fate: Hashable {
    let workload: WorkloadName
    let cause: Cause
    let goesOn: Bool
  }

  var lines: [String] { table.lines(in: style) }

  var table: Table {
    var table = Table([.left, .left, .left], indent: 2)
    table.rows = folded(placements) {
      Fate(workload: $0.replica.workload, cause: $0.cause, goesOn: $0.to != nil)
    }.map(row)
    return table
  }

  private func row(_ group: [PlacementChange]) -> Table.Row {
    let first = group[0]
    let name = group.count == 1 ? "\(first.replica)" : "\(first.replica.workload)"
    let homes = group.compactMap(\.to)
    let whereTo = homes.isEmpty ? "pending" : Replicas.homes(homes)
    let loss = group.reduce(Int64(0)) { $0.addingSaturated($1.lossMilliDeviceSeconds) }
    let remark = loss == 0 ? "" : ", loses \(Amounts.deviceHours(loss))"
    return Table.Row(
      symbol: .preempt,
      [
        Cell(name), Cell(counted(group.count, "replica")),
        Cell("\(NodeRuns(group.compactMap(\.from)).text(runsMax: 3)) → \(whereTo)"),
      ], remark: words(first.cause) + remark,
      details: style.isVerbose ? Replicas.lines(group, in: style) : [])
  }

  /// The heading says that they are preempted.
  private func words(_ cause: Cause) -> String {
    guard case .preempted(let workload, let why) = cause else { return Causes.text(cause) }
    return "by \(workload) (\(Causes.text(why)))"
  }
}
