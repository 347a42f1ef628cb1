import Model

/// Nodes to create, drain and delete.
enum NodeSteps {
  static func actions(_ scene: Scene) -> [Action] {
    create(scene) + remove(scene)
  }

  private static func create(_ scene: Scene) -> [Action] {
    let users = Dictionary(
      scene.target.replicas.map { ($0.node, $0.id.workload) },
      uniquingKeysWith: { $1 < $0 ? $1 : $0 })
    return scene.target.nodes
      .filter { scene.seenNodes[$0.id] == nil && scene.isSeen($0.id.cluster) }
      .map { node in
        let cause = users[node.id].map { Cause.needed(by: $0) } ?? .poolMinimum
        return Action(step: .createNode(node), cause: cause)
      }
  }

  /// Nodes that carry our tag and that the target doesn't know.
  private static func remove(_ scene: Scene) -> [Action] {
    let kept = Set(scene.target.nodes.map(\.id))
    return scene.observed.nodes
      .filter { $0.pool != nil && !kept.contains($0.id) && scene.isSeen($0.id.cluster) }
      .flatMap { remove($0, scene) }
  }

  private static func remove(_ node: ObservedNode, _ scene: Scene) -> [Action] {
    let isInUse = (scene.seenReplicas[node.id] ?? []).contains(where: \.holdsResources)
    let delete = Step.deleteNode(node.id)
    switch node.phase {
    case .deleting:
      return []
    case .lost, .booting:
      return [Action(step: delete, cause: .orphaned)]
    case .ready, .draining:
      guard isInUse else { return [Action(step: delete, cause: .orphaned)] }
      let drain = Action(step: .drainNode(node.id), cause: .orphaned)
      return (node.phase == .ready ? [drain] : [])
        + [Action(step: delete, cause: .orphaned, waits: [.nodeEmpty(node.id)])]
    }
  }
}
