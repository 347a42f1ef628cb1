import Model
import Scheduling

/// Why each replica and each node is touched.
struct Causes {
  private var replicas: [ReplicaID: Cause] = [:]
  private var nodes: [NodeID: Cause] = [:]
  private var losses: [ReplicaID: Int64] = [:]

  init(
    _ decision: Decision, _ standing: Standing, _ leaving: Leaving, _ wants: Wants,
    _ input: PlanningInput
  ) {
    let target = decision.target
    explainReplicas(decision.arrangement, target, standing, wants, input)
    explainDisplaced(decision)
    for (node, cause) in leaving.causes { nodes[node] = cause }
    for (node, cause) in decision.givingBack.causes { nodes[node] = cause }
    for (node, reason) in standing.lost { nodes[node] = .nodeLost(node, reason: reason) }
    for (node, cause) in decision.arrangement.purchases {
      nodes[node] =
        switch cause {
        case .replicas(let workload): .needed(by: workload)
        case .poolMinimum: .poolMinimum
        case .headroom: .headroom
        }
    }
    // Orders of an earlier plan that were not carried out yet.
    for replica in target.replicas where nodes[replica.node] == nil {
      nodes[replica.node] = .needed(by: replica.id.workload)
    }
    for node in decision.arrangement.headroom where nodes[node] == nil { nodes[node] = .headroom }
    for node in target.nodes where nodes[node.id] == nil { nodes[node.id] = .poolMinimum }
    explainGivenUp(input)
  }

  func ofReplica(_ replica: ReplicaID) -> Cause { replicas[replica] ?? .unwanted }

  func ofNode(_ node: NodeID) -> Cause { nodes[node] ?? .orphaned }

  func loss(of replica: ReplicaID) -> Int64 { losses[replica] ?? 0 }

  /// The action with what the planner knows of its cause.
  func explained(_ action: Action) -> Action {
    var explained = action
    switch action.step {
    case .createNode(let node): explained.cause = ofNode(node.id)
    case .drainNode(let node), .deleteNode(let node): explained.cause = ofNode(node)
    case .startReplica(let order):
      let cause = ofReplica(order.replica.id)
      explained.cause = cause == .unwanted ? .wanted : cause
    case .stopReplica(let replica, _): explained.cause = ofReplica(replica)
    }
    return explained
  }

  /// Nodes that an earlier plan decided to do without, and that are still on their way out.
  private mutating func explainGivenUp(_ input: PlanningInput) {
    guard let previous = input.previous else { return }
    let decided = Set(previous.nodes.map(\.id))
    let next = Dictionary(previous.nextNodeOrdinals.map { ($0.pool, $0.next) }) { max($0, $1) }
    for node in input.observed.nodes where nodes[node.id] == nil && !decided.contains(node.id) {
      guard let pool = node.pool, let ordinal = node.id.ordinal(in: pool) else { continue }
      if ordinal < next[pool] ?? 0 { nodes[node.id] = .unwanted }
    }
  }

  private mutating func explainReplicas(
    _ arrangement: Arrangement, _ target: Target, _ standing: Standing, _ wants: Wants,
    _ input: PlanningInput
  ) {
    let kept = Set(target.nodes.map(\.id))
    for want in wants.wants {
      let name = want.workload.name
      for ordinal in want.homes.keys {
        let replica = ReplicaID(name, ordinal)
        replicas[replica] = standing.departure(of: replica, keeping: kept)
      }
      for (ordinal, cause) in want.causes { replicas[ReplicaID(name, ordinal)] = cause }
      for ordinal in want.restarts {
        guard let home = want.homes[ordinal] else { continue }
        let replica = ReplicaID(name, ordinal)
        losses[replica] = want.loss(of: replica, home, standing, at: input.now)
      }
      for ordinal in want.count..<(want.count + want.surge) {
        replicas[ReplicaID(name, ordinal)] = .changed(path: input.restartingField(name))
      }
    }
    for preemption in arrangement.preemptions.values {
      // A gang that is gathered elsewhere makes room for nobody but itself.
      replicas[preemption.replica] =
        preemption.by == preemption.replica.workload
        ? .gangRestart : .preempted(by: preemption.by, Cause.Preemption(preemption))
      losses[preemption.replica] = preemption.lossMilliDeviceSeconds
    }
  }
}

extension Causes {
  /// A gang whose change found no room, and that could not stay for somebody with a better claim, goes
  /// for that one and not for its change.
  private mutating func explainDisplaced(_ decision: Decision) {
    let placed = Set(decision.target.replicas.map(\.id))
    for (replica, preemption) in decision.displacements where !placed.contains(replica) {
      replicas[replica] = .preempted(by: preemption.by, Cause.Preemption(preemption))
      losses[replica] = preemption.lossMilliDeviceSeconds
    }
  }
}

extension Standing {
  /// Why a replica is not where an earlier plan decided it to be, when it is still on a node of ours
  /// that goes.
  fileprivate func departure(of replica: ReplicaID, keeping kept: Set<NodeID>) -> Cause? {
    guard let decision = decided[replica] else { return nil }
    for live in live(replica) where live.node != decision.node && !kept.contains(live.node) {
      guard let node = seen[live.node], node.pool != nil else { continue }
      return node.phase == .lost
        ? .nodeLost(node.id, reason: node.reason) : .nodeLeaving(node.id)
    }
    return nil
  }
}

extension Cause.Preemption {
  init(_ preemption: Preemption) {
    switch preemption.cause {
    case .priority: self = .priority
    case .reclaim: self = .reclaim
    case .gang: self = .gang
    case .elastic: self = .elastic
    }
  }
}
