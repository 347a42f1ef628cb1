import Balancing
import Model
import Planning
import Reconciliation
import Synchronization

/// A small world, a journal and a planner around a reconciler, in one thread and in virtual time:
/// effects are carried out at once, answers arrive later, and anything may fail, as a seed decides.
struct Play {
  struct Faults {
    /// In percent of the calls of each kind.
    var observe = 0
    var record = 0
    var before = 0
    var lostReply = 0
    /// No fault later than this, so that convergence can be asked for.
    var until: Int64 = 300
  }

  /// Where the process dies: at the n-th effect, before it is carried out or after.
  struct Crash {
    var effect: Int
    var isAfter: Bool
  }

  private var random: SplitMix
  private var faults: Faults
  private var crash: Crash?
  private var subject: Reconciler
  private var answers: [(due: Int64, order: Int, event: Reconciler.Event)] = []
  private var wake: Int64?
  private(set) var now: Int64 = 0
  private(set) var effects = 0
  private(set) var outcome: Outcome?
  private(set) var violations: [String] = []

  // What outlives a crash: the disk and the world.
  private(set) var journal: [JournalEntry] = []
  private(set) var target: Target
  private(set) var readyAt: [NodeID: Int64] = [:]
  private(set) var running: [ReplicaID: TargetReplica] = [:]
  private(set) var created: [NodeID: Int] = [:]
  private var keys: Set<IdempotencyKey> = []
  /// Of the provider, whatever came of them.
  private(set) var calls = 0
  private(set) var looks = 0
  private let counter = Counter()
  private let limits: ReconcilerLimits
  private let mode: Reconciler.Mode
  private var nextNode = 100

  init(
    _ target: Target, seed: UInt64 = 1, faults: Faults = Faults(), crash: Crash? = nil,
    standing: [TargetReplica] = [], mode: Reconciler.Mode = .untilConverged,
    limits: ReconcilerLimits = ReconcilerLimits()
  ) {
    self.target = target
    self.faults = faults
    self.crash = crash
    random = SplitMix(state: seed)
    self.mode = mode
    self.limits = limits
    subject = reconciler(mode)
    for replica in standing {
      readyAt[replica.node] = 0
      running[replica.id] = replica
    }
  }

  /// How often target and world were compared.
  var comparisons: Int { counter.value.withLock { $0 } }

  /// Runs to the end, or as long as nothing may take in these worlds.
  mutating func run(stepsMax: Int = 20_000) {
    start()
    for _ in 0..<stepsMax where outcome == nil { step() }
  }

  /// Runs on until `end`; a loop has no end of its own.
  mutating func run(until end: Int64) {
    if effects == 0 { start() }
    while outcome == nil {
      let next = [answers.map(\.due).min(), wake].compactMap { $0 }.min()
      guard let next, next <= end else { break }
      step()
    }
    now = max(now, end)
  }

  /// Takes the life of a node behind everybody's back.
  mutating func lose(_ node: NodeID) {
    readyAt[node] = nil
    running = running.filter { $0.value.node != node }
  }

  private mutating func start() {
    subject = Reconciler(mode: mode, limits: limits) { [counter] in
      counter.value.withLock { $0 += 1 }
      return smallDiff($0, $1, $2)
    }
    answers = []
    wake = nil
    send(.watch([us]))
    send(.adopted(assignment))
  }

  private var assignment: Assignment {
    let latest = Dictionary(journal.map { ($0.key, $0) }) { $1 }
    return Assignment(
      target: target, desired: .empty,
      openIntents: journal.filter { $0.event == .intent && latest[$0.key]?.event == .intent },
      done: journal.filter { $0.event == .done }, recent: journal.suffix(256))
  }

  private mutating func step() {
    let next = answers.indices.min {
      (answers[$0].due, answers[$0].order) < (answers[$1].due, answers[$1].order)
    }
    if let next, answers[next].due <= wake ?? .max {
      let answer = answers.remove(at: next)
      now = max(now, answer.due)
      send(answer.event)
    } else if let moment = wake {
      now = max(now, moment)
      wake = nil
      send(.woke)
    } else {
      violations.append("nothing to wait for at \(now)")
      outcome = .interrupted
    }
  }

