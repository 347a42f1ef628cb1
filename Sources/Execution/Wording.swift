public import Interfaces
public import Model
import Planning
public import Reconciliation

// What happens, in words for the list of events.

extension Event {
  /// As the list of events tells it.
  public init(_ happening: Happening, at: Timestamp) {
    switch happening {
    case .took(let action):
      self.init(
        at: at, subject: action.step.subject, reason: action.step.reason,
        message: action.step.message)
    case .failed(let action, let failure):
      self.init(
        at: at, subject: action.step.subject, reason: "Failed",
        message: "\(action.id): \(failure)")
    case .gaveUp(let action, let failure):
      self.init(
        at: at, subject: action.step.subject, reason: "GaveUp",
        message: "\(action.id): \(failure)")
    case .lostSight(let cluster, let failure):
      self.init(
        at: at, subject: "Cluster/\(cluster)", reason: "NotObserved", message: "\(failure)")
    case .sees(let cluster):
      self.init(
        at: at, subject: "Cluster/\(cluster)", reason: "Observed", message: "it answers again")
    case .converged(let target):
      self.init(
        at: at, subject: "target \(target)", reason: "Converged",
        message: "everything is there and ready")
    case .draining(let replica, let node, let time):
      self.init(
        at: at, subject: "Workload/\(replica.workload)", reason: "ReplicaDraining",
        message: "\(replica) on \(node) gets no new requests, and stops in \(time)")
    case .undrained(let replica, let node):
      self.init(
        at: at, subject: "Workload/\(replica.workload)", reason: "ReplicaNotDrained",
        message: "\(replica) on \(node) stops, and its balancer could not be told")
    case .notPublished(let cluster, let failure, let nextTry):
      self.init(
        at: at, subject: "Cluster/\(cluster)", reason: "EndpointsNotPublished",
        message: "\(failure); tried again from \(nextTry) on")
    case .published(let cluster):
      self.init(
        at: at, subject: "Cluster/\(cluster)", reason: "EndpointsPublished",
        message: "its balancer knows its endpoints again")
    }
  }
}

extension Step {
  fileprivate var subject: String {
    switch self {
    case .createNode(let node): "node \(node.id)"
    case .drainNode(let node), .deleteNode(let node): "node \(node)"
    case .startReplica(let order): "Workload/\(order.replica.id.workload)"
    case .stopReplica(let replica, _): "Workload/\(replica.workload)"
    }
  }

  fileprivate var reason: String {
    switch self {
    case .createNode: "NodeCreated"
    case .drainNode: "NodeDrained"
    case .deleteNode: "NodeDeleted"
    case .startReplica: "ReplicaStarted"
    case .stopReplica: "ReplicaStopped"
    }
  }

  fileprivate var message: String {
    switch self {
    case .createNode(let node):
      "\(node.instanceType), \(node.capacityType.rawValue), in \(node.zone)"
    case .drainNode: "no new replicas"
    case .deleteNode: "given back"
    case .startReplica(let order): "\(order.replica.id) on \(order.replica.node)"
    case .stopReplica(let replica, let node): "\(replica) on \(node)"
    }
  }
}

extension StoreError {
  /// For those who watch a loop that goes on.
  public var wording: String {
    switch self {
    case .busy(let path): "\(path) is in use by another process"
    case .diskFull(let path): "no space left for \(path)"
    case .newer(let path, let version, let supported):
      "\(path) has format \(version), this release knows \(supported)"
    case .corrupt(let path, let detail): "\(path) is damaged: \(detail)"
    case .unreadable(let path, let detail): "\(path) can't be used: \(detail)"
    case .superseded: "another target was adopted"
    case .leaseLost(let holder): "\(holder) keeps the world by now"
    }
  }
}
