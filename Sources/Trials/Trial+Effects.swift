import Balancing
import Execution
import Interfaces
import Model
import Planning
import Reconciliation
import SQLiteStore
import Simulation

/// Effects, carried out as the driver does, each with what may go wrong at it.
extension Trial {
  /// The driver's timeouts.
  private static let timeout = Seconds(60)

  mutating func carryOut(_ effect: Reconciler.Effect, _ index: Int) {
    switch effect {
    case .observe(let cluster): look(at: cluster, index)
    case .record(let entries, let happenings): record(entries, happenings, index)
    case .apply(let action, let key): call(action, key, index)
    case .replan(let request): plan(request, index)
    case .publish(let table):
      answer(.event(.published(table.cluster)), to: index, after: latency())
    case .wake(let moment):
      controllers[index].wake = max(
        world.now, Timestamp(seconds: moment.seconds - controllers[index].skew.count))
    case .report(let progress): controllers[index].isConverged = progress.phase == .converged
    case .finish(let outcome): finish(outcome, index)
    }
  }

  private mutating func finish(_ outcome: Outcome, _ index: Int) {
    note("\(index)", "ends: \(outcome.tag)")
    switch controllers[index].role {
    case .run:
      controllers[index].die(disk, startAt: world.now + Self.restartTime)
      controllers[index].life += 1
    case .apply: controllers[index].die(disk, startAt: nil)
    }
    controllers[index].outcome = outcome
  }

  private mutating func look(at cluster: ClusterName, _ index: Int) {
    let fault = fault(at: .look)
    if fault == .crashBefore || fault == .crashAfter { return kill(index) }
    let latency = latency()
    switch fault {
    case .lookFails:
      let failure = Failure.transient("connection refused")
      return answer(.event(.observationFailed(cluster, failure)), to: index, after: latency)
    case .lookTimesOut:
      let failure = Failure.transient("no answer in time")
      return answer(.event(.observationFailed(cluster, failure)), to: index, after: Self.timeout)
    default: break
    }
    let seen: Message
    do throws(Failure) {
      seen = .event(.observed(distort(try world.observe(cluster), fault)))
    } catch {
      seen = .event(.observationFailed(cluster, error))
    }
    answer(seen, to: index, after: fault == .lookSlow ? Seconds(50) : latency)
    if fault == .lookTwice { answer(seen, to: index, after: latency + Seconds(7)) }
  }

  /// How long what was made may be missing in a listing that lags.
  private static let lagTime = Seconds(30)

  private func distort(_ observation: Observation, _ fault: Fault?) -> Observation {
    var observation = observation
    switch fault {
    case .lookPartial:
      observation.isComplete = false
      observation.nodes.removeLast((observation.nodes.count + 1) / 2)
      let nodes = Set(observation.nodes.map(\.id))
      observation.replicas.removeAll { !nodes.contains($0.node) }
    case .lookLags:
      let since = Timestamp(seconds: world.now.seconds - Self.lagTime.count)
      observation.nodes.removeAll { $0.pool != nil && $0.createdAt > since }
      let nodes = Set(observation.nodes.map(\.id))
      observation.replicas.removeAll { $0.startedAt > since || !nodes.contains($0.node) }
    default: break
    }
    return observation
  }

  private mutating func record(
    _ entries: [JournalEntry], _ happenings: [Happening], _ index: Int
  ) {
    let fault = fault(at: .record)
    if fault == .crashBefore { return kill(index) }
    var problem: StoreError?
    do throws(StoreError) {
      try refuse(fault)
      let now = world.now + controllers[index].skew
      try controllers[index].state.record(
        entries, events: happenings.map { Event($0, at: now) })
      judge.committed(entries, by: controllers[index])
      try doubt(fault)
    } catch {
      problem = error
    }
    if fault == .crashAfter { return kill(index) }
    answer(Message(recorded: problem), to: index, after: .zero)
  }

