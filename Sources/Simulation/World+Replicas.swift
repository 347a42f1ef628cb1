import Model
import Planning

extension World {
  mutating func start(_ order: ReplicaOrder, _ settings: SimulatedSettings) throws(Failure) {
    let replica = order.replica
    guard let index = index(of: replica.node) else {
      throw .conflict("there is no node '\(replica.node)'")
    }
    if let standing = nodes[index].replicas.first(where: { $0.id == replica.id }),
      standing.observed.holdsResources
    {
      return try standing.accept(replica)
    }
    try refuse(order, on: nodes[index])
    nodes[index].replicas.removeAll { $0.id == replica.id }
    let observed = ObservedReplica(
      id: replica.id, node: replica.node, devices: replica.devices,
      resources: order.workload.resources, revision: replica.revision,
      incarnation: replica.incarnation,
      port: order.workload.endpoint?.port(of: replica.id.ordinal), phase: .starting,
      startedAt: now)
    let started = Replica(observed, due: now + settings.startTime, startTime: settings.startTime)
    let place = nodes[index].replicas.firstIndex { replica.id < $0.id }
    nodes[index].replicas.insert(started, at: place ?? nodes[index].replicas.endIndex)
    refreshEmptiness(at: index)
    finished.removeAll { $0.id == replica.id }
    joinRun(order.workload, revision: replica.revision, replicaCount: order.replicaCount)
    trackRuns(of: replica.id.workload)
  }

  private func refuse(_ order: ReplicaOrder, on node: Node) throws(Failure) {
    guard node.observed.phase == .ready else {
      throw .conflict("node '\(node.id)' is \(node.observed.phase.rawValue)")
    }
    if order.workload.isGang, let other = home(of: order.replica.id) {
      throw .conflict("\(order.replica.id) still runs on '\(other)'")
    }
    try node.refuseWithoutRoom(order.workload.resources, devices: order.replica.devices)
  }

  /// A node where the replica runs and is not on its way out.
  private func home(of replica: ReplicaID) -> NodeID? {
    nodes.first { node in
      node.replicas.contains {
        $0.id == replica && $0.observed.holdsResources && $0.observed.phase != .stopping
      }
    }?.id
  }

  mutating func stop(_ replica: ReplicaID, on node: NodeID) throws(Failure) {
    finished.removeAll { $0.id == replica && $0.node == node }
    guard let index = index(of: node) else { return }
    guard let standing = nodes[index].replicas.firstIndex(where: { $0.id == replica }) else {
      if nodes[index].occupants.contains(where: { $0.name == replica.description }) {
        throw .terminal("\(replica) on node '\(node)' is not ours")
      }
      return
    }
    switch nodes[index].replicas[standing].observed.phase {
    case .starting, .ready, .crashLooping:
      nodes[index].replicas[standing].observed.phase = .stopping
      nodes[index].replicas[standing].due = now + Self.stopTime
    case .stopping: break
    case .finished, .lost: nodes[index].replicas.remove(at: standing)
    }
    refreshEmptiness(at: index)
    trackRuns(of: replica.workload)
  }
}

extension World.Replica {
  /// Whether a replica that is there is the one that is ordered.
  fileprivate func accept(_ order: TargetReplica) throws(Failure) {
    guard observed.phase != .stopping else {
      throw .conflict("\(id) is still stopping on '\(order.node)'")
    }
    guard observed.revision == order.revision, observed.incarnation == order.incarnation,
      observed.devices == order.devices
    else {
      throw .conflict("\(id) runs on '\(order.node)' from an earlier start")
    }
  }
}
