public import Model
public import Planning

/// The door to one place that a provider looks at and changes: an API server, a controller with its
/// tools.
public protocol Site: Sendable {
  /// What one look shows, whichever cluster of ours it is for.
  associatedtype Seen: Sendable
  associatedtype Scene: SiteScene

  /// `moves` were answered before it began, and the desk does not lay them over it: it has to show them.
  func look(showing moves: [Scene.Move]) async throws(Failure) -> Seen

  /// What was seen at `moment`, with the words of `cluster`.
  func scene(of cluster: ClusterSpec, _ seen: Seen, at moment: Timestamp) -> Scene

  func carryOut(_ move: Scene.Move) async throws(Failure)
}

/// One place as one look saw it, with the words of one cluster of ours laid over it. Pure: what it says
/// and what it decides follows from what was seen alone.
public protocol SiteScene: Sendable {
  associatedtype Move: SiteMove

  var cluster: ClusterSpec { get }
  var observation: Observation { get }

  // The moves of each kind of step, as `moves(for:key:)` has them.
  func create(_ order: TargetNode, _ key: IdempotencyKey) throws(Failure) -> [Move]
  func drain(_ node: NodeID) throws(Failure) -> [Move]
  func delete(_ node: NodeID) throws(Failure) -> [Move]
  func start(_ order: ReplicaOrder, _ key: IdempotencyKey) throws(Failure) -> [Move]
  func stop(_ replica: ReplicaID, on node: NodeID, _ key: IdempotencyKey) -> [Move]

  /// Shows what the place will show once it has done `move`.
  mutating func take(_ move: Move)
}

/// One thing that is asked of a place.
public protocol SiteMove: Sendable {
  /// Whether it starts the replica, alone or with its gang.
  func starts(_ replica: TargetReplica) -> Bool
}

extension SiteScene {
  /// What carries `step` out, one after the other; none where it was carried out under this key before,
  /// or where what it asks for is so already.
  public func moves(for step: Step, key: IdempotencyKey) throws(Failure) -> [Move] {
    guard step.cluster == cluster.name else {
      throw .terminal("'\(step.id)' is not for cluster '\(cluster.name)'")
    }
    switch step {
    case .createNode(let order): return try create(order, key)
    case .drainNode(let node): return try drain(node)
    case .deleteNode(let node): return try delete(node)
    case .startReplica(let order): return try start(order, key)
    case .stopReplica(let replica, let node): return stop(replica, on: node, key)
    }
  }

  /// What the place will show once it has done `moves`.
  public func after(_ moves: [Move]) -> Self {
    var scene = self
    for move in moves { scene.take(move) }
    return scene
  }
}
