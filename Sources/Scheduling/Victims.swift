import Model

/// Finding the node where making room for one replica loses least.
extension Standing {
  /// Evicts a set of victims so that one more replica of the claim fits in the area; nil, and nothing
  /// changed, where no set would do.
  mutating func makeRoom(
    _ preemptor: Preemptor, in area: Area?, _ ways: inout VictimWays
  ) -> [VictimUnit]? {
    let start = mark
    while let way = ways.best(self) {
      for unit in way.units { evict(unit, for: preemptor.want, on: way.node) }
      if let more = makeQuota(preemptor, model: Int(fleet.model[way.node])) {
        return way.units + more
      }
      rollBack(to: start)
      ways.dismiss(way.node)
    }
    return nil
  }

  /// Evicts more, anywhere, until the claim's queue allows one more replica; nil where it can't be.
  private mutating func makeQuota(_ preemptor: Preemptor, model: Int) -> [VictimUnit]? {
    var more: [VictimUnit] = []
    if queueAdmits(preemptor.want, model: model) { return more }
    let queue = problem.wants[preemptor.want].queue
    let candidates = problem.wants.indices.filter { cause(preemptor, $0) != nil }
      .flatMap { standing(of: $0) }
    for unit in victimUnits(preemptor, among: candidates) {
      guard cause(preemptor, unit.want) != nil else { continue }
      let before = mark
      let headroom = headroom(queue: queue, model: model).milli
      evict(unit, for: preemptor.want, on: nil)
      guard self.headroom(queue: queue, model: model).milli > headroom else {
        rollBack(to: before)
        continue
      }
      more.append(unit)
      if queueAdmits(preemptor.want, model: model) { return more }
    }
    return nil
  }

  /// Where a replica stood before it was removed, the first time since `mark`.
  func lastPlace(_ replica: Int, since mark: Int) -> (node: Int, mask: UInt64) {
    firstRemoval(of: replica, since: mark) ?? (Int(origin[replica]), originMask[replica])
  }

  /// Homes that the want's replicas got since `mark` and still have.
  func arrivals(of want: Int, since mark: Int) -> [Int] {
    let before = Set(placements(since: mark))
    return standing(of: want).filter { before.contains($0) }
  }
}
