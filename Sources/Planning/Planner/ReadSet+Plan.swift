import Model

extension ReadSet {
  /// What a plan leans on: room on the nodes where something starts, names that are free, and the
  /// places of replicas that it touches.
  init(of target: Target, _ content: PlanContent, _ input: PlanningInput) {
    let workloads = Dictionary(
      uniqueKeysWithValues: input.desired.workloads.map { ($0.name, $0.resources) })
    let created = Set(content.nodes.filter { $0.kind == .create }.map(\.node))
    var needs: [NodeID: (amounts: Resources, devices: Set<Int>)] = [:]
    for change in content.placements {
      guard let node = change.to, !created.contains(node),
        let resources = workloads[change.replica.workload]
      else { continue }
      let need = needs[node] ?? (.zero, [])
      needs[node] = (need.amounts + resources.amounts, need.devices.union(change.devices))
    }
    let rooms = needs.keys.sorted().compactMap { node in
      needs[node].map { Fact.room(node, $0.amounts, wholeDevices: $0.devices.sorted()) }
    }
    let runs = content.placements.compactMap { change in
      change.from.map { Fact.runs(change.replica, on: $0) }
    }
    self.init(created.sorted().map { .absent($0) } + rooms + runs)
  }
}
