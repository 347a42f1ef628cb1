import Model

/// Sorts actions so that each stands after those that make its facts true.
enum ActionOrder {
  static func sorted(_ actions: [Action]) -> [Action] {
    let levels = levels(of: actions)
    let keys = actions.indices.map { (levels[$0], rank(actions[$0].step), actions[$0].id) }
    return actions.indices.sorted { keys[$0] < keys[$1] }.map { actions[$0] }
  }

  /// The actions that make a fact true.
  static func providers(_ actions: [Action]) -> [Wait: [Int]] {
    var providers: [Wait: [Int]] = [:]
    for (index, action) in actions.enumerated() {
      switch action.step {
      case .createNode(let node): providers[.nodeReady(node.id), default: []].append(index)
      case .startReplica(let order):
        let replica = order.replica
        providers[.replicaReady(replica.id, on: replica.node), default: []].append(index)
      case .stopReplica(let replica, let node):
        providers[.replicaGone(replica, on: node), default: []].append(index)
        providers[.nodeEmpty(node), default: []].append(index)
      case .drainNode, .deleteNode: break
      }
    }
    return providers
  }

  /// How many actions deep each stands; those on a cycle, which `PlanAudit` refuses, come last.
  private static func levels(of actions: [Action]) -> [Int] {
    let providers = providers(actions)
    var dependants: [[Int]] = Array(repeating: [], count: actions.count)
    var open = Array(repeating: 0, count: actions.count)
    for (index, action) in actions.enumerated() {
      for wait in action.waits {
        for provider in providers[wait] ?? [] where provider != index {
          dependants[provider].append(index)
          open[index] += 1
        }
      }
    }
    var levels = Array(repeating: actions.count, count: actions.count)
    var queue = actions.indices.filter { open[$0] == 0 }
    for index in queue { levels[index] = 0 }
    while let index = queue.popLast() {
      for dependant in dependants[index] {
        let level = levels[dependant] == actions.count ? 0 : levels[dependant]
        levels[dependant] = max(level, levels[index] + 1)
        open[dependant] -= 1
        if open[dependant] == 0 { queue.append(dependant) }
      }
    }
    return levels
  }

  private static func rank(_ step: Step) -> Int {
    switch step {
    case .createNode: 0
    case .drainNode: 1
    case .stopReplica: 2
    case .startReplica: 3
    case .deleteNode: 4
    }
  }
}
