import Model

/// Buying for gangs and for others, so that they share nodes where that is cheaper.
extension Standing {
  /// Wants up to which gangs are also tried in one batch with the others.
  private static let batchMax = BatchBuyer.itemsMax

  /// Buys nodes for all of them, and fills them: those that stand together or apart one after the
  /// other and then the rest, or gangs and the rest in one batch. Of the two the way is taken that
  /// places more, and of equals the cheaper one.
  mutating func buyForAll(_ wants: [(want: Int, missing: Int)]) {
    let joining = wants.filter { joinsBatch($0.want) }
    let goals = wants.map { (want: $0.want, count: placed[$0.want] + $0.missing) }
    guard joining.count > 1, joining.count <= Standing.batchMax,
      joining.contains(where: { problem.wants[$0.want].isGang })
    else {
      buyInTurn(goals)
      return
    }
    let (start, first) = (mark, purchases.count)
    let inBatch = buyInBatch(goals) ? result(goals, from: first) : nil
    rollBack(to: start)
    buyInTurn(goals)
    guard let inBatch else { return }
    let inTurn = result(goals, from: first)
    if (-inTurn.placed, inTurn.cost) <= (-inBatch.placed, inBatch.cost) { return }
    rollBack(to: start)
    _ = buyInBatch(goals)
  }

  private func result(
    _ goals: [(want: Int, count: Int)], from first: Int
  ) -> (placed: Int, cost: Int64) {
    (goals.reduce(0) { $0 + placed[$1.want] }, pricePerHour(ofPurchasesFrom: first))
  }

  /// Whether any nodes will do for its replicas, of a gang since there is but one cluster to stand in.
  private func joinsBatch(_ want: Int) -> Bool {
    let wanted = problem.wants[want]
    if wanted.isLoose { return true }
    let isUnbound = wanted.isGang && wanted.pack == nil && wanted.spread == nil
    return isUnbound && wanted.packPreferred == nil && !wanted.hasNeighbours
      && problem.clusters.count == 1
  }

  private func left(_ goals: [(want: Int, count: Int)]) -> [(want: Int, missing: Int)] {
    goals.map { ($0.want, $0.count - placed[$0.want]) }.filter { $0.1 > 0 }
  }

  /// Buys for those that `joins` leaves out one after the other, then for the rest at once.
  private mutating func buy(
    _ goals: [(want: Int, count: Int)], inBatch joins: (Standing, Int) -> Bool
  ) {
    for (want, missing) in left(goals) where !joins(self, want) { _ = buyTogether(want, missing) }
    fillFairly(left(goals).filter { problem.wants[$0.want].isLoose })
    buyLoose(left(goals).filter { joins(self, $0.want) })
  }

  private mutating func buyInTurn(_ goals: [(want: Int, count: Int)]) {
    buy(goals) { $0.problem.wants[$1].isLoose }
  }

  /// False where a gang would be there in part.
  private mutating func buyInBatch(_ goals: [(want: Int, count: Int)]) -> Bool {
    buy(goals) { $0.joinsBatch($1) }
    return left(goals).allSatisfy { !problem.wants[$0.want].isGang || !joinsBatch($0.want) }
  }
}
