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
  private let isEmpty: Bool
  private let replicas: Int
  private let nodes: Int

  public init(_ plan: Plan) {
    func count(_ action: ObjectChange.Action) -> Int {
      plan.changes.count { $0.action == action }
    }
    creates = count(.create)
    updates = count(.update)
    replaces = count(.replace)
    deletes = count(.delete)
    nodesAdded = plan.nodes.count { $0.kind == .create }
    nodesRemoved = plan.nodes.count { $0.kind == .delete }
    preempted = plan.placements.count(where: \.isPreemption)
    pending = plan.pending.reduce(0) { $0 + $1.ordinals.count }
    cost = plan.cost
    isEmpty = plan.isEmpty
    replicas = plan.target.replicas.count
    nodes = Set(plan.target.replicas.map(\.node) + plan.target.nodes.map(\.id)).count
  }

  /// The last line of a plan's text.
  public var line: String {
    isEmpty
      ? "No changes. \(counted(replicas, "replica")) on \(counted(nodes, "node"))"
        + " · \(pending) pending · \(cost.afterPerHour.perHourText)"
      : "Plan: \(creates) to create, \(updates) to update, \(replaces) to replace,"
        + " \(deletes) to delete · nodes +\(nodesAdded) −\(nodesRemoved)"
        + " · \(preempted) preempted · \(pending) pending"
        + " · \(Amounts.change(from: cost.beforePerHour, to: cost.afterPerHour))"
  }
}
