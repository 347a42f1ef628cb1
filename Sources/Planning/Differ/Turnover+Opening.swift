import Model

/// The scene before the first step.
extension Turnover {
  mutating func open() {
    findDepartures()
    findArrivals()
    openRooms()
    reserveRoom()
    noteStops()
    openLeeways()
  }

  /// What goes at once, and what has to wait. What is to stand in a cluster that is not seen stays
  /// where it is, if it was not stopped yet: nobody could start it there.
  private mutating func findDepartures() {
    for replica in scene.observed.replicas
    where replica.holdsResources && scene.isSeen(replica.node.cluster) {
      let decision = scene.wanted[replica.id]
      if let decision, replica.phase != .stopping,
        replica.follows(decision) || !scene.isSeen(decision.node.cluster)
      {
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
    exchanging = Set(leaving.filter(\.isExchange).map(\.workload))
    for replica in scene.target.surge where scene.isSeen(replica.node.cluster) {
      let name = replica.id.workload
      let isThere = scene.isThere(replica)
      guard isThere || exchanging.contains(name) else { continue }
      standIns[name, default: []].append(replica)
      if !isThere { arriving.append(Arrival(members: [replica], kind: .standIn)) }
    }
    exchanging.formUnion(standIns.keys)
    for name in scene.members.keys.sorted() {
      let missing = (scene.members[name] ?? []).filter(isMissing)
      guard scene.isService(name) else {
        if !missing.isEmpty { arriving.append(Arrival(members: missing, kind: .plain)) }
        continue
      }
      // What is missing comes before what is exchanged.
      let arrivals = missing.map { Arrival(members: [$0], kind: kinds[$0.id] ?? .plain) }
      arriving += arrivals.filter { $0.kind == .plain } + arrivals.filter { $0.kind != .plain }
    }
  }

  private func isMissing(_ replica: TargetReplica) -> Bool {
    scene.isSeen(replica.node.cluster) && !scene.isThere(replica)
  }

  // MARK: Room

  private mutating func openRooms() {
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
      }
      rooms[node] = room
    }
  }

  private mutating func noteStops() {
    for node in rooms.keys.sorted() {
      for holder in scene.holders(on: node)
      where stopped.contains(Instance(replica: holder.id, node: node)) {
        rooms[node]?.noteStop(RoomOnTheWay.Holder(holder))
      }
    }
  }

  /// The older start of the same replica that still holds room on the same node.
  func older(of replica: TargetReplica) -> ObservedReplica? {
    scene.sightings[replica.id]?.first {
      $0.node == replica.node && $0.holdsResources && !$0.follows(replica)
    }
  }

  /// What is exchanged or moves comes first to the room beside what is there: others get room when it
  /// is over, and would be in its way before. What is missing of a service that is exchanged comes next,
  /// before what goes leaves its room to anybody: until it is ready, nothing older of it may go. Who
  /// starts anew where it stands needs what it takes more than before, and nothing where it takes the
  /// same.
  private mutating func reserveRoom() {
    let moving = arriving.indices.filter { arriving[$0].kind != .plain }
    let missing = arriving.indices.filter { arriving[$0].kind == .plain }
    for index in moving + missing {
      let isPlain = arriving[index].kind == .plain
      guard let resources = scene.workloads[arriving[index].workload]?.resources else { continue }
      for member in arriving[index].members {
        guard let older = older(of: member) else {
          guard !isPlain || exchanging.contains(arriving[index].workload) else { continue }
          arriving[index].isReserved =
            rooms[member.node]?.reserve(resources, devices: member.devices) ?? false
          continue
        }
        let isSame = older.devices == member.devices && older.resources == resources
        if !isPlain || isSame,
          rooms[member.node]?.handOver(
            RoomOnTheWay.Holder(older), to: resources, devices: member.devices) == true
        {
          exchanges.insert(Instance(replica: older.id, node: older.node))
        }
      }
    }
  }

  // MARK: Leeway

  private func hasSuccessor(_ departure: Departure) -> Bool {
    departure.decision.map(scene.isThere) ?? false
  }

  private mutating func openLeeways() {
    let going = Dictionary(grouping: leaving, by: \.workload)
    for name in Set(going.keys).union(standIns.keys).sorted() {
      guard let workload = scene.workloads[name] else { continue }
      let members = scene.members[name] ?? []
      var ready = 0
      var running = 0
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
      running += departures.count { !($0.isMove && hasSuccessor($0)) }
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
