import Model

/// Whether the plan's parts agree: target, actions, what it tells of replicas and nodes, and money.
enum AgreementAudit {
  static func check(_ evidence: Evidence) -> [Violation.Agreement] {
    let isParent = evidence.plan.target.parent == evidence.input.previous?.id
    return (isParent ? [] : [.wrongParent]) + actions(evidence) + placements(evidence)
      + nodes(evidence) + cost(evidence)
  }

  // MARK: Target and actions

  private static func actions(_ evidence: Evidence) -> [Violation.Agreement] {
    let given = Set(evidence.plan.actions.map(\.id))
    let asked = asked(evidence)
    let allowed = Set(asked.map(\.id)).union(optional(evidence))
    return asked.filter { !given.contains($0.id) && !mayWaitForSight($0, evidence) }
      .map { .actionMissing($0.id) }
      + evidence.plan.actions.map(\.id).filter { !allowed.contains($0) }
      .map { .actionUnasked($0) }
  }

  /// What must be done, in a fixed order.
  private static func asked(_ evidence: Evidence) -> [Asked] {
    let creates = evidence.plan.target.nodes
      .filter { evidence.seen[$0.id] == nil && evidence.isComplete($0.id.cluster) }
      .map { Asked(id: Step.createNode($0).id, node: $0.id) }
    let deletes = evidence.input.observed.nodes
      .filter {
        $0.pool != nil && evidence.nodes[$0.id] == nil && $0.phase != .deleting
          && evidence.isComplete($0.id.cluster)
      }
      .map { Asked(id: Step.deleteNode($0.id).id, node: $0.id) }
    let starts = evidence.plan.target.replicas
      .filter { evidence.isComplete($0.node.cluster) && evidence.instance(of: $0) == nil }
      .map {
        Asked(
          id: ActionID("start \($0.id) on \($0.node) #\($0.incarnation)"), node: $0.node,
          workload: $0.id.workload)
      }
    let stops = evidence.replicas
      .filter { replica in
        evidence.isComplete(replica.node.cluster) && evidence.isAlive(replica.node)
          && !evidence.isKept(replica) && replica.phase != .stopping
          && !waitsForSight(replica, evidence)
          && (evidence.holders[replica.node] ?? []).contains(replica)
      }
      .map {
        Asked(
          id: Step.stopReplica($0.id, on: $0.node).id, node: $0.node, workload: $0.id.workload)
      }
    return creates + deletes + starts + stops
  }

  private struct Asked {
    var id: ActionID
    var node: NodeID
    var workload: WorkloadName?
  }

  /// Whether something stands before it that only a cluster out of sight can take away: on its node
  /// there is somebody who stays for now, or some of its workload is to be where nothing is seen.
  private static func mayWaitForSight(_ asked: Asked, _ evidence: Evidence) -> Bool {
    staysForNow(asked.node, evidence)
      || evidence.decided.values.contains {
        $0.id.workload == asked.workload && !evidence.isComplete($0.node.cluster)
      }
  }

  private static func staysForNow(_ node: NodeID, _ evidence: Evidence) -> Bool {
    (evidence.holders[node] ?? []).contains { waitsForSight($0, evidence) }
  }

  /// Whether it is to go where nothing can be done now: until then it stays where it is.
  private static func waitsForSight(_ replica: ObservedReplica, _ evidence: Evidence) -> Bool {
    evidence.decided[replica.id].map { !evidence.isComplete($0.node.cluster) } ?? false
  }

  /// What may be done besides: nodes that go are drained, stand-ins come and go, and what is on a node
  /// that doesn't answer may be stopped.
  private static func optional(_ evidence: Evidence) -> [ActionID] {
    let drains = evidence.input.observed.nodes
      .filter { $0.pool != nil && evidence.nodes[$0.id] == nil }
      .map { Step.drainNode($0.id).id }
    let standIns = evidence.plan.target.surge.flatMap {
      [
        ActionID("start \($0.id) on \($0.node) #\($0.incarnation)"),
        Step.stopReplica($0.id, on: $0.node).id,
      ]
    }
    let lost = evidence.replicas
      .filter { !evidence.isAlive($0.node) && $0.phase != .lost }
      .map { Step.stopReplica($0.id, on: $0.node).id }
    return drains + standIns + lost
  }

  // MARK: What the plan tells

  private static func placements(_ evidence: Evidence) -> [Violation.Agreement] {
    let standIns = Set(evidence.plan.target.surge.map(\.id))
    var starts: Set<ReplicaID> = []
    var stops: Set<ReplicaID> = []
    for action in evidence.plan.actions {
      switch action.step {
      case .startReplica(let order): starts.insert(order.replica.id)
      case .stopReplica(let replica, _): stops.insert(replica)
      case .createNode, .drainNode, .deleteNode: break
      }
    }
    let unfounded = evidence.plan.placements.filter { change in
      switch change.kind {
      case .start, .move, .restart:
        let isThere = evidence.decided[change.replica]?.node == change.to
        let isTouched = starts.contains(change.replica) || stops.contains(change.replica)
        return !isTouched || !isThere
      case .stop:
        return starts.contains(change.replica) || evidence.decided[change.replica] != nil
      }
    }
    let told = Set(evidence.plan.placements.map(\.replica))
    let missing = starts.union(stops).subtracting(told).subtracting(standIns).sorted()
    return unfounded.map { .placementUnfounded($0.replica) }
      + missing.map { .placementMissing($0) }
  }

  private static func nodes(_ evidence: Evidence) -> [Violation.Agreement] {
    var changes: [NodeID: NodeChange.Kind] = [:]
    for action in evidence.plan.actions {
      switch action.step {
      case .createNode(let node): changes[node.id] = .create
      case .deleteNode(let node): changes[node] = .delete
      case .drainNode, .startReplica, .stopReplica: break
      }
    }
    // What is told is the whole effect, also of what a later plan is left to do.
    let unfounded = evidence.plan.nodes.filter { change in
      changes[change.node] != change.kind
        && !(change.kind == .delete && staysForNow(change.node, evidence))
    }.map(\.node)
    let missing = Set(changes.keys).subtracting(evidence.plan.nodes.map(\.node)).sorted()
    return unfounded.map { .nodeChangeUnfounded($0) } + missing.map { .nodeChangeMissing($0) }
  }

  // MARK: Money

  /// What comes is what is decided; and what was, plus what comes, less what goes, is what will be.
  private static func cost(_ evidence: Evidence) -> [Violation.Agreement] {
    let cost = evidence.plan.cost
    let unpriced = Set(cost.unpriced)
    let after = evidence.plan.target.nodes.filter { !unpriced.contains($0.id) }
      .reduce(Money.zero) { $0 + $1.pricePerHour }
    var changed = cost.beforePerHour
    for node in evidence.plan.nodes where !unpriced.contains(node.node) {
      let price = node.pricePerHour ?? .zero
      switch node.kind {
      case .create: changed += price
      case .delete: changed = changed - price
      }
    }
    return [after, changed].filter { $0 != cost.afterPerHour }
      .map { .costWrong(stated: cost.afterPerHour, summed: $0) }
  }
}
