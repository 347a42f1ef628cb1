import Model

/// The steps, and what each of them waits for. Each function says whether it changed anything.
extension Turnover {
  // MARK: Starting

  mutating func startAll() -> Bool {
    var rest: [Arrival] = []
    for arrival in arriving where !start(arrival) { rest.append(arrival) }
    defer { arriving = rest }
    return rest.count < arriving.count
  }

  private mutating func start(_ arrival: Arrival) -> Bool {
    let isBounded =
      switch arrival.kind {
      case .move: false
      case .plain: exchanging.contains(arrival.workload)
      case .exchange, .standIn: true
      }
    if isBounded && leeways[arrival.workload]?.mayStart != true { return false }
    guard let room = roomWaits(arrival) else { return false }
    var waits: [Wait] = []
    if isBounded {
      waits = leeways[arrival.workload]?.takeStart(of: arrival.members[0].id) ?? []
    }
    take(arrival, waits: waits + room)
    return true
  }

  /// What all members of an arrival wait for until there is room for every one of them.
  private mutating func roomWaits(_ arrival: Arrival) -> [Wait]? {
    var before: [NodeID: RoomOnTheWay] = [:]
    var waits: [Wait] = []
    for member in arrival.members {
      before[member.node] = before[member.node] ?? rooms[member.node]
      guard let more = roomWaits(member, isReserved: arrival.isReserved) else {
        for (node, room) in before { rooms[node] = room }
        return nil
      }
      waits += more
    }
    return waits
  }

  private mutating func roomWaits(_ replica: TargetReplica, isReserved: Bool) -> [Wait]? {
    let older = older(of: replica).map { Instance(replica: $0.id, node: $0.node) }
    if let older, exchanges.contains(older) {
      return stopped.contains(older) ? [.replicaGone(older.replica, on: older.node)] : nil
    }
    guard !isReserved, let resources = scene.workloads[replica.id.workload]?.resources,
      rooms[replica.node] != nil
    else { return [] }
    return rooms[replica.node]?.admit(
      resources, devices: replica.devices, after: older?.replica)
  }

  /// A gang starts together: when all its nodes are ready and nothing of its last start is left.
  mutating func take(_ arrival: Arrival, waits: [Wait]) {
    let name = arrival.workload
    guard let workload = scene.workloads[name] else { return }
    var team = arrival.members
    var together: [Wait] = []
    if workload.isGang {
      team = scene.members[name] ?? team
      together = team.flatMap { member in
        (scene.sightings[member.id] ?? []).filter { $0.holdsResources && !$0.follows(member) }
      }.map { .replicaGone($0.id, on: $0.node) }
    }
    let nodes = team.map(\.node).uniqued().flatMap(scene.nodeWait)
    let all = (nodes + together + waits).uniqued()
    for replica in arrival.members {
      let order = ReplicaOrder(
        replica: replica, workload: workload, replicaCount: scene.members[name]?.count ?? 0,
        gang: workload.isGang ? scene.members[name] ?? [] : [])
      actions.append(Action(step: .startReplica(order), cause: .wanted, waits: all))
      if leeways[name] != nil {
        rising[name, default: []].append(Instance(replica: replica.id, node: replica.node))
      }
    }
  }

  // MARK: Stopping

  mutating func stopAll() -> Bool {
    var rest: [Departure] = []
    for departure in leaving {
      if let waits = stopWaits(departure) {
        stop(departure, waits: waits)
      } else {
        rest.append(departure)
      }
    }
    defer { leaving = rest }
    return rest.count < leaving.count
  }

  /// One that moves stays until its own successor is ready; all others take a token.
  private mutating func stopWaits(_ departure: Departure) -> [Wait]? {
    departure.isMove
      ? readiness[departure.replica.id] : leeways[departure.workload]?.takeStop()
  }

  mutating func stop(_ departure: Departure, waits: [Wait]) {
    let replica = departure.replica
    actions.append(
      Action(step: .stopReplica(replica.id, on: replica.node), cause: .unwanted, waits: waits))
    stopped.insert(departure.instance)
    rooms[replica.node]?.noteStop(RoomOnTheWay.Holder(replica))
    guard !departure.isMove else { return }
    leeways[departure.workload]?.noteGone(.replicaGone(replica.id, on: replica.node))
  }

  /// Stand-ins go when everything that was exchanged is ready, and one that did not find room by then
  /// never comes. What is new needs no stand-in, and may need its room.
  mutating func endStandIns() -> Bool {
    guard !standIns.isEmpty else { return false }
    let busy = Set(
      leaving.map(\.workload) + arriving.lazy.filter(\.isOfExchange).map(\.workload))
    let blocked = Set(arriving.lazy.flatMap(\.members).map(\.id))
    let over = standIns.keys.filter { name in
      (rising[name] ?? []).isEmpty && (failing[name] ?? []).isEmpty && !busy.contains(name)
    }.sorted()
    for name in over {
      let late = giveUpStandIns(of: name)
      let unready = (scene.members[name] ?? [])
        .filter { !scene.isReady($0) && !blocked.contains($0.id) }
        .map { Wait.replicaReady($0.id, on: $0.node) }
      for standIn in standIns.removeValue(forKey: name) ?? [] where !late.contains(standIn.id) {
        end(standIn, waits: unready)
      }
    }
    return !over.isEmpty
  }

  /// Those that were not started yet.
  private mutating func giveUpStandIns(of name: WorkloadName) -> Set<ReplicaID> {
    let late = arriving.filter { $0.kind == .standIn && $0.workload == name }
    arriving.removeAll { $0.kind == .standIn && $0.workload == name }
    return Set(late.lazy.flatMap(\.members).map(\.id))
  }

  private mutating func end(_ standIn: TargetReplica, waits: [Wait]) {
    if let resources = scene.workloads[standIn.id.workload]?.resources {
      rooms[standIn.node]?.noteStop(
        RoomOnTheWay.Holder(
          replica: standIn.id, resources: resources, devices: standIn.devices))
    }
    // An older start of the same name must be gone before there can be talk of stopping this one.
    guard !stopped.contains(Instance(replica: standIn.id, node: standIn.node)) else { return }
    let itself =
      scene.isReady(standIn) ? [] : [Wait.replicaReady(standIn.id, on: standIn.node)]
    actions.append(
      Action(
        step: .stopReplica(standIn.id, on: standIn.node), cause: .unwanted, waits: itself + waits))
  }

  // MARK: Getting ready

  /// Of every service, the oldest start gets ready.
  mutating func riseAll() -> Bool {
    let names = rising.keys.filter { !(rising[$0] ?? []).isEmpty }.sorted()
    for name in names {
      if let instance = rising[name]?.removeFirst() { noteReady(instance) }
    }
    return !names.isEmpty
  }

  mutating func riseFailing() -> Bool {
    let instances = failing.keys.sorted().flatMap { failing[$0] ?? [] }
    failing = [:]
    for instance in instances { noteReady(instance) }
    return !instances.isEmpty
  }

  private mutating func noteReady(_ instance: Instance) {
    let fact = Wait.replicaReady(instance.replica, on: instance.node)
    readiness[instance.replica] = [fact]
    guard !moving.contains(instance.replica) else { return }
    leeways[instance.replica.workload]?.noteReady(fact)
  }
}
