public import Model
public import Planning

extension World {
  /// How long a key is remembered: as long as real providers do, so that the list is bounded.
  static let receiptTime = Seconds.hours(24)

  /// Carries out one step, as `Provider` promises: the same key twice is once, what is there or gone
  /// already is a success, and only what is ours is touched.
  ///
  /// Oversubscribed room, a node that is not ready and a replica that runs elsewhere are `conflict`;
  /// what is not ours is `terminal`. A step that is refused changes nothing.
  public mutating func apply(
    _ step: Step, key: IdempotencyKey, in cluster: ClusterSpec
  ) throws(Failure) {
    try refuseWhenCutOff(cluster.name)
    guard step.cluster == cluster.name else {
      throw .terminal("'\(step.id)' is not for cluster '\(cluster.name)'")
    }
    guard !receipts.contains(key) else { return }
    guard case .simulated(let settings) = cluster.provider else {
      throw .terminal("cluster '\(cluster.name)' is not simulated")
    }
    switch step {
    case .createNode(let node): try create(node, in: cluster, settings)
    case .drainNode(let node): try drain(node)
    case .deleteNode(let node): try delete(node)
    case .startReplica(let order): try start(order, settings)
    case .stopReplica(let replica, let node): try stop(replica, on: node)
    }
    receipts.add(Receipt(key: key, at: now))
  }

  public func node(_ id: NodeID) -> Node? { index(of: id).map { nodes[$0] } }

  /// The place of a node, or nil where there is none.
  func index(of node: NodeID) -> Int? {
    let index = insertionIndex(of: node)
    return index < nodes.count && nodes[index].id == node ? index : nil
  }

  func insertionIndex(of node: NodeID) -> Int {
    var low = 0
    var high = nodes.count
    while low < high {
      let middle = (low + high) / 2
      if nodes[middle].id < node { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The place of a node that we may change, or nil where there is none.
  private func indexOfOurs(_ node: NodeID) throws(Failure) -> Int? {
    guard let index = index(of: node) else { return nil }
    guard nodes[index].observed.pool != nil else { throw .terminal("node '\(node)' is not ours") }
    return index
  }

  private mutating func create(
    _ node: TargetNode, in cluster: ClusterSpec, _ settings: SimulatedSettings
  ) throws(Failure) {
    if let index = try indexOfOurs(node.id) {
      try nodes[index].accept(node)
      return
    }
    guard cluster.zones.contains(node.zone) else {
      throw .terminal("cluster '\(cluster.name)' has no zone '\(node.zone)'")
    }
    guard isInStock(node, settings) else {
      throw .outOfStock(instanceType: node.instanceType, node.capacityType, zone: node.zone)
    }
    let observed = ObservedNode(
      id: node.id, pool: node.pool, instanceType: node.instanceType, zone: node.zone,
      capacityType: node.capacityType, labels: node.labels, taints: node.taints,
      capacity: node.capacity, phase: .booting, createdAt: now)
    let created = Node(
      observed, due: now + settings.bootTime,
      noticeAt: reclaimTime(of: node.id, node.capacityType, from: now, settings))
    nodes.insert(created, at: insertionIndex(of: node.id))
  }

  private func isInStock(_ node: TargetNode, _ settings: SimulatedSettings) -> Bool {
    let offer = "\(node.instanceType):\(node.capacityType.rawValue)"
    return !(settings.outOfStock + faults.outOfStock).contains {
      $0 == node.instanceType || $0 == offer
    }
  }

  /// A spot node lives between half and one and a half of the mean, each by its own stream: one more
  /// node changes nothing for the others.
  func reclaimTime(
    of node: NodeID, _ capacityType: CapacityType, from start: Timestamp,
    _ settings: SimulatedSettings
  ) -> Timestamp? {
    guard capacityType == .spot, let mean = settings.spotLifetime, mean > .zero else {
      return nil
    }
    var stream = SplitMix64(
      seed: UInt64(bitPattern: settings.seed), stream: "spot lifetime \(node)")
    let lifetime = mean.count / 2 + Int64(stream.next(below: UInt64(mean.count) + 1))
    return start + Seconds(lifetime)
  }

  private mutating func drain(_ node: NodeID) throws(Failure) {
    guard let index = try indexOfOurs(node) else { return }
    switch nodes[index].observed.phase {
    case .booting, .ready:
      nodes[index].observed.phase = .draining
      nodes[index].due = nil
      refreshEmptiness(at: index)
    case .draining, .lost, .deleting: break
    }
  }

  /// A node is deleted once nothing runs on it; one that is lost, whatever ran there.
  private mutating func delete(_ node: NodeID) throws(Failure) {
    guard let index = try indexOfOurs(node) else { return }
    switch nodes[index].observed.phase {
    case .deleting: return
    case .lost: break
    case .booting, .ready, .draining:
      if let occupant = nodes[index].occupants.first {
        // It may leave some day; until then the node is paid for, and must not be forgotten.
        throw .transient("node '\(node)' runs '\(occupant.name)', which is not ours")
      }
      if let replica = nodes[index].replicas.first(where: { $0.observed.holdsResources }) {
        throw .conflict("node '\(node)' still runs \(replica.id)")
      }
    }
    nodes[index].observed.phase = .deleting
    nodes[index].due = now + Self.deleteTime
    nodes[index].noticeAt = nil
  }
}

extension World.Node {
  /// Whether a node that is there is the one that is ordered.
  fileprivate func accept(_ order: TargetNode) throws(Failure) {
    guard observed.phase != .deleting else {
      throw .conflict("node '\(id)' is being deleted")
    }
    guard observed.pool == order.pool, observed.instanceType == order.instanceType,
      observed.zone == order.zone, observed.capacityType == order.capacityType
    else {
      throw .conflict("node '\(id)' is there already, and is another: \(observed.instanceType)")
    }
  }
}
