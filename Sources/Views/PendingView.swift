import Scheduling

/// Who finds no home, why not, and what would help.
struct PendingView {
  let pending: [PendingReplicas]
  let style: Style

  var lines: [String] {
    pending.flatMap { entry -> [String] in
      let symbol = style.paint(Symbol.pending.rawValue, Symbol.pending.ink)
      let ordinals = numberRuns(entry.ordinals)
      let number = counted(entry.ordinals.count, "replica")
      return ["  \(symbol) \(entry.workload)  \(number) without a home (\(ordinals))"]
        + entry.reasons.map { "      \(Reasons.text($0))" }
        + paragraph(Remedies.sentence(entry.remedy, for: entry.workload), indent: 6, in: style)
    }
  }
}
