import Diagnostics
import Model
import Planning

/// Why something is done, in words.
enum Causes {
  static func text(_ cause: Cause) -> String {
    switch cause {
    case .wanted: "newly wanted"
    case .unwanted: "not wanted any more"
    case .changed(let path): "\(path) changed"
    case .nodeLost(let node, let reason): "node \(node) is lost\(parenthesis(reason))"
    case .replicaLost(let node): "it is gone from \(node)"
    case .nodeLeaving(let node): "node \(node) leaves"
    case .preempted(let workload, let why): "preempted by \(workload) (\(text(why)))"
    case .gangRestart: "its gang starts anew together"
    case .needed(let workload): "needed by \(workload)"
    case .poolMinimum: "the pool's minimum"
    case .headroom: "room that is kept free"
    case .poolShrunk: "more than its pool wants"
    case .empty(let since): "empty since \(since)"
    case .underused(let nodes, let saving):
      nodes == 1
        ? "under-used: without it, \(saving.perHourText) less"
        : "under-used: without \(nodes) such nodes, \(saving.perHourText) less"
    case .expired: "older than its pool allows"
    case .orphaned: "ours, but nobody's manifest knows it"
    }
  }

  static func text(_ why: Cause.Preemption) -> String {
    switch why {
    case .priority: "higher priority"
    case .reclaim: "its queue takes back what was borrowed"
    case .gang: "the rest of its gang had to go"
    case .elastic: "its gang shrinks for it"
    }
  }

  /// What is equal for things that are told in one line: nodes that were lost together, or became empty
  /// one after another, go for one cause.
  static func key(_ cause: Cause) -> Cause {
    switch cause {
    case .empty: .empty(since: Timestamp(seconds: 0))
    case .nodeLost(_, let reason): .nodeLost(anyNode, reason: reason)
    case .replicaLost: .replicaLost(on: anyNode)
    case .nodeLeaving: .nodeLeaving(anyNode)
    case .wanted, .unwanted, .changed, .preempted, .gangRestart, .needed, .poolMinimum, .headroom,
      .poolShrunk, .underused, .expired, .orphaned:
      cause
    }
  }

  private static let anyNode = NodeID(ClusterName(""), "")

  /// One text for causes of one key.
  static func text(_ causes: [Cause]) -> String {
    guard let first = causes.first else { return "" }
    let count = Set(causes).count
    guard count > 1 else { return text(first) }
    switch first {
    case .nodeLost(_, let reason): return "\(count) nodes are lost\(parenthesis(reason))"
    case .replicaLost: return "they are gone from \(count) nodes"
    case .nodeLeaving: return "\(count) nodes leave"
    case .empty(let since):
      let times = causes.compactMap { cause -> Timestamp? in
        if case .empty(let since) = cause { since } else { nil }
      }
      return "empty, the first since \(times.min() ?? since)"
    case .wanted, .unwanted, .changed, .preempted, .gangRestart, .needed, .poolMinimum, .headroom,
      .poolShrunk, .underused, .expired, .orphaned:
      return text(first)
    }
  }

  private static func parenthesis(_ reason: String?) -> String {
    reason.map { " (\(Visible.line($0)))" } ?? ""
  }
}
