import Scheduling

/// Why nodes and offers can't take a replica, in words.
enum Reasons {
  /// `14 nodes and 2 offers without enough free devices`
  static func text(_ count: ReasonCount) -> String {
    var things: [String] = []
    if count.nodes > 0 { things.append(counted(count.nodes, "node")) }
    if count.offers > 0 { things.append(counted(count.offers, "offer")) }
    let subject = things.joined(separator: " and ")
    return subject.isEmpty ? text(count.reason) : "\(subject) \(text(count.reason))"
  }

  static func text(_ reason: PendingReason) -> String {
    switch reason {
    case .cluster: "in clusters that it may not use"
    case .nodeClosed: "closed to new replicas"
    case .nodeSelector: "without the labels that it selects"
    case .taint: "with a taint that it doesn't tolerate"
    case .reserved: "reserved for other queues"
    case .acceleratorModel: "without the accelerator model that it asks for"
    case .acceleratorMemory: "with too little memory on each device"
    case .acceleratorCount: "without enough free devices"
    case .cpu: "without enough free cpu"
    case .memory: "without enough free memory"
    case .storage: "without enough free storage"
    case .network: "without enough free network"
    case .spread: "ruled out by its spread"
    case .affinity: "without a neighbour that its affinity asks for"
    case .antiAffinity: "ruled out by an anti-affinity, its own or that of who stands there"
    case .pack: "with room, but not for all in one place"
    case .gang: "with room for a part of its gang only"
    case .queueQuota: "beyond its queue's quota"
    case .queueLimit: "beyond its queue's limit"
    case .poolLimit: "in pools that may not grow further"
    case .poolCostLimit: "beyond the pool's limit of cost"
    case .clusterNodeLimit: "beyond the cluster's limit of nodes"
    case .clusterAcceleratorLimit: "beyond the cluster's limit of accelerators"
    case .clusterCostLimit: "beyond the cluster's limit of cost"
    case .clusterBudget: "in clusters whose budget of this month is spent"
    }
  }
}
