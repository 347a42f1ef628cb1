import Model

/// In which order: that every action waits for what it needs, that this comes about, and that nothing
/// is started before there is room.
enum OrderAudit {
  static func check(_ evidence: Evidence) -> [Violation.Ordering] {
    repeated(evidence) + missing(evidence) + foundations(evidence) + room(evidence)
  }

  private static func repeated(_ evidence: Evidence) -> [Violation.Ordering] {
    var known: Set<ActionID> = []
    return evidence.plan.actions.map(\.id).filter { !known.insert($0).inserted }
      .map { .repeated($0) }
  }

  // MARK: Waits that must be there

  private static func missing(_ evidence: Evidence) -> [Violation.Ordering] {
    var missing: [Violation.Ordering] = []
    for action in evidence.plan.actions {
      missing += needed(action, evidence).filter { !action.waits.contains($0) }
        .map { .missingWait(action.id, $0) }
    }
    return missing
  }

  private static func needed(_ action: Action, _ evidence: Evidence) -> [Wait] {
    switch action.step {
    case .createNode, .drainNode, .stopReplica: []
    case .deleteNode(let node):
      evidence.isAlive(node) && !(evidence.holders[node] ?? []).isEmpty ? [.nodeEmpty(node)] : []
    case .startReplica(let order): needed(order.replica, evidence)
    }
  }

  private static func needed(_ replica: TargetReplica, _ evidence: Evidence) -> [Wait] {
    let isGang = evidence.workloads[replica.id.workload]?.type == .training
    let team = isGang ? members(of: replica.id.workload, evidence) : [replica]
    let nodes = Set(team.map(\.node)).filter { evidence.seen[$0]?.phase != .ready }.sorted()
    let names = Set(team.map(\.id))
    let leftovers = evidence.input.observed.replicas.filter { seen in
      guard names.contains(seen.id), evidence.isAlive(seen.node), !evidence.isKept(seen),
        (evidence.holders[seen.node] ?? []).contains(seen)
      else { return false }
      return isGang || seen.node == replica.node
    }
    return nodes.map { .nodeReady($0) } + leftovers.map { .replicaGone($0.id, on: $0.node) }
  }

  private static func members(
    of gang: WorkloadName, _ evidence: Evidence
  ) -> [TargetReplica] {
    evidence.plan.target.replicas.filter { $0.id.workload == gang }
  }

  // MARK: Waits that must come true

  private static func foundations(_ evidence: Evidence) -> [Violation.Ordering] {
    let makers = makers(evidence)
    var wrong: [Violation.Ordering] = []
    for (index, action) in evidence.plan.actions.enumerated() {
      for wait in action.waits where !holds(wait, evidence) {
        let before = makers[wait] ?? []
        if before.contains(where: { $0 >= index }) {
          wrong.append(.outOfOrder(action.id, wait))
        } else if before.isEmpty && !comes(wait, evidence) {
          wrong.append(.neverHolds(action.id, wait))
        }
      }
    }
    return wrong
  }

  /// The actions, by their place in the plan, that make a fact true.
  private static func makers(_ evidence: Evidence) -> [Wait: [Int]] {
    var makers: [Wait: [Int]] = [:]
    for (index, action) in evidence.plan.actions.enumerated() {
      switch action.step {
      case .createNode(let node): makers[.nodeReady(node.id), default: []].append(index)
      case .startReplica(let order):
        let wait = Wait.replicaReady(order.replica.id, on: order.replica.node)
        makers[wait, default: []].append(index)
      case .stopReplica(let replica, let node):
        makers[.replicaGone(replica, on: node), default: []].append(index)
        makers[.nodeEmpty(node), default: []].append(index)
      case .drainNode, .deleteNode: break
      }
    }
    return makers
  }

  private static func holds(_ wait: Wait, _ evidence: Evidence) -> Bool {
    switch wait {
    case .nodeReady(let node): evidence.seen[node]?.phase == .ready
    case .nodeEmpty(let node): (evidence.holders[node] ?? []).isEmpty
    case .replicaReady(let replica, let node):
      evidence.input.observed.replicas.contains {
        $0.id == replica && $0.node == node && evidence.isKept($0)
          && ($0.phase == .ready || $0.phase == .finished)
      }
    case .replicaGone(let replica, let node):
      !(evidence.holders[node] ?? []).contains { $0.id == replica }
    }
  }

  /// Whether the world itself brings a fact about.
  private static func comes(_ wait: Wait, _ evidence: Evidence) -> Bool {
    switch wait {
    case .nodeReady(let node): evidence.seen[node]?.phase == .booting
    case .nodeEmpty(let node):
      (evidence.holders[node] ?? []).allSatisfy { $0.phase == .stopping }
    case .replicaReady(let replica, let node):
      (evidence.holders[node] ?? []).contains { $0.id == replica && evidence.isKept($0) }
    case .replicaGone(let replica, let node):
      !evidence.isAlive(node)
        || (evidence.holders[node] ?? []).contains { $0.id == replica && $0.phase == .stopping }
    }
  }

  // MARK: Room on the way

  /// For each start: whatever else has started by then, and whatever it doesn't wait for is still
  /// there, it finds room.
  private static func room(_ evidence: Evidence) -> [Violation.Ordering] {
    let byNode = Dictionary(grouping: evidence.starts, by: \.replica.node)
    return evidence.starts.filter { start in
      let node = start.replica.node
      guard let capacity = evidence.capacity(node) else { return false }
      let holders = evidence.isAlive(node) ? evidence.holders[node] ?? [] : []
      let lingering = holders.filter { holder in
        !evidence.isKept(holder)
          && !start.action.waits.contains(.replicaGone(holder.id, on: node))
      }
      var ledger = RoomLedger(capacity)
      for occupant in evidence.occupants[node] ?? [] {
        ledger.take(occupant.resources, devices: occupant.devices)
      }
      for holder in holders.filter(evidence.isKept) + lingering {
        ledger.take(holder.resources, devices: holder.devices)
      }
      for other in byNode[node] ?? [] {
        let comesLater = lingering.contains {
          other.action.waits.contains(.replicaGone($0.id, on: node))
        }
        // Where either waits until the other is gone, a stand-in, they are never there together.
        let comesAfterIt = other.action.waits.contains(.replicaGone(start.replica.id, on: node))
        let isGoneBefore = start.action.waits.contains(.replicaGone(other.replica.id, on: node))
        guard !comesLater && !comesAfterIt && !isGoneBefore else { continue }
        ledger.take(other.order.workload.resources, devices: other.replica.devices)
      }
      return ledger.isExceeded
    }.map { .roomNotCleared($0.action.id, on: $0.replica.node) }
  }
}
