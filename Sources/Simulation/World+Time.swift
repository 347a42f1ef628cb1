public import Model

extension World {
  /// Between a provider's notice and the loss of the node.
  static let noticeTime = Seconds(120)
  static let deleteTime = Seconds(15)
  static let stopTime = Seconds(5)
  /// The pause before a failed replica is tried again: it doubles with each restart up to the longest.
  static let crashPause = Seconds(10)
  static let crashPauseMax = Seconds(300)

  /// When something changes by itself next; nil where nothing ever will.
  public var nextEventTime: Timestamp? {
    var next: Timestamp?
    func consider(_ moment: Timestamp?) {
      guard let moment else { return }
      next = min(next ?? moment, moment)
    }
    for node in nodes {
      consider(node.due)
      consider(node.noticeAt)
      for replica in node.replicas { consider(replica.due) }
    }
    for run in runs { consider(run.endsAt) }
    return next.map { max($0, now) }
  }

  /// Lets time pass up to `moment`, one event after the other; the past is not reached again.
  public mutating func advance(to moment: Timestamp) {
    while let next = nextEventTime, next <= moment {
      now = next
      settle()
    }
    now = max(now, moment)
    receipts.forget { $0.at + Self.receiptTime < now }
  }

  /// Carries out all that is due now. A run that ends at the moment at which its node is lost has ended.
  private mutating func settle() {
    for run in runs where run.endsAt.map({ $0 <= now }) ?? false { finish(run) }
    for index in nodes.indices.reversed() where isDue(nodes[index]) { settleNode(at: index) }
    trackRuns()
  }

  private mutating func settleNode(at index: Int) {
    if let noticeAt = nodes[index].noticeAt, noticeAt <= now {
      nodes[index].noticeAt = nil
      giveNotice(at: index)
    }
    guard !isDue(nodes[index].due) else {
      changePhase(at: index)
      return
    }
    for replica in nodes[index].replicas.indices.reversed()
    where isDue(nodes[index].replicas[replica].due) {
      settleReplica(at: replica, on: index)
    }
    refreshEmptiness(at: index)
  }

  /// Whether anything of a node or on it is.
  private func isDue(_ node: Node) -> Bool {
    isDue(node.noticeAt) || isDue(node.due) || node.replicas.contains { isDue($0.due) }
  }

  private func isDue(_ moment: Timestamp?) -> Bool { moment.map { $0 <= now } ?? false }

  /// What a node becomes when its time has come.
  private mutating func changePhase(at index: Int) {
    switch nodes[index].observed.phase {
    case .booting:
      nodes[index].observed.phase = .ready
      nodes[index].due = nil
      refreshEmptiness(at: index)
    case .draining, .deleting: nodes.remove(at: index)
    case .ready, .lost: nodes[index].due = nil
    }
  }

  /// The provider asks for its node back: no new replicas, and soon no node.
  mutating func giveNotice(at index: Int) {
    switch nodes[index].observed.phase {
    case .booting, .ready, .draining:
      nodes[index].observed.phase = .draining
      nodes[index].observed.reason = "reclaimed by the provider"
      nodes[index].due = now + Self.noticeTime
    case .lost, .deleting: break
    }
  }

  private mutating func settleReplica(at replica: Int, on node: Int) {
    let workload = nodes[node].replicas[replica].id.workload
    switch nodes[node].replicas[replica].observed.phase {
    case .starting, .crashLooping:
      if faults.crashing.contains(workload) {
        crash(at: replica, on: node)
      } else {
        nodes[node].replicas[replica].observed.phase = .ready
        nodes[node].replicas[replica].due = nil
      }
    case .stopping: nodes[node].replicas.remove(at: replica)
    case .ready, .finished, .lost: nodes[node].replicas[replica].due = nil
    }
  }

  mutating func crash(at replica: Int, on node: Int) {
    let restarts = nodes[node].replicas[replica].observed.restarts.addingSaturated(1)
    let pause = Self.crashPause.count << min(restarts - 1, 5)
    nodes[node].replicas[replica].observed.restarts = restarts
    nodes[node].replicas[replica].observed.phase = .crashLooping
    nodes[node].replicas[replica].due = now + Seconds(min(pause, Self.crashPauseMax.count))
  }

  /// What others run keeps a node from being empty as well; one that boots is not empty yet.
  mutating func refreshEmptiness(at index: Int) {
    let node = nodes[index]
    let isEmpty =
      node.observed.phase != .booting && node.occupants.isEmpty
      && !node.replicas.contains { $0.observed.holdsResources }
    let since = isEmpty ? node.observed.emptySince ?? now : nil
    if node.observed.emptySince != since { nodes[index].observed.emptySince = since }
  }
}
