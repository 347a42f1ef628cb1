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
    let team = isGang ? evidence.members[replica.id.workload] ?? [] : [replica]
    let nodes = Set(team.map(\.node)).filter { evidence.seen[$0]?.phase != .ready }.sorted()
    let names = Set(team.map(\.id)).sorted()
    let leftovers = names.flatMap { evidence.sightings[$0] ?? [] }.filter { seen in
      guard evidence.isAlive(seen.node), !evidence.isKept(seen),
        (evidence.holders[seen.node] ?? []).contains(seen)
      else { return false }
      return isGang || seen.node == replica.node
    }
    return nodes.map { .nodeReady($0) } + leftovers.map { .replicaGone($0.id, on: $0.node) }
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
      (evidence.sightings[replica] ?? []).contains {
        $0.node == node && evidence.isKept($0)
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
    let passing = byNode.mapValues(passing)
    return evidence.starts.filter { start in
      let node = start.replica.node
      let passing = passing[node] ?? []
      return (0...passing.count).contains { count in
        isCrowded(
          start, besides: byNode[node] ?? [], gone: Set(passing.prefix(count)),
          there: Set(passing.dropFirst(count)), evidence)
      }
    }.map { .roomNotCleared($0.action.id, on: $0.replica.node) }
  }

  /// What the plan starts on a node and others there wait to see gone again: stand-ins, in the order in
  /// which they go.
  private static func passing(_ starts: [Evidence.Start]) -> [ReplicaID] {
    let waiters = starts.map { start in
      starts.count { $0.waits(forEndOf: start.replica.id) }
    }
    return starts.indices.filter { waiters[$0] > 0 }
      .sorted { (-waiters[$0], starts[$0].replica.id) < (-waiters[$1], starts[$1].replica.id) }
      .map { starts[$0].replica.id }
  }

  /// Whether a start can come to stand where there is no room, at a moment when some that pass are gone
  /// and the others there.
  private static func isCrowded(
    _ start: Evidence.Start, besides starts: [Evidence.Start], gone: Set<ReplicaID>,
    there: Set<ReplicaID>, _ evidence: Evidence
  ) -> Bool {
    let node = start.replica.node
    guard let capacity = evidence.capacity(node), !gone.contains(start.replica.id),
      !there.contains(where: start.waits(forEndOf:))
    else { return false }
    let holders = evidence.isAlive(node) ? evidence.holders[node] ?? [] : []
    let lingering = holders.filter { !start.waits(forEndOf: $0.id) }
    var ledger = RoomLedger(capacity)
    for occupant in evidence.occupants[node] ?? [] {
      ledger.take(occupant.resources, devices: occupant.devices)
    }
    for holder in lingering { ledger.take(holder.resources, devices: holder.devices) }
    for other in starts where !gone.contains(other.replica.id) {
      let comesLater =
        lingering.contains { other.waits(forEndOf: $0.id) }
        || there.contains(where: other.waits(forEndOf:))
      if comesLater { continue }
      ledger.take(other.order.workload.resources, devices: other.replica.devices)
    }
    return ledger.isExceeded
  }
}

extension Evidence.Start {
  /// Whether it waits until a replica is gone from its node.
  fileprivate func waits(forEndOf replica: ReplicaID) -> Bool {
    action.waits.contains(.replicaGone(replica, on: self.replica.node))
  }
}
