public import Model

/// Something that needs no action any more and is not over: only the world can bring it about.
public enum Transition: Hashable, Sendable {
  case booting(NodeID)
  /// It is not ready yet, or keeps failing.
  case starting(ReplicaID, on: NodeID)
  case stopping(ReplicaID, on: NodeID)
  case deleting(NodeID)

  /// Whether it ends with the node or replica gone.
  public var isLeaving: Bool {
    switch self {
    case .booting, .starting: false
    case .stopping, .deleting: true
    }
  }
}

extension Target {
  /// What is under way in `observed`: of this target what was seen and is not ready, of everything else
  /// of ours what is going. What is not there at all is not among it; an action brings that. `node` and
  /// `replica` look up in `observed`.
  public func transitions(
    in observed: ObservedState, node: (NodeID) -> ObservedNode?,
    replica: (ReplicaID, NodeID) -> ObservedReplica?
  ) -> [Transition] {
    let booting = nodes.map(\.id).filter { node($0)?.phase == .booting }
    let starting = (replicas + surge).filter { wanted in
      switch replica(wanted.id, wanted.node)?.phase {
      case .starting, .crashLooping: true
      case .ready, .stopping, .finished, .lost, nil: false
      }
    }
    let stopping = observed.replicas.filter { $0.phase == .stopping }
    let deleting = observed.nodes.filter { $0.pool != nil && $0.phase == .deleting }
    return booting.map { .booting($0) } + starting.map { .starting($0.id, on: $0.node) }
      + stopping.map { .stopping($0.id, on: $0.node) } + deleting.map { .deleting($0.id) }
  }
}
