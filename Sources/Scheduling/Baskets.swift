import Model

/// Buying nodes for many wants at once: what goes on a node is chosen together with the node.
extension Standing {
  /// Loose replicas of one class and one queue that still look for a home.
  struct Item {
    let classID: Int
    let queue: Int
    var wants: [Int]
    var left: Int
    /// The least that one replica can cost, in millionths of a dollar per hour.
    var value: Int64
    /// Offers that it may be bought with, by index.
    var offers: [Bool]
  }

  /// Ways to choose nodes for a batch, the best one first.
  private enum Way: CaseIterable {
    case patterns
    case cheapest
    case densest
  }

  /// Nodes of a batch from which on patterns alone are tried: their cost is near the least there.
  private static let largeBatch = 64

  /// Buys nodes for loose wants, `missing` of each, and fills them: in the way that places most, and of
  /// those the cheapest. Where limits are tight, packing most into a node may beat all else.
  mutating func buyLoose(_ wants: [(want: Int, missing: Int)]) {
    let missing = wants.reduce(0) { $0 + $1.missing }
    if missing == 0 { return }
    let start = mark
    let before = purchases.count
    var best: (way: Way, done: Int, cost: Int64)?
    var last = Way.patterns
    for way in Way.allCases {
      if best?.done == missing
        && (way == .densest || purchases.count - before > Standing.largeBatch)
      {
        break
      }
      rollBack(to: start)
      last = way
      let done = buyLoose(wants, way)
      let cost = purchases[before...].reduce(Int64(0)) {
        $0.addingSaturated(problem.offers[$1.offer].price)
      }
      if let best, (-best.done, best.cost) <= (-done, cost) { continue }
      best = (way, done, cost)
    }
    guard let best, best.way != last else { return }
    rollBack(to: start)
    _ = buyLoose(wants, best.way)
  }

  private mutating func buyLoose(_ wants: [(want: Int, missing: Int)], _ way: Way) -> Int {
    switch way {
    case .patterns: buyPatterns(wants)
    case .cheapest: buyLoose(wants, Thrift.cheapest)
    case .densest: buyLoose(wants, Thrift.densest)
    }
  }

  /// Buys by patterns as far as limits allow.
  private mutating func buyPatterns(_ wants: [(want: Int, missing: Int)]) -> Int {
    var items = items(wants)
    guard items.count <= BatchBuyer.itemsMax else { return 0 }
    let classes = items.map { problem.classes[$0.classID] }
    let packers = packableOffers(items).map { index in
      Packer(
        offer: index, price: effectivePrice(problem.offers[index]),
        room: Room(problem.offers[index].offer.capacity), classes: classes,
        isAllowed: items.map { $0.offers[index] })
    }
    var buyer = BatchBuyer(classes: classes, demand: items.map(\.left), packers: packers)
    guard let nodes = buyer.buy() else { return 0 }
    var done = 0
    for pattern in nodes {
      let twins = twins(of: pattern.offer).filter { rooms.refusal(problem.offers[$0]) == nil }
      let index = twins.min {
        (rooms.bought[problem.offers[$0].group], $0) < (rooms.bought[problem.offers[$1].group], $1)
      }
      guard let index else { continue }
      let before = mark
      let node = buy(index)
      var placed = 0
      for (item, count) in pattern.counts { placed += fill(&items[item], count, on: node) }
      if placed == 0 { rollBack(to: before) }
      done += placed
    }
    return done
  }

  /// Offers that can be bought and that no other of their kind outdoes in all respects.
  private func packableOffers(_ items: [Item]) -> [Int] {
    let open = problem.offers.indices.filter { index in
      rooms.refusal(problem.offers[index]) == nil && items.contains { $0.offers[index] }
    }
    return open.filter { index in
      !open.contains { outdoes($0, index) && (!outdoes(index, $0) || $0 < index) }
    }
  }

  /// Whether one offer gives as much as another of the same kind and pool for no more money.
  private func outdoes(_ index: Int, _ other: Int) -> Bool {
    let (one, two) = (problem.offers[index], problem.offers[other])
    return one.spot.kind == two.spot.kind && one.pool == two.pool
      && one.offer.preference == two.offer.preference && one.price <= two.price
      && one.devices >= two.devices
      && two.offer.capacity.amounts.fits(in: one.offer.capacity.amounts)
  }

