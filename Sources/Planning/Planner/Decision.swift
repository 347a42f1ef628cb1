import Digests
import Model
import Scheduling

/// Sixth step: the decision, to the last node and name.
struct Decision {
  let arrangement: Arrangement
  let givingBack: GivingBack
  let target: Target
  /// Why gangs that were to be held had to go, by replica.
  var displacements: [ReplicaID: Preemption] = [:]

  init(
    _ wants: Wants, _ ways: [WorkloadName: Way], _ standing: Standing, _ leaving: Leaving,
    _ input: PlanningInput
  ) {
    let arrangement = Arrangement(wants, ways, standing, leaving, input)
    var choice = Choice(arrangement, standing, input)
    for want in wants.wants {
      let isHeld = arrangement.held[want.workload.name] != nil
      choice.decide(isHeld ? want.asBefore ?? want : want)
    }
    let carried = standing.carried(beyond: Set(wants.wants.map(\.workload.name)), input)
    let givingBack = GivingBack(
      (choice.replicas + choice.standIns + carried).map(\.node) + arrangement.headroom.sorted(),
      arrangement.bought,
      standing, leaving, input)
    let stays = standing.nodes.filter { node in
      givingBack.causes[node.id] == nil && !givingBack.dropped.contains(node.id)
        && !leaving.isLeaving(node.id)
    }
    target = Target(
      parent: input.previous?.id, desired: input.desiredDigest, nodes: stays + arrangement.bought,
      replicas: choice.replicas + carried, surge: choice.standIns, finished: wants.finished,
      idled: wants.idled,
      nextNodeOrdinals: arrangement.ordinals, lastIncarnation: choice.lastIncarnation)
    self.arrangement = arrangement
    self.givingBack = givingBack
  }
}

/// Whether each replica is what it was, or starts anew.
private struct Choice {
  private(set) var replicas: [TargetReplica] = []
  private(set) var standIns: [TargetReplica] = []
  /// Of all starts that were ever decided.
  private(set) var lastIncarnation: Int
  private let arrangement: Arrangement
  /// That of all starts that are decided now.
  private let next: Int

  init(_ arrangement: Arrangement, _ standing: Standing, _ input: PlanningInput) {
    self.arrangement = arrangement
    let decided = (input.previous?.replicas ?? []) + (input.previous?.surge ?? [])
    lastIncarnation = max(
      input.previous?.lastIncarnation ?? 0, decided.lazy.map(\.incarnation).max() ?? 0,
      standing.replicas.values.lazy.joined().map(\.incarnation).max() ?? 0)
    next = lastIncarnation.addingSaturated(1)
  }

  mutating func decide(_ want: Want) {
    let name = want.workload.name
    for ordinal in 0..<want.count {
      let replica = ReplicaID(name, ordinal)
      if let place = arrangement.places[replica] {
        replicas.append(decide(replica, place, want))
      } else if want.isFrozen || arrangement.held[name] != nil,
        let home = want.fallbacks[ordinal]
      {
        replicas.append(
          TargetReplica(
            id: replica, node: home.node, devices: home.devices, revision: home.revision,
            incarnation: home.incarnation))
      }
    }
    for ordinal in want.count..<(want.count + want.surge) {
      let replica = ReplicaID(name, ordinal)
      if let place = arrangement.places[replica] {
        standIns.append(decide(replica, place, want))
      }
    }
  }

  /// The same decision as before where nothing asks for a new start.
  private mutating func decide(
    _ replica: ReplicaID, _ place: Arrangement.Place, _ want: Want
  ) -> TargetReplica {
    let old = want.homes[replica.ordinal] ?? want.standIns[replica.ordinal]
    let isKept =
      old?.node == place.node && old?.devices == place.devices
      && arrangement.preemptions[replica] == nil
    let isHeld = arrangement.held[want.workload.name] != nil
    if let old, isKept, isHeld || !want.restarts.contains(replica.ordinal) {
      return TargetReplica(
        id: replica, node: place.node, devices: place.devices, revision: old.revision,
        incarnation: old.incarnation)
    }
    lastIncarnation = next
    return TargetReplica(
      id: replica, node: place.node, devices: place.devices, revision: want.revision,
      incarnation: next)
  }
}

extension Standing {
  /// Of clusters that were not seen, what nobody wants any more stays decided until it can be seen.
  fileprivate func carried(
    beyond known: Set<WorkloadName>, _ input: PlanningInput
  ) -> [TargetReplica] {
    (input.previous?.replicas ?? []).filter {
      isFrozen($0.node) && !known.contains($0.id.workload)
    }
  }
}
