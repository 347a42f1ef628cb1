import Diagnostics
import Planning

/// Each rule of each gate with its verdict.
struct GatesView {
  let gates: [GateOutcome]
  let style: Style

  var lines: [String] {
    var table = Table([.left, .left, .left], indent: 2)
    table.rows = gates.map { gate in
      let verdict = gate.isBroken ? Cell("broken", .warning) : Cell("holds", .added)
      return Table.Row(
        [verdict, Cell("\(gate.gate)"), Cell(Gates.text(gate.rule))],
        details: gate.findings.flatMap {
          paragraph(Visible.line($0), indent: 10, in: style)
        })
    }
    return table.lines(in: style)
  }
}
