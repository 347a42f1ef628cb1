import Model
import Scheduling

/// The one change to a manifest that would make pending replicas fit, in words.
enum Remedies {
  static func sentence(_ remedy: Remedy?, for workload: WorkloadName) -> String {
    remedy.map { "would fit with: \(text($0, for: workload))" }
      ?? "no single change was found that would make it fit"
  }

  static func text(_ remedy: Remedy, for workload: WorkloadName) -> String {
    let own = "Workload/\(workload)"
    return switch remedy {
    case .raisePoolMaximum(let pool, let count): "NodePool/\(pool) spec.nodes up to \(count)"
    case .raisePoolCost(let pool, let cost): "NodePool/\(pool) spec.limits.cost \(cost.perHourText)"
    case .raiseClusterNodes(let cluster, let count): "Cluster/\(cluster) spec.limits.nodes \(count)"
    case .raiseClusterAccelerators(let cluster, let count):
      "Cluster/\(cluster) spec.limits.accelerators \(count)"
    case .raiseClusterCost(let cluster, let cost):
      "Cluster/\(cluster) spec.limits.cost \(cost.perHourText)"
    case .raiseQueueQuota(let queue, let count): "Queue/\(queue) spec.quota.accelerators \(count)"
    case .raisePriority(let priority): "\(own) spec.priority \(priority)"
    case .lowerReplicas(let count): "\(own) spec.replicas \(count)"
    case .lowerAcceleratorCount(let milli):
      "\(own) spec.resources.accelerator of \(Quantity.decimal.text(milli)) devices"
    case .lowerCPU(let milli): "\(own) spec.resources.cpu \(Quantity.cores.text(milli))"
    case .lowerMemory(let bytes): "\(own) spec.resources.memory \(Quantity.bytes.text(bytes))"
    case .dropSpread: "\(own) without spec.placement.spread"
    case .dropPack: "\(own) without spec.placement.pack"
    case .dropAffinity: "\(own) without spec.placement.affinity"
    case .dropAntiAffinity: "\(own) without spec.placement.antiAffinity"
    case .dropNodeSelector(let key): "\(own) without '\(key)' in spec.placement.nodeSelector"
    case .tolerate(let taint): "\(own) spec.placement.tolerations with '\(Taints.text(taint))'"
    case .allowCluster(let cluster): "\(own) spec.clusters with \(cluster)"
    case .joinQueue(let queue): "\(own) spec.queue \(queue)"
    }
  }
}

enum Taints {
  /// `dedicated=training`
  static func text(_ taint: Taint) -> String {
    taint.value.isEmpty ? taint.key : "\(taint.key)=\(taint.value)"
  }
}
