public import Model

/// Who holds room on the nodes that were seen, with some replicas thought away: those that a plan
/// touches and so answers for itself.
struct Occupation {
  private(set) var nodes: [NodeID: ObservedNode] = [:]
  private(set) var replicas: [NodeID: [ObservedReplica]] = [:]
  private(set) var occupants: [NodeID: [Occupant]] = [:]
  /// Where each replica holds room that it is not about to give up; sorted.
  private(set) var homes: [ReplicaID: [NodeID]] = [:]

  init(_ observed: ObservedState, without touched: Set<ReplicaID>) {
    for node in observed.nodes { nodes[node.id] = node }
    for replica in observed.replicas where replica.holdsResources {
      if replica.phase != .stopping { homes[replica.id, default: []].append(replica.node) }
      if !touched.contains(replica.id) { replicas[replica.node, default: []].append(replica) }
    }
    for (replica, places) in homes { homes[replica] = Set(places).sorted() }
    occupants = Dictionary(grouping: observed.occupants, by: \.node)
  }

  /// What is left of the amounts of a node, never less than nothing.
  func free(_ node: ObservedNode) -> Resources {
    let free = taken(on: node.id).reduce(node.capacity.amounts) { $0 - $1.resources.amounts }
    return Resources(
      cpuMilli: max(0, free.cpuMilli), memoryBytes: max(0, free.memoryBytes),
      storageBytes: max(0, free.storageBytes),
      networkBitsPerSecond: max(0, free.networkBitsPerSecond))
  }

  /// What is left of a device, in thousandths; nil where the node has no such device.
  func freeMilli(ofDevice index: Int, on node: ObservedNode) -> Int64? {
    guard let count = node.capacity.accelerators?.count, (0..<count).contains(index) else {
      return nil
    }
    return taken(on: node.id).filter { $0.devices.contains(index) }.reduce(1000) {
      $0.subtractingSaturated($1.resources.milliOfEachDevice)
    }
  }

  private func taken(on node: NodeID) -> [(resources: ReplicaResources, devices: [Int])] {
    (replicas[node] ?? []).map { ($0.resources, $0.devices) }
      + (occupants[node] ?? []).map { ($0.resources, $0.devices) }
  }
}

extension ReplicaResources {
  /// What a replica takes of each device that it holds, in thousandths: all of it, unless it asked for
  /// a share. Whoever holds a device without having said how much of it holds it whole.
  public var milliOfEachDevice: Int64 { min(accelerator?.milliDevices ?? 1000, 1000) }
}

extension ObservedNode {
  /// Answers `conflict` where `resources` do not fit beside what is taken here, and `terminal` where
  /// they could not on any day. `milliByDevice` has what is taken of each device, in thousandths.
  public func refuse(
    _ resources: ReplicaResources, devices: [Int], beside amounts: Resources,
    milliByDevice: [Int64]
  ) throws(Failure) {
    guard (amounts + resources.amounts).fits(in: capacity.amounts) else {
      throw .conflict("node '\(id)' has no room left")
    }
    guard let request = resources.accelerator else {
      guard devices.isEmpty else { throw .terminal("devices are named but none are asked for") }
      return
    }
    guard let accelerators = capacity.accelerators, accelerators.satisfy(request) else {
      throw .terminal("node '\(id)' has no \(request)")
    }
    guard devices.count == request.devices, Set(devices).count == devices.count,
      devices.allSatisfy({ (0..<accelerators.count).contains($0) })
    else { throw .terminal("devices \(devices) of node '\(id)' are not what \(request) asks for") }
    for device in devices
    where milliByDevice[device].addingSaturated(resources.milliOfEachDevice) > 1000 {
      throw .conflict("device \(device) of node '\(id)' is taken")
    }
  }

  /// Whether replicas may arrive, now or once it has booted.
  var takesReplicas: Bool {
    switch phase {
    case .booting, .ready: true
    case .draining, .lost, .deleting: false
    }
  }
}
