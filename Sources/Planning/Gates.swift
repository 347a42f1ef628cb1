import Model
import Scheduling

/// Judges a plan by the gates' fixed predicates over its effects.
enum Gates {
  static func outcomes(
    _ content: PlanContent, _ wants: Wants, _ standing: Standing, _ input: PlanningInput
  ) -> [GateOutcome] {
    input.desired.gates.flatMap { gate in
      gate.deny.map { predicate in
        GateOutcome(
          gate: gate.name, rule: .deny(predicate), findings: findings(predicate, content, input))
      }
        + gate.require.map { requirement in
          GateOutcome(
            gate: gate.name, rule: .require(requirement),
            findings: findings(requirement, content, wants, standing, input))
        }
    }
  }

  private static func findings(
    _ predicate: GatePredicate, _ content: PlanContent, _ input: PlanningInput
  ) -> [String] {
    let cost = content.cost
    switch predicate {
    case .preempts(let labels):
      return preempted(labels, content, input)
    case .costIncreaseAbove(let limit):
      return cost.changePerHour > limit ? ["cost rises by \(cost.changePerHour)/h"] : []
    case .costIncreaseAbovePercent(let percent):
      return rises(cost, above: percent)
        ? ["cost rises from \(cost.beforePerHour)/h to \(cost.afterPerHour)/h"] : []
    case .costAbove(let limit):
      return cost.afterPerHour > limit ? ["cost comes to \(cost.afterPerHour)/h"] : []
    case .pending:
      return content.pending.map { "\($0.ordinals.count) of Workload/\($0.workload) pending" }
    case .deletes(let kind, let share):
      return deleted(kind, share, content, input)
    case .replaces:
      return content.changes.filter { $0.action == .replace }.map { "\($0.object) is replaced" }
    case .movesMoreThan(let count):
      let moves = content.placements.filter { $0.kind == .move }
      return moves.count > count ? ["\(moves.count) replicas move"] : []
    case .nodesOutside(let pools):
      return content.nodes.filter { change in
        change.kind == .create && !(change.pool.map(pools.contains) ?? false)
      }.map { "\($0.node) is bought for NodePool/\($0.pool?.text ?? "")" }
    case .touchesProtected:
      return touched(content, input)
    }
  }

  /// Objects by what they were protected as or are now, and nodes of what is.
  private static func touched(_ content: PlanContent, _ input: PlanningInput) -> [String] {
    let protected = Set(input.desired.declarations.filter { $0.metadata.isProtected }.map { $0.id })
    let changes = content.changes.filter { change in
      change.wasProtected || protected.contains(change.object) && change.action != .create
    }
    let nodes = content.nodes.filter { change in
      guard change.kind == .delete else { return false }
      return protected.contains(ObjectID(.cluster, change.node.cluster.text))
        || change.pool.map { protected.contains(ObjectID(.nodePool, $0.text)) } ?? false
    }
    return changes.map { "\($0.object) is protected" } + nodes.map { "\($0.node) goes" }
  }

  private static func preempted(
    _ labels: Labels, _ content: PlanContent, _ input: PlanningInput
  ) -> [String] {
    let matching = Set(
      input.desired.workloads.filter { $0.metadata.labels.matches(labels) }.map(\.name))
    return content.placements.compactMap { change in
      guard case .preempted(let by, _) = change.cause, matching.contains(change.replica.workload)
      else { return nil }
      return "\(change.replica) is preempted by Workload/\(by)"
    }
  }

  private static func rises(_ cost: CostChange, above percent: Int) -> Bool {
    let allowed = Int128(cost.beforePerHour.micros) * Int128(percent)
    return Int128(cost.changePerHour.micros) * 100 > allowed
  }

  private static func deleted(
    _ kind: Kind?, _ share: Share, _ content: PlanContent, _ input: PlanningInput
  ) -> [String] {
    let counted = content.changes.filter { kind == nil || $0.object.kind == kind }
    let gone = counted.filter { $0.action == .delete }
    let remaining = input.desired.objects.filter { kind == nil || $0.kind == kind }
    let created = counted.filter { $0.action == .create }
    let before = remaining.count - created.count + gone.count
    guard gone.count > share.of(before) else { return [] }
    return gone.map { "\($0.object) is deleted" }
  }

  /// Whether a gang of whole nodes of this model could still be placed, on nodes that are free or that
  /// pools may still buy: asked of the scheduler itself.
  private static func findings(
    _ requirement: GateRequirement, _ content: PlanContent, _ wants: Wants,
    _ standing: Standing, _ input: PlanningInput
  ) -> [String] {
    switch requirement {
    case .schedulableGang(let model, let devices):
      let probe = GangProbe(model, devices: devices, content.target, standing, input)
      return probe.fits ? [] : ["no room is left for a gang of \(model):\(devices)"]
    case .settles:
      switch Settling(content.target, input).outcome {
      case .settles: return []
      case .oscillates(let cycle):
        return ["it goes round in a circle: " + cycle.joined(separator: "; then ")]
      case .restless(let plans): return ["it has not come to rest after \(plans) more plans"]
      }
    case .survives(let level):
      return Survival(
        level, wants.question(content.target, standing, input), content.target
      ).findings
    }
  }
}
