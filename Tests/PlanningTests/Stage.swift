import Autoscaling
import Digests
import Model
import Planning
import Scheduling
import Simulation
import Testing

/// A simulated world with what is wanted of it: a story is a list of changes and what plans say to them.
///
/// Every plan made here is audited, and planning twice on the same facts must say the same.
struct Stage {
  var desired: DesiredState
  var world = World()
  private(set) var target: Target?
  private(set) var done: [ActionID: Timestamp] = [:]
  private var outOfStock: Set<StockOut> = []
  /// What failed audits, for the seed that it came from.
  private(set) var violations: [String] = []
  /// What the autoscaler decided.
  var scales: [WorkloadName: ScaleDecision] = [:]
  /// What was spent this month.
  var spent: [BudgetOwner: Money] = [:]
  var idle: [WorkloadName: Timestamp] = [:]
  private(set) var plans: [Plan] = []

  init(
    clusters: [ClusterSpec] = [cluster()], _ pools: [NodePoolSpec] = [],
    queues: [QueueSpec] = [], _ workloads: [WorkloadSpec] = [], gates: [GateSpec] = []
  ) {
    desired = DesiredState(
      clusters: clusters, nodePools: pools, queues: queues, workloads: workloads, gates: gates)
  }

  var input: PlanningInput {
    PlanningInput(
      desired: desired, desiredDigest: Digest(of: "\(desired)"), previous: target,
      observed: observed, done: done,
      catalogs: Dictionary(uniqueKeysWithValues: desired.clusters.map { ($0.name, prices) }),
      outOfStock: outOfStock.sorted { "\($0)" < "\($1)" }, scales: scales, spent: spent,
      idle: idle, now: world.now)
  }

  /// A cluster that doesn't answer is missing.
  var observed: ObservedState {
    ObservedState(desired.clusters.compactMap { try? world.observe($0.name) })
  }

  mutating func plan() -> Plan {
    let input = input
    let plan = Planner.plan(input)
    for violation in PlanAudit.check(plan, input).map(\.description)
    where !violations.contains(violation) {
      violations.append(violation)
    }
    if Planner.plan(input) != plan { violations.append("two plans from the same facts") }
    plans.append(plan)
    return plan
  }

  mutating func adopt(_ plan: Plan) { target = plan.target }

  /// Takes every step that may be taken now; whether there was any.
  @discardableResult mutating func act() -> Bool {
    guard let target else { return false }
    let actions = Differ.actions(toward: target, desired: desired, from: observed)
    var acted = false
    for action in actions where action.waits.isEmpty { acted = take(action) || acted }
    return acted
  }

  private mutating func take(_ action: Action) -> Bool {
    guard let cluster = desired.clusters.first(where: { $0.name == action.step.cluster }) else {
      return false
    }
    do {
      try world.apply(action.step, key: key(of: action.step), in: cluster)
      switch action.step {
      case .createNode, .startReplica: done[action.id] = world.now
      case .drainNode, .deleteNode, .stopReplica: break
      }
      return true
    } catch {
      if case .outOfStock(let type, let capacity, let zone) = error {
        outOfStock.insert(
          StockOut(cluster: cluster.name, instanceType: type, capacityType: capacity, zone: zone))
      }
      return false
    }
  }

  /// As the reconciler names decisions: a stop is told apart by what it stops.
  private func key(of step: Step) -> IdempotencyKey {
    guard case .stopReplica(let id, let node) = step else { return IdempotencyKey(step.id.text) }
    let seen = observed.replicas.first { $0.id == id && $0.node == node }
    return IdempotencyKey("\(step.id) since \(seen?.startedAt.seconds ?? 0)")
  }

  /// Reconciles until a plan has nothing to do and nothing is on its way, within `rounds`.
  @discardableResult mutating func settle(rounds: Int = 120) -> Bool {
    for _ in 0..<rounds where round() { return true }
    return false
  }

  /// Plans, acts, and lets time pass until something happens; whether all was at rest.
  @discardableResult mutating func round() -> Bool {
    let plan = plan()
    if plan.target != target { adopt(plan) }
    let acted = act()
    if plan.actions.isEmpty && !acted && !isMoving { return true }
    let next = world.nextEventTime ?? world.now
    world.advance(to: max(next, world.now + Seconds(1)))
    return false
  }

  private var isMoving: Bool {
    world.nodes.contains { $0.observed.phase == .booting || $0.observed.phase == .deleting }
      || world.nodes.flatMap(\.replicas).contains {
        $0.observed.phase == .starting || $0.observed.phase == .stopping
      }
  }

  mutating func run(_ drill: Drill) {
    do { _ = try world.run(drill) } catch { violations.append("drill: \(error)") }
  }

