import Model

/// The scene before the first step.
extension Turnover {
  mutating func open() {
    findDepartures()
    findArrivals()
    openRooms()
    openLeeways()
    reserveRoom()
  }

  /// What goes at once, and what has to wait. What is to stand in a cluster that is not seen stays
  /// where it is: nobody could start it there.
  private mutating func findDepartures() {
    for replica in scene.observed.replicas
    where replica.holdsResources && scene.isSeen(replica.node.cluster) {
      let decision = scene.wanted[replica.id]
      if let decision, replica.follows(decision) || !scene.isSeen(decision.node.cluster) {
        continue
      }
      let departure = Departure(replica: replica, decision: decision)
      let serves =
        replica.phase == .ready && scene.isAlive(replica.node)
        && scene.isService(replica.id.workload)
      if replica.phase == .stopping {
        stopped.insert(departure.instance)
      } else if serves {
        leaving.append(departure)
      } else {
        stop(departure, waits: [])
      }
    }
    moving = Set(leaving.filter(\.isMove).map(\.replica.id))
    leaving.sort { ($0.rank(scene), $0.replica.id) < ($1.rank(scene), $1.replica.id) }
  }

  private mutating func findArrivals() {
    let kinds = Dictionary(
      leaving.map { ($0.replica.id, $0.isExchange ? Arrival.Kind.exchange : .move) }
    ) { first, _ in first }
    let exchanging = Set(leaving.filter(\.isExchange).map(\.workload))
    for replica in scene.target.surge where scene.isSeen(replica.node.cluster) {
      let name = replica.id.workload
      let isThere = scene.isThere(replica)
      guard isThere || exchanging.contains(name) else { continue }
      standIns[name, default: []].append(replica)
      if !isThere { arriving.append(Arrival(members: [replica], kind: .standIn)) }
    }
    var gangs: Set<WorkloadName> = []
    for replica in scene.target.replicas where isMissing(replica) {
      let name = replica.id.workload
      if scene.isService(name) {
        arriving.append(Arrival(members: [replica], kind: kinds[replica.id] ?? .plain))
      } else if gangs.insert(name).inserted, let members = scene.members[name] {
        arriving.append(Arrival(members: members.filter(isMissing), kind: .plain))
      }
    }
  }

  private func isMissing(_ replica: TargetReplica) -> Bool {
    scene.isSeen(replica.node.cluster) && !scene.isThere(replica)
  }

  // MARK: Room

  private mutating func openRooms() {
    for member in arriving.lazy.flatMap(\.members) {
      if let older = older(of: member), takesTheSame(older, member) {
        exchanges.insert(Instance(replica: older.id, node: older.node))
      }
    }
    for node in Set(arriving.lazy.flatMap(\.members).map(\.node)).sorted() {
      guard
        let capacity = scene.seenNodes[node]?.capacity ?? scene.targetNodes[node]?.capacity
      else { continue }
      var room = RoomOnTheWay(node, capacity)
      for occupant in scene.occupants[node] ?? [] {
        room.take(occupant.resources, devices: occupant.devices)
      }
      for holder in scene.holders(on: node) {
        room.take(holder.resources, devices: holder.devices)
        let instance = Instance(replica: holder.id, node: node)
        if stopped.contains(instance), !exchanges.contains(instance) {
          room.noteStop(RoomOnTheWay.Holder(holder))
        }
      }
      rooms[node] = room
    }
  }

  /// The older start of the same replica that still holds room on the same node.
  func older(of replica: TargetReplica) -> ObservedReplica? {
    scene.sightings[replica.id]?.first {
      $0.node == replica.node && $0.holdsResources && !$0.follows(replica)
    }
  }

  private func takesTheSame(_ older: ObservedReplica, _ replica: TargetReplica) -> Bool {
    older.devices == replica.devices
      && older.resources == scene.workloads[replica.id.workload]?.resources
  }

  /// What is exchanged or moves comes first to the room beside what is there: others get room when it
  /// is over, and would be in its way before.
  private mutating func reserveRoom() {
    for index in arriving.indices where arriving[index].kind != .plain {
      let replica = arriving[index].members[0]
      if let older = older(of: replica), takesTheSame(older, replica) { continue }
      guard let resources = scene.workloads[replica.id.workload]?.resources else { continue }
      arriving[index].isReserved =
        rooms[replica.node]?.reserve(resources, devices: replica.devices) ?? false
    }
  }

  // MARK: Leeway

  private mutating func openLeeways() {
    let plain = Dictionary(
      arriving.filter { $0.kind == .plain }.map { ($0.workload, 1) }, uniquingKeysWith: +)
    let going = Dictionary(grouping: leaving, by: \.workload)
    for name in Set(going.keys).union(standIns.keys).sorted() {
      guard let workload = scene.workloads[name] else { continue }
      let members = scene.members[name] ?? []
      var ready = 0
      var running = plain[name] ?? 0
      for decision in members + (standIns[name] ?? []) {
        guard let seen = scene.sightings[decision.id]?.first(where: { $0.follows(decision) })
        else { continue }
        running += 1
        let instance = Instance(replica: seen.id, node: seen.node)
        switch seen.phase {
        case .ready, .finished:
          ready += 1
          readiness[seen.id] = []
        case .starting: rising[name, default: []].append(instance)
        case .crashLooping: failing[name, default: []].append(instance)
        case .stopping, .lost: break
        }
      }
      let departures = going[name] ?? []
      // One that moves and its successor count once.
      ready += departures.count { !($0.isMove && readiness[$0.replica.id] != nil) }
      running += departures.count
      leeways[name] = Leeway(
        spareReady: ready - workload.rollout.readyMin(of: members.count),
        spareRunning: workload.rollout.runningMax(of: members.count) - running)
    }
  }
}

extension Turnover.Departure {
  /// First what nobody wants, then what has a successor already, then what is above the number that
  /// is wanted and only makes room for a stand-in of its name: others can't go before that one came.
  fileprivate func rank(_ scene: Scene) -> Int {
    guard let decision else { return 0 }
    if scene.isThere(decision) { return 1 }
    return scene.standIns.contains(decision.id) ? 2 : 3
  }
}

extension RoomOnTheWay.Holder {
  init(_ replica: ObservedReplica) {
    self.init(replica: replica.id, resources: replica.resources, devices: replica.devices)
  }
}

extension Rollout {
  /// How many of a service's replicas must stay ready while they are exchanged.
  func readyMin(of count: Int) -> Int { max(0, count - maxUnavailable.of(count)) }

  /// How many may run meanwhile: where none may be missing, one more at least.
  func runningMax(of count: Int) -> Int { count.addingSaturated(surge(of: count)) }

  /// Stand-ins while none may be missing, and room for successors beside their predecessors.
  func surge(of count: Int) -> Int {
    max(maxUnavailable.of(count) == 0 ? 1 : 0, maxSurge.of(count))
  }
}
