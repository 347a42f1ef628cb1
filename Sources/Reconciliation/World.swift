import Model
import Planning

/// What was seen, indexed for questions about single nodes.
struct World {
  private var nodes: [NodeID: ObservedNode] = [:]
  private var replicas: [NodeID: [ObservedReplica]] = [:]

  init(_ observed: ObservedState) {
    for node in observed.nodes { nodes[node.id] = node }
    for replica in observed.replicas { replicas[replica.node, default: []].append(replica) }
  }

  func node(_ id: NodeID) -> ObservedNode? { nodes[id] }

  func replica(_ id: ReplicaID, on node: NodeID) -> ObservedReplica? {
    replicas[node]?.first { $0.id == id }
  }
}

extension IdempotencyKey {
  /// The name of one decision, whichever target it is carried out for and however often it is tried:
  /// names of nodes are never used twice, each new start of a replica has an incarnation of its own,
  /// and what is stopped is told apart by its own.
  init(of step: Step, in world: World) {
    switch step {
    case .createNode, .drainNode, .deleteNode, .startReplica: self.init(step.id.text)
    case .stopReplica(let replica, let node):
      let start = world.replica(replica, on: node).map { " #\($0.incarnation)" }
      self.init(step.id.text + (start ?? ""))
    }
  }
}
