import Model

/// Replicas that would rather stand together: where that costs nobody anything.
///
/// They are tried together first wherever free room is given out or nodes are bought. That may take room
/// that others needed, so the outcome is set against the one without any such wish, and dropped where it
/// is worse in any respect; then those that have just come are put together in what is left.
extension Standing {
  /// Gives free room in one area of the preferred level to all of them; nil, and nothing changed, where
  /// there is none or nothing is preferred.
  mutating func fillAsPreferred(_ want: Int, _ count: Int) -> Int? {
    guard prefers, count > 0, let level = problem.wants[want].packPreferred else { return nil }
    for area in preferredAreas(want, level, count) {
      let start = mark
      if fill(want, count, in: area) == count, isTogether(want) { return count }
      rollBack(to: start)
    }
    return nil
  }

  /// Areas with room for so many more of the want; the one where others of it stand, if some do.
  private func preferredAreas(_ want: Int, _ level: Area.Level, _ count: Int) -> [Area] {
    let present = areas(of: team(of: problem.root(of: want)), level)
    if present.count > 1 { return [] }
    let roomy = areas(want, level: level, most: count).filter { $0.room >= count }.map(\.area)
    guard let area = present.first else { return roomy }
    return roomy.filter { $0 == area }
  }

  /// Where the replicas stand, each area once; a node in no area of the level is one by itself.
  private func areas(of replicas: [Int], _ level: Area.Level) -> Set<Area> {
    Set(
      replicas.map { replica in
        let node = Int(home[replica])
        let id = fleet.spots[node].area(level, node: node)
        return id < 0 ? Area(level: .node, id: node) : Area(level: level, id: id)
      })
  }

  /// Whether what the want says of standing together holds.
  private func isTogether(_ want: Int) -> Bool { presentArea(want)?.isWhole ?? true }

  /// Areas of the preferred level where nodes may be bought.
  func preferredAreasToBuyIn(_ want: Int) -> [Area] {
    guard prefers, let level = problem.wants[want].packPreferred, level != .node,
      team(of: problem.root(of: want)).isEmpty
    else { return [] }
    let ids = problem.offers.filter { canBuy($0, for: want) }
      .map { $0.spot.area(level, node: -1) }.filter { $0 >= 0 }
    return Set(ids).sorted().map { Area(level: level, id: $0) }
  }

  /// Puts those together that have just come and stand apart, in free room. Nobody else is moved, and no
  /// node is taken into use that would be given back.
  mutating func gather(_ claims: Claims) {
    for want in claims.levels.joined() {
      guard let level = problem.wants[want].packPreferred, placed[want] > 1,
        problem.team(of: want).count == 1
      else { continue }
      let members = standing(of: want)
      guard areas(of: members, level).count > 1 else { continue }
      let movable = members.filter { !isKept($0) }
      guard areas(of: members.filter(isKept), level).count < 2,
        movable.allSatisfy({ origin[$0] < 0 })
      else { continue }
      let (start, spare, alone) = (mark, spareInUse, lonely)
      for replica in movable { remove(replica) }
      let isGathered = preferredAreas(want, level, movable.count).contains { area in
        let before = mark
        if fill(want, movable.count, in: area) == movable.count, isTogether(want),
          spareInUse <= spare, lonely <= alone
        {
          return true
        }
        rollBack(to: before)
        return false
      }
      if !isGathered { rollBack(to: start) }
    }
    _ = dropEmptyPurchases()
  }

  /// Nodes in use that would be given back if they were empty.
  private var spareInUse: Int {
    problem.nodes.indices.count { problem.nodes[$0].goesWhenEmpty && !isEmpty($0) }
  }

  /// Whether nothing is worse for anybody than in the other outcome.
  func isNoWorse(than other: Standing, _ claims: Claims) -> Bool {
    let missing = claims.levels.allSatisfy { level in
      level.reduce(0) { $0 + self.missing($1) } <= level.reduce(0) { $0 + other.missing($1) }
    }
    return missing && spareInUse <= other.spareInUse
      && zip(burdens, other.burdens).allSatisfy { $0 <= $1 }
  }

  /// Nodes bought, what they cost, who had to go and what that loses.
  private var burdens: [Int64] {
    let active = purchases.filter { !$0.isDropped }
    let evicted = home.indices.filter { origin[$0] >= 0 && !isKept($0) }
    return [
      Int64(active.count), active.reduce(0) { $0.addingSaturated(problem.offers[$1.offer].price) },
      Int64(evicted.count), evicted.reduce(0) { $0.addingSaturated(loss[$1]) },
    ]
  }
}