  /// Offers that differ from the given one in their zone at most.
  private func twins(of index: Int) -> [Int] {
    let offer = problem.offers[index].offer
    return problem.offers.indices.filter {
      let twin = problem.offers[$0]
      return twin.offer.instanceType == offer.instanceType
        && twin.offer.capacityType == offer.capacityType && outdoes($0, index)
        && outdoes(index, $0)
    }
  }

  private mutating func buyLoose(_ wants: [(want: Int, missing: Int)], _ thrift: Thrift) -> Int {
    var items = items(wants)
    var isUseless = Array(repeating: false, count: problem.offers.count)
    var done = 0
    while let (index, counts) = bestBasket(items, isUseless, thrift) {
      let before = mark
      let node = buy(index)
      var placed = 0
      for (item, count) in counts {
        placed += fill(&items[item], count, on: node)
      }
      if placed == 0 {
        rollBack(to: before)
        isUseless[index] = true
      }
      done += placed
    }
    return done
  }

  private mutating func fill(_ item: inout Item, _ count: Int, on node: Int) -> Int {
    let area = Area(level: .node, id: node)
    var done = 0
    while done < count, let want = item.wants.first {
      let here = fill(want, min(count - done, missing(want)), in: area)
      done += here
      if missing(want) == 0 { item.wants.removeFirst() }
      if here == 0 { break }
    }
    item.left -= done
    return done
  }

  private func items(_ wants: [(want: Int, missing: Int)]) -> [Item] {
    struct Key: Hashable {
      let classID: Int
      let queue: Int
    }
    var interner = Interner<Key>()
    var items: [Item] = []
    for (want, missing) in wants where missing > 0 {
      let key = Key(classID: problem.wants[want].classID, queue: problem.wants[want].queue)
      let id = interner.id(of: key)
      if id == items.count { items.append(item(key.classID, key.queue)) }
      items[id].wants.append(want)
      items[id].left += missing
    }
    return items.filter { $0.value < .max }
  }

  private func item(_ classID: Int, _ queue: Int) -> Item {
    let replica = problem.classes[classID]
    var value = Int64.max
    var offers = Array(repeating: false, count: problem.offers.count)
    for index in preferredOffers(classID) {
      let offer = problem.offers[index]
      var room = Room(offer.offer.capacity)
      let held = room.take(replica, atMost: Int(Int32.max))
      guard held > 0 else { continue }
      offers[index] = true
      value = min(value, max(1, offer.price / Int64(held)))
    }
    return Item(
      classID: classID, queue: queue, wants: [], left: 0, value: value, offers: offers)
  }

  /// The node to buy next and what is to stand on it.
  private func bestBasket(_ items: [Item], _ isUseless: [Bool], _ thrift: Thrift)
    -> (offer: Int, counts: [(item: Int, count: Int)])?
  {
    var best: (offer: Int, counts: [(item: Int, count: Int)], judgement: Judgement)?
    for (index, offer) in problem.offers.enumerated() where !isUseless[index] {
      guard rooms.refusal(offer) == nil else { continue }
      let (counts, value) = basket(items, index)
      guard value > 0 else { continue }
      let judgement = Judgement(
        price: effectivePrice(offer), value: value, rivals: rooms.bought[offer.group],
        prefersZones: true, thrift)
      if let best, !judgement.isBetter(than: best.judgement) { continue }
      best = (index, counts, judgement)
    }
    return best.map { ($0.offer, $0.counts) }
  }

  /// What an empty node of the offer would take: replicas in the order of the items (largest first).
  private func basket(_ items: [Item], _ index: Int)
    -> (counts: [(item: Int, count: Int)], value: Int64)
  {
    var room = Room(problem.offers[index].offer.capacity)
    var counts: [(item: Int, count: Int)] = []
    var value: Int64 = 0
    for (number, item) in items.enumerated() where item.left > 0 && item.offers[index] {
      guard queueAdmits(item, model: problem.offers[index].model) else { continue }
      let count = room.take(problem.classes[item.classID], atMost: item.left)
      guard count > 0 else { continue }
      counts.append((number, count))
      value = value.addingSaturated(item.value.multipliedSaturated(by: Int64(count)))
    }
    return (counts, value)
  }

  private func queueAdmits(_ item: Item, model: Int) -> Bool {
    item.wants.first.map { queueAdmits($0, model: model) } ?? false
  }
}
