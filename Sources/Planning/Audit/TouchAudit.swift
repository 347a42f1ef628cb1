import Model

/// What may be touched: only what is ours, was seen and isn't protected, and only by a lawful claim.
enum TouchAudit {
  static func check(_ evidence: Evidence) -> [Violation.Touching] {
    let started = Set(
      evidence.starts.map { Evidence.Standpoint(replica: $0.replica.id, node: $0.replica.node) })
    return evidence.plan.actions.flatMap { actions($0, started, evidence) } + forgotten(evidence)
      + budgets(evidence) + minimums(evidence) + preemptions(evidence)
  }

  private static func actions(
    _ action: Action, _ started: Set<Evidence.Standpoint>, _ evidence: Evidence
  ) -> [Violation.Touching] {
    guard evidence.isComplete(action.step.cluster) else { return [.notObserved(action.id)] }
    switch action.step {
    case .createNode, .startReplica: return []
    case .drainNode(let id):
      return evidence.seen[id]?.pool == nil ? [.notOurs(action.id)] : []
    case .deleteNode(let id):
      guard let pool = evidence.seen[id]?.pool else { return [.notOurs(action.id)] }
      let isProtected = evidence.pools[pool]?.metadata.isProtected ?? false
      return isProtected ? [.protected(action.id)] : []
    case .stopReplica(let replica, let node):
      // Stand-ins are stopped that have yet to start.
      let isSeen = (evidence.holders[node] ?? []).contains { $0.id == replica }
      let isStarted = started.contains(.init(replica: replica, node: node))
      return isSeen || isStarted ? [] : [.notOurs(action.id)]
    }
  }

  /// What wasn't seen must stay decided as it was.
  private static func forgotten(_ evidence: Evidence) -> [Violation.Touching] {
    (evidence.input.previous?.nodes ?? []).filter {
      !evidence.isComplete($0.id.cluster) && evidence.nodes[$0.id] == nil
    }.map { .forgotten($0.id) }
  }

  /// Nodes that go for reasons of our own do so within their pool's budget, which those going already
  /// count against, whatever made them go.
  private static func budgets(_ evidence: Evidence) -> [Violation.Touching] {
    evidence.input.desired.nodePools.compactMap { pool in
      let members = evidence.seen.values.filter {
        $0.pool == pool.name && $0.id.cluster == pool.cluster
      }
      let chosen = evidence.plan.nodes.filter {
        $0.kind == .delete && $0.pool == pool.name && $0.node.cluster == pool.cluster
          && $0.cause.isOfOurChoice
      }
      guard !chosen.isEmpty else { return nil }
      let names = Set(chosen.map(\.node))
      let going = members.filter { node in
        switch node.phase {
        case .booting, .ready: false
        case .draining, .lost, .deleting: !names.contains(node.id)
        }
      }
      let share =
        switch pool.disruption.budget {
        case .count(let count): count
        case .percent(let percent):
          percent == 0 || members.isEmpty
            ? 0 : max(1, members.count.multipliedSaturated(by: percent) / 100)
        }
      let all = chosen.count + going.count
      return all > share ? .budgetExceeded(pool.name, going: all, budget: share) : nil
    }
  }

  /// What is given back for money's sake leaves a pool its minimum.
  private static func minimums(_ evidence: Evidence) -> [Violation.Touching] {
    evidence.input.desired.nodePools.compactMap { pool in
      let isSaving = evidence.plan.nodes.contains {
        $0.kind == .delete && $0.pool == pool.name && $0.node.cluster == pool.cluster
          && $0.cause.isForMoney
      }
      let count = evidence.plan.target.nodes.count { $0.pool == pool.name }
      guard isSaving, count < pool.nodes.min else { return nil }
      return .belowMinimum(pool.name, nodes: count, min: pool.nodes.min)
    }
  }

  private static func preemptions(_ evidence: Evidence) -> [Violation.Touching] {
    evidence.plan.placements.compactMap { change in
      guard case .preempted(let claimant, let kind) = change.cause else { return nil }
      let victim = evidence.workloads[change.replica.workload]
      let winner = evidence.workloads[claimant]
      let isLawful =
        switch kind {
        case .priority: (victim?.priority ?? 0) < (winner?.priority ?? 0)
        case .reclaim: winner?.queue != nil && victim?.queue != winner?.queue
        case .elastic:
          victim?.elasticRange.map { change.replica.ordinal >= $0.min } ?? false
        case .gang:
          victim?.type == .training
            && ((victim?.priority ?? 0) < (winner?.priority ?? 0)
              || isHit(change.replica.workload, evidence))
        }
      return isLawful ? nil : .preemptsUnlawfully(change.replica, by: claimant)
    }
  }

  /// Whether a member of the gang is preempted in its own right.
  private static func isHit(_ gang: WorkloadName, _ evidence: Evidence) -> Bool {
    evidence.plan.placements.contains { change in
      guard change.replica.workload == gang, case .preempted(_, let kind) = change.cause else {
        return false
      }
      return kind != .gang
    }
  }
}

extension Cause {
  fileprivate var isForMoney: Bool {
    switch self {
    case .empty, .underused: true
    case .wanted, .unwanted, .changed, .nodeLost, .replicaLost, .nodeLeaving, .preempted,
      .gangRestart, .needed, .poolMinimum, .headroom, .poolShrunk, .expired, .orphaned:
      false
    }
  }

  /// Whether a node that goes for it could as well stay.
  fileprivate var isOfOurChoice: Bool {
    switch self {
    case .empty, .underused, .expired, .changed, .poolShrunk: true
    case .wanted, .unwanted, .nodeLost, .replicaLost, .nodeLeaving, .preempted, .gangRestart,
      .needed, .poolMinimum, .headroom, .orphaned:
      false
    }
  }
}
