import Diagnostics
import Model

extension Resolver {
  /// Some workload is meant by each affinity, and rules don't ask for what can never be.
  mutating func checkNeighbours(_ workload: WorkloadSpec, _ origin: Origin) {
    let isComplete = !hasUnknownNames && !undecoded.contains { $0.kind == .workload }
    for (index, rule) in workload.placement.affinity.enumerated() where isComplete {
      guard !workloads.contains(where: { $0.metadata.labels.matches(rule.workloads) }) else {
        continue
      }
      let span = origin.span("spec", "placement", "affinity", "\(index)")
      report(.unmatchedAffinity(rule, span))
    }
    guard workload.replicasMin > 1 else { return }
    let together = workload.togetherWithin
    for (index, rule) in workload.placement.antiAffinity.enumerated() {
      guard workload.metadata.labels.matches(rule.workloads),
        let field = together.first(where: { $0.level.isWithin(rule.within) })?.field
      else { continue }
      let span = origin.span("spec", "placement", "antiAffinity", "\(index)")
      report(.contradictoryPlacement(rule, field, span))
    }
  }
}

extension WorkloadSpec {
  fileprivate var replicasMin: Int {
    if case .range(let range) = replicas { range.min } else { 0 }
  }

  /// Levels at which its own replicas must stand together, with the fields that say so.
  fileprivate var togetherWithin: [(level: TopologyLevel, field: String)] {
    (placement.pack.map { [($0, "pack")] } ?? [])
      + placement.affinity.filter { metadata.labels.matches($0.workloads) }
      .map { ($0.within, "affinity") }
  }
}
