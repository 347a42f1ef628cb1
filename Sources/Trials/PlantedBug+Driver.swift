import Execution
import Interfaces
import Model
import Planning
import Reconciliation
import Synchronization

/// Mistakes between the reconciler and the world.
extension PlantedBug {
  static let ofTheDriver = [
    PlantedBug("error-is-empty", "a cluster that does not answer is taken for an empty one") {
      $0.message = { message in
        guard case .event(.observationFailed(let cluster, _)) = message else { return message }
        return .event(.observed(Observation(cluster: cluster, at: Timestamp(seconds: 0))))
      }
    },
    PlantedBug("part-is-whole", "a listing that breaks off is taken for the whole") {
      $0.message = { message in
        guard case .event(.observed(var seen)) = message else { return message }
        seen.isComplete = true
        return .event(.observed(seen))
      }
    },
    PlantedBug("lost-is-ready", "a node that does not answer any more counts as ready") {
      $0.message = { message in
        guard case .event(.observed(var seen)) = message else { return message }
        for index in seen.nodes.indices where seen.nodes[index].phase == .lost {
          seen.nodes[index].phase = .ready
        }
        return .event(.observed(seen))
      }
    },
    PlantedBug("first-look-for-ever", "each cluster is shown as it was seen first") {
      let known = Known()
      $0.message = { message in
        guard case .event(.observed(let seen)) = message else { return message }
        return .event(.observed(known.first(seen)))
      }
    },
    PlantedBug("unknown-is-done", "a call whose reply was lost counts as carried out") {
      $0.message = { message in
        guard case .event(.failed(let action, .unknown)) = message else { return message }
        return .event(.succeeded(action))
      }
    },
    PlantedBug("refused-is-done", "a call that was refused counts as carried out") {
      $0.message = { message in
        guard case .event(.failed(let action, .transient)) = message else { return message }
        return .event(.succeeded(action))
      }
    },
    PlantedBug("refused-is-final", "what failed once is not tried again") {
      $0.message = { message in
        guard case .event(.failed(let action, .transient(let why))) = message else {
          return message
        }
        return .event(.failed(action, .terminal(why)))
      }
    },
    PlantedBug("no-backoff", "the pause between two tries does not grow") {
      $0.limits.backoffMax = Seconds(1)
    },
    PlantedBug("no-alarm", "nothing wakes the loop when time alone makes something due") {
      $0.effect = { effect in
        if case .wake = effect { return [] }
        return [effect]
      }
    },
    PlantedBug("another-key", "each call has a key of its own, tried again or not") {
      let count = Count()
      $0.effect = { effect in
        guard case .apply(let action, let key) = effect else { return [effect] }
        return [.apply(action, IdempotencyKey("\(key) \(count.next())"))]
      }
    },
    PlantedBug("wrong-replica", "the replica that is stopped is the next one") {
      $0.effect = { effect in
        guard case .apply(var action, let key) = effect,
          case .stopReplica(let replica, let node) = action.step
        else { return [effect] }
        let next = ReplicaID(replica.workload, replica.ordinal + 1)
        action.step = .stopReplica(next, on: node)
        return [.apply(action, key)]
      }
    },
  ]

  /// What was seen of each cluster first.
  private final class Known: Sendable {
    private let looks = Mutex<[ClusterName: Observation]>([:])

    func first(_ seen: Observation) -> Observation {
      looks.withLock { looks in
        if let known = looks[seen.cluster] { return known }
        looks[seen.cluster] = seen
        return seen
      }
    }
  }

  final class Count: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
      count.withLock { count in
        count += 1
        return count
      }
    }
  }
}

/// Mistakes between the reconciler and what is remembered.
extension PlantedBug {
  static let ofTheMemory = [
    PlantedBug("no-intent", "calls are made whose intent was never written down") {
      $0.effect = records { $0.filter { $0.event != .intent } }
    },
    PlantedBug("no-outcome", "what was carried out is not written down") {
      $0.effect = records { $0.filter { $0.event != .done } }
    },
    PlantedBug("unwritten-is-written", "what the store refuses counts as written") {
      $0.message = { message in
        guard case .event(.recordFailed) = message else { return message }
        return .event(.recorded)
      }
    },
    PlantedBug("overtaken-and-deaf", "who was overtaken goes on with the old target") {
      $0.message = { message in
        guard case .event(.superseded) = message else { return message }
        return .event(.recorded)
      }
    },
    PlantedBug("forgets-open-intents", "after a crash nobody asks what was under way") {
      $0.remembers = false
      $0.message = { message in
        guard case .decided(var assignment, let clusters) = message else { return message }
        assignment.openIntents = []
        return .decided(assignment, clusters)
      }
    },
    PlantedBug("unfenced", "who lost its lease goes on as if it had it") {
      $0.isFenced = false
      $0.heedsLoss = false
    },
    PlantedBug("over-any-parent", "what was planned on the last target is adopted over this one") {
      let before = Before()
      $0.plan = { input in
        var input = input
        input.previous = before.exchange(input.previous)
        return Planner.plan(input)
      }
      $0.audit = { _, _ in [] }
      $0.adoption = { adoption, current in
        var adoption = adoption
        adoption.target = adoption.target.changed { $0.parent = current }
        return adoption
      }
    },
  ]

  /// What was current at the plan before.
  private final class Before: Sendable {
    private let target = Mutex<Target?>(nil)

    func exchange(_ current: Target?) -> Target? {
      target.withLock { target in
        defer { target = current }
        return target
      }
    }
  }

  private static func records(
    _ change: @escaping @Sendable ([JournalEntry]) -> [JournalEntry]
  ) -> @Sendable (Reconciler.Effect) -> [Reconciler.Effect] {
    { effect in
      guard case .record(let entries, let happenings) = effect else { return [effect] }
      return [.record(change(entries), happenings)]
    }
  }
}
