import Model

/// Why replicas found no home.
extension Standing {
  func pending() -> [PendingReplicas] {
    // Loose wants of one class and queue are refused for the same reasons.
    var known: [[Int]: [ReasonCount]] = [:]
    return wanting.map { index in
      let want = problem.wants[index]
      let key = want.isLoose ? [want.classID, want.queue] : []
      let reasons = known[key] ?? reasons(index)
      if want.isLoose { known[key] = reasons }
      return PendingReplicas(
        workload: want.workload,
        ordinals: want.replicas.filter { home[$0] < 0 }.map(want.ordinal), reasons: reasons)
    }
  }

  /// Wants with a claim to replicas that have no home.
  var wanting: [Int] {
    problem.wants.indices.filter {
      missing($0) > 0 && !problem.wants[$0].isStep
        && problem.wants[$0].headroomOf == nil
    }
  }

  /// Elastic gangs that run below their full size.
  func reduced() -> [PendingReplicas] {
    problem.wants.indices.filter { index in
      missing(index) > 0 && problem.wants[index].follows.map { missing($0) == 0 } ?? false
    }.map { index in
      let team = problem.team(of: index)
      return PendingReplicas(
        workload: problem.wants[index].workload,
        ordinals: team.flatMap { step in
          problem.wants[step].replicas.map(problem.wants[step].ordinal)
        }, reasons: reasons(index))
    }
  }

  private func reasons(_ want: Int) -> [ReasonCount] {
    let domains = problem.wants[want].spread == nil ? nil : SpreadDomains(self, want)
    let needs = Needs(replicaClass(of: want))
    var nodes = Array(repeating: 0, count: PendingReason.allCases.count + 1)
    var offers = nodes
    for node in problem.nodes.indices {
      nodes[Int(reason(want, needs, node: node, domains).code)] += 1
    }
    // Nothing is bought for a step.
    for offer in problem.wants[want].isStep ? [] : problem.offers {
      offers[Int(reason(want, offer, domains).code)] += 1
    }
    return PendingReason.allCases.compactMap { reason in
      let code = Int(reason.code)
      let count = ReasonCount(reason, nodes: nodes[code], offers: offers[code])
      return count.nodes + count.offers == 0 ? nil : count
    }
  }

  private func reason(
    _ want: Int, _ needs: Needs, node: Int, _ domains: SpreadDomains?
  ) -> PendingReason {
    let classID = problem.wants[want].classID
    if let refusal = problem.permit(classID, Int(fleet.kind[node])) { return refusal }
    if let shortage = shortage(needs, on: node) { return shortage }
    if let domains, !domains.allows(domains.domain(of: node, self)) { return .spread }
    if let refusal = refusal(want, at: fleet.spots[node], node: node) { return refusal }
    return queueReason(want, model: Int(fleet.model[node])) ?? unionReason(want)
  }

  private func reason(_ want: Int, _ offer: Offer, _ domains: SpreadDomains?) -> PendingReason {
    let classID = problem.wants[want].classID
    if let refusal = problem.permit(classID, offer.spot.kind) { return refusal }
    var room = Room(offer.offer.capacity)
    if let shortage = room.shortage(of: problem.classes[classID]) { return shortage }
    if let domains, !domains.allows(domains.domain(of: offer)) { return .spread }
    if let refusal = refusal(want, at: offer.spot, node: -1) { return refusal }
    if let bound = queueReason(want, model: offer.model) { return bound }
    let most = mostOnNewNode(want, of: missing(want))
    let perNode = max(1, room.take(problem.classes[classID], atMost: most))
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
