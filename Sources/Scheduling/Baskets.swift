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

  /// Buys nodes for loose wants, `missing` of each, and fills them. Tries the cheapest way first, and
  /// where limits leave someone out, the one that packs most into a node.
  mutating func buyLoose(_ wants: [(want: Int, missing: Int)]) {
    var best: (thrift: Thrift, done: Int)?
    let missing = wants.reduce(0) { $0 + $1.missing }
    for thrift in Thrift.allCases {
      let mark = mark
      let done = buyLoose(wants, thrift)
      if done == missing { return }
      rollBack(to: mark)
      if done > best?.done ?? 0 { best = (thrift, done) }
    }
    if let best { _ = buyLoose(wants, best.thrift) }
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
