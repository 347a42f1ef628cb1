import Model
import Scheduling

/// Last step: what a decision does to the world that was seen, with the cause of everything.
struct Effect {
  private(set) var content: PlanContent
  private let causes: Causes
  private let decidedPrices: [NodeID: Money]

  init(
    of decision: Decision, _ standing: Standing, _ leaving: Leaving, _ wants: Wants,
    _ input: PlanningInput
  ) {
    let target = decision.target
    let arrangement = decision.arrangement
    causes = Causes(decision, standing, leaving, wants, input)
    decidedPrices = Dictionary(
      (input.previous?.nodes ?? []).map { ($0.id, $0.pricePerHour) }
    ) { first, _ in first }
    content = PlanContent(target: target)
    content.changes = input.changes
    content.actions = Differ.actions(
      toward: target, desired: input.desired, from: input.observed
    ).map(causes.explained)
    content.placements = PlacementChanges.of(
      target, content.actions, standing, causes, input)
    content.nodes = nodeChanges(target, standing, input)
    let byName = Dictionary(uniqueKeysWithValues: wants.wants.map { ($0.workload.name, $0) })
    content.pending = arrangement.pending.compactMap {
      Self.wanted($0, byName[$0.workload], isHeld: arrangement.held[$0.workload] != nil)
    }
    content.cost = cost(target, standing, input)
    content.report = contested(input) + input.budgetReport + standing.report + leaving.report
    content.report += wants.report + arrangement.report
    content.report += decision.givingBack.report
    let neighbourhood = Neighbourhood(target, standing, input)
    content.report += neighbourhood.against + neighbourhood.apart
    content.readSet = ReadSet(of: target, content, input)
    content.gates = Gates.outcomes(content, wants, standing, input)
  }

  /// Where something is to start, nobody but others' schedulers knows what they do meanwhile.
  private func contested(_ input: PlanningInput) -> [ReportEntry] {
    let clusters = Set(
      content.actions.compactMap { action -> ClusterName? in
        if case .startReplica = action.step { action.step.cluster } else { nil }
      })
    return input.observed.observations.filter { clusters.contains($0.cluster) }.flatMap { seen in
      seen.contenders.map { .contested(seen.cluster, scheduler: $0.scheduler) }
    }
  }

  /// Stand-ins that found no place are no pending replicas, nor are those that stay as they are.
  private static func wanted(
    _ pending: PendingReplicas, _ want: Want?, isHeld: Bool
  ) -> PendingReplicas? {
    guard let want else { return pending }
    var rest = pending
    rest.ordinals = pending.ordinals.filter {
      $0 < want.count && !(isHeld && want.fallbacks[$0] != nil)
    }
    return rest.ordinals.isEmpty ? nil : rest
  }

  private func nodeChanges(
    _ target: Target, _ standing: Standing, _ input: PlanningInput
  ) -> [NodeChange] {
    let created = target.nodes.filter { standing.seen[$0.id] == nil && !standing.isFrozen($0.id) }
      .map {
        NodeChange(
          node: $0.id, kind: .create, pool: $0.pool, instanceType: $0.instanceType, zone: $0.zone,
          capacityType: $0.capacityType, pricePerHour: $0.pricePerHour,
          accelerators: $0.capacity.accelerators, cause: causes.ofNode($0.id))
      }
    let kept = Set(target.nodes.map(\.id))
    let deleted = input.observed.nodes.filter {
      $0.pool != nil && !kept.contains($0.id) && $0.phase != .deleting
        && !standing.isFrozen($0.id)
    }.map {
      NodeChange(
        node: $0.id, kind: .delete, pool: $0.pool, instanceType: $0.instanceType, zone: $0.zone,
        capacityType: $0.capacityType, pricePerHour: price(of: $0, input),
        accelerators: $0.capacity.accelerators, cause: causes.ofNode($0.id))
    }
    return (created + deleted).sorted { ($0.node, $0.kind.rawValue) < ($1.node, $1.kind.rawValue) }
  }

  /// Before: every node of ours that is there and still paid for. After: those of the target.
  private func cost(
    _ target: Target, _ standing: Standing, _ input: PlanningInput
  ) -> CostChange {
    var cost = CostChange()
    for node in input.observed.nodes
    where node.pool != nil && node.phase != .deleting && !standing.isFrozen(node.id) {
      if let price = price(of: node, input) {
        cost.beforePerHour += price
      } else {
        cost.unpriced.append(node.id)
      }
    }
    for node in standing.nodes where standing.isFrozen(node.id) {
      cost.beforePerHour += node.pricePerHour
    }
    for node in target.nodes { cost.afterPerHour += node.pricePerHour }
    return cost
  }

  /// What a node that is there costs: as it was decided, else from the catalogue.
  private func price(of node: ObservedNode, _ input: PlanningInput) -> Money? {
    decidedPrices[node.id] ?? input.price(of: node)
  }
}
