import Model

/// Replicas of one service stand apart where packing gains nothing: so that losing a node, and then
/// losing a zone, costs the service least.
///
/// Everything has its place by then. Only replicas that have just come go elsewhere, so nobody is
/// stopped for it, nothing is bought for it, and nobody loses a home by it. Packing gains something
/// where a node that stands empty could be given back, and where devices would lack cores.
struct Dispersal {
  /// Nodes of one zone that are looked at for one replica, the best first.
  static let looksMax = 32

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
          let other = move(replica, &standing) ?? swap(replica, &standing)
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
  private mutating func move(_ replica: Int, _ standing: inout Standing) -> Int? {
    let node = Int(standing.home[replica])
    let want = Int(standing.wantOf[replica])
    let classID = standing.problem.wants[want].classID
    if rooms[classID] == nil { rooms[classID] = Dispersal.rooms(classID, standing) }
    let zones = zonesOfGain(from: node, classID, standing)
    if zones.isEmpty { return nil }
    let start = standing.mark
    standing.remove(replica)
    let scoring = Scoring(standing.problem.classes[classID])
    let here = scoring.score(standing.fleet, node)
    var best: Int?
    for zone in zones where best.map({ onNode[$0] > 0 }) ?? true {
      let gone = look(in: zone, classID, standing, better: &best) { other in
        isGain(from: node, to: other, standing) && isOpen(replica, other, from: node, standing)
          && Dispersal.packsAsWell(scoring, here, node, other, standing)
      }
      if gone > Dispersal.looksMax { forgetFull(zone, classID, standing) }
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

  /// Zones with room for the class where less could be lost than on `node`, those first that have least.
  private func zonesOfGain(
    from node: Int, _ classID: Int, _ standing: borrowing Standing
  ) -> [Int] {
    guard let rooms = rooms[classID] else { return [] }
    let isFull = onNode[node] > 1
    let most = inZone[standing.fleet.spots[node].zone] - 1
    return inZone.indices.filter { !rooms[$0].isEmpty && (isFull || inZone[$0] < most) }
      .sorted { (inZone[$0], $0) < (inZone[$1], $1) }
  }

  /// Finds, of the zone's first nodes that still have room, the one with fewest of the service that
  /// `suits`, if it has fewer than `best`; returns how many were met that are full by now.
  private func look(
    in zone: Int, _ classID: Int, _ standing: borrowing Standing, better best: inout Int?,
    _ suits: (Int) -> Bool
  ) -> Int {
    let needs = Needs(standing.problem.classes[classID])
    var (looks, gone) = (0, 0)
    for node in rooms[classID]?[zone] ?? [] {
      guard standing.fits(classID, needs, on: node) else {
        gone += 1
        continue
      }
      looks += 1
      if best.map({ onNode[node] < onNode[$0] }) ?? true, suits(node) { best = node }
      if looks == Dispersal.looksMax || best.map({ onNode[$0] == 0 }) ?? false { break }
    }
    return gone
  }

  private mutating func forgetFull(
    _ zone: Int, _ classID: Int, _ standing: borrowing Standing
  ) {
    let needs = Needs(standing.problem.classes[classID])
    var left: [Int] = []
    for node in rooms[classID]?[zone] ?? [] where standing.fits(classID, needs, on: node) {
      left.append(node)
    }
    rooms[classID]?[zone] = left
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

  /// Whether rules, queues and money leave the other node open to a replica that stood on `node`.
  private func isOpen(
    _ replica: Int, _ other: Int, from node: Int, _ standing: borrowing Standing
  ) -> Bool {
    let problem = standing.problem
    let want = standing.want(of: replica)
    let (spot, otherSpot) = (standing.fleet.spots[node], standing.fleet.spots[other])
    if let level = want.union, spot.area(level, node: node) != otherSpot.area(level, node: other) {
      return false
    }
    if let spread = want.spread {
      let level = Area.Level(spread)
      if spot.area(level, node: node) != otherSpot.area(level, node: other) { return false }
    }
    if want.queue != problem.queues.outside
      && standing.fleet.model[node] != standing.fleet.model[other]
    {
      return false
    }
    if Int(standing.origin[replica]) == other { return false }
    if let level = want.packPreferred,
      spot.area(level, node: node) != otherSpot.area(level, node: other)
    {
      return false
    }
    if want.hasNeighbours {
      let index = Int(standing.wantOf[replica])
      if !standing.isWelcome(index, on: other) || standing.isMissed(index, on: node) {
        return false
      }
    }
    let isSpare = other < problem.nodes.count && problem.nodes[other].goesWhenEmpty
    return !(isSpare && standing.isEmpty(other))
  }

  /// Whether the other node is no worse a place for what the fleet has to hold yet.
  private static func packsAsWell(
    _ scoring: Scoring, _ here: Int64, _ node: Int, _ other: Int, _ standing: borrowing Standing
  ) -> Bool {
    if standing.fleet.deviceCount[other] == 0 { return true }
    return standing.fleet.deviceCount[node] > 0 && scoring.score(standing.fleet, other) <= here
  }

  // MARK: Where all is full

  /// Exchanges the replica with one of its class on another node, where that helps the two services
  /// together.
  private mutating func swap(_ replica: Int, _ standing: inout Standing) -> Int? {
    let node = Int(standing.home[replica])
    let want = standing.want(of: replica)
    guard want.isLoose, onNode[node] > 1 else { return nil }
    if hosts[want.classID] == nil { hosts[want.classID] = Dispersal.hosts(want.classID, standing) }
    var looks = 0
    for other in hosts[want.classID] ?? [] where onNode[other] < onNode[node] - 1 {
      looks += 1
      if looks > Dispersal.looksMax { break }
      guard let partner = partner(of: replica, on: other, standing) else { continue }
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
    of replica: Int, on other: Int, _ standing: borrowing Standing
  ) -> Int? {
    let node = Int(standing.home[replica])
    let own = Int(standing.wantOf[replica])
    let gain = onNode[node] - onNode[other] - 1
    var partner: Int?
    standing.forEachReplica(on: other) { candidate in
      let want = Int(standing.wantOf[candidate])
      guard want != own, Dispersal.isAlike(want, own, standing.problem),
        !standing.isKept(candidate), Int(standing.origin[candidate]) != node,
        Int(standing.origin[replica]) != other
      else { return }
      let isAlone = standing.problem.wants[want].count < 2
      let loss = isAlone ? 0 : standing.count(of: want, on: node) + 1
      let relief = isAlone ? 0 : standing.count(of: want, on: other)
      if loss - relief < gain { partner = max(partner ?? candidate, candidate) }
    }
    return partner
  }

  /// Whether replicas of the two may take each other's place.
  private static func isAlike(_ one: Int, _ other: Int, _ problem: borrowing Problem) -> Bool {
    problem.wants[one].classID == problem.wants[other].classID
      && problem.wants[one].queue == problem.wants[other].queue && problem.wants[one].isLoose
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
