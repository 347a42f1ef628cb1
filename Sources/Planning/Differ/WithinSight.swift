import Model

/// Steps that nothing out of sight stands before. What a cluster that is not wholly seen does is not
/// known and nothing is done there, so whatever waits for that, or for a step that does, is left to the
/// plan that sees it.
struct WithinSight {
  private let scene: Scene
  private(set) var actions: [Action]
  private var started: Set<Turnover.Instance> = []
  private var stopped: Set<Turnover.Instance> = []

  init(_ actions: [Action], _ scene: Scene) {
    self.scene = scene
    self.actions = actions
    guard !scene.seesAll else { return }
    var count = -1
    while count != self.actions.count {
      count = self.actions.count
      note()
      self.actions = self.actions.filter { $0.waits.allSatisfy(comesAbout) }
    }
  }

  private mutating func note() {
    started = []
    stopped = []
    for action in actions {
      switch action.step {
      case .startReplica(let order):
        started.insert(
          Turnover.Instance(replica: order.replica.id, node: order.replica.node))
      case .stopReplica(let replica, let node):
        stopped.insert(Turnover.Instance(replica: replica, node: node))
      case .createNode, .drainNode, .deleteNode: break
      }
    }
  }

  private func comesAbout(_ wait: Wait) -> Bool {
    switch wait {
    case .nodeReady(let node): scene.isSeen(node.cluster)
    case .nodeEmpty(let node):
      scene.isSeen(node.cluster)
        && scene.holders(on: node).allSatisfy { goes($0.id, $0.node) }
    case .replicaReady(let replica, let node):
      scene.isSeen(node.cluster)
        && (started.contains(Turnover.Instance(replica: replica, node: node))
          || (scene.sightings[replica] ?? []).contains { $0.node == node })
    case .replicaGone(let replica, let node):
      scene.isSeen(node.cluster) && goes(replica, node)
    }
  }

  private func goes(_ replica: ReplicaID, _ node: NodeID) -> Bool {
    stopped.contains(Turnover.Instance(replica: replica, node: node))
      || (scene.sightings[replica] ?? []).allSatisfy {
        $0.node != node || $0.phase == .stopping || $0.phase == .finished
      }
  }
}
