import Model

/// Replicas of one service stand apart where packing gains nothing: so that losing a node, and then
/// losing a zone, costs the service least.
///
/// Everything has its place by then. Only replicas that have just come go elsewhere, so nobody is
/// stopped for it, nothing is bought for it, and nobody loses a home by it. Packing gains something
/// where a node that stands empty could be given back, and where devices would lack cores.
struct Dispersal {
  /// Nodes of one zone that are looked at for one replica, the best first.
  static let looksMax = 16

  /// Nodes with room for one more of a class, by zone, the best first; what filled up since is among
  /// them.
  private var rooms: [Int: [[Int]]] = [:]
  /// Nodes where replicas of a class have just come.
  private var hosts: [Int: [Int]] = [:]
  /// Replicas of the want on each node, and in each zone.
  private var onNode: [Int]
  private var inZone: [Int]

  init(_ standing: borrowing Standing) {
    onNode = Array(repeating: 0, count: standing.fleet.count)
    inZone = Array(repeating: 0, count: standing.problem.places.zones.words.count)
  }

  mutating func run(_ standing: inout Standing) {
    for want in standing.problem.wants.indices {
      let wanted = standing.problem.wants[want]
      if wanted.isGang || wanted.union == .node || standing.placed[want] < 2 { continue }
      disperse(want, &standing)
    }
  }

  /// The fullest nodes first; where one replica finds no better place, its neighbours find none.
  private mutating func disperse(_ want: Int, _ standing: inout Standing) {
    let service = Service(want, standing)
    let replicas = standing.standing(of: want)
    for replica in replicas { count(Int(standing.home[replica]), 1, standing) }
    var movable: [Int: [Int]] = [:]
    for replica in replicas where !standing.isKept(replica) {
      movable[Int(standing.home[replica]), default: []].append(replica)
    }
    let fullest = movable.keys.map { onNode[$0] }.max() ?? 0
    var levels: [[Int]] = Array(repeating: [], count: fullest + 1)
    for node in movable.keys.sorted(by: >) { levels[onNode[node]].append(node) }
    for level in levels.indices.reversed() {
      while let node = levels[level].popLast() {
        guard onNode[node] == level, let replica = movable[node]?.last,
          let other = move(replica, service, &standing) ?? swap(replica, service, &standing)
        else { continue }
        movable[node]?.removeLast()
        movable[other, default: []].append(replica)
        levels[onNode[node]].append(node)
        levels[onNode[other]].append(other)
      }
    }
    for replica in replicas { count(Int(standing.home[replica]), -1, standing) }
  }

  private mutating func count(_ node: Int, _ change: Int, _ standing: borrowing Standing) {
    onNode[node] += change
    inZone[standing.fleet.spots[node].zone] += change
  }

  // MARK: To free room

  /// Returns where the replica has gone; nil where no place is better.
  private mutating func move(
    _ replica: Int, _ service: Service, _ standing: inout Standing
  ) -> Int? {
    let node = Int(standing.home[replica])
    if rooms[service.classID] == nil {
      rooms[service.classID] = Dispersal.rooms(service.classID, standing)
    }
    let first = zoneOfGain(after: nil, from: node, service, standing)
    if first == nil { return nil }
    let start = standing.mark
    let origin = Int(standing.origin[replica])
    standing.remove(replica)
    let leaving = Leaving(
      node: node, origin: origin, score: service.scoring.score(standing.fleet, node))
    var best: Int?
    var next = first
    while let zone = next, best.map({ onNode[$0] > 0 }) ?? true {
      let gone = look(in: zone, service, leaving, standing, better: &best)
      if gone > Dispersal.looksMax { forgetFull(zone, service, standing) }
      next = zoneOfGain(after: zone, from: node, service, standing)
    }
    guard let best else {
      standing.rollBack(to: start)
      return nil
    }
    standing.place(replica, on: best)
    count(node, -1, standing)
    count(best, 1, standing)
    return best
  }

  /// The next of the zones with room where less could be lost than on `node`, those first that have
  /// least of the service.
  private func zoneOfGain(
    after last: Int?, from node: Int, _ service: borrowing Service, _ standing: borrowing Standing
  ) -> Int? {
    guard let rooms = rooms[service.classID] else { return nil }
    let isFull = onNode[node] > 1
    let most = inZone[standing.fleet.spots[node].zone] - 1
    var next: Int?
    for zone in inZone.indices where !rooms[zone].isEmpty && (isFull || inZone[zone] < most) {
      if let last, (inZone[zone], zone) <= (inZone[last], last) { continue }
      if let known = next, (inZone[known], known) < (inZone[zone], zone) { continue }
      next = zone
    }
    return next
  }

