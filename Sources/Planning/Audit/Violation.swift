public import Model

/// What is wrong with a plan: a mistake of ours, never of the user's.
public enum Violation: Hashable, Sendable {
  case standing(Standing)
  case bounds(Bounds)
  case touching(Touching)
  case ordering(Ordering)
  case agreement(Agreement)

  /// Who stands where.
  public enum Standing: Hashable, Sendable {
    case amountsExceeded(NodeID)
    case deviceExceeded(NodeID, device: Int)
    case wrongDevices(ReplicaID, on: NodeID)
    case nowhere(ReplicaID, on: NodeID)
    case closedNode(ReplicaID, on: NodeID)
    case placedTwice(ReplicaID)
    case unknownWorkload(ReplicaID)
    case ruleBroken(ReplicaID, on: NodeID, Violation.Rule)
    case gangSplit(WorkloadName)
    case gangOverClusters(WorkloadName)
    case gangOffStep(WorkloadName, replicas: Int, step: Int)
  }

  /// What may exist.
  public enum Bounds: Hashable, Sendable {
    case nameUsedTwice(NodeID)
    case notOffered(NodeID)
    case poolExceeded(PoolName, nodes: Int, max: Int)
    case poolCostExceeded(PoolName)
    case clusterExceeded(ClusterName, Violation.ClusterBound)
    case queueExceeded(QueueName)
  }

  /// What may be touched, and how much of it at once.
  public enum Touching: Hashable, Sendable {
    case notOurs(ActionID)
    case protected(ActionID)
    case notObserved(ActionID)
    case forgotten(NodeID)
    case budgetExceeded(PoolName, going: Int, budget: Int)
    case belowMinimum(PoolName, nodes: Int, min: Int)
    case interrupted(WorkloadName, ready: Int, needed: Int)
    case overSurged(WorkloadName, running: Int, allowed: Int)
    case preemptsUnlawfully(ReplicaID, by: WorkloadName)
  }

  /// What waits for what.
  public enum Ordering: Hashable, Sendable {
    case repeated(ActionID)
    case missingWait(ActionID, Wait)
    case neverHolds(ActionID, Wait)
    case outOfOrder(ActionID, Wait)
    case roomNotCleared(ActionID, on: NodeID)
  }

  /// Whether the plan's parts tell the same.
  public enum Agreement: Hashable, Sendable {
    case wrongParent
    case actionMissing(ActionID)
    case actionUnasked(ActionID)
    case placementUnfounded(ReplicaID)
    case placementMissing(ReplicaID)
    case nodeChangeUnfounded(NodeID)
    case nodeChangeMissing(NodeID)
    case costWrong(stated: Money, summed: Money)
  }

  /// A placement rule of a workload.
  public enum Rule: String, CaseIterable, Hashable, Sendable {
    case cluster = "its clusters"
    case nodeSelector = "its node selector"
    case taint = "a taint that it doesn't tolerate"
    case accelerator = "its accelerator request"
    case reservation = "a reservation for other queues"
    case affinity = "its affinity to other workloads"
    case antiAffinity = "an anti-affinity, its own or that of who stands there"
  }

  /// A bound of a whole cluster.
  public enum ClusterBound: String, CaseIterable, Hashable, Sendable {
    case nodes, accelerators, cost, budget
  }
}

extension Violation: CustomStringConvertible {
  public var description: String {
    switch self {
    case .standing(let fault): fault.description
    case .bounds(let fault): fault.description
    case .touching(let fault): fault.description
    case .ordering(let fault): fault.description
    case .agreement(let fault): fault.description
    }
  }
}

