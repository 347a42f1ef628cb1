import Model
import Planning

extension Reconciler {
  /// Told whenever it is not what was told last.
  mutating func progressDue(at now: Timestamp) -> [Effect] {
    let progress = progress
    guard progress != lastProgress else { return [] }
    lastProgress = progress
    return [.report(progress)]
  }

  private var progress: Progress {
    var progress = Progress(phase: phase, target: assignment?.target.id)
    progress.total = agenda.seen.count
    progress.done = min(
      progress.total, progress.total - agenda.remaining.count + agenda.doneSince)
    progress.running = calls.keys.sorted()
    progress.waiting = agenda.waiting
    progress.retrying = agenda.retrying
    progress.failed = agenda.failed
    progress.underWay = agenda.underWay
    progress.unobserved = unobservedClusters
    progress.planProblem = planning.problem
    progress.storeProblem = outbox.problem
    return progress
  }

  private var phase: Progress.Phase {
    if isStopping { return .stopping }
    if hasSaidConverged { return .converged }
    if !planning.isIdle { return .planning }
    if !calls.isEmpty { return .acting }
    return watches.values.contains { $0.observation == nil } ? .observing : .waiting
  }
}
