import Model
import Scheduling

/// Fourth step: where everything goes.
///
/// The scheduler is asked in rounds. In the first, services that are exchanged get the room that they
/// need on the way. In the next they are done, and what they gave back goes to whoever found none: to
/// services that could not be exchanged before, and to pending replicas. Whoever found none is asked
/// for once more where all others stand by then: room that was bought for them may do. So a plan
/// leaves nothing to the next one that would follow from its own effect.
struct Arrangement {
  /// Of every replica that has a home, stand-ins included.
  private(set) var places: [ReplicaID: Place] = [:]
  /// In the order in which they were chosen.
  private(set) var bought: [TargetNode] = []
  private(set) var purchases: [NodeID: NodePurchase.Cause] = [:]
  /// Of replicas that had a home.
  private(set) var preemptions: [ReplicaID: Preemption] = [:]
  private(set) var pending: [PendingReplicas] = []
  /// Services and gangs that keep their old replicas for want of room.
  private(set) var held: [WorkloadName: PendingReplicas] = [:]
  /// Gangs that were to be held, and of whose room others have taken some.
  private(set) var displaced: Set<WorkloadName> = []
  /// Who took it, by replica of theirs.
  private(set) var displacements: [ReplicaID: Preemption] = [:]
  private(set) var report: [ReportEntry] = []
  /// Nodes on which room is kept free, in no order.
  private(set) var headroom: Set<NodeID> = []
  private var reduced: [PendingReplicas] = []
  private var names: NodeNames

  struct Place: Hashable {
    var node: NodeID
    var devices: [Int]
  }

  var ordinals: [NodeOrdinal] { names.ordinals }

  init(
    _ wants: Wants, _ ways: [WorkloadName: Way], _ standing: Standing, _ leaving: Leaving,
    _ input: PlanningInput
  ) {
    names = NodeNames(input)
    let stays = standing.nodes.filter { !leaving.isLeaving($0.id) }
    let wanted = wants.wants.map { want in
      var want = want
      if ways[want.workload.name] == .displaced { want.formerShape = nil }
      return want
    }
    var fleet = Fleet(wanted, on: stays, closed: leaving.closed, standing, input)
    var turns = Turns(ways)
    repeat {
      let (result, failed) = ask(&fleet, turns.open)
      let done = Set(turns.open.keys).subtracting(failed.keys)
      let homes = take(result, done, &fleet)
      pending = result.pending.map(fleet.rooms.inWhole)
      reduced = result.reduced
      held = failed
      displaced.formUnion(fleet.wants.filter(isDisplaced).map(\.workload.name))
      for preemption in result.preemptions
      where displaced.contains(preemption.replica.workload) {
        displacements[preemption.replica] = preemption
      }
      fleet.settle(homes, done: done)
    } while turns.go(on: Set(held.keys))
    keepHeadroom(&fleet, turns.open)
    keepPreemptionsOfHomes(wants)
    for want in wants.wants where ways[want.workload.name] == .held {
      let name = want.workload.name
      held[name] = PendingReplicas(
        workload: name, ordinals: Array(want.count..<(want.count + want.surge)), reasons: [])
    }
    report += held.keys.sorted().compactMap { name in held[name].map { .rolloutHeld(name, $0) } }
    report += reduced.compactMap { pending in
      guard let least = pending.ordinals.first, let most = pending.ordinals.last else { return nil }
      return .reduced(
        pending.workload, replicas: least, max: most.addingSaturated(1), pending)
    }
  }

  private func isDisplaced(_ want: Want) -> Bool {
    let name = want.workload.name
    guard held[name] != nil, let former = want.formerShape else { return false }
    return former.homes.contains { ordinal, home in
      places[ReplicaID(name, ordinal)] != Place(node: home.node, devices: home.devices)
    }
  }

  /// Last of all, when it is known what everybody needs.
  private mutating func keepHeadroom(_ fleet: inout Fleet, _ open: [WorkloadName: Way]) {
    var question = fleet.question(open).input
    question.headrooms = fleet.headrooms
    if question.headrooms.isEmpty { return }
    let result = Scheduler.schedule(question, remedies: false)
    let numbers = result.purchases.indices.filter { result.purchases[$0].cause == .headroom }
    let new = buy(numbers.map { result.purchases[$0] })
    let names = Dictionary(uniqueKeysWithValues: zip(numbers, new.map(\.id)))
    for kept in result.headrooms {
      let nodes = kept.homes.compactMap { home in
        switch home {
        case .existing(let node): node
        case .new(let number): names[number]
        }
      }
      headroom.formUnion(nodes)
      report.append(
        .headroom(
          kept.pool, replicas: nodes.count, of: kept.count, on: Set(nodes).sorted()))
    }
  }