  /// Changes one workload.
  mutating func change(_ name: String, _ change: (inout WorkloadSpec) -> Void) {
    guard let index = desired.workloads.firstIndex(where: { $0.metadata.name == name }) else {
      violations.append("no workload \(name)")
      return
    }
    change(&desired.workloads[index])
  }

  mutating func change(pool name: String, _ change: (inout NodePoolSpec) -> Void) {
    guard let index = desired.nodePools.firstIndex(where: { $0.metadata.name == name }) else {
      violations.append("no pool \(name)")
      return
    }
    change(&desired.nodePools[index])
  }

  func ready(_ workload: String) -> Int {
    observed.replicas.filter { $0.id.workload.text == workload && $0.phase == .ready }.count
  }

  var nodeNames: [String] { observed.nodes.map(\.id.name) }

  // MARK: Expectations

  /// Plans and compares the plan's lines with `lines`.
  mutating func expect(
    _ lines: String..., location: SourceLocation = #_sourceLocation
  ) {
    let plan = plan()
    #expect(plan.lines == lines, sourceLocation: location)
    expectSound(location: location)
  }

  func expectSound(location: SourceLocation = #_sourceLocation) {
    #expect(violations == [], sourceLocation: location)
  }

  mutating func mustSettle(location: SourceLocation = #_sourceLocation) {
    let isSettled = settle()
    #expect(isSettled, sourceLocation: location)
  }

  /// Reconciles and expects that all is at its setpoint.
  mutating func expectSettles(location: SourceLocation = #_sourceLocation) {
    mustSettle(location: location)
    let last = plan()
    #expect(last.actions.map(\.id.text) == [], sourceLocation: location)
    #expect(last.placements == [] && last.nodes == [], sourceLocation: location)
    expectSound(location: location)
  }
}

extension Plan {
  /// Nodes, replicas, pending and report, one line each.
  var lines: [String] {
    nodes.map { "\($0.kind) \($0.node.name): \($0.cause.word)" }
      + placements.map { change in
        let from = change.from.map { " from \($0.name)" } ?? ""
        let to = change.to.map { " to \($0.name)" } ?? ""
        return "\(change.kind) \(change.replica)\(from)\(to): \(change.cause.word)"
      }
      + pending.map { "pending \($0.workload) \($0.ordinals)" } + report.map(\.word)
  }
}

extension Cause {
  var word: String {
    switch self {
    case .wanted: "wanted"
    case .unwanted: "unwanted"
    case .changed: "changed"
    case .nodeLost(let node, _): "\(node.name) lost"
    case .replicaLost(let node): "gone from \(node.name)"
    case .nodeLeaving(let node): "\(node.name) leaving"
    case .preempted(let by, let kind): "preempted by \(by), \(kind)"
    case .gangRestart: "gang"
    case .needed(let by): "needed by \(by)"
    case .poolMinimum: "minimum"
    case .headroom: "headroom"
    case .poolShrunk: "shrunk"
    case .empty: "empty"
    case .underused(let nodes, let saving): "\(nodes) under-used, \(saving)"
    case .expired: "expired"
    case .orphaned: "orphaned"
    }
  }
}

extension ReportEntry {
  var word: String {
    switch self {
    case .demandClamped(let name, let units, let to, _): "\(name) clamped from \(units) to \(to)"
    case .notAssessed(let name): "\(name) not assessed"
    case .scaled(let name, let old, let decision):
      "\(name) \(old) to \(decision.replicas): \(decision.reason)"
    case .notObserved(let cluster, _): "\(cluster) not observed"
    case .contested(let cluster, let scheduler): "\(cluster) contested by \(scheduler)"
    case .rolloutHeld(let name, _): "\(name) held"
    case .disruptionDeferred(let node, let budget): "\(node.name) deferred, budget \(budget)"
    case .kept(let object): "\(object) kept"
    case .reduced(let name, let replicas, let max, _): "\(name) \(replicas) of \(max)"
    case .finished(let name): "\(name) finished"
    case .crashLooping(let replica, _): "\(replica) crash-looping"
    case .standsAgainst(let name, let kind, _, let ordinals):
      "\(name) \(ordinals) against its \(kind.rawValue)"
    case .notPacked(let name, let level, let areas): "\(name) in \(areas) and not in one \(level)"
    case .headroom(let pool, let replicas, let count, let nodes):
      "\(pool) keeps \(replicas) of \(count) on \(nodes.map(\.name))"
    case .idle(let name, _, let isStopped): "\(name) idle\(isStopped ? ", stopped" : "")"
    case .overBudget(let owner, _, _): "\(owner) over budget"
    case .nodeDegraded(let node, let phase, _): "\(node.name) \(phase)"
    }
  }
}
