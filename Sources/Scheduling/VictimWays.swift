import Model

/// Ways to make room for one replica of a claim, at most one on each node: the victims there that cost
/// least. They are kept from replica to replica; only where something has changed they are looked for
/// again.
struct VictimWays {
  struct Way {
    let node: Int
    let units: [VictimUnit]
    let cost: VictimCost

    func isBetter(than other: Way) -> Bool {
      cost != other.cost ? cost < other.cost : node < other.node
    }
  }

  private enum Knowledge {
    case impossible
    case way(Way)
  }

  private let preemptor: Preemptor
  /// Those in the area that the claim may use.
  private let nodes: [Int]
  /// By node; what is not there is not known.
  private var known: [Int: Knowledge] = [:]
  private var isPrey: [Bool]

  init(_ preemptor: Preemptor, in area: Area?, _ standing: borrowing Standing) {
    self.preemptor = preemptor
    let classID = standing.problem.wants[preemptor.want].classID
    let fleet = standing.fleet
    nodes = (0..<fleet.count).filter { node in
      standing.permits(classID, on: node)
        && area.map { fleet.spots[node].area($0.level, node: node) == $0.id } ?? true
    }
    isPrey = VictimWays.prey(preemptor, standing)
  }

  private static func prey(_ preemptor: Preemptor, _ standing: borrowing Standing) -> [Bool] {
    standing.problem.wants.indices.map { [placed = standing.placed] in placed[$0] > 0 }
      .enumerated().map { $0.element && standing.cause(preemptor, $0.offset) != nil }
  }

  /// The way that costs least of those that keep to `spread`.
  mutating func best(_ standing: borrowing Standing) -> Way? {
    let domains =
      standing.problem.wants[preemptor.want].spread == nil
      ? nil : SpreadDomains(standing, preemptor.want)
    var best: Way?
    for node in nodes {
      if let domains, !domains.allows(domains.domain(of: node, standing)) { continue }
      guard let way = way(on: node, standing) else { continue }
      if let best, !way.isBetter(than: best) { continue }
      best = way
    }
    return best
  }

  /// What room for one replica costs at the least on each node where some can be had or made.
  mutating func costs(_ standing: borrowing Standing) -> [(node: Int, cost: VictimCost)] {
    let classID = standing.problem.wants[preemptor.want].classID
    let needs = Needs(standing.problem.classes[classID])
    return nodes.compactMap { node in
      if standing.fits(classID, needs, on: node), standing.isWelcome(preemptor.want, on: node) {
        return (node, VictimCost())
      }
      return way(on: node, standing).map { (node, $0.cost) }
    }
  }

  /// Leaves a node out until something changes.
  mutating func dismiss(_ node: Int) { known[node] = .impossible }

  /// Takes in what has changed since `mark`.
  mutating func forget(since mark: Int, _ standing: borrowing Standing) {
    if !standing.isOutside(preemptor.want)
      || standing.problem.wants[preemptor.want].hasNeighbours
    {
      // Who borrows from whom, and who stands beside whom, has changed with every replica.
      known.removeAll(keepingCapacity: true)
      isPrey = VictimWays.prey(preemptor, standing)
      return
    }
    for node in standing.nodesTouched(since: mark) { known[node] = nil }
  }

  private mutating func way(on node: Int, _ standing: borrowing Standing) -> Way? {
    switch known[node] {
    case .impossible: return nil
    case .way(let way): return way
    case nil:
      let way = search(on: node, standing)
      known[node] = way.map { .way($0) } ?? .impossible
      return way
    }
  }

  private func search(on node: Int, _ standing: borrowing Standing) -> Way? {
    guard let unwelcoming = standing.unwelcoming(preemptor.want, on: node),
      unwelcoming.allSatisfy({ isPrey[Int(standing.wantOf[$0])] })
    else { return nil }
    let others = Set(unwelcoming)
    let residents = standing.replicas(on: node).filter {
      isPrey[Int(standing.wantOf[$0])] && !others.contains($0)
    }
    if residents.isEmpty && unwelcoming.isEmpty { return nil }
    let units = standing.victimUnits(preemptor, among: unwelcoming + residents)
    // As many of them may go as the rights of their queues allow.
    guard others.isSubset(of: units.flatMap(\.replicas)) else { return nil }
    var search = NodeSearch(
      units, required: others, standing.replicaClass(of: preemptor.want), node, standing)
    guard let going = search.run() else { return nil }
    return Way(node: node, units: going, cost: VictimCost(of: going))
  }
}

/// The cheapest victims on one node that leave room for one replica.
private struct NodeSearch {
  /// Sets tried; what was found by then is irreducible in any case.
  private static let trialsMax = 400

  /// Cheapest first.
  private let units: [VictimUnit]
  /// They go in any case.
  private let required: [VictimUnit]
  private let replica: ReplicaClass
  /// What each unit takes on the node.
  private let parts: [[(replica: ReplicaClass, mask: UInt64)]]
  private var room: Room
  private var going: [Int] = []
  private var best: [Int]?
  private var bestCost = VictimCost()
  private var trials = 0

  init(
    _ all: [VictimUnit], required: Set<Int>, _ replica: ReplicaClass, _ node: Int,
    _ standing: borrowing Standing
  ) {
    let sorted = all.sorted {
      let (one, other) = (VictimCost(of: [$0]), VictimCost(of: [$1]))
      return one != other ? one < other : $0.isCheaper(than: $1)
    }
    self.replica = replica
    units = sorted.filter { required.isDisjoint(with: $0.replicas) }
    self.required = sorted.filter { !required.isDisjoint(with: $0.replicas) }
    room = Room(standing.fleet, node)
    let (home, mask) = (standing.home, standing.mask)
    let taken = { (unit: VictimUnit, replica: ReplicaClass) in
      unit.replicas.filter { Int(home[$0]) == node }.map { (replica: replica, mask: mask[$0]) }
    }
    parts = units.map { taken($0, standing.replicaClass(of: $0.want)) }
    for unit in self.required {
      for part in taken(unit, standing.replicaClass(of: unit.want)) {
        room.add(part.replica, part.mask, sign: 1)
      }
    }
  }

  mutating func run() -> [VictimUnit]? {
    guard irreducible() else { return nil }
    decide(0)
    return best.map { required + $0.map { units[$0] } }
  }

  /// The cheapest first until it is enough, and then without those that later ones made needless.
  private mutating func irreducible() -> Bool {
    var chosen: [Int] = []
    for index in units.indices where !room.fits(replica) {
      change(index, 1)
      chosen.append(index)
    }
    let isEnough = room.fits(replica)
    for place in chosen.indices.reversed() where isEnough {
      change(chosen[place], -1)
      if room.fits(replica) { chosen.remove(at: place) } else { change(chosen[place], 1) }
    }
    for index in chosen { change(index, -1) }
    best = chosen
    bestCost = VictimCost(of: required + chosen.map { units[$0] })
    return isEnough
  }

  private mutating func decide(_ index: Int) {
    guard index < units.count, trials < NodeSearch.trialsMax else { return }
    trials += 1
    let cost = VictimCost(of: required + (going + [index]).map { units[$0] })
    guard cost < bestCost else { return }
    change(index, 1)
    going.append(index)
    if room.fits(replica) {
      best = going
      bestCost = cost
    } else {
      decide(index + 1)
    }
    going.removeLast()
    change(index, -1)
    decide(index + 1)
  }

  private mutating func change(_ index: Int, _ sign: Int64) {
    for part in parts[index] { room.add(part.replica, part.mask, sign: sign) }
  }
}
