import Model

/// From numbers back to names.
extension Standing {
  func result(_ claims: Claims) -> SchedulingResult {
    let ranked = ranked()
    let numbers = purchaseNumbers()
    var placements: [ScheduledReplica] = []
    placements.reserveCapacity(problem.replicaCount)
    var preemptions: [Preemption] = []
    for want in problem.wants where want.headroomOf == nil {
      for replica in want.replicas {
        let id = ReplicaID(want.workload, want.ordinal(of: replica))
        let node = Int(ranked.home[replica])
        if node >= 0 {
          let home = home(node, numbers)
          placements.append(
            ScheduledReplica(replica: id, home: home, devices: ranked.mask[replica].indices))
        }
        if let preemption = preemption(replica, id, ranked) { preemptions.append(preemption) }
      }
    }
    return SchedulingResult(
      placements: placements, purchases: boughtNodes(), preemptions: preemptions,
      pending: told?.pending ?? pending(), reduced: told?.reduced ?? reduced(),
      headrooms: keptHeadrooms { home($0, numbers) })
  }

  private func home(_ node: Int, _ numbers: [Int]) -> ScheduledReplica.Home {
    node < problem.nodes.count
      ? .existing(problem.nodes[node].id) : .new(numbers[node - problem.nodes.count])
  }

  private func preemption(
    _ replica: Int, _ id: ReplicaID, _ ranked: (home: [Int32], mask: [UInt64])
  ) -> Preemption? {
    guard origin[replica] >= 0, let eviction = eviction[replica] else { return nil }
    if ranked.home[replica] == origin[replica] && ranked.mask[replica] == originMask[replica] {
      return nil
    }
    return Preemption(
      replica: id, node: problem.nodes[Int(origin[replica])].id,
      by: problem.wants[eviction.by].workload, cause: eviction.cause,
      lossMilliDeviceSeconds: loss[replica])
  }

  /// Homes with the new replicas of each gang renumbered, so that ranks that follow one another stand
  /// on nodes that do.
  private func ranked() -> (home: [Int32], mask: [UInt64]) {
    var (home, mask) = (home, mask)
    for (index, want) in problem.wants.enumerated() where want.isGang && placed[index] > 1 {
      let movable = want.replicas.filter { home[$0] >= 0 && !isKept($0) }
      let places = movable.map { (node: home[$0], mask: mask[$0]) }.sorted { left, right in
        let (one, other) = (fleet.spots[Int(left.node)], fleet.spots[Int(right.node)])
        let area = (one.zone, one.fabric, one.block, one.rack)
        let rival = (other.zone, other.fabric, other.block, other.rack)
        if area != rival { return area < rival }
        return (left.node, left.mask) < (right.node, right.mask)
      }
      for (replica, place) in zip(movable, places) {
        home[replica] = place.node
        mask[replica] = place.mask
      }
    }
    return (home, mask)
  }

  /// The place of each purchase among those that were not given up.
  private func purchaseNumbers() -> [Int] {
    var number = -1
    return purchases.map {
      if !$0.isDropped { number += 1 }
      return number
    }
  }

  private func boughtNodes() -> [NodePurchase] {
    purchases.indices.filter { !purchases[$0].isDropped }.map { index in
      NodePurchase(offer: problem.offers[purchases[index].offer].offer, cause: cause(index))
    }
  }

  private func cause(_ purchase: Int) -> NodePurchase.Cause {
    let residents = replicas(on: problem.nodes.count + purchase).map { Int(wantOf[$0]) }
    let first = residents.min { left, right in
      (-problem.wants[left].priority, left) < (-problem.wants[right].priority, right)
    }
    guard let first, !purchases[purchase].isForMinimum else { return .poolMinimum }
    if problem.wants[first].headroomOf != nil { return .headroom }
    return .replicas(of: problem.wants[first].workload)
  }
}
