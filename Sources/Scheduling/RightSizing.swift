import Model

/// What is put right about purchases once everything has its place.
extension Standing {
  /// Gives up nodes that nobody stands on; returns whether there were any.
  mutating func dropEmptyPurchases() -> Bool {
    var changed = false
    for index in purchases.indices where !purchases[index].isDropped {
      guard !purchases[index].isForMinimum, isEmpty(problem.nodes.count + index) else { continue }
      drop(index)
      changed = true
    }
    return changed
  }

  /// Exchanges every bought node for the cheapest that still holds what stands on it; returns whether
  /// any was.
  mutating func rightSize() -> Bool {
    var changed = false
    for index in purchases.indices
    where !purchases[index].isDropped && !purchases[index].isForMinimum {
      if let cheaper = cheapestHolder(index), exchange(index, moving: cheaper) { changed = true }
    }
    return changed
  }

  /// Buys what pools must still get to reach their minimum; returns whether anything was bought.
  mutating func buyMinimums() -> Bool {
    var changed = false
    for (pool, _) in problem.pools.enumerated() {
      while rooms.poolMinimum[pool] > 0 {
        let affordable = problem.offers.indices.filter {
          problem.offers[$0].pool == pool && rooms.refusal(problem.offers[$0]) == nil
        }
        let cheapest = affordable.min { left, right in
          let (one, other) = (problem.offers[left], problem.offers[right])
          let oneKey = (one.offer.preference, one.price, rooms.bought[one.group], left)
          return oneKey < (other.offer.preference, other.price, rooms.bought[other.group], right)
        }
        guard let cheapest else { break }
        _ = buy(cheapest)
        markForMinimum(purchases.count - 1)
        changed = true
      }
    }
    return changed
  }

  private func cheapestHolder(_ purchase: Int) -> Int? {
    let node = problem.nodes.count + purchase
    let present = problem.offers[purchases[purchase].offer]
    let residents = replicas(on: node).map { (replica: $0, want: want(of: $0)) }
    let isPlaced = residents.contains { !$0.want.isLoose }
    let isQueued = residents.contains { $0.want.queue != problem.queues.outside }
    let classes = Set(residents.map(\.want.classID)).sorted()
    let preferred = classes.map { Set(preferredOffers($0)) }
    var best: Int?
    for (index, offer) in problem.offers.enumerated() where offer.price < present.price {
      if let best, problem.offers[best].price <= offer.price { continue }
      guard preferred.allSatisfy({ $0.contains(index) }) else { continue }
      if isPlaced && !offer.spot.isBeside(present.spot) {
        continue
      }
      if isQueued && offer.model != present.model { continue }
      if offer.pool != present.pool, let pool = present.pool, rooms.poolMinimum[pool] >= 0 {
        continue
      }
      if offer.pool != present.pool && rooms.refusal(offer) != nil { continue }
      if holds(offer, residents.map(\.replica)) { best = index }
    }
    return best
  }

  /// Whether an empty node of the offer has room for all of the replicas.
  private func holds(_ offer: Offer, _ replicas: [Int]) -> Bool {
    var room = Room(offer.offer.capacity)
    return largestFirst(replicas).allSatisfy {
      room.take(problem.classes[want(of: $0).classID], atMost: 1) == 1
    }
  }

  private func largestFirst(_ replicas: [Int]) -> [Int] {
    replicas.sorted { left, right in
      let one = problem.classes[want(of: left).classID]
      let other = problem.classes[want(of: right).classID]
      return one.charge != other.charge ? one.charge > other.charge : left < right
    }
  }

  private mutating func exchange(_ purchase: Int, moving index: Int) -> Bool {
    let node = problem.nodes.count + purchase
    let present = purchases[purchase].offer
    let residents = largestFirst(replicas(on: node))
    for replica in residents { remove(replica) }
    exchange(purchase, for: index)
    for replica in residents {
      guard fleet.devices(for: problem.classes[want(of: replica).classID], on: node) != nil else {
        for placed in replicas(on: node) { remove(placed) }
        exchange(purchase, for: present)
        for replica in residents { place(replica, on: node) }
        return false
      }
      place(replica, on: node)
    }
    return true
  }
}
