import Model
import Planning
import Reconciliation
import Synchronization
import Views

/// Progress on standard error: a bar that is drawn over on a terminal, else lines.
final class Drawing: Sendable {
  private let terminal: Terminal
  private let last = Mutex(Drawn())

  private struct Drawn {
    var isBarShown = false
    var line = ""
    var lines = ProgressLines()
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
    let line = Self.view(progress).bar(in: terminal.talkStyle)
    guard line != drawn.line else { return }
    drawn.line = line
    drawn.isBarShown = true
    terminal.say("\r\u{1B}[K" + line)
  }

  private func write(_ progress: Progress, _ drawn: inout Drawn) {
    let lines = drawn.lines.take(
      Self.view(progress), running: progress.running.map(\.told),
      sort: Self.current(progress).sort.rawValue)
    for line in lines { terminal.say("  \(line)\n") }
  }

  private static func view(_ progress: Progress) -> ProgressView {
    ProgressView(done: progress.done, total: progress.total, current: current(progress).words)
  }

  /// What can be the most telling of all that goes on.
  private enum Sort: String { case stuck, failed, running, retrying, underWay, waiting, phase }

  /// The most telling of all that goes on.
  private static func current(_ progress: Progress) -> (sort: Sort, words: String) {
    if let problem = progress.storeProblem { return (.stuck, "state can't be written: \(problem)") }
    if let problem = progress.planProblem { return (.stuck, "no plan: \(problem)") }
    if let failed = progress.failed.first {
      return (.failed, "\(failed.action.told) failed: \(failed.failure)")
    }
    if let action = progress.running.first { return (.running, action.told) }
    if let retrying = progress.retrying.first {
      return (.retrying, "\(retrying.action.told), again after: \(retrying.failure)")
    }
    if let transition = progress.underWay.first {
      return (.underWay, "until \(Waits.text(transition))")
    }
    if let waiting = progress.waiting.first {
      return (.waiting, "until \(Waits.text(waiting.waits))")
    }
    return (.phase, words(progress.phase))
  }

  private static func words(_ phase: Progress.Phase) -> String {
    switch phase {
    case .observing: "looking"
    case .planning: "planning"
    case .acting: "acting"
    case .waiting: "waiting"
    case .converged: "converged"
    case .stopping: "stopping: what is begun is brought to its end"
    }
  }
}

extension ActionID {
  /// Without the number that tells a replica's next start from its last, which only programs need.
  fileprivate var told: String { text.split(separator: " #").first.map(String.init) ?? text }
}
