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

  /// Whether it has a claim to its place, as all but steps of elastic gangs have.
  var hasClaim: Bool { cause != .elastic }

  /// Whether this one should rather go than the other.
  func isCheaper(than other: VictimUnit) -> Bool {
    if hasClaim != other.hasClaim { return other.hasClaim }
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
    guard count > 0, hasPrey(preemptor) else { return 0 }
    // Decided once: the area that was tried and chosen is then freed in the same way.
    let searches = victimTrials < VictimSearch.trialsInAllMax
    guard let level = union(preemptor.want) else {
      return preempt(preemptor, count, in: nil, searches: searches)
    }
    var best: (area: Area, done: Int, cost: VictimCost)?
    var found = 0
    for area in promising(areasToFree(preemptor.want, level), preemptor, count) {
      let mark = mark
      let done = preempt(preemptor, count, in: area, searches: searches)
      let cost = cost(of: preemptor.want, since: mark)
      rollBack(to: mark)
      guard done > 0 else { continue }
      found += done == count ? 1 : 0
      if best.map({ (-done, cost) < (-$0.done, $0.cost) }) ?? true { best = (area, done, cost) }
      if found == Standing.areasMax { break }
    }
    guard let best else { return 0 }
    return preempt(preemptor, count, in: best.area, searches: searches)
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

  /// After so many areas where a claim finds room no others are tried.
  private static let areasMax = 24

  /// Where there are many areas, first those where the cheapest ways to make room, taken one by one,
  /// cost least.
  private func promising(_ areas: [Area], _ preemptor: Preemptor, _ count: Int) -> [Area] {
    guard areas.count > Standing.areasMax, let level = areas.first?.level else { return areas }
    var ways = VictimWays(preemptor, in: nil, self)
    var costs: [Int: [VictimCost]] = [:]
    for (node, cost) in ways.costs(self) {
      costs[fleet.spots[node].area(level, node: node), default: []].append(cost)
    }
    func estimate(_ area: Area) -> (Int64, Int, Int) {
      let least = (costs[area.id] ?? []).sorted().prefix(count)
      if least.isEmpty { return (.max, .max, area.id) }
      // Where there are fewer nodes than replicas, each has to take several.
      let loss =
        least.reduce(Int64(0)) { $0.addingSaturated($1.loss) }
        .multipliedSaturated(by: Int64(count)) / Int64(least.count)
      let victims = least.reduce(0) { $0 + $1.victims }.multipliedSaturated(by: count)
      return (loss, victims / least.count, area.id)
    }
    return areas.map { (estimate($0), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
  }

  private mutating func preempt(
    _ preemptor: Preemptor, _ count: Int, in area: Area?, searches: Bool
  ) -> Int {
    guard searches, var search = VictimSearch(preemptor, count, in: area, self) else {
      return preemptStepwise(preemptor, count, in: area)
    }
    let start = mark
    let found = search.run(&self)
    victimTrials += search.trials
    if let found, found.isBest { return preempt(preemptor, count, in: area, found.units) }
    let done = preemptStepwise(preemptor, count, in: area)
    guard let found else { return done }
    let stepwise = cost(of: preemptor.want, since: start)
    rollBack(to: start)
    let searched = preempt(preemptor, count, in: area, found.units)
    if (-searched, VictimCost(of: found.units)) < (-done, stepwise) { return searched }
    rollBack(to: start)
    return preemptStepwise(preemptor, count, in: area)
  }

  /// Lets these victims go and places what fits then; nothing where a gang stays incomplete.
  private mutating func preempt(
    _ preemptor: Preemptor, _ count: Int, in area: Area?, _ victims: [VictimUnit]
  ) -> Int {
    let start = mark
    for unit in victims { evict(unit, for: preemptor.want, on: nil) }
    let done = fill(preemptor.want, count, in: area)
    if done == 0 || problem.wants[preemptor.want].isGang && done < count {
      rollBack(to: start)
      return 0
    }
    return done
  }

  /// What those cost that lost their home since `mark`, but for the want's own replicas.
  func cost(of want: Int, since mark: Int) -> VictimCost {
    let victims = Set(removed(since: mark)).filter { home[$0] < 0 && Int(wantOf[$0]) != want }
    return VictimCost(
      of: victims.sorted().map { replica in
        let cause = eviction[replica]?.cause == .elastic ? Preemption.Cause.elastic : .priority
        return unit(Int(wantOf[replica]), [replica], cause)
      })
  }

  /// The same for fleets of any size: room for one replica after the other, each time where it costs
  /// least.
  private mutating func preemptStepwise(
    _ preemptor: Preemptor, _ count: Int, in area: Area?
  ) -> Int {
    let start = mark
    let want = preemptor.want
    var victims: [VictimUnit] = []
    var ways = VictimWays(preemptor, in: area, self)
    var done = 0
    while done < count {
      let before = mark
      if fill(want, 1, in: area) == 1 {
        ways.forget(since: before, self)
        done += 1
        continue
      }
      guard let more = makeRoom(preemptor, in: area, &ways) else { break }
      guard fill(want, 1, in: area) == 1 else {
        ways.forget(since: before, self)
        rollBack(to: before)
        break
      }
      ways.forget(since: before, self)
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
}

// MARK: Who may be a victim

extension Standing {
  /// Why the claim may take room from replicas of `victim`; nil where it may not.
  func cause(_ preemptor: Preemptor, _ victim: Int) -> Preemption.Cause? {
    guard victim != preemptor.want, placed[victim] > 0 else { return nil }
    if problem.wants[victim].isStep { return .elastic }
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
  func victimsMax(_ preemptor: Preemptor, _ victim: Int, _ cause: Preemption.Cause) -> Int {
    switch (preemptor.pass, cause) {
    case (.guaranteed, .priority): placed[victim]
    case (.guaranteed, .reclaim), (.guaranteed, .gang), (.guaranteed, .elastic), (.borrowed, _):
      placed[victim] - preemptor.claims.guaranteed[victim]
    }
  }

  func unit(_ victim: Int, _ replicas: [Int], _ cause: Preemption.Cause) -> VictimUnit {
    VictimUnit(
      want: victim, replicas: replicas, cause: cause,
      loss: replicas.reduce(0) { $0.addingSaturated(loss[$1]) },
      priority: problem.wants[victim].priority)
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
      units.append(unit(victim, want.isGang ? team(of: victim) : [replica], cause))
    }
    return units.sorted { $0.isCheaper(than: $1) }
  }

  mutating func evict(_ unit: VictimUnit, for want: Int, on node: Int?) {
    var isFirst = true
    for replica in unit.replicas where home[replica] >= 0 {
      uprooted.insert(Int(wantOf[replica]))
      let isCause = isFirst && (node == nil || Int(home[replica]) == node)
      let cause = isCause || unit.replicas.count == 1 || !unit.hasClaim ? unit.cause : .gang
      if isCause { isFirst = false }
      eviction[replica] = Eviction(by: want, cause: cause)
      remove(replica)
    }
  }
}
