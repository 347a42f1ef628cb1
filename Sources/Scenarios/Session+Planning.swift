import Catalog
import Digests
import Manifests
import Model
public import Planning
public import Simulation

extension Session {
  /// The plan for what is wanted, on what is seen now. It changes nothing.
  public mutating func plan() -> Plan {
    let next = wanted ?? desired
    return plan(next, on: observe(next), outOfStock: [])
  }

  mutating func plan(
    _ next: DesiredState, on observed: ObservedState, outOfStock: [StockOut]
  ) -> Plan {
    let input = PlanningInput(
      desired: next, desiredDigest: Digest(of: CanonicalText.manifests(next)),
      changes: ObjectChanges.between(desired, next), previous: target,
      observed: observed, done: done.mapValues(\.at),
      catalogs: Dictionary(uniqueKeysWithValues: next.clusters.map { ($0.name, .builtIn) }),
      outOfStock: outOfStock, now: world.now)
    let plan = Planner.plan(input)
    plansMade += 1
    witness?(plan, input)
    violations += PlanAudit.check(plan, input).map { "plan \(plansMade): \($0)" }
    return plan
  }

  /// All that must hold when nothing is under way any more: no plan was found wrong, the world is what
  /// the target says, and planning again finds nothing to do.
  public mutating func faults() -> [String] {
    wanted = nil
    rest()
    let plan = plan()
    var faults = violations
    if !plan.changes.isEmpty { faults.append("planning again finds objects to change") }
    faults += plan.actions.map { "planning again finds to do: \($0.id)" }
    return faults + world.differences(from: target)
  }

  /// Lets time pass until nothing of ours is on its way out any more.
  public mutating func rest() {
    while isUnderWay, let next = world.nextEventTime { world.advance(to: next) }
  }

  /// Whether something of ours is still going.
  private var isUnderWay: Bool {
    world.nodes.contains { node in
      node.observed.phase == .deleting
        || node.replicas.contains { $0.observed.phase == .stopping }
    }
  }

  mutating func check() -> String {
    let faults = faults()
    guard faults.isEmpty else { return faults.map { "FAILED: \($0)\n" }.joined() }
    return "every plan was sound, the world is at its target, and there is nothing to do\n"
  }
}

extension World {
  /// How the world differs from `target`, replica by replica and node by node; a sentence for each.
  public func differences(from target: Target?) -> [String] {
    let decided = (target?.replicas ?? []).map { Standing($0) }
    let nodes = nodes.filter { $0.observed.pool != nil }
    let standing = self.nodes.flatMap(\.replicas)
      .filter { $0.observed.phase != .lost }.map { Standing($0.observed) }
    let finished = finished.map { Standing($0) }
    let lacking = decided.filter { !standing.contains($0) && !finished.contains($0) }
    let extra = standing.filter { !decided.contains($0) }
    let nodeIDs = nodes.map(\.id)
    let targetIDs = (target?.nodes ?? []).map(\.id)
    return lacking.map { "the target has \($0), and the world does not" }
      + extra.map { "the world has \($0), and the target does not" }
      + targetIDs.filter { !nodeIDs.contains($0) }.map { "node \($0) is not there" }
      + nodeIDs.filter { !targetIDs.contains($0) }.map { "node \($0) is not in the target" }
      + nodes.filter { $0.observed.phase != .ready }.map {
        "node \($0.id) is \($0.observed.phase.rawValue)"
      }
  }
}

/// What a target and the world must agree on for each replica.
private struct Standing: Hashable, CustomStringConvertible {
  var id: ReplicaID
  var node: NodeID
  var devices: [Int]
  var revision: Revision
  var incarnation: Int

  init(_ replica: TargetReplica) {
    id = replica.id
    node = replica.node
    devices = replica.devices
    revision = replica.revision
    incarnation = replica.incarnation
  }

  init(_ replica: ObservedReplica) {
    id = replica.id
    node = replica.node
    devices = replica.devices
    revision = replica.revision
    incarnation = replica.incarnation
  }

  var description: String { "\(id) on \(node) \(devices) \(revision) #\(incarnation)" }
}
