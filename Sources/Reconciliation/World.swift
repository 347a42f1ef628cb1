import Model
import Planning

/// What was seen of one cluster, for questions about single nodes and replicas; a look that shows
/// little new costs little.
struct Sight {
  private(set) var nodes: [NodeID: ObservedNode] = [:]
  private(set) var replicas: [NodeID: [ObservedReplica]] = [:]

  mutating func take(_ news: News) {
    for change in news.nodes {
      if let node = change.after { nodes[node.id] = node } else { nodes[change.id] = nil }
    }
    for change in news.replicas {
      let node = change.id.node
      if let before = change.before, let place = replicas[node]?.firstIndex(of: before) {
        replicas[node]?.remove(at: place)
      }
      if let after = change.after { replicas[node, default: []].append(after) }
    }
  }
}

/// All that was seen, failing clusters left out.
struct World {
  private let watches: [ClusterName: Watch]

  init(_ watches: [ClusterName: Watch]) { self.watches = watches }

  func node(_ id: NodeID) -> ObservedNode? { sight(of: id)?.nodes[id] }

  func replica(_ id: ReplicaID, on node: NodeID) -> ObservedReplica? {
    sight(of: node)?.replicas[node]?.first { $0.id == id }
  }

  private func sight(of node: NodeID) -> Sight? {
    guard let watch = watches[node.cluster], watch.failures == 0 else { return nil }
    return watch.sight
  }
}

extension IdempotencyKey {
  /// The name of one decision, whichever target it is carried out for and however often it is tried:
  /// names of nodes are never used twice, each new start of a replica has an incarnation of its own,
  /// and what is stopped is told apart by its own.
  init(of item: Remaining, in world: World) {
    switch item.action.step {
    case .createNode, .drainNode, .deleteNode, .startReplica: self.init(item.id.text)
    case .stopReplica(let replica, let node):
      let start = world.replica(replica, on: node).map { " #\($0.incarnation)" }
      self.init(item.id.text + (start ?? ""))
    }
  }
}
