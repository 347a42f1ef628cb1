import Model

/// What a purchase is judged by.
enum Thrift: CaseIterable {
  /// The least money for what it holds.
  case cheapest
  /// The most that one node holds: where limits on nodes, not money, are what keeps replicas out.
  case densest
}

/// Choosing nodes to buy for the replicas of one want.
extension Standing {
  /// Buys nodes for `count` replicas that must stand together or apart, and fills them; returns how
  /// many found a home, 0 or all for a gang.
  mutating func buyTogether(_ want: Int, _ count: Int) -> Int {
    guard count > 0 else { return 0 }
    var best: (area: Area?, thrift: Thrift, done: Int, cost: Int64)?
    for thrift in Thrift.allCases {
      // Of equals the first is taken.
      for area in preferredAreasToBuyIn(want) + areasToBuyIn(want) {
        let mark = mark
        let bought = purchases.count
        let done = buy(want, count, in: area, thrift)
        let cost = pricePerHour(ofPurchasesFrom: bought)
        rollBack(to: mark)
        guard done > 0 else { continue }
        if let best, (-best.done, best.cost) <= (-done, cost) { continue }
        best = (area, thrift, done, cost)
      }
      if best?.done == count { break }
    }
    guard let best else { return 0 }
    return buy(want, count, in: best.area, best.thrift)
  }

  /// What all purchases from that one on cost, in millionths of a dollar.
  func pricePerHour(ofPurchasesFrom first: Int) -> Int64 {
    purchases[first...].reduce(Int64(0)) { $0.addingSaturated(problem.offers[$1.offer].price) }
  }

  /// Fills what is free in the area and buys nodes there for the rest; for a gang all or nothing.
  private mutating func buy(_ want: Int, _ count: Int, in area: Area?, _ thrift: Thrift) -> Int {
    let start = mark
    let done = buyPart(want, count, in: area, thrift)
    if problem.wants[want].isGang && done < count {
      rollBack(to: start)
      return 0
    }
    return done
  }

  /// The same as far as it goes, also for a gang.
  mutating func buyPart(_ want: Int, _ count: Int, in area: Area?, _ thrift: Thrift) -> Int {
    let opensNode = area == nil && union(want) == .node
    var done = opensNode ? 0 : fill(want, count, in: area)
    while done < count {
      guard let offer = bestOffer(for: want, count - done, in: area, thrift) else { break }
      let before = mark
      let node = buy(offer)
      let here = opensNode ? Area(level: .node, id: node) : area
      let more = fill(want, count - done, in: here)
      if more == 0 { rollBack(to: before) }
      done += more
      if more == 0 || opensNode { break }
    }
    return done
  }

  /// Where nodes may be bought so that all replicas stand together; nil is anywhere, and for replicas
  /// that share one node a new one.
  func areasToBuyIn(_ want: Int) -> [Area?] {
    guard let level = union(want) else { return [nil] }
    if let (area, isWhole) = presentArea(want) {
      return isWhole && level != .node ? [area] : []
    }
    if level == .node { return [nil] }
    let ids = problem.offers.filter { canBuy($0, for: want) }
      .map { $0.spot.area(level, node: -1) }.filter { $0 >= 0 }
    return Set(ids).sorted().map { Area(level: level, id: $0) }
  }

  /// The offer to buy next for `count` replicas of the want.
  private func bestOffer(for want: Int, _ count: Int, in area: Area?, _ thrift: Thrift) -> Int? {
    let replica = replicaClass(of: want)
    let domains = problem.wants[want].spread == nil ? nil : SpreadDomains(self, want)
    var best: (index: Int, judgement: Judgement)?
    for index in preferredOffers(problem.wants[want].classID, in: area) {
      let offer = problem.offers[index]
      guard rooms.refusal(offer) == nil, refusal(want, at: offer.spot, node: -1) == nil else {
        continue
      }
      if let domains, !domains.allows(domains.domain(of: offer)) { continue }
      guard queueAdmits(want, model: offer.model) else { continue }
      var room = Room(offer.offer.capacity)
      let held = room.take(replica, atMost: mostOnNewNode(want, of: count))
      if union(want) == .node && problem.wants[want].isGang && held < count {
        continue
      }
      guard held > 0 else { continue }
      let judgement = Judgement(
        price: effectivePrice(offer), value: Int64(held), rivals: rooms.bought[offer.group],
        prefersZones: !problem.wants[want].isGang, thrift)
      if let best, !judgement.isBetter(than: best.judgement) { continue }
      best = (index, judgement)
    }
    return best?.index
  }

  /// Offers that hold at least one replica of the class, of each pool only those of the capacity type
  /// that it prefers most.
  func preferredOffers(_ classID: Int, in area: Area? = nil) -> [Int] {
    let replica = problem.classes[classID]
    var tier = Array(repeating: Int.max, count: problem.pools.count)
    var fitting: [Int] = []
    for (index, offer) in problem.offers.enumerated() {
      guard let pool = offer.pool,
        problem.permits[classID * problem.kindCount + offer.spot.kind] == 0
      else { continue }
      if let area, offer.spot.area(area.level, node: -1) != area.id { continue }
      guard Room(offer.offer.capacity).fits(replica) else { continue }
      tier[pool] = min(tier[pool], offer.offer.preference)
      fitting.append(index)
    }
    return fitting.filter { index in
      problem.offers[index].pool.map { tier[$0] == problem.offers[index].offer.preference } ?? false
    }
  }

  /// What a node costs beyond what the pool's minimum makes necessary anyway.
  func effectivePrice(_ offer: Offer) -> Int64 {
    guard let pool = offer.pool, rooms.poolMinimum[pool] > 0 else { return offer.price }
    let floor = problem.offers.lazy.filter { $0.pool == pool }.map(\.price).min() ?? 0
    return offer.price - floor
  }
}

/// How good a purchase is: money for value, or value alone; among equals, replicas that need not stand
/// together go to the zone with the fewest new nodes, so that one zone's trouble costs little.
struct Judgement {
  let price: Int64
  let value: Int64
  let rivals: Int
  let prefersZones: Bool
  let thrift: Thrift

  init(price: Int64, value: Int64, rivals: Int, prefersZones: Bool, _ thrift: Thrift) {
    self.price = price
    self.value = value
    self.rivals = prefersZones ? rivals : 0
    self.prefersZones = prefersZones
    self.thrift = thrift
  }

  func isBetter(than other: Judgement) -> Bool {
    let (mine, others) = (Int128(price) * Int128(other.value), Int128(other.price) * Int128(value))
    switch thrift {
    case .cheapest:
      if mine != others { return mine < others }
      if value != other.value { return value > other.value }
    case .densest:
      if value != other.value { return value > other.value }
      if mine != others { return mine < others }
    }
    return rivals < other.rivals
  }
}
