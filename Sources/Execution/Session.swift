import Balancing
import Interfaces
import Model
import Planning
import Reconciliation

/// The effects of one run, each carried out by one call that ends with its answer.
struct Session: Sendable {
  let store: any StateStore
  let provider: any Provider
  let balancer: (any Balancer)?
  let clock: any Clock
  let limits: DriverLimits
  let replan: Replan?
  var clusters: [ClusterSpec]

  /// The events that a message stands for; clusters can come and go with a decision.
  mutating func take(_ message: Message) -> [Reconciler.Event] {
    switch message {
    case .event(let event): return [event]
    case .decided(let assignment, let clusters):
      self.clusters = clusters
      return [.watch(clusters.map(\.name)), .adopted(assignment)]
    }
  }

  func carryOut(_ effect: Reconciler.Effect) async -> Message? {
    switch effect {
    case .observe(let cluster): .event(await observe(cluster))
    case .record(let entries, let happenings): await record(entries, happenings)
    case .apply(let action, let key): .event(await apply(action, key))
    case .replan(let request): await plan(request)
    case .publish(let table): .event(await publish(table))
    case .wake, .report, .finish: nil
    }
  }

  private func observe(_ cluster: ClusterName) async -> Reconciler.Event {
    guard let spec = clusters.first(where: { $0.name == cluster }) else {
      return .observationFailed(cluster, .terminal("no such cluster"))
    }
    let late = Reconciler.Event.observationFailed(cluster, .transient("no answer in time"))
    return await first(within: limits.observeTimeout, or: late) { [provider] in
      do throws(Failure) {
        return .observed(try await provider.observe(spec))
      } catch {
        return .observationFailed(cluster, error)
      }
    }
  }

  private func apply(_ action: Action, _ key: IdempotencyKey) async -> Reconciler.Event {
    guard let spec = clusters.first(where: { $0.name == action.step.cluster }) else {
      return .failed(action.id, .terminal("no such cluster"))
    }
    let late = Reconciler.Event.failed(action.id, .unknown("no answer in time"))
    return await first(within: limits.applyTimeout, or: late) { [provider] in
      do throws(Failure) {
        try await provider.apply(action.step, key: key, in: spec)
        return .succeeded(action.id)
      } catch {
        return .failed(action.id, error)
      }
    }
  }

  private func publish(_ table: EndpointTable) async -> Reconciler.Event {
    guard let spec = clusters.first(where: { $0.name == table.cluster }), let balancer else {
      return .publishFailed(table.cluster, .terminal("nobody spreads requests here"))
    }
    let late = Reconciler.Event.publishFailed(table.cluster, .unknown("no answer in time"))
    return await first(within: limits.publishTimeout, or: late) {
      do throws(Failure) {
        try await balancer.publish(table, in: spec)
        return .published(table.cluster)
      } catch {
        return .publishFailed(table.cluster, error)
      }
    }
  }

  private func record(_ entries: [JournalEntry], _ happenings: [Happening]) async -> Message {
    let now = await clock.now()
    do throws(StoreError) {
      try await store.record(entries, events: happenings.map { Event($0, at: now) })
      return Message(recorded: nil)
    } catch {
      return Message(recorded: error)
    }
  }
}

/// The answer of `body`, or `late` where it takes longer than `limit` or is cancelled. Does not wait for
/// a body that goes on regardless.
func first<Answer: Sendable>(
  within limit: Duration, or late: Answer, _ body: @escaping @Sendable () async -> Answer
) async -> Answer {
  let (answers, queue) = AsyncStream.makeStream(of: Answer.self)
  let work = Task { queue.yield(await body()) }
  let alarm = Task {
    do { try await Task.sleep(for: limit) } catch { return }
    queue.yield(late)
  }
  defer {
    work.cancel()
    alarm.cancel()
  }
  for await answer in answers { return answer }
  return late
}
