import Model
public import Planning
import Scheduling

/// A plan in numbers, always in the same order.
public struct PlanSummary: Hashable, Sendable {
  public let creates: Int
  public let updates: Int
  public let replaces: Int
  public let deletes: Int
  public let nodesAdded: Int
  public let nodesRemoved: Int
  public let preempted: Int
  public let pending: Int
  public let cost: CostChange
  private let title: String
  /// What is said where nothing changes.
  private let unchanged: String?

  public init(_ plan: Plan) {
    let pending = plan.pending.ordinalCount
    let replicas = counted(plan.target.replicas.count, "replica")
    let nodes = Set(plan.target.replicas.map(\.node) + plan.target.nodes.map(\.id))
    self.init(
      "Plan", changes: plan.changes,
      nodesAdded: plan.nodes.count { $0.kind == .create },
      nodesRemoved: plan.nodes.count { $0.kind == .delete },
      preempted: plan.placements.count(where: \.isPreemption), pending: pending, cost: plan.cost,
      unchanged: plan.isEmpty
        ? "No changes. \(replicas) on \(counted(nodes.count, "node")) · \(pending) pending"
          + " · \(plan.cost.afterPerHour.perHourText)" : nil)
  }

  /// Of what a change brings and spares, both counted: a node that it spares from coming is one
  /// less.
  public init(_ comparison: PlanComparison) {
    let (brought, spared) = (comparison.brought, comparison.spared)
    func count(_ kind: NodeChange.Kind, _ effects: PlanComparison.Effects) -> Int {
      effects.nodes.count { $0.kind == kind }
    }
    self.init(
      "Review", changes: comparison.changes,
      nodesAdded: count(.create, brought) + count(.delete, spared),
      nodesRemoved: count(.delete, brought) + count(.create, spared),
      preempted: brought.placements.count(where: \.isPreemption),
      pending: brought.pending.ordinalCount, cost: comparison.cost,
      unchanged: comparison.isEmpty
        ? "No effect. Nothing is declared or done otherwise than before"
          + " · \(comparison.cost.afterPerHour.perHourText)" : nil)
  }

  private init(
    _ title: String, changes: [ObjectChange], nodesAdded: Int, nodesRemoved: Int, preempted: Int,
    pending: Int, cost: CostChange, unchanged: String?
  ) {
    func count(_ action: ObjectChange.Action) -> Int { changes.count { $0.action == action } }
    creates = count(.create)
    updates = count(.update)
    replaces = count(.replace)
    deletes = count(.delete)
    self.nodesAdded = nodesAdded
    self.nodesRemoved = nodesRemoved
    self.preempted = preempted
    self.pending = pending
    self.cost = cost
    self.title = title
    self.unchanged = unchanged
  }

  /// The last line of a plan's text.
  public var line: String {
    unchanged
      ?? "\(title): \(creates) to create, \(updates) to update, \(replaces) to replace,"
      + " \(deletes) to delete · nodes +\(nodesAdded) −\(nodesRemoved)"
      + " · \(preempted) preempted · \(pending) pending"
      + " · \(Amounts.change(from: cost.beforePerHour, to: cost.afterPerHour))"
  }
}

extension PlanSummary {
  /// What it does to the world, without what changes in the objects.
  var effects: String {
    "nodes +\(nodesAdded) −\(nodesRemoved) · \(preempted) preempted · \(pending) pending"
      + " · \(Amounts.change(from: cost.beforePerHour, to: cost.afterPerHour))"
  }
}

extension [PendingReplicas] {
  var ordinalCount: Int { reduce(0) { $0 + $1.ordinals.count } }
}
