import Model

/// Taking room from later claims.
///
/// A set of victims is irreducible: were any of them (a gang counts as one) given back its place, the
/// claim would no longer fit. Of the sets found, the one that loses least is taken.
struct Preemptor {
  let want: Int
  let pass: Claims.Pass
  let claims: Claims
}

/// Victims that go together: one replica, or a gang whole.
struct VictimUnit {
  let want: Int
  let replicas: [Int]
  let cause: Preemption.Cause
  let loss: Int64
  let priority: Int

  /// Whether this one should rather go than the other.
  func isCheaper(than other: VictimUnit) -> Bool {
    if priority != other.priority { return priority < other.priority }
    if loss != other.loss { return loss < other.loss }
    if replicas.count != other.replicas.count { return replicas.count < other.replicas.count }
    return (replicas.first ?? 0) > (other.replicas.first ?? 0)
  }
}

extension Standing {
  /// Makes room for `count` replicas of the claim and places them; returns how many found a home, 0 or
  /// all for a gang.
  mutating func preempt(_ preemptor: Preemptor, _ count: Int) -> Int {
    let want = problem.wants[preemptor.want]
    guard count > 0, hasPrey(preemptor) else { return 0 }
    guard let level = want.union else { return preempt(preemptor, count, in: nil) }
    var best: (area: Area, done: Int, loss: Int64, victims: Int)?
    for area in areasToFree(preemptor.want, level) {
      let mark = mark
      let done = preempt(preemptor, count, in: area)
      let victims = removed(since: mark)
        .filter { home[$0] < 0 && Int(wantOf[$0]) != preemptor.want }
      let loss = victims.reduce(Int64(0)) { $0.addingSaturated(self.loss[$1]) }
      rollBack(to: mark)
      guard done > 0 else { continue }
      if let best, (-best.done, best.loss, best.victims) <= (-done, loss, victims.count) {
        continue
      }
      best = (area, done, loss, victims.count)
    }
    guard let best else { return 0 }
    return preempt(preemptor, count, in: best.area)
  }

  /// Whether anybody stands that the claim might take room from.
  private func hasPrey(_ preemptor: Preemptor) -> Bool {
    problem.wants.indices.contains { placed[$0] > 0 && cause(preemptor, $0) != nil }
  }

  private func areasToFree(_ want: Int, _ level: Area.Level) -> [Area] {
    if let (area, isWhole) = presentArea(want) { return isWhole ? [area] : [] }
    let classID = problem.wants[want].classID
    let ids = (0..<fleet.count).filter { permits(classID, on: $0) }
      .map { fleet.spots[$0].area(level, node: $0) }.filter { $0 >= 0 }
    return Set(ids).sorted().map { Area(level: level, id: $0) }
  }

  private mutating func preempt(_ preemptor: Preemptor, _ count: Int, in area: Area?) -> Int {
    let start = mark
    let want = preemptor.want
    var victims: [VictimUnit] = []
    var done = 0
    while done < count {
      if fill(want, 1, in: area) == 1 {
        done += 1
        continue
      }
      let before = mark
      guard let more = makeRoom(preemptor, in: area) else { break }
      guard fill(want, 1, in: area) == 1 else {
        rollBack(to: before)
        break
      }
      victims += more
      done += 1
    }
    if problem.wants[want].isGang && done < count {
      rollBack(to: start)
      return 0
    }
    spare(victims, preemptor, done, in: area, since: start)
    return done
  }

  /// Gives back, most valuable first, what the claim can do without.
  private mutating func spare(
    _ victims: [VictimUnit], _ preemptor: Preemptor, _ done: Int, in area: Area?, since start: Int
  ) {
    guard !victims.isEmpty else { return }
    let want = preemptor.want
    let places = victims.map { unit in
      unit.replicas.map { (replica: $0, place: lastPlace($0, since: start)) }
    }
    let order = victims.indices.sorted { victims[$1].isCheaper(than: victims[$0]) }
    for index in order {
      let before = mark
      let arrivals = arrivals(of: want, since: start)
      for replica in arrivals { remove(replica) }
      guard places[index].allSatisfy({ returns($0.replica, to: $0.place) }) else {
        rollBack(to: before)
        continue
      }
      if fill(want, done, in: area) < done { rollBack(to: before) }
    }
  }

