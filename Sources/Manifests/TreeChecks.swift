import Diagnostics
import Model

extension Resolver {
  /// Every queue has a top, and the quotas below one are not more than its own.
  mutating func checkQueueTree() {
    let origins = queueOrigins
    var inCycle: Set<QueueName> = []
    for manifest in given {
      guard case .queue(let queue) = manifest.spec, !inCycle.contains(queue.name) else { continue }
      let cycle = cycle(from: queue.name)
      guard !cycle.isEmpty else { continue }
      inCycle.formUnion(cycle)
      report(.queueCycle(cycle, manifest.origin.span("spec", "parent")))
    }
    for manifest in given {
      guard case .queue(let queue) = manifest.spec, !inCycle.contains(queue.name) else { continue }
      checkQuotas(below: queue, origins)
    }
  }

  private var queueOrigins: [QueueName: Origin] {
    var origins: [QueueName: Origin] = [:]
    for manifest in given {
      if case .queue(let queue) = manifest.spec { origins[queue.name] = manifest.origin }
    }
    return origins
  }

  /// The queues from `name` upwards back to itself; empty if that ends at a top.
  private func cycle(from name: QueueName) -> [QueueName] {
    var path = [name]
    var seen: Set<QueueName> = [name]
    var next = queues[name]?.parent
    while let parent = next {
      if parent == name { return path }
      guard seen.insert(parent).inserted else { return [] }
      path.append(parent)
      next = queues[parent]?.parent
    }
    return []
  }

  private mutating func checkQuotas(below queue: QueueSpec, _ origins: [QueueName: Origin]) {
    guard let quota = queue.quota.accelerators, let origin = origins[queue.name] else { return }
    let children = queues.values.filter { $0.parent == queue.name }
    let sum = children.compactMap(\.quota.accelerators).reduce(0) { $0.addingSaturated($1) }
    guard sum > quota else { return }
    let notes = children.sorted { $0.name < $1.name }.compactMap { child in
      origins[child.name].map { origin in
        Diagnostic.Note(
          span: origin.span("spec", "quota"),
          text: "\(child.quota.accelerators ?? 0) of them for '\(child.name)'")
      }
    }
    report(
      .quotaOverParent(
        queue.name, sum: sum, quota: quota, origin.span("spec", "quota", "accelerators"), notes))
  }

  /// What other sets refer to must not go with a set that is applied without it.
  mutating func checkOtherSets() {
    guard !hasUnknownNames else { return }
    let others = stored.objectsOutside(sets)
    for pool in others.nodePools where isGone(.cluster, pool.cluster.text) {
      report(.stillUsed(ObjectID(.cluster, pool.cluster.text), by: pool.id, of: pool.metadata.set))
    }
    for pool in others.nodePools {
      for queue in pool.reservedFor where isGone(.queue, queue.text) {
        report(.stillUsed(ObjectID(.queue, queue.text), by: pool.id, of: pool.metadata.set))
      }
    }
    for queue in others.queues {
      guard let parent = queue.parent, isGone(.queue, parent.text) else { continue }
      report(.stillUsed(ObjectID(.queue, parent.text), by: queue.id, of: queue.metadata.set))
    }
    for workload in others.workloads {
      let set = workload.metadata.set
      for cluster in workload.clusters where isGone(.cluster, cluster.text) {
        report(.stillUsed(ObjectID(.cluster, cluster.text), by: workload.id, of: set))
      }
      guard let queue = workload.queue, isGone(.queue, queue.text) else { continue }
      report(.stillUsed(ObjectID(.queue, queue.text), by: workload.id, of: set))
    }
  }

  /// Whether it is there now and will not be.
  private func isGone(_ kind: Kind, _ name: String) -> Bool {
    guard !undecoded.contains(ObjectID(kind, name)) else { return false }
    switch kind {
    case .cluster:
      return clusters[ClusterName(name)] == nil
        && stored.clusters.contains { $0.name.text == name }
    case .queue:
      return queues[QueueName(name)] == nil && stored.queues.contains { $0.name.text == name }
    case .nodePool, .workload, .gate: return false
    }
  }
}

extension DesiredState {
  fileprivate func objectsOutside(_ sets: Set<SetName>) -> DesiredState {
    replacing(sets: sets, with: .empty)
  }
}
