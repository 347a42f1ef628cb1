import Balancing
import Model
import Planning
import Reconciliation
import Simulation

extension Session {
  /// Adopts the plan for what is wanted, and carries it out until the world is there.
  mutating func apply() -> String {
    let next = wanted ?? desired
    let plan = plan(next, on: observe(next), outOfStock: [])
    let broken = plan.brokenGates
    guard broken.isEmpty else {
      return broken.map { "refused by gate \($0.gate): \($0.findings.joined(separator: ", "))\n" }
        .joined()
    }
    adopt(plan.target, desired: next)
    wanted = nil
    return carryOut(.untilConverged, until: nil)
  }

  /// Keeps reconciling for a length of time.
  mutating func run(for word: String) -> String {
    do {
      return carryOut(.forever, until: world.now + (try Seconds.parse(word)))
    } catch {
      return "error: '\(word)' is no length of time\n"
    }
  }

  /// A driver in one thread: effects are carried out at once and answered at once, and time passes only
  /// when there is nothing else to do.
  private mutating func carryOut(_ mode: Reconciler.Mode, until end: Timestamp?) -> String {
    var run = Run(mode: mode, startedAt: world.now)
    run.inbox = [.watch(desired.clusters.map(\.name))]
    if let assignment { run.inbox.append(.adopted(assignment)) }
    for _ in 0..<Self.eventsMax where run.outcome == nil {
      if !run.inbox.isEmpty {
        let event = run.inbox.removeFirst()
        for effect in run.reconciler.handle(event, at: world.now) { carryOut(effect, &run) }
      } else if let end, run.wake.map({ $0 > end }) ?? true, !run.isStopping {
        world.advance(to: end)
        run.isStopping = true
        run.inbox = [.stopRequested]
      } else if let wake = run.wake {
        world.advance(to: wake)
        run.wake = nil
        run.inbox = [.woke]
      } else {
        break
      }
    }
    return run.told(at: world.now)
  }

  /// Above what any story takes; a loop that goes nowhere is found by it.
  private static let eventsMax = 1500

  private mutating func carryOut(_ effect: Reconciler.Effect, _ run: inout Run) {
    switch effect {
    case .observe(let cluster):
      do {
        run.inbox.append(.observed(try world.observe(cluster)))
      } catch {
        run.inbox.append(.observationFailed(cluster, error))
      }
    case .record(let entries, let happenings):
      for entry in entries { record(entry) }
      for happening in happenings { run.tell(happening, at: world.now) }
      run.inbox.append(.recorded)
    case .apply(let action, let key): run.inbox.append(apply(action, key))
    case .replan(let request):
      let plan = plan(desired, on: request.observed, outOfStock: request.outOfStock)
      adopt(plan.target, desired: desired)
      if let assignment { run.inbox.append(.adopted(assignment)) }
    case .publish(let table): run.inbox.append(.published(table.cluster))
    case .wake(let moment): run.wake = moment
    case .report: break
    case .finish(let outcome): run.outcome = outcome
    }
  }

  private mutating func record(_ entry: JournalEntry) {
    switch entry.event {
    case .intent: openIntents[entry.key] = entry
    case .done:
      openIntents[entry.key] = nil
      done[entry.action] = entry
    case .failed: openIntents[entry.key] = nil
    }
  }

  private mutating func apply(_ action: Action, _ key: IdempotencyKey) -> Reconciler.Event {
    guard let cluster = desired.clusters.first(where: { $0.name == action.step.cluster }) else {
      return .failed(action.id, .terminal("there is no cluster '\(action.step.cluster)'"))
    }
    do {
      try world.apply(action.step, key: key, in: cluster)
      return .succeeded(action.id)
    } catch {
      return .failed(action.id, error)
    }
  }

  /// The target with what was carried out of it, as a store hands it out.
  private var assignment: Assignment? {
    guard let target else { return nil }
    return Assignment(
      target: target, desired: desired,
      openIntents: openIntents.values.sorted { $0.key.text < $1.key.text },
      done: target.asked.compactMap { done[$0] })
  }
}

/// One reconciler at work, and what there is to tell of it.
private struct Run {
  var reconciler: Reconciler
  let startedAt: Timestamp
  var inbox: [Reconciler.Event] = []
  var wake: Timestamp?
  var isStopping = false
  var outcome: Outcome?
  private var lines: [String] = []
  /// Whether the last line says so already.
  private var isAtTarget = false

  init(mode: Reconciler.Mode, startedAt: Timestamp) {
    self.startedAt = startedAt
    reconciler = Reconciler(mode: mode) { target, desired, observed in
      Differ.actions(toward: target, desired: desired, from: observed)
    }
  }

  mutating func tell(_ happening: Happening, at now: Timestamp) {
    switch happening {
    case .took(let action): line("\(action.id)", at: now)
    case .failed(let action, let failure): line("\(action.id): \(failure.words)", at: now)
    case .gaveUp(let action, let failure):
      line("\(action.id): \(failure.words); not tried again", at: now)
    case .lostSight(let cluster, let failure):
      line("lost sight of \(cluster): \(failure.words)", at: now)
    case .sees(let cluster): line("sees \(cluster) again", at: now)
    case .draining(let replica, let node, let time):
      line("drain \(replica) on \(node) for \(time)", at: now)
    case .undrained, .published, .notPublished: return
    case .converged:
      if !isAtTarget { line("at its target", at: now) }
      isAtTarget = true
    }
  }

  private mutating func line(_ text: String, at now: Timestamp) {
    isAtTarget = false
    let time = "+\(now - startedAt)"
    lines.append("  \(time)\(String(repeating: " ", count: max(1, 9 - time.count)))\(text)\n")
  }

  /// What happened, and how it ended.
  func told(at now: Timestamp) -> String {
    lines.joined() + "\(outcome?.words ?? "did not come to an end") after \(now - startedAt)\n"
  }
}

extension Failure {
  fileprivate var words: String {
    switch self {
    case .transient(let text): "try again: \(text)"
    case .conflict(let text): "plan again: \(text)"
    case .terminal(let text): text
    case .unknown(let text): "nobody knows: \(text)"
    case .outOfStock(let type, let capacity, let zone):
      "out of stock: \(type) \(capacity.rawValue) in \(zone)"
    }
  }
}

extension Outcome {
  fileprivate var words: String {
    switch self {
    case .converged: "converged"
    case .failed(let actions, let unobserved):
      "failed ("
        + (actions.map { "\($0.action)" } + unobserved.map { "\($0.cluster) not seen" })
        .joined(separator: ", ") + ")"
    case .stalled(let waiting, let underWay):
      "stalled (\(waiting.count) actions wait, \(underWay.count) things are under way)"
    case .needsPlan: "needs another plan"
    case .notPlanned(let why): "not planned: \(why)"
    case .superseded: "overtaken"
    case .interrupted: "stopped"
    case .storeFailed(let why): "not recorded: \(why)"
    }
  }
}