extension Violation.Standing: CustomStringConvertible {
  public var description: String {
    switch self {
    case .amountsExceeded(let node): "more is placed on \(node) than it has"
    case .deviceExceeded(let node, let device): "device \(device) of \(node) is given out twice"
    case .wrongDevices(let replica, let node):
      "\(replica) gets other devices on \(node) than it needs"
    case .nowhere(let replica, let node): "\(replica) is placed on \(node), which doesn't exist"
    case .closedNode(let replica, let node): "\(replica) is placed on \(node), which is closed"
    case .placedTwice(let replica): "\(replica) is placed twice"
    case .unknownWorkload(let replica): "\(replica) is placed, and nobody wants it"
    case .ruleBroken(let replica, let node, let rule):
      "\(replica) on \(node) breaks \(rule.rawValue)"
    case .gangSplit(let gang): "only a part of the gang \(gang) is placed"
    case .gangOverClusters(let gang): "the gang \(gang) is spread over clusters"
    case .gangOffStep(let gang, let replicas, let step):
      "the gang \(gang) gets \(replicas) replicas, which are not whole steps of \(step)"
    }
  }
}

extension Violation.Bounds: CustomStringConvertible {
  public var description: String {
    switch self {
    case .nameUsedTwice(let node): "the name \(node) is used twice"
    case .notOffered(let node): "\(node) is bought, and its pool doesn't sell such a node"
    case .poolExceeded(let pool, let nodes, let max):
      "the pool \(pool) grows to \(nodes) nodes, above its maximum of \(max)"
    case .poolCostExceeded(let pool): "the pool \(pool) grows beyond its limit of cost"
    case .clusterExceeded(let cluster, let bound):
      "\(cluster) grows beyond its limit of \(bound.rawValue)"
    case .queueExceeded(let queue): "the queue \(queue) gets more than its limit"
    }
  }
}

extension Violation.Touching: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notOurs(let action): "'\(action)' touches what is not ours"
    case .protected(let action): "'\(action)' touches what is protected"
    case .notObserved(let action): "'\(action)' acts in a cluster that was not wholly seen"
    case .forgotten(let node): "\(node) was not seen, and the target forgets it"
    case .budgetExceeded(let pool, let going, let budget):
      "\(going) nodes of the pool \(pool) go at once, where its budget is \(budget)"
    case .belowMinimum(let pool, let nodes, let min):
      "the pool \(pool) is left \(nodes) nodes for money's sake, where its minimum is \(min)"
    case .interrupted(let workload, let ready, let needed):
      "\(workload) can fall to \(ready) ready replicas, where it needs \(needed)"
    case .overSurged(let workload, let running, let allowed):
      "\(workload) can rise to \(running) replicas, where \(allowed) are allowed"
    case .preemptsUnlawfully(let replica, let workload):
      "\(replica) makes room for \(workload), which has no higher claim"
    }
  }
}

extension Violation.Ordering: CustomStringConvertible {
  public var description: String {
    switch self {
    case .repeated(let action): "'\(action)' is listed twice"
    case .missingWait(let action, let wait): "'\(action)' doesn't wait until \(wait.text)"
    case .neverHolds(let action, let wait):
      "'\(action)' waits until \(wait.text), which nothing brings about"
    case .outOfOrder(let action, let wait):
      "'\(action)' stands before what it waits for: until \(wait.text)"
    case .roomNotCleared(let action, let node):
      "'\(action)' can come before there is room on \(node)"
    }
  }
}

extension Violation.Agreement: CustomStringConvertible {
  public var description: String {
    switch self {
    case .wrongParent: "the target was not made from the current one"
    case .actionMissing(let action): "the target asks for '\(action)', which is missing"
    case .actionUnasked(let action): "'\(action)' is not what the target asks for"
    case .placementUnfounded(let replica):
      "the plan tells a change of \(replica) that it doesn't make"
    case .placementMissing(let replica): "the plan doesn't tell what happens to \(replica)"
    case .nodeChangeUnfounded(let node): "the plan tells a change of \(node) that it doesn't make"
    case .nodeChangeMissing(let node): "the plan doesn't tell what happens to \(node)"
    case .costWrong(let stated, let summed):
      "the cost is stated as \(stated.micros) millionths, and comes to \(summed.micros)"
    }
  }
}

extension Wait {
  fileprivate var text: String {
    switch self {
    case .nodeReady(let node): "\(node) is ready"
    case .nodeEmpty(let node): "\(node) is empty"
    case .replicaReady(let replica, let node): "\(replica) is ready on \(node)"
    case .replicaGone(let replica, let node): "\(replica) is gone from \(node)"
    }
  }
}
