import Digests
import Model
import Scheduling

extension Arrangement {
  /// Sixth step: the decision, to the last node and name.
  func target(_ standing: Standing, _ wants: Wants, _ input: PlanningInput) -> Target {
    let byName = Dictionary(uniqueKeysWithValues: wants.wants.map { ($0.workload.name, $0) })
    var replicas: [TargetReplica] = []
    var standIns: [TargetReplica] = []
    for placement in result.placements {
      guard let want = byName[placement.replica.workload] else { continue }
      let replica = decide(placement, want)
      if placement.replica.ordinal < want.count {
        replicas.append(replica)
      } else {
        standIns.append(replica)
      }
    }
    let placed = Set(replicas.map(\.id))
    replicas += fallbacks(wants).filter { !placed.contains($0.id) }
    let stays = nodesThatStay(standing, wants)
    return Target(
      parent: input.previous?.id, desired: input.desiredDigest, nodes: stays + bought,
      replicas: replicas + carried(standing, Set(byName.keys), input), surge: standIns,
      finished: wants.finished, nextNodeOrdinals: ordinals)
  }

  /// The same decision as before where nothing asks for a new start, else the next incarnation.
  private func decide(_ placement: ScheduledReplica, _ want: Want) -> TargetReplica {
    let ordinal = placement.replica.ordinal
    let node = home(placement)
    let old = want.homes[ordinal] ?? want.standIns[ordinal]
    let isHeld = held[want.workload.name] != nil
    let stays = old?.node == node && old?.devices == placement.devices
    if let old, stays, isHeld || !want.restarts.contains(ordinal) {
      return TargetReplica(
        id: placement.replica, node: node, devices: placement.devices, revision: old.revision,
        incarnation: old.incarnation)
    }
    let incarnation = max(want.incarnations[ordinal] ?? 0, old?.incarnation ?? 0)
    return TargetReplica(
      id: placement.replica, node: node, devices: placement.devices, revision: want.revision,
      incarnation: incarnation.addingSaturated(1))
  }

  /// Replicas of services that are held, where the new size found no room: as they are.
  private func fallbacks(_ wants: Wants) -> [TargetReplica] {
    wants.wants.filter { held[$0.workload.name] != nil }.flatMap { want in
      want.fallbacks.map { ordinal, home in
        TargetReplica(
          id: ReplicaID(want.workload.name, ordinal), node: home.node, devices: home.devices,
          revision: home.revision, incarnation: home.incarnation)
      }
    }
  }

  private func nodesThatStay(_ standing: Standing, _ wants: Wants) -> [TargetNode] {
    standing.nodes.filter { givenBack[$0.id] == nil && !leavingNodes.contains($0.id) }
  }

  /// Of clusters that were not seen, what nobody wants any more stays decided until it can be seen.
  private func carried(
    _ standing: Standing, _ known: Set<WorkloadName>, _ input: PlanningInput
  ) -> [TargetReplica] {
    (input.previous?.replicas ?? []).filter {
      standing.isFrozen($0.node) && !known.contains($0.id.workload)
    }
  }
}
