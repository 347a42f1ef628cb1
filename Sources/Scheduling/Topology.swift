import Model

/// How many replicas of a want stand in each zone, rack or node that could take some.
///
/// A domain counts while an open node of it permits the want, or while a node could still be bought in
/// it: the least number over those is what skew is measured from.
struct SpreadDomains {
  let level: Area.Level
  private let maxSkew: Int
  private var counts: [Int]
  private(set) var eligible: [Int]
  private var least: Int

  init(_ standing: borrowing Standing, _ want: Int) {
    let problem = standing.problem
    level = problem.wants[want].spread.map { Area.Level($0) } ?? .zone
    maxSkew = problem.wants[want].maxSkew
    let classID = problem.wants[want].classID
    let size = problem.places.count(level, nodes: standing.fleet.count)
    counts = Array(repeating: 0, count: size)
    var isEligible = Array(repeating: false, count: size)
    for node in 0..<standing.fleet.count where standing.permits(classID, on: node) {
      let domain = standing.fleet.spots[node].area(level, node: node)
      if domain >= 0 { isEligible[domain] = true }
    }
    for offer in problem.offers where level != .node {
      let domain = offer.spot.area(level, node: -1)
      if domain >= 0 && standing.canBuy(offer, for: want) { isEligible[domain] = true }
    }
    for replica in standing.standing(of: want) {
      let node = Int(standing.home[replica])
      let domain = standing.fleet.spots[node].area(level, node: node)
      if domain >= 0 { counts[domain] += 1 }
    }
    eligible = isEligible.indices.filter { isEligible[$0] }
    least = 0
    measure()
  }

  var count: Int { counts.count }

  func domain(of node: Int, _ standing: borrowing Standing) -> Int {
    standing.fleet.spots[node].area(level, node: node)
  }

  func domain(of offer: Offer) -> Int { offer.spot.area(level, node: -1) }

  mutating func add(_ domain: Int) {
    counts[domain] += 1
    if counts[domain] == least + 1 { measure() }
  }

  private mutating func measure() {
    least = eligible.lazy.map { [counts] in counts[$0] }.min() ?? 0
  }

  /// Whether one more replica in the domain keeps within the skew; a node still to be bought is a
  /// domain of its own, with none.
  func allows(_ domain: Int) -> Bool {
    guard domain >= 0 else { return level == .node }
    return counts[domain] + 1 - least <= maxSkew
  }

  /// The domain that the next replica should go to: of those that `best` finds a node in and that
  /// keep within the skew, the one with the fewest, then with the best node.
  func next(_ best: (Int) -> Candidate?) -> Int? {
    let bound = least + maxSkew
    var chosen: (count: Int, candidate: Candidate, domain: Int)?
    for domain in eligible where counts[domain] + 1 <= bound {
      guard let candidate = best(domain) else { continue }
      if let (count, rival, _) = chosen, (count, rival) <= (counts[domain], candidate) { continue }
      chosen = (counts[domain], candidate, domain)
    }
    return chosen?.domain
  }

  /// Domains that keep within the skew, those with the fewest first.
  var open: [Int] {
    let bound = least + maxSkew
    return eligible.filter { counts[$0] + 1 <= bound }
      .sorted { (counts[$0], $0) < (counts[$1], $1) }
  }
}

/// Wants whose replicas must stand together: gangs in one cluster, packed ones in one zone, rack, node.
extension Standing {
  /// Whether the offer would do for the want, and nothing forbids buying one.
  func canBuy(_ offer: Offer, for want: Int) -> Bool {
    problem.permits[problem.wants[want].classID * problem.kindCount + offer.spot.kind] == 0
      && rooms.refusal(offer) == nil
  }

  /// The area where those of the want that have a home stand; the fullest where they stand apart.
  func presentArea(_ want: Int) -> (area: Area, isWhole: Bool)? {
    guard let level = union(want) else { return nil }
    let company = team(of: problem.root(of: want))
    if company.isEmpty { return nil }
    var counts: [Int: Int] = [:]
    for replica in company {
      let node = Int(home[replica])
      counts[fleet.spots[node].area(level, node: node), default: 0] += 1
    }
    guard let best = counts.max(by: { ($0.value, -$0.key) < ($1.value, -$1.key) }) else {
      return nil
    }
    return (Area(level: level, id: best.key), counts.count == 1 && best.key >= 0)
  }

  /// Areas with open nodes that permit the want, and how many replicas each has room for (at most
  /// `most`): those that hold `most` first, tightest first, then the others, roomiest first.
  func areas(_ want: Int, level: Area.Level, most: Int) -> [(area: Area, room: Int)] {
    let classID = problem.wants[want].classID
    if level == .cluster && problem.clusters.count == 1 {
      // Where there is no choice, filling itself will tell whether there is room.
      return [(Area(level: .cluster, id: 0), most)]
    }
    var rooms: [Int: (room: Int, total: Int)] = [:]
    for node in 0..<fleet.count where permits(classID, on: node) {
      let id = fleet.spots[node].area(level, node: node)
      if id < 0 { continue }
      var here = capacity(classID, on: node)
      if problem.wants[want].hasNeighbours {
        here = isWelcome(want, on: node) ? mostOnNewNode(want, of: here) : 0
      }
      let (room, total) = rooms[id] ?? (0, 0)
      rooms[id] = (min(most, room + here), total + here)
    }
    return rooms.map { (area: Area(level: level, id: $0.key), room: $0.value.room, $0.value.total) }
      .sorted { left, right in
        if left.room != right.room { return left.room > right.room }
        return left.2 != right.2 ? left.2 < right.2 : left.area.id < right.area.id
      }
      .map { ($0.area, $0.room) }
  }

  /// Places all homeless replicas of a want that must stand together in one area, or as many as can be
  /// where it is no gang; returns how many.
  mutating func fillTogether(_ want: Int, _ count: Int) -> Int {
    guard let level = union(want), count > 0 else { return 0 }
    let isGang = problem.wants[want].isGang
    if let (area, isWhole) = presentArea(want) {
      return isWhole || !isGang ? fillAll(want, count, in: area) : 0
    }
    for (area, room) in areas(want, level: level, most: count) where room > 0 {
      if isGang && room < count { break }
      let done = fillAll(want, count, in: area)
      if done > 0 { return done }
    }
    return 0
  }

  /// Fills; takes it all back where a gang stays incomplete.
  mutating func fillAll(_ want: Int, _ count: Int, in area: Area?) -> Int {
    let mark = mark
    let done = fill(want, count, in: area)
    if problem.wants[want].isGang && done < count {
      rollBack(to: mark)
      return 0
    }
    return done
  }
}
