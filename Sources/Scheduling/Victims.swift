import Model

/// Finding the node where making room for one replica loses least.
extension Standing {
  private struct Choice {
    let node: Int
    let units: [VictimUnit]
    let loss: Int64
    let victims: Int
    let priority: Int

    func isBetter(than other: Choice) -> Bool {
      if loss != other.loss { return loss < other.loss }
      if victims != other.victims { return victims < other.victims }
      if priority != other.priority { return priority < other.priority }
      return node < other.node
    }
  }

  /// Evicts a set of victims so that one more replica of the claim fits in the area; nil, and nothing
  /// changed, where no set would do.
  mutating func makeRoom(_ preemptor: Preemptor, in area: Area?) -> [VictimUnit]? {
    let start = mark
    for choice in choices(preemptor, in: area) {
      for unit in choice.units { evict(unit, for: preemptor.want, on: choice.node) }
      if let more = makeQuota(preemptor, model: Int(fleet.model[choice.node])) {
        return choice.units + more
      }
      rollBack(to: start)
    }
    return nil
  }

  /// One way for each node where room can be made, the one that loses least first.
  private func choices(_ preemptor: Preemptor, in area: Area?) -> [Choice] {
    let want = problem.wants[preemptor.want]
    let domains = want.spread == nil ? nil : SpreadDomains(self, preemptor.want)
    let isPrey = problem.wants.indices.map { placed[$0] > 0 && cause(preemptor, $0) != nil }
    var choices: [Choice] = []
    for node in 0..<fleet.count where permits(want.classID, on: node) {
      if let area, fleet.spots[node].area(area.level, node: node) != area.id { continue }
      if let domains, !domains.allows(domains.domain(of: node, self)) { continue }
      if let choice = choice(preemptor, isPrey, on: node) { choices.append(choice) }
    }
    return choices.sorted { $0.isBetter(than: $1) }
  }

  private func choice(_ preemptor: Preemptor, _ isPrey: [Bool], on node: Int) -> Choice? {
    let replica = replicaClass(of: preemptor.want)
    let residents = replicas(on: node).filter { isPrey[Int(wantOf[$0])] }
    if residents.isEmpty { return nil }
    var room = Room(fleet, node)
    let units = victimUnits(preemptor, among: residents)
    func change(_ unit: VictimUnit, _ sign: Int64) {
      for victim in unit.replicas where Int(home[victim]) == node {
        room.add(problem.classes[want(of: victim).classID], mask[victim], sign: sign)
      }
    }
    var going: [VictimUnit] = []
    for unit in units where !room.fits(replica) {
      change(unit, 1)
      going.append(unit)
    }
    guard room.fits(replica) else { return nil }
    for index in going.indices.reversed() {
      change(going[index], -1)
      if room.fits(replica) {
        going.remove(at: index)
      } else {
        change(going[index], 1)
      }
    }
    return Choice(
      node: node, units: going, loss: going.reduce(0) { $0.addingSaturated($1.loss) },
      victims: going.reduce(0) { $0 + $1.replicas.count },
      priority: going.map(\.priority).max() ?? .min)
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
