import Autoscaling
import Diagnostics
import Model
import Planning
import Scheduling

/// What a plan adjusted, or could not or would not do, in words.
enum Reports {
  static func text(_ entry: ReportEntry) -> String {
    switch entry {
    case .demandClamped(let workload, let units, let clamped, let limits):
      "\(workload): its demand comes to \(counted(units, "unit")); the limits \(limits) make it"
        + " \(clamped)"
    case .notAssessed(let workload):
      "\(workload): no cluster that it may use has a demand model, so its demand"
        + " comes to no replicas"
    case .scaled(let workload, let old, let decision):
      "\(workload): \(old) → \(decision.replicas) replicas; \(ScaleWords.text(decision))"
    case .notObserved(let cluster, let reason):
      "\(cluster) could not be seen completely\(reason.map { " (\(Visible.line($0)))" } ?? ""):"
        + " nothing there is started, stopped or deleted"
    case .contested(let cluster, let scheduler):
      "\(cluster): a forecast, since others' work waits there for '\(Visible.line(scheduler))', which"
        + " may give it room first"
    case .rolloutHeld(let workload, let pending):
      "\(workload): what runs stays as it is until there is room for its change; \(reasons(pending))"
    case .disruptionDeferred(let node, let budget):
      "\(node) stays for now: its pool lets \(counted(budget, "node")) go at a time"
    case .kept(let object): "\(object) is protected: it stays, although nothing wants it any more"
    case .reduced(let workload, let replicas, let max, let pending):
      "\(workload) runs with \(replicas) of \(max) replicas until there is room for more: "
        + pending.reasons.map(Reasons.text).joined(separator: ", ")
    case .finished(let workload): "\(workload) ran to completion"
    case .crashLooping(let replica, let restarts):
      "\(replica) keeps failing where it runs (\(counted(restarts, "restart")))"
    case .standsAgainst(let workload, let kind, let rule, let ordinals):
      "\(counted(ordinals.count, "replica")) of \(workload) \(ordinals.count == 1 ? "stands" : "stand")"
        + " against its \(kind.rawValue) to \(Neighbours.text(rule)); what runs is not moved for it"
    case .notPacked(let workload, let level, let areas):
      "\(workload) would rather stand in one \(level.rawValue), and stands in \(areas)"
    case .headroom(let pool, let replicas, let count, let nodes):
      "\(pool) keeps room free for \(replicas) of \(counted(count, "replica"))"
        + (nodes.isEmpty ? "" : ", on \(NodeRuns(nodes).text())")
    case .idle(let workload, let since, let isStopped):
      "\(workload) is idle" + (since.map { " since \($0)" } ?? "")
        + (isStopped ? ", and is stopped until its manifest changes" : "")
    case .overBudget(let owner, let spent, let budget):
      "\(owner) spent \(Amounts.cents(spent)) this month, of a budget of"
        + " \(Amounts.cents(budget.monthly))" + held(owner, budget)
    case .nodeDegraded(let node, let phase, let reason):
      "\(node) is \(phase.rawValue)\(reason.map { ": \(Visible.line($0))" } ?? "")"
    }
  }

  private static func held(_ owner: BudgetOwner, _ budget: Budget) -> String {
    switch (budget.onExceed, owner) {
    case (.warn, _): ""
    case (.hold, .cluster), (.stopIdle, .cluster):
      ": no more nodes are bought until the month ends"
    case (.hold, .queue), (.stopIdle, .queue):
      ": it gets no more devices than it holds until the month ends"
    }
  }

  private static func reasons(_ pending: PendingReplicas) -> String {
    Remedies.sentence(pending.remedy, for: pending.workload)
  }

  /// Entries that differ in the node only are told together.
  static func texts(_ entries: [ReportEntry]) -> [String] {
    folded(entries, by: key).map { group in
      let nodes = NodeRuns(group.compactMap(node)).text()
      guard group.count > 1 else { return text(group[0]) }
      switch group[0] {
      case .disruptionDeferred(_, let budget):
        return "\(nodes) stay for now: the pool lets \(counted(budget, "node")) go at a time"
      case .nodeDegraded(_, let phase, let reason):
        return "\(nodes) are \(phase.rawValue)\(reason.map { ": \(Visible.line($0))" } ?? "")"
      case .demandClamped, .notAssessed, .notObserved, .contested, .rolloutHeld, .kept, .reduced,
        .finished,
        .crashLooping, .standsAgainst, .scaled, .notPacked, .headroom, .overBudget, .idle:
        return text(group[0])
      }
    }
  }

  private static func node(_ entry: ReportEntry) -> NodeID? {
    switch entry {
    case .disruptionDeferred(let node, _), .nodeDegraded(let node, _, _): node
    case .demandClamped, .notAssessed, .notObserved, .contested, .rolloutHeld, .kept, .reduced,
      .finished,
      .crashLooping, .standsAgainst, .scaled, .notPacked, .headroom, .overBudget, .idle:
      nil
    }
  }

  /// What is equal for entries that are told together.
  private static func key(_ entry: ReportEntry) -> String {
    switch entry {
    case .disruptionDeferred(let node, let budget):
      "deferred \(node.cluster)/\(Numbered(node.name).prefix) \(budget)"
    case .nodeDegraded(_, let phase, let reason): "degraded \(phase.rawValue) \(reason ?? "")"
    case .demandClamped, .notAssessed, .notObserved, .contested, .rolloutHeld, .kept, .reduced,
      .finished,
      .crashLooping, .standsAgainst, .scaled, .notPacked, .headroom, .overBudget, .idle:
      text(entry)
    }
  }
}

enum Neighbours {
  /// `app=cache within one zone`
  static func text(_ rule: NeighbourRule) -> String {
    let labels = rule.workloads.pairs.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    return "\(labels.isEmpty ? "every workload" : labels) within one \(rule.within.rawValue)"
  }
}