  /// Whence a replica goes: never to its origin, which it had to leave; `score` is of `node` without it.
  private struct Leaving {
    let node: Int
    let origin: Int
    let score: Int64
  }

  /// Finds, of the zone's first nodes that still have room, the one with fewest of the service that
  /// suits, if it has fewer than `best`; returns how many were met that are full by now.
  private func look(
    in zone: Int, _ service: borrowing Service, _ leaving: Leaving, _ standing: borrowing Standing,
    better best: inout Int?
  ) -> Int {
    var (looks, gone) = (0, 0)
    for node in rooms[service.classID]?[zone] ?? [] {
      guard standing.fits(service.classID, service.needs, on: node) else {
        gone += 1
        continue
      }
      looks += 1
      if best.map({ onNode[node] < onNode[$0] }) ?? true, node != leaving.origin,
        isGain(from: leaving.node, to: node, standing),
        service.isOpen(node, from: leaving.node, standing),
        service.packsAsWell(leaving.score, leaving.node, node, standing)
      {
        best = node
      }
      if looks == Dispersal.looksMax || best.map({ onNode[$0] == 0 }) ?? false { break }
    }
    return gone
  }

  private mutating func forgetFull(
    _ zone: Int, _ service: Service, _ standing: borrowing Standing
  ) {
    var left: [Int] = []
    for node in rooms[service.classID]?[zone] ?? []
    where standing.fits(service.classID, service.needs, on: node) {
      left.append(node)
    }
    rooms[service.classID]?[zone] = left
  }

  private static func rooms(_ classID: Int, _ standing: borrowing Standing) -> [[Int]] {
    let applicant = Applicant(standing.problem, classID)
    var found: [[(isEmpty: Int, candidate: Candidate)]] =
      Array(repeating: [], count: standing.problem.places.zones.words.count)
    applicant.forEach(of: 0..<standing.fleet.count, standing.fleet, standing.problem.permits) {
      let zone = standing.fleet.spots[$0.node].zone
      found[zone].append((standing.isEmpty($0.node) ? 1 : 0, $0))
    }
    return found.map { zone in
      zone.sorted { ($0.isEmpty, $0.candidate) < ($1.isEmpty, $1.candidate) }.map(\.candidate.node)
    }
  }

  /// Whether fewer are lost with the fullest node then, or as many, and fewer with the fullest zone.
  private func isGain(from node: Int, to other: Int, _ standing: borrowing Standing) -> Bool {
    let left = onNode[node] - 1
    if onNode[other] != left { return onNode[other] < left }
    let (zone, otherZone) = (standing.fleet.spots[node].zone, standing.fleet.spots[other].zone)
    return inZone[otherZone] < inZone[zone] - 1 && !standing.isEmpty(node)
  }

  // MARK: Where all is full

  /// Exchanges the replica with one of its class on another node, where that helps the two services
  /// together.
  private mutating func swap(
    _ replica: Int, _ service: Service, _ standing: inout Standing
  ) -> Int? {
    let node = Int(standing.home[replica])
    guard service.isLoose, onNode[node] > 1 else { return nil }
    if hosts[service.classID] == nil {
      hosts[service.classID] = Dispersal.hosts(service.classID, standing)
    }
    var looks = 0
    for other in hosts[service.classID] ?? [] where onNode[other] < onNode[node] - 1 {
      looks += 1
      if looks > Dispersal.looksMax { break }
      guard let partner = partner(of: replica, service, on: other, standing) else { continue }
      let (mask, otherMask) = (standing.mask[replica], standing.mask[partner])
      standing.remove(replica)
      standing.remove(partner)
      standing.restore(replica, on: other, otherMask)
      standing.restore(partner, on: node, mask)
      count(node, -1, standing)
      count(other, 1, standing)
      return other
    }
    return nil
  }

  private static func hosts(_ classID: Int, _ standing: borrowing Standing) -> [Int] {
    var nodes: Set<Int> = []
    for want in standing.problem.wants.indices
    where standing.problem.wants[want].classID == classID {
      for replica in standing.standing(of: want) where !standing.isKept(replica) {
        nodes.insert(Int(standing.home[replica]))
      }
    }
    return nodes.sorted()
  }

