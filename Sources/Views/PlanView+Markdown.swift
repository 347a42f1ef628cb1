import Planning

extension PlanView {
  /// A comment for where the plan is talked about: what must be seen stands open, the rest is folded.
  public var markdown: String {
    var head = "### Setpoint plan \(plan.id)\n\n**\(PlanSummary(plan).line)**\n\n"
    let broken = plan.brokenGates
    head += Markdown.list(broken) { gate in
      "- ❌ gate \(Markdown.code("\(gate.gate)")) is broken: it \(Gates.text(gate.rule))."
        + " \(Markdown.findings(gate.findings))"
    }
    let holding = plan.gates.count - broken.count
    if holding > 0 {
      head += "- ✅ \(counted(holding, "gate rule")) \(holding == 1 ? "holds" : "hold")\n"
    }
    let view = PlanView(plan, style: Style(width: 100))
    return Markdown.comment(
      head + (plan.gates.isEmpty ? "" : "\n"), view.sections, "", restIn: "plan")
  }
}
