import Digests
import Interfaces
import Model
import Planning
import Reconciliation
import SQLiteStore
import Simulation

/// Watches a trial from outside: what was committed, what was asked of the world and what came of it.
/// It shares no code with planner, differ or reconciler, and keeps books of its own.
struct Judge {
  private(set) var violations: [String] = []
  /// What happened to each object, and how often: `create lab-0/l4-1`.
  private(set) var effects: [String: Int] = [:]
  var plansAudited = 0
  var leaseHolder: String?
  /// When something was last asked of the world or adopted.
  private(set) var lastWriteAt = World.epoch
  private(set) var writes = 0

  private var target: Target?
  /// What was adopted, with when, oldest first.
  private var adoptions: [(at: Timestamp, manifests: String)] = []
  private var wished: Set<Int> = []
  /// The last entry of each key.
  private var journal: [IdempotencyKey: JournalEntry.Event] = [:]
  private var accepted: Set<IdempotencyKey> = []
  /// Calls that failed, or nobody knows, in a row.
  private struct Failures {
    var count = 0
    /// By the clock of the process, which may jump.
    var last: Timestamp
    /// The life of the process: another one knows nothing of it.
    var by: String
  }

  /// By the key of the call.
  private var failures: [IdempotencyKey: Failures] = [:]
  /// Cuts an endless list of the same short.
  private static let violationsMax = 20

  mutating func blame(_ what: String) {
    if violations.count < Self.violationsMax, !violations.contains(what) { violations.append(what) }
  }

  // MARK: Commits

  /// Invariants 31, 39, 40: nobody decides but on what is current, and while it has the turn.
  mutating func adopted(
    _ adoption: Adoption, madeOn basis: TargetID?, by process: Controller, at now: Timestamp
  ) {
    if adoption.target.parent != target?.id || basis != target?.id {
      blame("31: a target was adopted over another parent")
    }
    if process.role == .run, process.name != leaseHolder {
      blame("40: \(process.name) adopted a target without the lease")
    }
    target = adoption.target
    adoptions.append((now, adoption.manifests))
    if case .apply(let number) = process.role { wished.insert(number) }
    wrote(at: now)
  }

  mutating func wished(_ number: Int) { wished.insert(number) }

  func wasAdopted(_ number: Int) -> Bool { wished.contains(number) }

  /// Invariants 12, 31, 39, 53: intents are of the current target and of whoever has the turn; an
  /// outcome follows an intent, and says `done` only of what was taken on.
  mutating func committed(_ entries: [JournalEntry], by process: Controller) {
    for entry in entries {
      switch entry.event {
      case .intent:
        if entry.target != target?.id { blame("31: \(entry.action) intended for an old target") }
        if process.role == .run, process.name != leaseHolder {
          blame("39: \(process.name) intends \(entry.action) without the lease")
        }
      case .done:
        settled(entry)
        let makes = entry.action.text.hasPrefix("create") || entry.action.text.hasPrefix("start")
        if makes, !accepted.contains(entry.key) {
          blame("12: \(entry.action) is recorded as done and never was")
        }
      case .failed: settled(entry)
      }
      journal[entry.key] = entry.event
    }
  }

  private mutating func settled(_ entry: JournalEntry) {
    if journal[entry.key] == nil { blame("53: an outcome of \(entry.action) without an intent") }
  }

  // MARK: Calls

  /// Invariants 10, 44: nothing is asked without a committed intent, nor again without a pause that
  /// grows.
  mutating func called(
    _ action: Action, _ key: IdempotencyKey, by process: Controller, at now: Timestamp
  ) {
    if journal[key] != .intent { blame("10: \(action.id) without an intent") }
    if let failed = failures[key], failed.by == process.name {
      let pause = Seconds(max(1, min(300, 1 << Int64(min(failed.count - 1, 9))) / 2))
      if now + process.skew < failed.last + pause {
        blame("44: \(action.id) after \(failed.count) failures without a pause of \(pause.count) s")
      }
    }
    wrote(at: now)
  }

  /// What the process is told at `moment`.
  mutating func replied(
    _ key: IdempotencyKey, _ failure: Failure?, to process: Controller, at moment: Timestamp
  ) {
    switch failure {
    case .transient, .unknown:
      let known = failures[key].flatMap { $0.by == process.name ? $0.count : nil } ?? 0
      failures[key] = Failures(
        count: known + 1, last: moment + process.skew, by: process.name)
    case nil, .conflict, .terminal, .outOfStock: failures[key] = nil
    }
  }

  mutating func accepted(_ key: IdempotencyKey) { accepted.insert(key) }

  /// Invariant 18: nothing is asked that may not be done at all.
  mutating func refused(_ step: Step, _ failure: Failure) {
    if case .terminal(let why) = failure { blame("18: \(step.id) is refused: \(why)") }
  }

