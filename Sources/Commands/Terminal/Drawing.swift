import Model
import Planning
import Reconciliation
import Synchronization
import Views

/// Progress on standard error: a bar that is drawn over on a terminal, else a line for each step.
final class Drawing: Sendable {
  private let terminal: Terminal
  private let last = Mutex(Drawn())

  private struct Drawn {
    var isBarShown = false
    var line = ""
    var running: Set<ActionID> = []
  }

  init(_ terminal: Terminal) { self.terminal = terminal }

  func show(_ progress: Progress) {
    last.withLock { drawn in
      if terminal.isLive { draw(progress, &drawn) } else { write(progress, &drawn) }
    }
  }

  /// Leaves the last bar where it stands.
  func end() {
    last.withLock { drawn in
      if drawn.isBarShown { terminal.say("\n") }
      drawn.isBarShown = false
    }
  }

  private func draw(_ progress: Progress, _ drawn: inout Drawn) {
    let view = ProgressView(
      done: progress.done, total: progress.total, current: Self.current(progress))
    let line = view.bar(in: terminal.talkStyle)
    guard line != drawn.line else { return }
    drawn.line = line
    drawn.isBarShown = true
    terminal.say("\r\u{1B}[K" + line)
  }

  private func write(_ progress: Progress, _ drawn: inout Drawn) {
    for action in progress.running where !drawn.running.contains(action) {
      terminal.say("  \(action.told)\n")
    }
    drawn.running.formUnion(progress.running)
    let line = progress.running.isEmpty ? Self.current(progress) : ""
    guard !line.isEmpty, line != drawn.line else { return }
    drawn.line = line
    terminal.say("  \(progress.done) of \(progress.total): \(line)\n")
  }

  /// The most telling of all that goes on.
  private static func current(_ progress: Progress) -> String {
    if let problem = progress.storeProblem { return "state can't be written: \(problem)" }
    if let problem = progress.planProblem { return "no plan: \(problem)" }
    if let failed = progress.failed.first {
      return "\(failed.action.told) failed: \(failed.failure)"
    }
    if let action = progress.running.first { return action.told }
    if let retrying = progress.retrying.first {
      return "\(retrying.action.told), again after: \(retrying.failure)"
    }
    if let transition = progress.underWay.first { return "until \(Waits.text(transition))" }
    if let waiting = progress.waiting.first { return "until \(Waits.text(waiting.waits))" }
    switch progress.phase {
    case .observing: return "looking"
    case .planning: return "planning"
    case .acting: return "acting"
    case .waiting: return "waiting"
    case .converged: return "converged"
    case .stopping: return "stopping: what is begun is brought to its end"
    }
  }
}

extension ActionID {
  /// Without the number that tells a replica's next start from its last, which only programs need.
  fileprivate var told: String { text.split(separator: " #").first.map(String.init) ?? text }
}
