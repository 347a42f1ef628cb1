import Model

/// Who stands against a rule about neighbours once all is where it was decided to be: such as stood
/// there when the rule came, or whose neighbours went. They are not moved for it. And who would rather
/// stand together, and does not.
struct Neighbourhood {
  private(set) var against: [ReportEntry] = []
  private(set) var apart: [ReportEntry] = []
  private let places: [NodeID: Place]
  private let replicas: [TargetReplica]
  private let labels: [WorkloadName: Labels]

  private struct Place {
    let zone: String
    let labels: Labels
  }

  /// An area that replicas share.
  private struct Area: Hashable {
    let cluster: ClusterName
    let zone: String
    let name: String
  }

  init(_ target: Target, _ standing: Standing, _ input: PlanningInput) {
    let ruled = input.desired.workloads.filter {
      !$0.placement.affinity.isEmpty || !$0.placement.antiAffinity.isEmpty
        || $0.placement.packPreferred != nil
    }
    replicas = target.replicas
    labels = Dictionary(input.desired.workloads.map { ($0.name, $0.metadata.labels) }) {
      first, _ in first
    }
    guard !ruled.isEmpty else {
      places = [:]
      return
    }
    let foreign = standing.foreign.map { ($0.id, Place(zone: $0.zone, labels: $0.labels)) }
    let ours = target.nodes.map { node in
      let labels = standing.grounds[node.id]?.labels ?? node.labels
      return (node.id, Place(zone: node.zone, labels: labels))
    }
    places = Dictionary(ours + foreign) { first, _ in first }
    for workload in ruled.sorted(by: { $0.name < $1.name }) {
      for rule in workload.placement.affinity { note(.affinity, rule, of: workload) }
      for rule in workload.placement.antiAffinity { note(.antiAffinity, rule, of: workload) }
      if let level = workload.placement.packPreferred { notePack(level, of: workload) }
    }
  }

  private mutating func note(
    _ kind: NeighbourRule.Kind, _ rule: NeighbourRule, of workload: WorkloadSpec
  ) {
    let own = replicas.filter { $0.id.workload == workload.name }
    let meant = replicas.filter { labels[$0.id.workload]?.matches(rule.workloads) ?? false }
    let counts = Dictionary(
      meant.compactMap { area(of: $0, rule.within) }.map { ($0, 1) }, uniquingKeysWith: +)
    let isMeant = workload.metadata.labels.matches(rule.workloads)
    let offenders = own.filter { replica in
      let area = area(of: replica, rule.within)
      let others = (area.map { counts[$0] ?? 0 } ?? 0) - (isMeant && area != nil ? 1 : 0)
      switch kind {
      case .antiAffinity: return others > 0
      case .affinity:
        if others > 0 { return false }
        // The first of a group stands alone, and so does the only one.
        return !isMeant || own.contains { self.area(of: $0, rule.within) != area }
      }
    }
    guard !offenders.isEmpty else { return }
    against.append(
      .standsAgainst(workload.name, kind, rule, ordinals: offenders.map(\.id.ordinal).sorted()))
  }

  private mutating func notePack(_ level: TopologyLevel, of workload: WorkloadSpec) {
    let own = replicas.filter { $0.id.workload == workload.name }
    // Nodes in no area of the level are areas by themselves.
    let areas = Set(own.compactMap { area(of: $0, level) ?? area(of: $0, .node) })
    if areas.count > 1 { apart.append(.notPacked(workload.name, level, areas: areas.count)) }
  }

  private func area(of replica: TargetReplica, _ level: TopologyLevel) -> Area? {
    guard let place = places[replica.node] else { return nil }
    let cluster = replica.node.cluster
    switch level {
    case .zone: return Area(cluster: cluster, zone: place.zone, name: "")
    case .node: return Area(cluster: cluster, zone: place.zone, name: replica.node.name)
    case .fabric, .block, .rack:
      return place.labels[level.rawValue].map {
        Area(cluster: cluster, zone: place.zone, name: $0)
      }
    }
  }
}
