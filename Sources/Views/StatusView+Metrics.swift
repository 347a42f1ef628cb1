import Diagnostics
import Model
import Planning
import Scheduling

extension StatusView {
  /// The same numbers for a monitoring system, as OpenMetrics text.
  public var metrics: String {
    var text = MetricsText()
    text.family("setpoint_settled", "Whether nothing is to be done.") {
      [("", verdict == .settled ? 1 : 0)]
    }
    text.family("setpoint_verdict", "Which of the verdicts holds.") {
      Verdict.allCases.map { (label("verdict", $0.rawValue), $0 == verdict ? 1 : 0) }
    }
    text.family("setpoint_revision", "The number of the newest revision.") {
      [("", Int64(revision?.number ?? 0))]
    }
    text.family(
      "setpoint_revision_adopted_timestamp_seconds", "When the newest revision was adopted."
    ) { revision.map { [("", $0.at.seconds)] } ?? [] }
    text.family("setpoint_to_do", "Actions that a plan made now would take.") {
      [("", Int64(plan.actions.count))]
    }
    text.family("setpoint_not_ready", "Nodes and replicas that are there and not ready.") {
      [("", Int64(notReady.count))]
    }
    text.family("setpoint_leaving", "Nodes and replicas that were told to go and are still there.")
    {
      [("", Int64(leaving.count))]
    }
    text.family("setpoint_outcome_unknown", "Actions of which nobody knows whether they happened.")
    {
      [("", Int64(openIntents.count))]
    }
    text.family("setpoint_pending_replicas", "Replicas without a home, by workload.") {
      plan.pending.map { (label("workload", $0.workload.text), Int64($0.ordinals.count)) }
    }
    text.family("setpoint_gate_broken", "Gates that stand in the way.") {
      Set(plan.brokenGates.map(\.gate)).sorted().map { (label("gate", $0.text), 1) }
    }
    text.family("setpoint_paused", "Objects that are left as they are.") {
      paused.map { (label("object", "\($0.object)"), 1) }
    }
    text.family("setpoint_condition_timestamp_seconds", "Since when a condition holds.") {
      conditions.map {
        (label("reason", $0.reason, "subject", $0.subject), $0.at.seconds)
      }
    }
    text.family("setpoint_cluster_seen", "Whether a cluster was seen as a whole.") {
      input.desired.clusters.map {
        (label("cluster", $0.name.text), input.observed[$0.name]?.isComplete == true ? 1 : 0)
      }
    }
    text.family("setpoint_cost_micros_per_hour", "Of all nodes, in millionths of a dollar.") {
      [("", plan.cost.beforePerHour.micros)]
    }
    return text.ended
  }

  private func label(_ pairs: String...) -> String {
    let labels = stride(from: 0, to: pairs.count - 1, by: 2).map { index in
      let value = Visible.line(pairs[index + 1])
        .replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      return "\(pairs[index])=\"\(value)\""
    }
    return "{\(labels.joined(separator: ","))}"
  }
}

/// Families of gauges, one after the other.
private struct MetricsText {
  private var text = ""

  mutating func family(_ name: String, _ help: String, _ samples: () -> [(String, Int64)]) {
    text += "# TYPE \(name) gauge\n# HELP \(name) \(help)\n"
    for (labels, value) in samples() { text += "\(name)\(labels) \(value)\n" }
  }

  var ended: String { text + "# EOF\n" }
}
