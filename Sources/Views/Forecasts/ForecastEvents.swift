import Diagnostics
import Model
import Planning

/// What happened, with those things in one line that happened at one moment in one way.
struct ForecastEvents {
  struct Line: Hashable {
    var at: Timestamp
    var kind: ForecastEvent.Kind
    var text: String
  }

  let whatIf: WhatIf
  /// Whether single steps are told, or only what they come to.
  let isDetailed: Bool
  let isVerbose: Bool

  var lines: [Line] {
    let events = whatIf.forecast.events.filter { isDetailed || !$0.kind.isStep }
    var lines: [Line] = []
    var index = 0
    while index < events.count {
      let first = events[index]
      var group = [first]
      while index + group.count < events.count, first.kind.isFolded,
        events[index + group.count].kind == first.kind, events[index + group.count].at == first.at
      {
        group.append(events[index + group.count])
      }
      index += group.count
      lines.append(Line(at: first.at, kind: first.kind, text: text(group)))
    }
    return lines
  }

  private func text(_ group: [ForecastEvent]) -> String {
    let first = group[0]
    switch first.kind {
    case .planned: return planned(first)
    case .settled: return "everything is there and ready"
    case .load: return "\(first.subject): \(first.detail)"
    case .refused: return "gate \(first.subject) refuses the plan: \(Visible.line(first.detail))"
    case .actionFailed, .gaveUp, .unseen, .lost, .nodeReclaimed, .nodeGone, .replicaCrashed:
      return group.map { event in
        let detail = Visible.line(event.detail)
        let subject = Visible.line(event.subject)
        return detail.isEmpty ? subject : "\(subject) (\(detail))"
      }.joined(separator: ", ")
    case .createNode, .drainNode, .deleteNode, .nodeReady, .startReplica, .stopReplica,
      .replicaReady, .replicaFinished, .seen:
      return names(group.map(\.subject))
    }
  }

  private static let namesMax = 6

  private func names(_ subjects: [String]) -> String {
    let shown = isVerbose ? subjects : Array(subjects.prefix(Self.namesMax))
    let rest = subjects.count - shown.count
    return shown.map(Visible.line).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }

  private func planned(_ event: ForecastEvent) -> String {
    let number = Int(event.subject.split(separator: " ").last ?? "") ?? 0
    guard whatIf.forecast.plans.indices.contains(number - 1) else { return event.subject }
    return "\(number): \(PlanSummary(whatIf.forecast.plans[number - 1].plan).effects)"
  }
}

extension ForecastEvent.Kind {
  /// A step on the way that a plan has told already.
  var isStep: Bool {
    switch self {
    case .createNode, .drainNode, .deleteNode, .startReplica, .stopReplica, .nodeReady,
      .replicaReady:
      true
    case .lost, .load, .planned, .refused, .actionFailed, .gaveUp, .nodeReclaimed, .nodeGone,
      .replicaCrashed, .replicaFinished, .unseen, .seen, .settled:
      false
    }
  }

  fileprivate var isFolded: Bool {
    switch self {
    case .planned, .load, .refused, .settled: false
    case .lost, .createNode, .drainNode, .deleteNode, .startReplica, .stopReplica, .actionFailed,
      .gaveUp, .nodeReady, .nodeReclaimed, .nodeGone, .replicaReady, .replicaCrashed,
      .replicaFinished, .unseen, .seen:
      true
    }
  }

  var word: String {
    switch self {
    case .lost: "lost"
    case .load: "load"
    case .planned: "plan"
    case .refused: "refused"
    case .createNode: "create"
    case .drainNode: "drain"
    case .deleteNode: "delete"
    case .startReplica: "start"
    case .stopReplica: "stop"
    case .actionFailed: "failed"
    case .gaveUp: "gave up"
    case .nodeReady: "node ready"
    case .nodeReclaimed: "reclaimed"
    case .nodeGone: "gone"
    case .replicaReady: "ready"
    case .replicaCrashed: "crashed"
    case .replicaFinished: "finished"
    case .unseen: "not seen"
    case .seen: "seen"
    case .settled: "settled"
    }
  }

  var ink: Ink {
    switch self {
    case .lost, .refused, .actionFailed, .gaveUp, .replicaCrashed, .unseen: .warning
    case .nodeReclaimed, .nodeGone, .deleteNode, .stopReplica: .removed
    case .createNode, .startReplica, .nodeReady, .replicaReady, .replicaFinished, .settled, .seen:
      .added
    case .drainNode, .load: .changed
    case .planned: .heading
    }
  }
}
