import Model

/// The plan's steps, taken in a world of names: always the first one that may be taken.
struct ServicePlay {
  private typealias Instance = Evidence.Standpoint

  private(set) var readyBefore: [WorkloadName: Int] = [:]
  private(set) var runningBefore: [WorkloadName: Int] = [:]
  private(set) var readyMin: [WorkloadName: Int] = [:]
  private(set) var runningMax: [WorkloadName: Int] = [:]
  /// Services of which something runs in another revision than is decided.
  private(set) var exchanged: Set<WorkloadName> = []
  private let judged: Set<WorkloadName>
  private var ready: Set<Instance> = []
  /// Those that started and are not ready, by their places in `queue`.
  private var starting: [Instance: Int] = [:]
  /// In the order of their start. Whoever was stopped meanwhile, or started anew, still stands in it, at
  /// a place that doesn't count any more.
  private var queue: [Instance] = []
  private var queueStart = 0
  /// What runs a decision of the target, or was started by the plan.
  private var current: Set<Instance> = []
  private var up: [WorkloadName: Int] = [:]
  private var coming: [WorkloadName: Int] = [:]
  /// What is ready or starts there.
  private var loads: [NodeID: Int] = [:]

  private let actions: [Action]
  /// Whether an action is still to be asked whether it may be taken.
  private var isOpen: [Bool]
  private var isTaken: [Bool]
  /// Nothing before it is open.
  private var firstOpen = 0
  /// The actions that wait for a fact.
  private var waiting: [Wait: [Int]] = [:]

  init(_ evidence: Evidence, _ names: [WorkloadName]) {
    judged = Set(names)
    actions = evidence.plan.actions
    isOpen = Array(repeating: true, count: actions.count)
    isTaken = Array(repeating: false, count: actions.count)
    for (index, action) in actions.enumerated() {
      for wait in action.waits { waiting[wait, default: []].append(index) }
    }
    for replica in evidence.replicas {
      if evidence.decided[replica.id].map({ $0.revision != replica.revision }) ?? false {
        exchanged.insert(replica.id.workload)
      }
      guard evidence.isAlive(replica.node) else { continue }
      let instance = Instance(replica: replica.id, node: replica.node)
      switch replica.phase {
      case .ready: becomesReady(instance)
      case .starting: starts(instance)
      case .crashLooping, .stopping, .finished, .lost: continue
      }
      if evidence.isKept(replica) { current.insert(instance) }
    }
    for name in names { note(name) }
    readyBefore = readyMin
    runningBefore = runningMax
  }

  mutating func run() {
    while takeStep() || becomeReady() {}
  }

  private mutating func takeStep() -> Bool {
    while firstOpen < actions.count {
      let index = firstOpen
      guard isOpen[index], !isTaken[index] else {
        firstOpen += 1
        continue
      }
      isOpen[index] = false
      if actions[index].waits.allSatisfy(holds) {
        isTaken[index] = true
        take(actions[index].step)
        return true
      }
    }
    return false
  }

  private mutating func take(_ step: Step) {
    switch step {
    case .createNode, .drainNode, .deleteNode: return
    case .startReplica(let order):
      let instance = Instance(replica: order.replica.id, node: order.replica.node)
      starts(instance)
      current.insert(instance)
      changed(.replicaGone(instance.replica, on: instance.node))
      note(instance.replica.workload)
    case .stopReplica(let replica, let node):
      stops(Instance(replica: replica, node: node))
      changed(.replicaGone(replica, on: node))
      changed(.nodeEmpty(node))
      note(replica.workload)
    }
  }

  /// The one that started first.
  private mutating func becomeReady() -> Bool {
    while queueStart < queue.count {
      let instance = queue[queueStart]
      queueStart += 1
      guard starting[instance] == queueStart - 1 else { continue }
      starting[instance] = nil
      coming[instance.replica.workload, default: 0] -= 1
      loads[instance.node, default: 0] -= 1
      becomesReady(instance)
      changed(.replicaReady(instance.replica, on: instance.node))
      return true
    }
    return false
  }

  private mutating func becomesReady(_ instance: Instance) {
    guard ready.insert(instance).inserted else { return }
    up[instance.replica.workload, default: 0] += 1
    loads[instance.node, default: 0] += 1
  }

  private mutating func starts(_ instance: Instance) {
    if starting.updateValue(queue.count, forKey: instance) == nil {
      coming[instance.replica.workload, default: 0] += 1
      loads[instance.node, default: 0] += 1
    }
    queue.append(instance)
  }

  private mutating func stops(_ instance: Instance) {
    if ready.remove(instance) != nil {
      up[instance.replica.workload, default: 0] -= 1
      loads[instance.node, default: 0] -= 1
    }
    if starting.removeValue(forKey: instance) != nil {
      coming[instance.replica.workload, default: 0] -= 1
      loads[instance.node, default: 0] -= 1
    }
    current.remove(instance)
  }

  /// Whoever waits for a fact that may have come true is asked again.
  private mutating func changed(_ fact: Wait) {
    for index in waiting[fact] ?? [] where !isTaken[index] {
      isOpen[index] = true
      firstOpen = min(firstOpen, index)
    }
  }

  private func holds(_ wait: Wait) -> Bool {
    switch wait {
    case .nodeReady: return true
    case .nodeEmpty(let node): return (loads[node] ?? 0) == 0
    case .replicaReady(let replica, let node):
      let instance = Instance(replica: replica, node: node)
      return current.contains(instance) && ready.contains(instance)
    case .replicaGone(let replica, let node):
      let instance = Instance(replica: replica, node: node)
      return current.contains(instance)
        || !ready.contains(instance) && starting[instance] == nil
    }
  }

  private mutating func note(_ name: WorkloadName) {
    guard judged.contains(name) else { return }
    let up = up[name] ?? 0
    readyMin[name] = min(readyMin[name] ?? up, up)
    runningMax[name] = max(runningMax[name] ?? 0, up + (coming[name] ?? 0))
  }
}
