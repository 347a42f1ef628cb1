public import Model

extension Target {
  /// What of it was seen and is not ready: nodes that boot, replicas that start or keep failing. What is
  /// not there at all is not among it; an action brings that. `node` and `replica` look up what was
  /// seen.
  public func unready(
    node: (NodeID) -> ObservedNode?, replica: (ReplicaID, NodeID) -> ObservedReplica?
  ) -> [Wait] {
    let booting = nodes.map(\.id).filter { node($0)?.phase == .booting }
    let starting = (replicas + surge).filter { wanted in
      switch replica(wanted.id, wanted.node)?.phase {
      case .starting, .crashLooping: true
      case .ready, .stopping, .finished, .lost, nil: false
      }
    }
    return booting.map { .nodeReady($0) } + starting.map { .replicaReady($0.id, on: $0.node) }
  }
}