  private func partner(
    of replica: Int, _ service: Service, on other: Int, _ standing: borrowing Standing
  ) -> Int? {
    let node = Int(standing.home[replica])
    if Int(standing.origin[replica]) == other { return nil }
    let gain = onNode[node] - onNode[other] - 1
    var partner: Int?
    standing.forEachReplica(on: other) { candidate in
      let want = Int(standing.wantOf[candidate])
      guard service.isAlike(want, standing), !standing.isKept(candidate),
        Int(standing.origin[candidate]) != node
      else { return }
      let isAlone = standing.problem.wants[want].count < 2
      let loss = isAlone ? 0 : standing.count(of: want, on: node) + 1
      let relief = isAlone ? 0 : standing.count(of: want, on: other)
      if loss - relief < gain { partner = max(partner ?? candidate, candidate) }
    }
    return partner
  }
}

/// What decides where replicas of a service may go instead, read once for all of them.
private struct Service {
  let classID: Int
  let needs: Needs
  let scoring: Scoring
  private let want: Int
  private let union: Area.Level?
  private let spread: Area.Level?
  private let packPreferred: Area.Level?
  private let hasNeighbours: Bool
  private let queue: Int
  private let isQueued: Bool
  /// Whether any node will do.
  let isLoose: Bool

  init(_ want: Int, _ standing: borrowing Standing) {
    let wanted = standing.problem.wants[want]
    self.want = want
    classID = wanted.classID
    needs = Needs(standing.problem.classes[classID])
    scoring = Scoring(standing.problem.classes[classID])
    union = wanted.union
    spread = wanted.spread.map { Area.Level($0) }
    packPreferred = wanted.packPreferred
    hasNeighbours = wanted.hasNeighbours
    queue = wanted.queue
    isQueued = wanted.queue != standing.problem.queues.outside
    isLoose = wanted.isLoose
  }

  /// Whether replicas of another want may take the places of this one's.
  func isAlike(_ other: Int, _ standing: borrowing Standing) -> Bool {
    other != want && standing.problem.wants[other].classID == classID
      && standing.problem.wants[other].queue == queue && standing.problem.wants[other].isLoose
  }

  /// Whether rules, queues and money leave the other node open to a replica that stood on `node`.
  func isOpen(_ other: Int, from node: Int, _ standing: borrowing Standing) -> Bool {
    if isQueued && standing.fleet.model[node] != standing.fleet.model[other] { return false }
    if !(isBeside(union, other, node, standing) && isBeside(spread, other, node, standing)
      && isBeside(packPreferred, other, node, standing))
    {
      return false
    }
    if hasNeighbours, !standing.isWelcome(want, on: other) || standing.isMissed(want, on: node) {
      return false
    }
    let isSpare =
      other < standing.problem.nodes.count && standing.problem.nodes[other].goesWhenEmpty
    return !(isSpare && standing.isEmpty(other))
  }

  private func isBeside(
    _ level: Area.Level?, _ other: Int, _ node: Int, _ standing: borrowing Standing
  ) -> Bool {
    guard let level else { return true }
    return standing.fleet.spots[node].area(level, node: node)
      == standing.fleet.spots[other].area(level, node: other)
  }

  /// Whether the other node is no worse a place for what the fleet has to hold yet; `here` is the score
  /// of `node`.
  func packsAsWell(
    _ here: Int64, _ node: Int, _ other: Int, _ standing: borrowing Standing
  ) -> Bool {
    if standing.fleet.deviceCount[other] == 0 { return true }
    return standing.fleet.deviceCount[node] > 0 && scoring.score(standing.fleet, other) <= here
  }
}

extension Standing {
  /// Lets replicas of services that have just come stand apart. While somebody waits for room, packing
  /// gains something.
  mutating func disperse() {
    if wanting.contains(where: isPermittedAnywhere) { return }
    var dispersal = Dispersal(self)
    dispersal.run(&self)
  }

  private func isPermittedAnywhere(_ want: Int) -> Bool {
    (0..<fleet.count).contains { permits(problem.wants[want].classID, on: $0) }
  }

  /// Replicas of the want that stand on the node.
  func count(of want: Int, on node: Int) -> Int {
    var count = 0
    forEachReplica(on: node) { count += Int(wantOf[$0]) == want ? 1 : 0 }
    return count
  }
}