  /// Puts a victim back where it was, if its room is still free.
  private mutating func returns(_ replica: Int, to place: (node: Int, mask: UInt64)) -> Bool {
    let victim = problem.classes[want(of: replica).classID]
    let room = Room(fleet, place.node)
    guard room.holds(victim, place.mask) else { return false }
    restore(replica, on: place.node, place.mask)
    return true
  }
}

extension Room {
  /// Whether one replica of the class fits on exactly these devices.
  func holds(_ replica: ReplicaClass, _ mask: UInt64) -> Bool {
    let needs = Needs(replica)
    return cpu >= needs.cpu && memory >= needs.memory && storage >= needs.storage
      && network >= needs.network
      && mask.indices.allSatisfy { devices[$0] >= replica.milliPerDevice }
  }
}

// MARK: Who may be a victim

extension Standing {
  /// Why the claim may take room from replicas of `victim`; nil where it may not.
  func cause(_ preemptor: Preemptor, _ victim: Int) -> Preemption.Cause? {
    guard victim != preemptor.want else { return nil }
    let isExcess = placed[victim] > preemptor.claims.guaranteed[victim]
    let isLower = problem.wants[victim].priority < problem.wants[preemptor.want].priority
    switch preemptor.pass {
    case .guaranteed:
      if isLower { return .priority }
      return isExcess && isBorrowing(victim, from: preemptor.want) ? .reclaim : nil
    case .borrowed:
      return isLower && isExcess ? .priority : nil
    }
  }

  /// How many replicas of `victim` the claim may take room from.
  private func victimsMax(_ preemptor: Preemptor, _ victim: Int, _ cause: Preemption.Cause) -> Int {
    let excess = placed[victim] - preemptor.claims.guaranteed[victim]
    switch (preemptor.pass, cause) {
    case (.guaranteed, .priority): return placed[victim]
    case (.guaranteed, .reclaim), (.guaranteed, .gang), (.borrowed, _): return excess
    }
  }

  /// The units that may go from among the given replicas, cheapest first.
  func victimUnits(_ preemptor: Preemptor, among replicas: [Int]) -> [VictimUnit] {
    var units: [VictimUnit] = []
    var seen: [Int: (cause: Preemption.Cause?, taken: Int)] = [:]
    let losses = replicas.map { (loss: loss[$0], replica: $0) }
    for (_, replica) in losses.sorted(by: { ($0.loss, $1.replica) < ($1.loss, $0.replica) }) {
      let victim = Int(wantOf[replica])
      let (cause, taken) = seen[victim] ?? (cause(preemptor, victim), 0)
      seen[victim] = (cause, taken)
      guard let cause else { continue }
      let want = problem.wants[victim]
      guard taken < (want.isGang ? 1 : victimsMax(preemptor, victim, cause)) else { continue }
      seen[victim] = (cause, taken + 1)
      let going = want.isGang ? standing(of: victim) : [replica]
      units.append(
        VictimUnit(
          want: victim, replicas: going, cause: cause,
          loss: going.reduce(0) { $0.addingSaturated(loss[$1]) }, priority: want.priority))
    }
    return units.sorted { $0.isCheaper(than: $1) }
  }

  mutating func evict(_ unit: VictimUnit, for want: Int, on node: Int?) {
    var isFirst = true
    for replica in unit.replicas where home[replica] >= 0 {
      let isCause = isFirst && (node == nil || Int(home[replica]) == node)
      let cause = isCause || unit.replicas.count == 1 ? unit.cause : .gang
      if isCause { isFirst = false }
      eviction[replica] = Eviction(by: want, cause: cause)
      remove(replica)
    }
  }
}
