import Model

/// Whether services stay up while their replicas are exchanged, however slowly new ones get ready.
///
/// The plan is played through with the unkindest world that its waits allow: every step is taken as soon
/// as it may be, nodes are ready and stopped replicas gone at once, and a started replica gets ready
/// only when nothing else can go on.
enum ServiceAudit {
  static func check(_ evidence: Evidence) -> [Violation.Touching] {
    let services = evidence.input.desired.workloads.filter {
      isJudged($0, evidence)
    }
    guard !services.isEmpty else { return [] }
    var play = Play(evidence, services.map(\.name))
    play.run()
    return services.flatMap { judge($0, play, evidence) }
  }

  /// Only an exchange is bounded: what preemption, a lost node or a smaller number takes is not.
  private static func isJudged(_ workload: WorkloadSpec, _ evidence: Evidence) -> Bool {
    guard workload.type == .inference else { return false }
    let changes = evidence.plan.placements.filter { $0.replica.workload == workload.name }
    return !changes.isEmpty
      && changes.allSatisfy { change in
        guard case .changed = change.cause else { return false }
        return true
      }
  }

  private static func judge(
    _ workload: WorkloadSpec, _ play: Play, _ evidence: Evidence
  ) -> [Violation.Touching] {
    let name = workload.name
    let count = evidence.plan.target.replicas.filter { $0.id.workload == name }.count
    let unavailable = share(workload.rollout.maxUnavailable, count)
    // A service that states neither a surge nor a gap is exchanged by one stand-in.
    let surge = share(workload.rollout.maxSurge, count)
    let most = count.addingSaturated(unavailable == 0 ? max(1, surge) : surge)
    let ready = play.readyMin[name] ?? 0
    let needed = min(
      play.readyBefore[name] ?? 0, count - unavailable)
    let running = play.runningMax[name] ?? 0
    var wrong: [Violation.Touching] = []
    if ready < needed { wrong.append(.interrupted(name, ready: ready, needed: needed)) }
    // What moves as it is was there before and is not held against the surge.
    let isExchange = evidence.input.observed.replicas.contains { seen in
      seen.id.workload == name
        && evidence.decided[seen.id].map { $0.revision != seen.revision } ?? false
    }
    if isExchange && running > max(most, play.runningBefore[name] ?? 0) {
      wrong.append(.overSurged(name, running: running, allowed: most))
    }
    return wrong
  }

  private static func share(_ share: Share, _ total: Int) -> Int {
    switch share {
    case .count(let count): count
    case .percent(let percent):
      percent == 0 || total == 0 ? 0 : max(1, total.multipliedSaturated(by: percent) / 100)
    }
  }
}

/// The plan's steps, taken in a world of names.
private struct Play {
  private struct Instance: Hashable {
    let replica: ReplicaID
    let node: NodeID
  }

  private(set) var readyBefore: [WorkloadName: Int] = [:]
  private(set) var runningBefore: [WorkloadName: Int] = [:]
  private(set) var readyMin: [WorkloadName: Int] = [:]
  private(set) var runningMax: [WorkloadName: Int] = [:]
  private let names: [WorkloadName]
  private var actions: [Action]
  private var ready: Set<Instance> = []
  /// In the order of their start.
  private var starting: [Instance] = []
  /// What runs a decision of the target, or was started by the plan.
  private var current: Set<Instance> = []

  init(_ evidence: Evidence, _ names: [WorkloadName]) {
    self.names = names
    actions = evidence.plan.actions
    for replica in evidence.input.observed.replicas where evidence.isAlive(replica.node) {
      let instance = Instance(replica: replica.id, node: replica.node)
      switch replica.phase {
      case .ready: ready.insert(instance)
      case .starting: starting.append(instance)
      case .crashLooping, .stopping, .finished, .lost: continue
      }
      if evidence.isKept(replica) { current.insert(instance) }
    }
    note()
    readyBefore = readyMin
    runningBefore = runningMax
  }

  mutating func run() {
    while takeSteps() || becomeReady() {}
  }

  private mutating func takeSteps() -> Bool {
    guard let index = actions.firstIndex(where: { $0.waits.allSatisfy(holds) }) else {
      return false
    }
    let action = actions.remove(at: index)
    switch action.step {
    case .createNode, .drainNode, .deleteNode: break
    case .startReplica(let order):
      let instance = Instance(replica: order.replica.id, node: order.replica.node)
      starting.append(instance)
      current.insert(instance)
    case .stopReplica(let replica, let node):
      let instance = Instance(replica: replica, node: node)
      ready.remove(instance)
      starting.removeAll { $0 == instance }
      current.remove(instance)
    }
    note()
    return true
  }

  private mutating func becomeReady() -> Bool {
    guard !starting.isEmpty else { return false }
    ready.insert(starting.removeFirst())
    return true
  }

  private func holds(_ wait: Wait) -> Bool {
    switch wait {
    case .nodeReady: return true
    case .nodeEmpty(let node):
      return !ready.contains { $0.node == node } && !starting.contains { $0.node == node }
    case .replicaReady(let replica, let node):
      let instance = Instance(replica: replica, node: node)
      return current.contains(instance) && ready.contains(instance)
    case .replicaGone(let replica, let node):
      let instance = Instance(replica: replica, node: node)
      return current.contains(instance)
        || !ready.contains(instance) && !starting.contains(instance)
    }
  }

  private mutating func note() {
    for name in names {
      let up = ready.count { $0.replica.workload == name }
      let coming = starting.count { $0.replica.workload == name }
      readyMin[name] = min(readyMin[name] ?? up, up)
      runningMax[name] = max(runningMax[name] ?? 0, up + coming)
    }
  }
}
