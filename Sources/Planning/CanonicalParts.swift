import Autoscaling
import Model
import Scheduling

// Nouns and sums of cases, as ids take them in. Numbers stay numbers: a money's or a resource's text
// may round.

extension Name: CanonicallyWritten {}
extension NodeID: CanonicallyWritten {}
extension ReplicaID: CanonicallyWritten {}

extension Money: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) { bytes.add(micros) }
}

extension Resources: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) {
    for amount in [cpuMilli, memoryBytes, storageBytes, networkBitsPerSecond] { bytes.add(amount) }
  }
}

extension Accelerators: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) {
    bytes.add(model.text)
    bytes.add(count)
    bytes.add(memoryBytes)
  }
}

extension Labels.Pair: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) {
    bytes.add(key)
    bytes.add(value)
  }
}

extension Taint: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) {
    bytes.add(key)
    bytes.add(value)
    bytes.add(effect.rawValue)
  }
}

extension Wait: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) {
    switch self {
    case .nodeReady(let node): bytes.addCase("nodeReady", node)
    case .nodeEmpty(let node): bytes.addCase("nodeEmpty", node)
    case .replicaReady(let replica, let node): bytes.addCase("replicaReady", replica, node)
    case .replicaGone(let replica, let node): bytes.addCase("replicaGone", replica, node)
    }
  }
}

extension Cause: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) {
    switch self {
    case .wanted: bytes.add("wanted")
    case .unwanted: bytes.add("unwanted")
    case .changed(let path): bytes.addCase("changed", path)
    case .nodeLost(let node, let reason):
      bytes.addCase("nodeLost", node)
      bytes.add(reason)
    case .replicaLost(let node): bytes.addCase("replicaLost", node)
    case .nodeLeaving(let node): bytes.addCase("nodeLeaving", node)
    case .preempted(let workload, let kind):
      bytes.addCase("preempted", workload, kind.rawValue)
    case .gangRestart: bytes.add("gangRestart")
    case .needed(let workload): bytes.addCase("needed", workload)
    case .poolMinimum: bytes.add("poolMinimum")
    case .headroom: bytes.add("headroom")
    case .poolShrunk: bytes.add("poolShrunk")
    case .empty(let since):
      bytes.add("empty")
      bytes.add(since.seconds)
    case .underused(let nodes, let saving): bytes.addCase("underused", nodes, saving)
    case .expired: bytes.add("expired")
    case .orphaned: bytes.add("orphaned")
    }
  }
}

extension Remedy: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) {
    switch self {
    case .raisePoolMaximum(let pool, let count): bytes.addCase("raisePoolMaximum", pool, count)
    case .raiseClusterNodes(let cluster, let count):
      bytes.addCase("raiseClusterNodes", cluster, count)
    case .raiseClusterAccelerators(let cluster, let count):
      bytes.addCase("raiseClusterAccelerators", cluster, count)
    case .raisePoolCost(let pool, let cost): bytes.addCase("raisePoolCost", pool, cost)
    case .raiseClusterCost(let cluster, let cost): bytes.addCase("raiseClusterCost", cluster, cost)
    case .raiseQueueQuota(let queue, let count): bytes.addCase("raiseQueueQuota", queue, count)
    case .raisePriority(let priority): bytes.addCase("raisePriority", priority)
    case .lowerReplicas(let count): bytes.addCase("lowerReplicas", count)
    case .lowerAcceleratorCount(let milli): bytes.addCase("lowerAcceleratorCount", Int(milli))
    case .lowerCPU(let milli): bytes.addCase("lowerCPU", Int(milli))
    case .lowerMemory(let count): bytes.addCase("lowerMemory", Int(count))
    case .dropSpread: bytes.add("dropSpread")
    case .dropPack: bytes.add("dropPack")
    case .dropAffinity: bytes.add("dropAffinity")
    case .dropAntiAffinity: bytes.add("dropAntiAffinity")
    case .dropNodeSelector(let key): bytes.addCase("dropNodeSelector", key)
    case .tolerate(let taint): bytes.addCase("tolerate", taint)
    case .allowCluster(let cluster): bytes.addCase("allowCluster", cluster)
    case .joinQueue(let queue): bytes.addCase("joinQueue", queue)
    }
  }
}

extension ReportEntry: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) {
    switch self {
    case .demandClamped(let workload, let units, let count, let limits):
      bytes.addCase("demandClamped", workload, units, count, limits.min)
      bytes.add(limits.max)
    case .notAssessed(let workload): bytes.addCase("notAssessed", workload)
    case .scaled(let workload, let old, let decision):
      bytes.addCase("scaled", workload, old, decision.replicas, decision.reason.rawValue)
      bytes.add(decision.needMilli.map(Int.init(clamping:)))
      bytes.add(decision.expectedMilli.map(Int.init(clamping:)))
      bytes.add(decision.moment.map { Int(clamping: $0.seconds) })
    case .notObserved(let cluster, let reason):
      bytes.addCase("notObserved", cluster)
      bytes.add(reason)
    case .contested(let cluster, let scheduler): bytes.addCase("contested", cluster, scheduler)
    case .rolloutHeld(let workload, let pending): bytes.addCase("rolloutHeld", workload, pending)
    case .disruptionDeferred(let node, let budget):
      bytes.addCase("disruptionDeferred", node, budget)
    case .kept(let object): bytes.addCase("kept", object.description)
    case .reduced(let workload, let replicas, let max, let pending):
      bytes.addCase("reduced", workload, replicas, max, pending)
    case .finished(let workload): bytes.addCase("finished", workload)
    case .crashLooping(let replica, let restarts): bytes.addCase("crashLooping", replica, restarts)
    case .standsAgainst(let workload, let kind, let rule, let ordinals):
      bytes.addCase("standsAgainst", workload, kind.rawValue, rule.within.rawValue)
      bytes.add(rule.workloads.pairs)
      bytes.add(ordinals)
    case .notPacked(let workload, let level, let areas):
      bytes.addCase("notPacked", workload, level.rawValue, areas)
    case .headroom(let pool, let replicas, let count, let nodes):
      bytes.addCase("headroom", pool, replicas, count)
      bytes.add(nodes)
    case .idle(let workload, let since, let isStopped):
      bytes.addCase("idle", workload, since?.description ?? "", isStopped ? 1 : 0)
    case .overBudget(let owner, let spent, let budget):
      bytes.addCase(
        "overBudget", owner.description, spent, budget.monthly, budget.onExceed.rawValue)
    case .nodeDegraded(let node, let phase, let reason):
      bytes.addCase("nodeDegraded", node, phase.rawValue)
      bytes.add(reason)
    }
  }
}

extension CanonicalBytes {
  /// A case with what it carries.
  mutating func addCase<each Part: CanonicallyWritten>(_ word: String, _ part: repeat each Part) {
    add(word)
    repeat (each part).write(to: &self)
  }
}
