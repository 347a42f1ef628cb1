public import Catalog
public import Model

extension ReadSet {
  /// The facts that do not hold in the world as it is seen now, in the order of the facts.
  ///
  /// A cluster that can't be seen as a whole breaks the first fact that speaks of it; the others of
  /// that cluster are unknown and not spoken of.
  public func broken(
    in observed: ObservedState, desired: DesiredState, catalogs: [ClusterName: Catalog]
  ) -> [BrokenFact] {
    let check = Check(self, observed, desired, catalogs)
    var unseen: Set<ClusterName> = []
    return facts.flatMap { fact -> [BrokenFact] in
      if let cluster = check.unseen(fact) {
        return unseen.insert(cluster).inserted ? [BrokenFact(fact, found: .unseen(cluster))] : []
      }
      return check.findings(fact).map { BrokenFact(fact, found: $0) }
    }
  }
}

/// The present world beside the facts of a plan.
private struct Check {
  private let scene: Occupation
  private let observed: ObservedState
  private let desired: DesiredState
  private let catalogs: [ClusterName: Catalog]
  private let load: QueueLoad

  init(
    _ readSet: ReadSet, _ observed: ObservedState, _ desired: DesiredState,
    _ catalogs: [ClusterName: Catalog]
  ) {
    let touched = readSet.facts.compactMap { fact -> ReplicaID? in
      if case .runs(let replica, _) = fact { replica } else { nil }
    }
    let scene = Occupation(observed, without: Set(touched))
    var load = QueueLoad(desired)
    for replica in scene.replicas.values.flatMap(\.self) where replica.phase != .stopping {
      load.add(replica.id, on: scene.nodes[replica.node]?.capacity.accelerators?.model)
    }
    (self.scene, self.load) = (scene, load)
    (self.observed, self.desired, self.catalogs) = (observed, desired, catalogs)
  }

  /// The first cluster that the fact speaks of and that was not wholly seen.
  func unseen(_ fact: ReadSet.Fact) -> ClusterName? {
    clusters(fact).first { observed[$0]?.isComplete != true }
  }

  private func clusters(_ fact: ReadSet.Fact) -> [ClusterName] {
    switch fact {
    case .room(let room): [room.node.cluster]
    case .absent(let node), .lost(let node), .idle(let node, _): [node.cluster]
    case .runs(_, let nodes): nodes.map(\.cluster)
    case .price, .quota: []
    }
  }

  /// What is there instead of the fact; nothing where it holds.
  func findings(_ fact: ReadSet.Fact) -> [BrokenFact.Found] {
    switch fact {
    case .room(let room): return self.room(room)
    case .absent(let node): return scene.nodes[node].map { [.node($0.phase)] } ?? []
    case .lost(let id):
      guard let node = scene.nodes[id], node.takesReplicas else { return [] }
      return [.node(node.phase)]
    case .idle(let node, let besides): return inhabitants(node, besides: besides)
    case .runs(let replica, let nodes):
      let homes = scene.homes[replica] ?? []
      return homes == nodes ? [] : [.runs(on: homes)]
    case .price(let cluster, let instanceType, let capacityType, let price):
      let now = desired.price(of: instanceType, capacityType, in: cluster, catalogs)
      return now == price ? [] : [.price(now)]
    case .quota(let queue, let model, let wanted):
      return quota(queue, model, wanted)
    }
  }

  private func room(_ room: ReadSet.Room) -> [BrokenFact.Found] {
    guard let node = scene.nodes[room.node] else { return [.nothing] }
    guard node.takesReplicas else { return [.node(node.phase)] }
    let free = scene.free(node)
    var found: [BrokenFact.Found] = room.amounts.fits(in: free) ? [] : [.amounts(free)]
    for device in room.devices {
      let left = scene.freeMilli(ofDevice: device.index, on: node) ?? 0
      if left < device.milli { found.append(.device(index: device.index, freeMilli: left)) }
    }
    if !node.labels.matches(room.labels) { found.append(.labels(node.labels)) }
    if node.taints != room.taints { found.append(.taints(node.taints)) }
    return found
  }

  private func inhabitants(_ node: NodeID, besides: [String]) -> [BrokenFact.Found] {
    let replicas = (scene.replicas[node] ?? []).filter { $0.phase != .stopping }
      .map { "\($0.id)" }
    let occupants = (scene.occupants[node] ?? []).map(\.name).filter { !besides.contains($0) }
    return (replicas + occupants).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      .map { .inhabitant($0) }
  }

  private func quota(
    _ name: QueueName, _ model: AcceleratorModel?, _ wanted: Int64
  ) -> [BrokenFact.Found] {
    guard let limit = desired.queues.first(where: { $0.name == name })?.limitMilli(of: model)
    else { return [] }
    let taken = load.milliDevices[.init(queue: name, model: model)] ?? 0
    let left = limit.subtractingSaturated(taken)
    return left < wanted ? [.quota(milliDevices: left)] : []
  }
}