  private mutating func send(_ event: Reconciler.Event) {
    for effect in subject.handle(event, at: at(now)) {
      effects += 1
      let dies = crash?.effect == effects
      if dies, crash?.isAfter == false { return start() }
      carryOut(effect)
      if dies { return start() }
    }
  }

  private mutating func answer(_ event: Reconciler.Event, after delayMax: Int64 = 3) {
    let delay = Int64(random.below(Int(delayMax) + 1))
    answers.append((now + delay, effects, event))
  }

  private mutating func fails(_ percent: Int) -> Bool {
    now < faults.until && random.below(100) < percent
  }

  private mutating func carryOut(_ effect: Reconciler.Effect) {
    switch effect {
    case .observe(let cluster):
      looks += 1
      answer(
        fails(faults.observe)
          ? .observationFailed(cluster, .transient("busy")) : .observed(look()))
    case .record(let entries, _):
      if fails(faults.record) {
        answer(.recordFailed("disk full"))
      } else {
        journal += entries
        answer(.recorded, after: 1)
      }
    case .apply(let action, let key): apply(action, key)
    case .replan(let request): plan(request)
    case .publish(let table): answer(.published(table.cluster))
    case .wake(let moment): wake = moment.seconds
    case .report: break
    case .finish(let end): outcome = end
    }
  }

  private func look() -> Observation {
    Observation(
      cluster: us, at: at(now),
      nodes: readyAt.map { node, moment in
        var seen = observedNode(0, moment <= now ? .ready : .booting)
        seen.id = node
        return seen
      },
      replicas: running.values.map {
        var seen = observedReplica($0.id.ordinal, on: 0)
        seen.node = $0.node
        return seen
      })
  }

  private mutating func apply(_ action: Action, _ key: IdempotencyKey) {
    if journal.last(where: { $0.key == key })?.event != .intent {
      violations.append("\(action.id) without an intent")
    }
    calls += 1
    if fails(faults.before) { return answer(.failed(action.id, .transient("throttled"))) }
    if keys.insert(key).inserted { takeEffect(action.step) }
    answer(
      fails(faults.lostReply)
        ? .failed(action.id, .unknown("no reply")) : .succeeded(action.id))
  }

  private mutating func takeEffect(_ step: Step) {
    switch step {
    case .createNode(let node):
      created[node.id, default: 0] += 1
      readyAt[node.id] = now + 90
    case .drainNode: break
    case .deleteNode(let node):
      if running.values.contains(where: { $0.node == node }) {
        violations.append("\(node) deleted with a replica on it")
      }
      readyAt[node] = nil
    case .startReplica(let order):
      let replica = order.replica
      if let other = running[replica.id] {
        violations.append("\(replica.id) runs on \(other.node) and \(replica.node)")
      }
      if readyAt[replica.node].map({ $0 > now }) ?? true {
        violations.append("\(replica.id) started on \(replica.node), which is not ready")
      }
      running[replica.id] = replica
    case .stopReplica(let replica, let node):
      if running[replica]?.node == node { running[replica] = nil }
    }
  }

  /// Gives every node that was made and is gone a successor, and its replicas a new start there.
  private mutating func plan(_ request: PlanRequest) {
    let done = Set(journal.filter { $0.event == .done }.map(\.action))
    let there = Set(request.observed.nodes.map(\.id))
    var nodes = target.nodes
    var replicas = target.replicas
    for index in nodes.indices where !there.contains(nodes[index].id) {
      let old = nodes[index].id
      guard done.contains(.create(old)) || created[old] == nil else { continue }
      nextNode += 1
      nodes[index].id = nodeID(nextNode)
      for mine in replicas.indices where replicas[mine].node == old {
        replicas[mine].node = nodeID(nextNode)
        replicas[mine].incarnation += 1
      }
    }
    if nodes != target.nodes {
      target = Target(
        parent: target.id, desired: target.desired, nodes: nodes, replicas: replicas,
        nextNodeOrdinals: [])
    }
    answer(.adopted(assignment))
  }
}

private final class Counter: Sendable { let value = Mutex(0) }

struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
