import Model

/// Why replicas found no home.
extension Standing {
  func pending(_ claims: Claims) -> [PendingReplicas] {
    problem.wants.indices.filter { missing($0) > 0 }.map { index in
      let want = problem.wants[index]
      return PendingReplicas(
        workload: want.workload,
        ordinals: want.replicas.filter { home[$0] < 0 }.map { $0 - want.firstReplica },
        reasons: reasons(index))
    }
  }

  private func reasons(_ want: Int) -> [ReasonCount] {
    let domains = problem.wants[want].spread == nil ? nil : SpreadDomains(self, want)
    var nodes: [PendingReason: Int] = [:]
    for node in problem.nodes.indices {
      nodes[reason(want, node: node, domains), default: 0] += 1
    }
    var offers: [PendingReason: Int] = [:]
    for offer in problem.offers { offers[reason(want, offer, domains), default: 0] += 1 }
    return PendingReason.allCases.compactMap { reason in
      let count = ReasonCount(reason, nodes: nodes[reason] ?? 0, offers: offers[reason] ?? 0)
      return count.nodes + count.offers == 0 ? nil : count
    }
  }

  private func reason(_ want: Int, node: Int, _ domains: SpreadDomains?) -> PendingReason {
    let classID = problem.wants[want].classID
    if let refusal = problem.permit(classID, Int(fleet.kind[node])) { return refusal }
    if let shortage = Room(fleet, node).shortage(of: problem.classes[classID]) { return shortage }
    if let domains, !domains.allows(domains.domain(of: node, self)) { return .spread }
    return queueReason(want, model: Int(fleet.model[node])) ?? unionReason(want)
  }

  private func reason(_ want: Int, _ offer: Offer, _ domains: SpreadDomains?) -> PendingReason {
    let classID = problem.wants[want].classID
    if let refusal = problem.permit(classID, offer.spot.kind) { return refusal }
    var room = Room(offer.offer.capacity)
    if let shortage = room.shortage(of: problem.classes[classID]) { return shortage }
    if let domains, !domains.allows(domains.domain(of: offer)) { return .spread }
    if let bound = queueReason(want, model: offer.model) { return bound }
    let perNode = max(1, room.take(problem.classes[classID], atMost: missing(want)))
    let nodes = problem.wants[want].isGang ? (missing(want) + perNode - 1) / perNode : 1
    return rooms.refusal(offer, count: nodes) ?? unionReason(want)
  }

  /// The bound of its queues that keeps out the replica, or for a gang all that are missing.
  private func queueReason(_ want: Int, model: Int) -> PendingReason? {
    let count = problem.wants[want].isGang ? missing(want) : 1
    let charge = replicaClass(of: want).charge.multipliedSaturated(by: Int64(count))
    guard charge > 0 else { return nil }
    let (milli, bound) = headroom(queue: problem.wants[want].queue, model: model)
    return milli < charge ? bound : nil
  }

  /// A node with room can only be of no use because not all fit together.
  private func unionReason(_ want: Int) -> PendingReason {
    problem.wants[want].pack == nil ? .gang : .pack
  }
}
