import Model

/// Who stands beside whom once everything is done. Only who goes somewhere by this plan is judged; the
/// first of workloads that mean one another stands beside nobody.
struct NeighbourAudit {
  private let evidence: Evidence
  private let replicas: [TargetReplica]

  static func check(_ evidence: Evidence) -> [Violation.Standing] {
    let isRuled = evidence.input.desired.workloads.contains {
      !($0.placement.affinity + $0.placement.antiAffinity).isEmpty
    }
    guard isRuled else { return [] }
    let audit = NeighbourAudit(evidence: evidence, replicas: evidence.plan.target.replicas)
    return audit.replicas.flatMap { audit.check($0) }
  }

  private func check(_ replica: TargetReplica) -> [Violation.Standing] {
    guard let workload = evidence.workloads[replica.id.workload],
      evidence.isComplete(replica.node.cluster), StandingAudit.isNew(replica, evidence)
    else { return [] }
    let isShunned = replicas.contains { other in
      guard other.id != replica.id, let neighbour = evidence.workloads[other.id.workload] else {
        return false
      }
      return rules(workload.placement.antiAffinity, mean: neighbour).contains {
        isTogether(replica, other, $0.within)
      }
        || rules(neighbour.placement.antiAffinity, mean: workload).contains {
          isTogether(replica, other, $0.within)
        }
    }
    let isAlone = workload.placement.affinity.contains { rule in
      let others = replicas.filter { other in
        other.id != replica.id
          && evidence.workloads[other.id.workload].map { !rules([rule], mean: $0).isEmpty } ?? false
      }
      if others.contains(where: { isTogether(replica, $0, rule.within) }) { return false }
      return rules([rule], mean: workload).isEmpty
        || others.contains { $0.id.workload == replica.id.workload }
    }
    return (isAlone ? [.ruleBroken(replica.id, on: replica.node, .affinity)] : [])
      + (isShunned ? [.ruleBroken(replica.id, on: replica.node, .antiAffinity)] : [])
  }

  private func rules(_ rules: [NeighbourRule], mean workload: WorkloadSpec) -> [NeighbourRule] {
    rules.filter { rule in
      rule.workloads.pairs.allSatisfy { workload.metadata.labels[$0.key] == $0.value }
    }
  }

  private func isTogether(
    _ one: TargetReplica, _ other: TargetReplica, _ level: TopologyLevel
  ) -> Bool {
    if one.node == other.node { return true }
    guard one.node.cluster == other.node.cluster, level != .node, zone(one) == zone(other) else {
      return false
    }
    if level == .zone { return true }
    guard let area = label(level, of: one.node) else { return false }
    return area == label(level, of: other.node)
  }

  private func zone(_ replica: TargetReplica) -> String? {
    evidence.nodes[replica.node]?.zone ?? evidence.seen[replica.node]?.zone
  }

  private func label(_ level: TopologyLevel, of node: NodeID) -> String? {
    evidence.seen[node]?.labels[level.rawValue] ?? evidence.nodes[node]?.labels[level.rawValue]
  }
}
