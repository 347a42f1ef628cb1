import Model
import Planning

/// Whether it is at its setpoint, or can't get there, and what to tell meanwhile.
extension Reconciler {
  /// Everything was looked at after the last outcome, nothing is left to do, and all of it is ready.
  var isAtSetpoint: Bool {
    assignment != nil && calls.isEmpty && planning.isIdle && agenda.remaining.isEmpty
      && agenda.underWay.isEmpty && openIntents.isEmpty && watches.values.allSatisfy(\.isFresh)
      && publications.values.allSatisfy(\.isSettled)
  }

  mutating func sayWhenConverged(at now: Timestamp) {
    if !agenda.remaining.isEmpty || !agenda.underWay.isEmpty || !calls.isEmpty {
      hasSaidConverged = false
    } else if let assignment, isAtSetpoint, !hasSaidConverged {
      hasSaidConverged = true
      outbox.happenings.append(.converged(assignment.target.id))
    }
  }

  func verdict(at now: Timestamp) -> Outcome? {
    if mode != .forever, let problem = outbox.problem, calls.isEmpty || isStopping,
      outbox.failures >= limits.recordAttemptsMax
    {
      return .storeFailed(problem)
    }
    guard calls.isEmpty, publications.values.allSatisfy({ $0.sent == nil }) else { return nil }
    // Asked to stop, it does not wait for a disk that has no room: an open intent is safe.
    if isStopping && (outbox.isEmpty || outbox.problem != nil) { return .interrupted }
    guard outbox.isEmpty else { return nil }
    if isSuperseded { return .superseded }
    return mode == .forever ? nil : ending(at: now)
  }

  /// How a run that is to end does so; nil while there is hope.
  private func ending(at now: Timestamp) -> Outcome? {
    if isAtSetpoint { return .converged }
    if let problem = planning.problem { return .notPlanned(problem) }
    if mode == .exactly && !planning.reasons.isEmpty && looksAreSettled {
      return .needsPlan(planning.reasons.sorted())
    }
    guard assignment != nil, planning.isIdle, looksAreSettled else { return nil }
    let unobserved = unobservedClusters
    let blocked = blockedActions
    let isOver = agenda.remaining.allSatisfy { blocked.contains($0.id) }
    if isOver && agenda.underWay.isEmpty && !(agenda.failed.isEmpty && unobserved.isEmpty) {
      return .failed(agenda.failed, unobserved: unobserved)
    }
    let onlyCrashLoops = agenda.remaining.isEmpty && agenda.crashLooping == agenda.underWay
    if (onlyCrashLoops && !agenda.underWay.isEmpty) || isStalled(at: now) {
      return .stalled(waiting: agenda.waiting, underWay: agenda.underWay)
    }
    return nil
  }

  private var looksAreSettled: Bool {
    !watches.isEmpty && watches.values.allSatisfy { $0.isFresh || isHopeless($0) }
  }

  private func isStalled(at now: Timestamp) -> Bool {
    guard let progressAt else { return false }
    return now >= progressAt + limits.stallAfter
      && unchangedLooks >= limits.stallLooksMin * watches.count
  }

  var unobservedClusters: [UnobservedCluster] {
    clusters.compactMap { cluster in
      watches[cluster]?.failure.map { UnobservedCluster(cluster: cluster, failure: $0) }
    }
  }

  /// What was given up, and what waits for something that only a given-up action would have made true.
  private var blockedActions: Set<ActionID> {
    var blocked = Set(agenda.failed.map(\.action))
    var never: Set<Wait> = []
    var count = -1
    while !blocked.isEmpty && count != blocked.count {
      count = blocked.count
      for item in agenda.remaining {
        if !item.action.waits.allSatisfy({ !never.contains($0) }) { blocked.insert(item.id) }
        if blocked.contains(item.id) { never.formUnion(item.action.step.makesTrue) }
      }
    }
    return blocked
  }

  /// When something is due without any event.
  func nextDue(at now: Timestamp) -> Timestamp? {
    var moments = clusters.compactMap { lookDue(at: $0, now: now) }
    if outbox.sent == nil, let at = outbox.notBefore, at > now { moments.append(at) }
    if let at = agenda.nextDue, at > now { moments.append(at) }
    if let at = throttledUntil(now), at > now { moments.append(at) }
    moments += publications.values.compactMap { $0.nextDue }.filter { $0 > now }
    if !planning.reasons.isEmpty, let at = planning.notBefore { moments.append(at) }
    if mode == .forever, planning.isIdle, let plannedAt = planning.plannedAt {
      moments.append(plannedAt + limits.planEvery)
    }
    return isStopping || isSuperseded
      ? (outbox.isEmpty ? nil : outbox.notBefore) : moments.min()
  }
}

extension Step {
  /// What can be seen once the step has taken effect.
  var makesTrue: [Wait] {
    switch self {
    case .createNode(let node): [.nodeReady(node.id)]
    case .drainNode, .deleteNode: []
    case .startReplica(let order): [.replicaReady(order.replica.id, on: order.replica.node)]
    case .stopReplica(let replica, let node):
      [.replicaGone(replica, on: node), .nodeEmpty(node)]
    }
  }
}

extension Transition {
  /// Where it comes about.
  var cluster: ClusterName {
    switch self {
    case .booting(let node), .deleting(let node): node.cluster
    case .starting(_, let node), .stopping(_, let node): node.cluster
    }
  }
}