  /// The step changed the world.
  mutating func took(_ step: Step, _ before: World, _ after: World, pools: [NodePoolSpec]) {
    let name: String
    switch step {
    case .createNode(let node):
      name = "create \(node.id)"
      checkCreated(node, after, pools)
    case .drainNode(let node): name = "drain \(node)"
    case .deleteNode(let node):
      name = "delete \(node)"
      checkDeleted(node, before, pools)
    case .startReplica(let order):
      name = "start \(order.replica.id) #\(order.replica.incarnation)"
      checkStarted(order, after)
      checkRoom(on: order.replica.node, after)
    case .stopReplica(let replica, let node):
      let running = before.nodes.first { $0.id == node }?.replicas.first { $0.id == replica }
      name = "stop \(replica) #\(running?.observed.incarnation ?? 0)"
    }
    effects[name, default: 0] += 1
    if effects[name] ?? 0 > 1 { blame("9: it happened twice: \(name)") }
  }

  /// Invariant 13: never more nodes than some pool that was wanted lately allows; those on their way
  /// out, which the target does without, are not counted.
  private mutating func checkCreated(_ node: TargetNode, _ world: World, _ pools: [NodePoolSpec]) {
    let wanted = Set((target?.nodes ?? []).map(\.id)).union([node.id])
    let alive = world.nodes.filter {
      guard $0.observed.pool == node.pool, wanted.contains($0.id) else { return false }
      return switch $0.observed.phase {
      case .booting, .ready: true
      case .draining, .lost, .deleting: false
      }
    }
    let allowed = pools.filter { $0.name == node.pool }.map { $0.nodes.max }.max() ?? 0
    if alive.count > allowed {
      blame("13: \(alive.count) nodes of \(node.pool), at most \(allowed)")
    }
  }

  /// Invariants 15, 20: a healthy node goes only when the target has done without it.
  private mutating func checkDeleted(_ node: NodeID, _ before: World, _ pools: [NodePoolSpec]) {
    guard let seen = before.nodes.first(where: { $0.id == node })?.observed else { return }
    if seen.phase == .ready, target?.nodes.contains(where: { $0.id == node }) ?? false {
      blame("15: \(node) is deleted, and the target wants it")
    }
    let all = pools.filter { $0.name == seen.pool }
    if !all.isEmpty, all.allSatisfy(\.metadata.isProtected) {
      blame("20: \(node) is deleted, and its pool is protected")
    }
  }

  /// Invariant 9: one copy of a replica; of a service two, while one moves.
  private mutating func checkStarted(_ order: ReplicaOrder, _ world: World) {
    let replica = order.replica.id
    let copies = world.nodes.flatMap(\.replicas).filter {
      $0.id == replica && $0.observed.holdsResources && $0.observed.phase != .stopping
    }
    if copies.count > (order.workload.isGang ? 1 : 2) {
      blame("9: \(replica) runs \(copies.count) times")
    }
  }

  /// Invariant 23: no node gives out more than it has.
  private mutating func checkRoom(on node: NodeID, _ world: World) {
    guard let node = world.nodes.first(where: { $0.id == node }) else { return }
    let held = node.replicas.map(\.observed).filter(\.holdsResources)
    let taken =
      held.reduce(Resources.zero) { $0 + $1.resources.amounts }
      + node.occupants.reduce(Resources.zero) { $0 + $1.resources.amounts }
    if !taken.fits(in: node.observed.capacity.amounts) { blame("23: \(node.id) is oversubscribed") }
    var devices: [Int: Int64] = [:]
    for replica in held {
      for device in replica.devices {
        devices[device, default: 0] += min(1000, replica.resources.accelerator?.milliDevices ?? 0)
      }
    }
    if devices.values.contains(where: { $0 > 1000 }) {
      blame("23: a device of \(node.id) is shared")
    }
  }

  private mutating func wrote(at now: Timestamp) {
    lastWriteAt = max(lastWriteAt, now)
    writes += 1
  }

  // MARK: State

  /// The file is gone, and with it all that was written.
  mutating func lostState() {
    target = nil
    journal = [:]
    leaseHolder = nil
    wished = []
  }

  /// Invariant 34: whatever dies, the file is whole.
  mutating func checkIntegrity(of disk: StateDatabase) {
    do throws(StoreError) {
      for problem in try disk.damages() { blame("34: \(problem)") }
      let open = try disk.current().openIntents.map(\.key)
      let known = journal.filter { $0.value == .intent }.map(\.key)
      if Set(open) != Set(known) { blame("34: the journal is not what was committed") }
    } catch {
      blame("34: \(error)")
    }
  }

  /// Invariant 53: the record is whole, and played again it comes to what is current.
  mutating func checkRecord(of disk: StateDatabase) {
    do throws(StoreError) {
      for problem in try disk.audit().problems { blame("53: \(problem)") }
    } catch {
      blame("53: \(error)")
    }
  }

  /// What was wanted in the last minutes: a call may be of the plan before the last.
  func manifestsWantedLately(at now: Timestamp) -> [String] {
    let since = Timestamp(seconds: now.seconds - 300)
    let old = adoptions.lastIndex { $0.at < since } ?? 0
    return adoptions.dropFirst(old).map(\.manifests)
  }

  var lastManifests: String? { adoptions.last?.manifests }
}
