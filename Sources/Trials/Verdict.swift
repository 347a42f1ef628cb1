import Execution
import Interfaces
public import Model
import Planning
import SQLiteStore
import Scenarios
import Scheduling
import Simulation
import Views

/// What became of a trial.
public struct Verdict: Hashable, Sendable {
  /// What the judges found; empty for a good one.
  public var violations: [String] = []
  /// Of all that happened.
  public var digest: UInt64 = 0
  public var steps = 0
  public var plansAudited = 0
  /// Of each effect, its kind.
  public var points: [Point] = []
  /// With the faults that struck.
  public var script = Script(wishes: 0)
  /// What was done to each object, and how often.
  public var effects: [String: Int] = [:]
  /// The world as it was left, a line for each thing.
  public var state: [String] = []
  /// From the moment when nothing failed any more to the last thing that was done.
  public var convergedAfter = Seconds.zero
  /// The last lines of what happened.
  public var trace: [String] = []

  /// Where faults struck.
  public var faultPoints: Set<FaultPoint> {
    Set(
      script.faults.compactMap { number, fault in
        guard points.indices.contains(number - 1) else { return nil }
        return FaultPoint(point: points[number - 1], fault: fault)
      })
  }

  /// How it differs from `quiet`, the same story without the fault: in the end there must be the same,
  /// and on the way the same must have been done to each object as often.
  public func differences(from quiet: Verdict) -> [String] {
    var differences: [String] = []
    differences += quiet.state.filter { !state.contains($0) }.map { "at the end there is no \($0)" }
    differences += state.filter { !quiet.state.contains($0) }.map { "at the end there is \($0)" }
    for name in Set(effects.keys).union(quiet.effects.keys).sorted() {
      let (here, there) = (effects[name] ?? 0, quiet.effects[name] ?? 0)
      if here != there { differences.append("\(name): \(here) times instead of \(there)") }
    }
    return differences
  }
}

extension Trial {
  /// Runs to the end: through all that befalls it, to rest, and on for a while in which nothing may be
  /// done any more.
  public mutating func verdict() -> Verdict {
    while steps < Self.stepsMax, step(until: calmAt) {}
    calm()
    comeToRest()
    let convergedAfter = judge.lastWriteAt - calmAt
    checkEnd()
    stayAtRest()
    var verdict = Verdict()
    verdict.violations = judge.violations
    verdict.digest = digest
    verdict.steps = steps
    verdict.plansAudited = judge.plansAudited
    verdict.points = points
    verdict.script = script
    verdict.effects = judge.effects
    verdict.state = inventory
    verdict.convergedAfter = max(.zero, convergedAfter)
    verdict.trace = strategies.tells ? trace : Array(trace.suffix(Self.traceMax))
    return verdict
  }

  /// Above what any story takes; a loop that goes nowhere is found by it.
  private static let stepsMax = 50_000
  /// Nothing was done for so long: it is at rest. Longer than any pause, and than pools keep a node
  /// that is empty.
  private static let restTime = Seconds.minutes(25)
  /// The bound of invariant 1: within it everything is as it should be after the last fault.
  private static let convergenceMax = Seconds.hours(3)
  /// For so many steps after that nothing may be done.
  private static let quietSteps = 200

  /// Nothing fails any more. What is lost stays lost.
  private mutating func calm() {
    world.advance(to: max(world.now, calmAt))
    drill("restock")
    for name in world.faults.partial + world.faults.cutOff { drill("heal \(name)") }
    for name in world.faults.crashing { drill("heal \(name)") }
    for guest in world.nodes.flatMap(\.occupants) { drill("heal \(guest.name)") }
    for index in controllers.indices { controllers[index].pausedUntil = nil }
  }

  private mutating func comeToRest() {
    let end = calmAt + Self.convergenceMax + Self.restTime
    while steps < Self.stepsMax, step(until: end) {
      let isBusy = controllers.contains {
        $0.role != .run && ($0.subject != nil || $0.startAt != nil)
      }
      if !isBusy, world.now > max(judge.lastWriteAt, calmAt) + Self.restTime { return }
    }
    judge.blame("1: it does not come to rest")
  }

  private mutating func stayAtRest() {
    let writes = judge.writes
    for _ in 0..<Self.quietSteps where step(until: Timestamp(seconds: .max)) {}
    if judge.writes != writes { judge.blame("1: at rest it still does something") }
  }

  /// Invariants 1, 2, 11, 24, 38, 53 at the end.
  private mutating func checkEnd() {
    judge.checkIntegrity(of: disk)
    judge.checkRecord(of: disk)
    let stored: StoredState
    do throws(StoreError) { stored = try disk.current() } catch {
      return judge.blame("34: at the end the state can't be read: \(error)")
    }
    for intent in stored.openIntents { judge.blame("38: \(intent.action) was never settled") }
    guard let text = stored.manifests, let target = stored.target,
      let wish = library.wish(storedAs: text)
    else {
      if !script.entries.isEmpty { judge.blame("1: nothing was ever adopted") }
      return
    }
    for difference in world.differences(from: target) { judge.blame("1: \(difference)") }
    let input = input(wish, changes: [], stored, everything(wish), [], at: world.now)
    let plan = strategies.plan(input)
    for action in plan.actions { judge.blame("2: planning again finds to do: \(action.id)") }
    for violation in PlanAudit.check(plan, input) { judge.blame("a plan is unsound: \(violation)") }
    let held = plan.report.compactMap { entry -> WorkloadName? in
      if case .rolloutHeld(let name, _) = entry { name } else { nil }
    }
    checkService(wish, pending: Set(plan.pending.map(\.workload)), held: Set(held))
  }

  /// A gang that is held may have fewer replicas than are wanted by now, but it runs.
  private mutating func checkService(
    _ wish: Wish, pending: Set<WorkloadName>, held: Set<WorkloadName>
  ) {
    let ready = world.nodes.flatMap(\.replicas).filter { $0.observed.phase == .ready }
    for workload in wish.desired.workloads {
      let count = ready.filter { $0.id.workload == workload.name }.count
      if workload.isGang && held.contains(workload.name) {
        if count == 0 { judge.blame("24: the gang \(workload.name) is held and does not run") }
        continue
      }
      guard case .range(let range) = workload.replicas else { continue }
      if count < range.min, !pending.contains(workload.name) {
        judge.blame(
          "1: \(workload.name) has \(count) of \(range.min) replicas, and nobody says why")
      }
      if workload.isGang, count > 0, count < range.min {
        judge.blame("24: of the gang \(workload.name) \(count) of \(range.min) run")
      }
      if let step = workload.step, count > range.min, (count - range.min) % step != 0 {
        judge.blame("24: the gang \(workload.name) has \(count) replicas, between two steps")
      }
    }
    let names = Set(wish.desired.workloads.map(\.name))
    for replica in ready where !names.contains(replica.id.workload) {
      judge.blame("11: \(replica.id) runs, and nobody wants it")
    }
  }

  /// What there is, without when it came.
  private var inventory: [String] {
    world.nodes.flatMap { node in
      ["node \(node.id) \(node.observed.instanceType) \(node.observed.phase.rawValue)"]
        + node.replicas.map {
          "replica \($0.id) on \(node.id) \($0.observed.devices) \($0.observed.revision)"
            + " \($0.observed.phase.rawValue)"
        }
    }
  }
}
