import Model

/// Room that is taken from later claims, for a gang also beside nodes that are bought.
extension Standing {
  /// Makes room for `count` replicas and places them; returns how many found a home, 0 or all for a
  /// gang.
  mutating func takeRoom(_ preemptor: Preemptor, _ count: Int) -> Int {
    let done = preempt(preemptor, count)
    return done > 0 ? done : buyAndPreempt(preemptor, count)
  }

  /// Buys nodes for a part of a gang and takes room for the rest from later claims; returns how many
  /// replicas found a home, 0 or all. Of all ways the one that loses least is taken, then the cheapest.
  ///
  /// Others than gangs need no such thing: what could be bought for them was bought before.
  private mutating func buyAndPreempt(_ preemptor: Preemptor, _ count: Int) -> Int {
    let want = problem.wants[preemptor.want]
    guard want.isGang, count > 1, union(preemptor.want) != .node, !problem.offers.isEmpty else {
      return 0
    }
    var best: (way: Way, cost: VictimCost, price: Int64)?
    for thrift in Thrift.allCases {
      for area in areasToBuyIn(preemptor.want) {
        let (start, bought) = (mark, purchases.count)
        let way = Way(area: area, thrift: thrift)
        let isFound = take(way, preemptor, count)
        let cost = cost(of: preemptor.want, since: start)
        let price = pricePerHour(ofPurchasesFrom: bought)
        rollBack(to: start)
        guard isFound else { continue }
        if let best, (best.cost, best.price) <= (cost, price) { continue }
        best = (way, cost, price)
      }
    }
    guard let best, take(best.way, preemptor, count) else { return 0 }
    return count
  }

  /// Where nodes are bought first, and by what they are judged.
  private struct Way {
    let area: Area?
    let thrift: Thrift
  }

  private mutating func take(_ way: Way, _ preemptor: Preemptor, _ count: Int) -> Bool {
    let start = mark
    let bought = buyPart(preemptor.want, count, in: way.area, way.thrift)
    if bought > 0, bought < count, preempt(preemptor, count - bought) == count - bought {
      return true
    }
    rollBack(to: start)
    return false
  }
}
