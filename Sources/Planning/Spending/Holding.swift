import Model

extension PlanningInput {
  /// Budgets that were exceeded this month, sorted by owner.
  var exceeded: [(owner: BudgetOwner, budget: Budget)] {
    desired.budgets.filter { isExceeded($0.owner, $0.budget) }
  }

  private func isExceeded(_ owner: BudgetOwner, _ budget: Budget) -> Bool {
    (spent[owner] ?? .zero) > budget.monthly
  }

  var budgetReport: [ReportEntry] {
    exceeded.map { .overBudget($0.owner, spent: spent[$0.owner] ?? .zero, $0.budget) }
  }

  /// Whether nothing more is bought or given for `owner`, whose budget is `budget`.
  func isHeld(_ owner: BudgetOwner, _ budget: Budget?) -> Bool {
    budget.map { $0.onExceed != .warn && isExceeded(owner, $0) } ?? false
  }

  /// Whether a spent budget has idle workloads of its queue, or where it stands, stopped.
  func stopsIdle(
    _ workload: WorkloadSpec, standsIn clusters: @autoclosure () -> Set<ClusterName>
  ) -> Bool {
    exceeded.contains { owner, budget in
      guard budget.onExceed == .stopIdle else { return false }
      return switch owner {
      case .cluster(let name): clusters().contains(name)
      case .queue(let name):
        workload.queue.map(desired.queues.subtree(of: name).contains) ?? false
      }
    }
  }

  /// The queues that the scheduler goes by: one that is held has what it holds now for its limit.
  var effectiveQueues: [QueueSpec] {
    let held = Set(
      desired.queues.filter { isHeld(.queue($0.name), $0.budget) }.map(\.name))
    guard !held.isEmpty else { return desired.queues }
    var load = QueueLoad(desired)
    for replica in previous?.replicas ?? [] { load.add(replica.id, on: nil) }
    return desired.queues.map { queue in
      guard held.contains(queue.name) else { return queue }
      let milli = load.milliDevices[QueueLoad.Key(queue: queue.name, model: nil)] ?? 0
      let holds = Int(clamping: milli.addingSaturated(999) / 1000)
      var queue = queue
      var limit = queue.limit ?? Quota()
      limit.accelerators = min(limit.accelerators ?? .max, holds)
      queue.limit = limit
      return queue
    }
  }
}
