public import Model

/// An object that is left as it is until it is resumed, whatever its manifest says by then and whatever
/// becomes of it in the world.
public struct PausedObject: Hashable, Sendable {
  public var object: ObjectID
  public var since: Timestamp
  /// In somebody's words; empty where none were given.
  public var reason: String

  public init(object: ObjectID, since: Timestamp, reason: String = "") {
    self.object = object
    self.since = since
    self.reason = reason
  }
}

extension Step {
  /// The objects that this step does something to: a replica's workload or a node's pool, and its
  /// cluster. `pools` knows whose the nodes are that are there or decided.
  public func objects(pools: [NodeID: PoolName]) -> [ObjectID] {
    func ofNode(_ pool: PoolName?) -> [ObjectID] {
      pool.map { [ObjectID(.nodePool, $0.text)] } ?? []
    }
    let own =
      switch self {
      case .createNode(let node): ofNode(node.pool)
      case .drainNode(let node), .deleteNode(let node): ofNode(pools[node])
      case .startReplica(let order): [ObjectID(.workload, order.replica.id.workload.text)]
      case .stopReplica(let replica, _): [ObjectID(.workload, replica.workload.text)]
      }
    return own + [ObjectID(.cluster, cluster.text)]
  }
}

extension Plan {
  /// Those of `paused` that it changes or does something to, sorted.
  public func touched(among paused: Set<ObjectID>) -> [ObjectID] {
    guard !paused.isEmpty else { return [] }
    var pools = Dictionary(target.nodes.map { ($0.id, $0.pool) }) { first, _ in first }
    for node in nodes { if let pool = node.pool { pools[node.node] = pool } }
    let touched = changes.map(\.object) + actions.flatMap { $0.step.objects(pools: pools) }
    return paused.intersection(touched).sorted()
  }
}

extension [Action] {
  /// Those that touch none of `paused`, nor make a node that only they need.
  public func sparing(
    _ paused: Set<ObjectID>, _ target: Target, _ observed: ObservedState
  ) -> [Action] {
    guard !paused.isEmpty else { return self }
    var pools = Dictionary(target.nodes.map { ($0.id, $0.pool) }) { first, _ in first }
    for node in observed.nodes { if let pool = node.pool { pools[node.id] = pool } }
    let tenants = Dictionary(grouping: target.replicas + target.surge, by: \.node)
    return filter { action in
      if case .createNode(let node) = action.step, let tenants = tenants[node.id],
        tenants.allSatisfy({ paused.contains(ObjectID(.workload, $0.id.workload.text)) })
      {
        return false
      }
      return paused.isDisjoint(with: action.step.objects(pools: pools))
    }
  }
}
