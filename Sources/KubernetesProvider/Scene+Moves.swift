import Model
import Planning
import ProviderDesk

/// What a step comes to, given what there is. Pure: refusals and moves follow from the scene.
extension Scene {
  // MARK: Stopping

  func stop(_ replica: ReplicaID, on node: NodeID, _ key: IdempotencyKey) -> [Move] {
    let ours = ours
    let all = ours.filter { $0.order.replica.id == replica && $0.order.replica.node == node }
    // A stop that was carried out once is for the pods of that time.
    let earlier = Set(memories.filter { $0.stopKey == key.text }.compactMap(\.order))
    let isRepeated = earlier.contains { $0.replica.id == replica && $0.replica.node == node }
    var moves: [Move] = []
    for (pod, order) in all where !isRepeated || earlier.contains(order) {
      if !memories.contains(where: { $0.order == order && $0.stopKey == key.text }) {
        moves.append(.remember(order, stopKey: key, pod.name))
      }
      if pod.hasEnded || pod.node == nil {
        moves.append(.remove(pod.name))
      } else if !pod.meta.isDeleting {
        moves.append(.evict(pod.name, besides: replica.workload))
      }
    }
    let others = ours.contains { pod, order in
      order.replica.id.workload == replica.workload && !pod.meta.isDeleting
        && !all.contains { $0.pod.meta.uid == pod.meta.uid }
    }
    return moves.isEmpty || others ? moves : moves + [.withdraw(replica.workload, of: cluster.name)]
  }

  // MARK: Starting

  func start(_ order: ReplicaOrder, _ key: IdempotencyKey) throws(Failure) -> [Move] {
    guard !order.workload.image.isEmpty else {
      throw .terminal(
        "workload '\(order.workload.name)' has no image, and Kubernetes runs nothing without one")
    }
    // Whoever was started as part of a gang carries the key of that one's first call.
    func isThis(_ twin: PodOrder) -> Bool {
      twin.key == key && twin.replica.id == order.replica.id
        || twin.isOfGang && twin.replica == order.replica
    }
    let ours = ours
    if memories.contains(where: { $0.order.map(isThis) ?? false }) { return [] }
    if let (pod, _) = ours.first(where: { isThis($0.order) }), pod.node != nil || pod.hasEnded {
      return []
    }
    let members = startsAsOne(order) ? order.gang : [order.replica]
    let ids = Set(members.map(\.id))
    let around = around(Set(members.map(\.node)), ids)
    let homes = Dictionary(around.places.map { ($0.id, $0) }) { first, _ in first }
    let seen = around.observation
    if try seen.hasStarted(order.replica) { return [] }
    var moves = leftovers(of: members, ours)
    var creations: [Move] = []
    var bindings: [Move] = []
    for member in members {
      // Those that stand already were started before; those that were stopped are not called back.
      let isThere = ours.contains { $0.order.replica == member && $0.pod.node != nil }
      let isOver = memories.contains { $0.order?.replica == member }
      if member != order.replica, isThere || isOver { continue }
      let place = homes[member.node]
      let node = try room(for: member, order.workload, place, seen)
      moves += place.map(claim) ?? []
      if !order.workload.volumes.isEmpty {
        moves.append(.place(claims: order.workload.claims, on: node))
      }
      if let (pod, _) = ours.first(where: { waits($0.pod, for: member, $0.order) }) {
        bindings.append(.bind(pod.name, node: node.meta.name))
        continue
      }
      let new = try newPod(member, order, key, isOfGang: members.count > 1)
      creations.append(.create(new))
      bindings.append(.bind(new.name, node: node.meta.name))
    }
    moves.append(.offer(offer(order)))
    // Nothing of a gang runs before all of it is there.
    return moves + creations + bindings
  }

  /// Made for just this start, and not bound: whoever made it did not come to it.
  private func waits(_ pod: KubePod, for replica: TargetReplica, _ order: PodOrder) -> Bool {
    pod.node == nil && !pod.hasEnded && !pod.meta.isDeleting && order.replica == replica
  }

  /// All of a gang starts with the first of its members that is asked for. One that grows and shrinks
  /// goes on with whoever is left, so its members are not bound together.
  private func startsAsOne(_ order: ReplicaOrder) -> Bool {
    order.workload.elasticRange == nil && order.gang.count > 1
      && order.gang.contains(order.replica)
  }

  /// Pods that were made for other starts and never bound; and of those that ended, all but the last
  /// few, which say how often it failed.
  private func leftovers(
    of members: [TargetReplica], _ ours: [(pod: KubePod, order: PodOrder)]
  ) -> [Move] {
    members.flatMap { member in
      let pods = ours.filter { $0.order.replica.id == member.id }
      let unbound = pods.filter {
        $0.pod.node == nil && !waits($0.pod, for: member, $0.order) && !$0.pod.meta.isDeleting
      }
      let ended = pods.filter { $0.pod.node != nil && $0.pod.hasEnded }.dropLast(Self.endedMax)
      return (unbound + ended).map { Move.remove($0.pod.name) }
    }
  }

  private static let endedMax = 6

  /// The node where there is room for it; throws where there is none.
  private func room(
    for replica: TargetReplica, _ workload: WorkloadSpec, _ place: Place?, _ seen: Observation
  ) throws(Failure) -> KubeNode {
    try seen.refuse(replica, of: workload)
    guard let node = place?.node else {
      throw .conflict("there is no node '\(replica.node)'")
    }
    return node
  }

  private func newPod(
    _ replica: TargetReplica, _ order: ReplicaOrder, _ key: IdempotencyKey, isOfGang: Bool
  ) throws(Failure) -> NewPod {
    NewPod(
      order: PodOrder(
        cluster: cluster.name, key: key, replica: replica, resources: order.workload.resources,
        type: order.workload.type, isOfGang: isOfGang),
      workload: order.workload, replicaCount: order.replicaCount, gang: order.gang,
      extended: try extended(order.workload.resources.accelerator))
  }

  private func extended(_ request: AcceleratorRequest?) throws(Failure) -> [String: Int64] {
    guard let request else { return [:] }
    guard request.isShare else {
      return [settings.acceleratorResource: Int64(request.devices)]
    }
    guard let resource = settings.shareResource else {
      throw .terminal(
        "cluster '\(cluster.name)' has no shares of devices: its setting 'shareResource' names none"
      )
    }
    let milli = request.milliDevices.multipliedSaturated(by: Int64(settings.sharesPerDevice))
    // Rounded up, fewer would fit than were planned.
    guard milli % 1000 == 0 else {
      throw .terminal(
        "\(request) is no whole number of shares: each device has \(settings.sharesPerDevice)")
    }
    return [resource: milli / 1000]
  }

  private func offer(_ order: ReplicaOrder) -> Offer {
    // A budget for pods that have no controller of Kubernetes' own can only say how many must stay.
    let mayGo = max(1, order.workload.rollout.maxUnavailable.of(order.replicaCount))
    return Offer(
      cluster: cluster.name, workload: order.workload.name, type: order.workload.type,
      availableMin: max(0, order.replicaCount - mayGo))
  }
}

extension WorkloadSpec {
  /// Of its volumes, each once.
  var claims: [String] {
    var seen: Set<String> = []
    return volumes.map(\.claim).filter { seen.insert($0).inserted }
  }
}

extension KubePod {
  var name: PodName {
    PodName(name: meta.name, uid: meta.uid.hasPrefix("new ") ? nil : meta.uid)
  }
}
