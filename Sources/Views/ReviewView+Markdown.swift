import Planning

extension ReviewView {
  /// A comment for a pull request: what must be seen stands open, the rest is folded.
  public var markdown: String {
    Markdown.comment(
      heading, ReviewSections(review: review, style: Style(width: 100)).all, Self.footer,
      restIn: "review")
  }

  /// By this line a workflow finds the comment that it wrote before, to write over it.
  static let mark = "<!-- setpoint-review -->\n"

  private static let footer =
    "<sub>Both sides are planned on one observation; what the world asks for by itself is in"
    + " neither.</sub>\n"

  private var heading: String {
    let comparison = review.comparison
    var text = Self.mark
    text += "### Setpoint review\n\n"
    text += "\(Markdown.code(review.title)), observed \(review.at)\n\n"
    text += "**\(PlanSummary(comparison).line)**\n\n"
    let broken = comparison.gates.filter(\.outcome.isBroken)
    text += Markdown.list(broken) { gate in
      let origin = GateWords.origin(gate)
      return "- ❌ gate \(Markdown.code("\(gate.outcome.gate)")) is \(GateWords.verdict(gate)):"
        + " it \(Gates.text(gate.outcome.rule)). \(Markdown.findings(gate.outcome.findings))"
        + (origin.isEmpty ? "" : " (\(origin))")
    }
    let holding = comparison.gates.count - broken.count
    if holding > 0 {
      text += "- ✅ \(counted(holding, "gate rule")) \(holding == 1 ? "holds" : "hold")\n"
    }
    for remark in review.remarks { text += "- ⚠️ \(Markdown.code(Markdown.cut(remark)))\n" }
    return text + (comparison.gates.isEmpty && review.remarks.isEmpty ? "" : "\n")
  }
}
