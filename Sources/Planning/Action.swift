public import Model

/// One step toward a target, with its cause and what must hold before it may be taken.
public struct Action: Hashable, Sendable {
  public var step: Step
  public var cause: Cause
  /// Facts of the world that must come about first: none of them holds yet where the action was
  /// computed. They are made true by other actions or by the world itself, so they order the actions
  /// of a plan; the step may be taken once it is computed again without any.
  public var waits: [Wait]

  public init(step: Step, cause: Cause, waits: [Wait] = []) {
    self.step = step
    self.cause = cause
    self.waits = waits
  }

  /// Unique within a plan, stable from tick to tick: `start llama-pretrain/3 on research-us/h100-1 #2`.
  public var id: ActionID { step.id }
}

/// What is done to the world.
public enum Step: Hashable, Sendable {
  case createNode(TargetNode)
  /// No new replicas there; those that run are stopped by actions of their own.
  case drainNode(NodeID)
  case deleteNode(NodeID)
  case startReplica(ReplicaOrder)
  /// Stops the replica on that node and only there.
  case stopReplica(ReplicaID, on: NodeID)

  public var id: ActionID {
    switch self {
    case .createNode(let node): .create(node.id)
    case .drainNode(let node): ActionID("drain \(node)")
    case .deleteNode(let node): ActionID("delete \(node)")
    case .startReplica(let order): .start(order.replica)
    case .stopReplica(let replica, let node): ActionID("stop \(replica) on \(node)")
    }
  }

  public var cluster: ClusterName {
    switch self {
    case .createNode(let node): node.id.cluster
    case .drainNode(let node), .deleteNode(let node): node.cluster
    case .startReplica(let order): order.replica.node.cluster
    case .stopReplica(_, let node): node.cluster
    }
  }
}

/// A replica with all that a provider needs to start it.
public struct ReplicaOrder: Hashable, Sendable {
  public var replica: TargetReplica
  /// Of the workload: image, command, environment, resources and the size of its gang.
  public var workload: WorkloadSpec
  /// How many replicas the workload has in this target.
  public var replicaCount: Int
  /// Of a gang: all of it by ordinal, this one included, so that a provider can start it as one; empty
  /// for a service.
  public var gang: [TargetReplica]

  public init(
    replica: TargetReplica, workload: WorkloadSpec, replicaCount: Int, gang: [TargetReplica] = []
  ) {
    self.replica = replica
    self.workload = workload
    self.replicaCount = replicaCount
    self.gang = gang
  }
}

/// An action's name within its plan.
public struct ActionID: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let text: String

  public init(_ text: String) { self.text = text }

  public var description: String { text }

  public static func create(_ node: NodeID) -> ActionID { ActionID("create \(node)") }

  public static func start(_ replica: TargetReplica) -> ActionID {
    ActionID("start \(replica.id) on \(replica.node) #\(replica.incarnation)")
  }

  /// Where it is done: of the node, which is the last word that is no number. Nil for another text.
  public var cluster: ClusterName? {
    let words = text.split(separator: " ")
    guard let node = words.last(where: { !$0.hasPrefix("#") }),
      let end = node.firstIndex(of: "/"), words.count > 1
    else { return nil }
    return ClusterName(String(node[..<end]))
  }

  public static func < (left: ActionID, right: ActionID) -> Bool { left.text < right.text }
}

/// A fact that an action waits for.
public enum Wait: Hashable, Sendable {
  case nodeReady(NodeID)
  /// Nothing of ours runs on the node any more.
  case nodeEmpty(NodeID)
  case replicaReady(ReplicaID, on: NodeID)
  /// The replica is not on that node any more, or finished.
  case replicaGone(ReplicaID, on: NodeID)
}

/// Why an action is taken. The cases are stable: their names stand in JSON.
public enum Cause: Hashable, Sendable {
  /// Newly wanted.
  case wanted
  /// Not wanted any more.
  case unwanted
  /// The workload or the pool changed; this field asks for a new start or another node.
  case changed(path: String)
  /// Its node is lost or being taken away by the provider.
  case nodeLost(NodeID, reason: String?)
  /// It was there once and is not any more, through no step of ours, while its node is well.
  case replicaLost(on: NodeID)
  /// Its node is given back or replaced by us.
  case nodeLeaving(NodeID)
  case preempted(by: WorkloadName, Preemption)
  /// Another replica of its gang must start anew.
  case gangRestart
  /// Without this node, replicas of this workload would have no home.
  case needed(by: WorkloadName)
  case poolMinimum
  /// The pool keeps room free on it.
  case headroom
  /// Above the pool's maximum or its pool is gone.
  case poolShrunk
  /// Nothing has been on it for as long as the pool allows.
  case empty(since: Timestamp)
  /// What stands on it fits elsewhere, and that saves this much: the saving of so many nodes that go
  /// together, less what is bought for them.
  case underused(nodes: Int, savingPerHour: Money)
  /// Older than the pool allows.
  case expired
  /// Nobody's desired state knows it, but it carries our tag.
  case orphaned

  public enum Preemption: String, CaseIterable, Hashable, Sendable {
    case priority, reclaim, gang
    /// It runs above its gang's least size.
    case elastic
  }
}