  private mutating func call(_ action: Action, _ key: IdempotencyKey, _ index: Int) {
    let fault = fault(at: .call)
    if fault == .crashBefore { return kill(index) }
    guard let cluster = controllers[index].clusters.first(where: { $0.name == action.step.cluster })
    else {
      return answer(
        .event(.failed(action.id, .terminal("no such cluster"))), to: index, after: .zero)
    }
    judge.called(action, key, by: controllers[index], at: world.now)
    let latency = latency()
    switch fault {
    case .callRefused: reply(.transient("throttled"), action, key, index, after: latency)
    case .callConflicts: reply(.conflict("changed meanwhile"), action, key, index, after: latency)
    case .callDropped: reply(.unknown("no reply"), action, key, index, after: latency)
    case .callLate:
      lateCalls.append(
        LateCall(
          due: world.now + Self.timeout + Seconds(30), step: action.step, key: key,
          cluster: cluster))
      reply(.unknown("no answer in time"), action, key, index, after: Self.timeout)
    default:
      let failure = perform(action.step, key, in: cluster)
      if fault == .callTwice { _ = perform(action.step, key, in: cluster) }
      if fault == .crashAfter { return kill(index) }
      switch fault {
      case .replyLost: reply(.unknown("connection lost"), action, key, index, after: latency)
      case .replyFalse: reply(.transient("bad gateway"), action, key, index, after: latency)
      default:
        let delay = fault == .replySlow ? Seconds(45) : latency
        reply(failure, action, key, index, after: delay)
      }
    }
  }

  private mutating func reply(
    _ failure: Failure?, _ action: Action, _ key: IdempotencyKey, _ index: Int,
    after delay: Seconds
  ) {
    judge.replied(key, failure, to: controllers[index], at: world.now + delay)
    let event = failure.map { Reconciler.Event.failed(action.id, $0) } ?? .succeeded(action.id)
    answer(.event(event), to: index, after: delay)
  }

  /// The pools of whatever was wanted in the last minutes.
  private mutating func poolsWantedLately() -> [NodePoolSpec] {
    judge.manifestsWantedLately(at: world.now).flatMap {
      library.wish(storedAs: $0)?.desired.nodePools ?? []
    }
  }

  /// Asks the world, and tells the judge what came of it.
  mutating func perform(
    _ step: Step, _ key: IdempotencyKey, in cluster: ClusterSpec
  ) -> Failure? {
    let before = world
    do throws(Failure) {
      try world.apply(step, key: key, in: cluster)
      judge.accepted(key)
      if world != before { judge.took(step, before, world, pools: poolsWantedLately()) }
      return nil
    } catch {
      note("refused", "\(step.id): \(error)")
      judge.refused(step, error)
      return error
    }
  }
}

extension Message {
  /// Enough to tell two trials apart.
  var tag: String {
    switch self {
    case .event(let event): event.tag
    case .decided(let assignment, _): "decided \(assignment.target.id)"
    }
  }
}

extension Reconciler.Event {
  fileprivate var tag: String {
    switch self {
    case .watch: "watches"
    case .adopted(let assignment): "adopted \(assignment.target.id)"
    case .planFailed(let detail): "has no plan: \(detail.prefix(120))"
    case .desiredChanged: "wishes changed"
    case .observed(let seen):
      "sees \(seen.cluster) \(seen.isComplete) \(seen.nodes.count) \(seen.replicas.count)"
    case .observationFailed(let cluster, _): "misses \(cluster)"
    case .recorded: "recorded"
    case .recordFailed: "not recorded"
    case .superseded: "superseded"
    case .succeeded(let action): "done \(action)"
    case .failed(let action, let failure): "failed \(action): \(failure)"
    case .published(let cluster): "published \(cluster)"
    case .publishFailed(let cluster, _): "did not publish \(cluster)"
    case .measured(let loads): "measured \(loads.cluster)"
    case .woke: "woke"
    case .stopRequested: "is to stop"
    }
  }
}

extension Outcome {
  fileprivate var tag: String {
    switch self {
    case .converged: "converged"
    case .failed: "failed"
    case .stalled: "stalled"
    case .needsPlan: "needs a plan"
    case .notPlanned(let why): "not planned: \(why.prefix(100))"
    case .superseded: "superseded"
    case .interrupted: "interrupted"
    case .storeFailed: "store failed"
    }
  }
}
