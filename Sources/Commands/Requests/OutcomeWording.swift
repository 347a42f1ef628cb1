import Model
import Planning
import Reconciliation

/// How an apply ended, in words; one line each.
enum OutcomeWording {
  static func text(_ outcome: Outcome) -> String {
    lines(outcome).map { $0 + "\n" }.joined()
  }

  private static func lines(_ outcome: Outcome) -> [String] {
    switch outcome {
    case .converged: ["Converged: all that was planned is there and ready."]
    case .failed(let actions, let unobserved):
      ["Not everything could be done:"]
        + actions.map { "  \($0.action): \($0.failure)" }
        + unobserved.map { "  \($0.cluster) can't be seen: \($0.failure)" }
        + ["What was done is recorded; 'setpoint apply' goes on from here."]
    case .stalled(let waiting, let underWay):
      ["Nothing has come nearer for a while. It waits for:"]
        + listed(waiting.map { "\($0.action), until \(Waits.text($0.waits))" })
        + listed(underWay.map { Waits.text($0) })
    case .needsPlan: ["The world is not what was planned on any more; plan again."]
    case .notPlanned(let detail): ["A new plan was needed on the way, and none was made: \(detail)"]
    case .superseded: ["Another plan became current."]
    case .interrupted:
      [
        "Stopped. What was begun is in the journal; 'setpoint apply' or 'setpoint run' goes on"
          + " from there."
      ]
    case .storeFailed(let detail):
      ["The state can't be written, so nothing more was begun: \(detail)"]
    }
  }

  private static let linesMax = 10

  private static func listed(_ lines: [String]) -> [String] {
    let rest = lines.count - linesMax
    return lines.prefix(linesMax).map { "  \($0)" } + (rest > 0 ? ["  and \(rest) more"] : [])
  }
}

/// What is waited for, in words.
enum Waits {
  static func text(_ waits: [Wait]) -> String { waits.map(text).joined(separator: ", ") }

  static func text(_ wait: Wait) -> String {
    switch wait {
    case .nodeReady(let node): "node \(node) is ready"
    case .nodeEmpty(let node): "node \(node) is empty"
    case .replicaReady(let replica, let node): "\(replica) is ready on \(node)"
    case .replicaGone(let replica, let node): "\(replica) is gone from \(node)"
    }
  }

  static func text(_ transition: Transition) -> String {
    switch transition {
    case .booting(let node): text(.nodeReady(node))
    case .starting(let replica, let node): text(.replicaReady(replica, on: node))
    case .stopping(let replica, let node): text(.replicaGone(replica, on: node))
    case .deleting(let node): "node \(node) is gone"
    }
  }
}