  /// What was placed in one round and had to go in the next never stood there.
  private mutating func keepPreemptionsOfHomes(_ wants: Wants) {
    guard !preemptions.isEmpty else { return }
    let wants = Dictionary(uniqueKeysWithValues: wants.wants.map { ($0.workload.name, $0) })
    preemptions = preemptions.filter { replica, _ in
      let want = wants[replica.workload]
      return want?.homes[replica.ordinal] != nil || want?.standIns[replica.ordinal] != nil
    }
  }

  /// An answer in which every exchange that goes on finds room for all of it, with those that don't:
  /// who stays keeps room in which another one's exchange was to end.
  private mutating func ask(
    _ fleet: inout Fleet, _ open: [WorkloadName: Way]
  ) -> (SchedulingResult, [WorkloadName: PendingReplicas]) {
    var failed: [WorkloadName: PendingReplicas] = [:]
    while true {
      let going = open.filter { failed[$0.key] == nil }
      let result = schedule(&fleet, going)
      let more = Self.failures(fleet.wants, going, result).mapValues(fleet.rooms.inWhole)
      if more.isEmpty { return (result, failed) }
      failed.merge(more) { first, _ in first }
    }
  }

  /// What a pool's minimum asks for is room like any other: where something else is bought beside it,
  /// the question is asked again with that room in it.
  private mutating func schedule(
    _ fleet: inout Fleet, _ open: [WorkloadName: Way]
  ) -> SchedulingResult {
    let result = fleet.question(open).answer()
    let minimum = result.purchases.filter { $0.cause == .poolMinimum }
    guard !minimum.isEmpty, minimum.count < result.purchases.count || !result.pending.isEmpty else {
      return result
    }
    fleet.add(buy(minimum))
    return fleet.question(open).answer()
  }

  /// Services in exchange that found no place for any stand-in, or for all replicas that need another,
  /// and gangs that found none in their new shape.
  private static func failures(
    _ wants: [Want], _ open: [WorkloadName: Way], _ result: SchedulingResult
  ) -> [WorkloadName: PendingReplicas] {
    guard !open.isEmpty else { return [:] }
    let placed = Set(result.placements.map(\.replica))
    var failures: [WorkloadName: PendingReplicas] = [:]
    for want in wants where open[want.workload.name] != nil {
      let name = want.workload.name
      let standIns = want.count..<(want.count + want.surge)
      let isCovered =
        want.surge == 0 || standIns.contains { placed.contains(ReplicaID(name, $0)) }
      let isWhole =
        want.workload.isGang
        ? placed.contains(ReplicaID(name, 0))
        : want.fallbacks.keys.allSatisfy { placed.contains(ReplicaID(name, $0)) }
      if isCovered && isWhole { continue }
      failures[name] =
        result.pending.first { $0.workload == name }
        ?? PendingReplicas(workload: name, ordinals: Array(standIns), reasons: [])
    }
    return failures
  }

  /// Notes what a round came to, and gives the homes that all replicas have by then.
  private mutating func take(
    _ result: SchedulingResult, _ done: Set<WorkloadName>, _ fleet: inout Fleet
  ) -> [WorkloadName: [Int: Want.Home]] {
    let new = buy(result.purchases)
    fleet.add(new)
    let wants = Dictionary(uniqueKeysWithValues: fleet.wants.map { ($0.workload.name, $0) })
    for preemption in result.preemptions where preemptions[preemption.replica] == nil {
      preemptions[preemption.replica] = preemption
    }
    // Stand-ins of earlier rounds are part of the plan, though gone by now.
    places = places.filter { replica, _ in
      wants[replica.workload].map { !$0.workload.isGang && replica.ordinal >= $0.count } ?? false
    }
    var homes: [WorkloadName: [Int: Want.Home]] = [:]
    for placement in result.placements {
      let node =
        switch placement.home {
        case .existing(let node): node
        case .new(let index): new[index].id
        }
      places[placement.replica] = Place(node: node, devices: placement.devices)
      guard let want = wants[placement.replica.workload], placement.replica.ordinal < want.count
      else { continue }
      homes[want.workload.name, default: [:]][placement.replica.ordinal] = Want.Home(
        node: node, devices: placement.devices, revision: want.revision, incarnation: 0)
    }
    return homes
  }

  private mutating func buy(_ purchases: [NodePurchase]) -> [TargetNode] {
    let nodes = purchases.map { names.name($0.offer) }
    for (node, purchase) in zip(nodes, purchases) { self.purchases[node.id] = purchase.cause }
    bought += nodes
    return nodes
  }
}
