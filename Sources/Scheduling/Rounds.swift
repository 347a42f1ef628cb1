import Model

/// The course of scheduling: every claim in its turn is given free room, then bought nodes, and only
/// then room that later claims must leave.
extension Standing {
  /// Rounds after which scheduling stops even if another might place more.
  static let roundsMax = 8

  /// Serves all claims until nothing changes. Victims, and room that right-sizing sets free, can let
  /// someone in who was turned away before: that is what further rounds are for.
  mutating func settle(_ claims: Claims) {
    for _ in 0..<Standing.roundsMax {
      let before = upheaval
      for pass in Claims.Pass.allCases {
        for level in claims.levels { serve(level, pass, claims) }
      }
      returnAllHome()
      _ = dropEmptyPurchases()
      _ = rightSize()
      _ = buyMinimums()
      grow(claims)
      removeLonely()
      if wanting.isEmpty || upheaval == before { break }
    }
    gather(claims)
    disperse()
    if hasHeadroom {
      told = (pending(), reduced())
      keepHeadroom()
    }
  }

  /// What tells a round that may open ways for the turned-away from one that can't.
  private var upheaval: [Int64] {
    let active = purchases.filter { !$0.isDropped }
    let cost = active.reduce(Int64(0)) { $0.addingSaturated(problem.offers[$1.offer].price) }
    let evicted = home.indices.count { origin[$0] >= 0 && !isKept($0) }
    // Whoever comes may be whom others wait to stand beside.
    let company = problem.neighbours.isEmpty ? 0 : placed.reduce(0, +)
    return [Int64(active.count), cost, Int64(evicted), Int64(company)]
  }

  private mutating func serve(_ level: [Int], _ pass: Claims.Pass, _ claims: Claims) {
    func wanting(_ standing: Standing) -> [(want: Int, missing: Int)] {
      level.map { ($0, claims.target($0, pass, standing.problem) - standing.placed[$0]) }
        .filter { $0.1 > 0 }
    }
    returnHome(wanting(self).map { ($0.want, $0.missing) })
    fillFairly(wanting(self))
    for (want, missing) in wanting(self) where shrink(to: want) { _ = fillAny(want, missing) }
    if !problem.offers.isEmpty { buyForAll(wanting(self)) }
    let stillWanting = wanting(self)
    if !stillWanting.isEmpty {
      var exchanges = Exchanges(self, stillWanting)
      exchanges.run(&self, priority: problem.wants[level[0]].priority)
    }
    // Asked once for the whole level: while it is served, later claims only lose places.
    let mayHavePrey = problem.wants.indices.contains { other in
      placed[other] > claims.guaranteed[other]
        || placed[other] > 0 && problem.wants[other].priority < problem.wants[level[0]].priority
    }
    for (want, missing) in wanting(self) {
      let preemptor = Preemptor(want: want, pass: pass, claims: claims)
      let done = mayHavePrey ? takeRoom(preemptor, missing) : 0
      if done < missing && problem.wants[want].isGang && placed[want] > 0 {
        regather(preemptor)
      }
    }
  }

  /// A gang that can't be completed where it stands gives its room back and looks for another place as
  /// a whole: a part of a gang is of no use to anyone.
  private mutating func regather(_ preemptor: Preemptor) {
    let want = preemptor.want
    giveUp(want, for: want)
    let count = problem.wants[want].count
    if fillTogether(want, count) == count { return }
    if buyTogether(want, count) == count { return }
    _ = takeRoom(preemptor, count)
  }
}

// MARK: Elastic gangs

extension Standing {
  /// Takes all that stands of the want, and of the steps above it, from where it stands.
  mutating func giveUp(_ want: Int, for claimant: Int) {
    for replica in team(of: want) {
      uprooted.insert(Int(wantOf[replica]))
      eviction[replica] = Eviction(by: claimant, cause: .gang)
      remove(replica)
    }
  }

  /// The steps above a gang's least size give way to that first; false where there are none.
  private mutating func shrink(to want: Int) -> Bool {
    let step = want + 1
    guard problem.team(of: want).count > 1, !team(of: step).isEmpty else { return false }
    giveUp(step, for: want)
    return true
  }

  /// Gives free room to steps of elastic gangs, each of them whole or not at all. A step needs all that
  /// come before it, and stands where the gang does.
  private mutating func grow(_ claims: Claims) {
    for step in claims.steps {
      guard let before = problem.wants[step].follows, missing(before) == 0, isTogether(step) else {
        giveUp(step, for: problem.root(of: step))
        continue
      }
      if missing(step) == 0 { continue }
      returnHome(step, missing(step))
      _ = fillAny(step, missing(step))
      if missing(step) == 0 { continue }
      // A step above is of no use without this one, and leaves room for it.
      giveUp(step, for: problem.root(of: step))
      _ = fillAny(step, missing(step))
    }
  }

  /// Whether what stands of the step stands where its gang does.
  private func isTogether(_ step: Int) -> Bool {
    placed[step] == 0 || presentArea(step)?.isWhole ?? true
  }
}

// MARK: Fairness

extension Standing {
  private struct Line {
    let queue: Int
    var wants: ArraySlice<(want: Int, missing: Int)>
    var shares: [Int64]
  }

  /// Fills free room, always for the queue that has the smallest dominant share; within a queue in the
  /// order given.
  mutating func fillFairly(_ wants: [(want: Int, missing: Int)]) {
    let queues = Set(wants.map { problem.wants[$0.want].queue }).sorted()
    if queues.count < 2 {
      for (want, missing) in wants { _ = fillAny(want, missing) }
      return
    }
    let totals = Totals(problem)
    var lines = queues.map { queue in
      Line(
        queue: queue, wants: wants.filter { problem.wants[$0.want].queue == queue }[...],
        shares: dominantShares(of: queue, totals: totals))
    }
    while let next = Standing.leastServed(lines) {
      guard let (want, missing) = lines[next].wants.first else {
        lines.remove(at: next)
        continue
      }
      let rivals = lines.indices.filter { $0 != next }.map { lines[$0].shares }
      let chunk = chunk(want, missing, lines[next].shares, rivals, totals)
      let done = fillAny(want, chunk)
      lines[next].wants.removeFirst()
      if done == chunk && done < missing {
        lines[next].wants = [(want, missing - done)] + lines[next].wants
      }
      lines[next].shares = dominantShares(of: lines[next].queue, totals: totals)
    }
  }

  private mutating func fillAny(_ want: Int, _ count: Int) -> Int {
    if let done = fillAsPreferred(want, count) { return done }
    return union(want) == nil ? fill(want, count) : fillTogether(want, count)
  }

  /// Gives free room to what is missing of the want.
  mutating func fillAny(_ want: Int) { _ = fillAny(want, missing(want)) }

  private static func leastServed(_ lines: [Line]) -> Int? {
    lines.indices.min { left, right in
      if lines[left].shares != lines[right].shares {
        return lines[left].shares.lexicographicallyPrecedes(lines[right].shares)
      }
      return left < right
    }
  }

  /// So many replicas that the queue's share passes that of the next one by at most one replica.
  private func chunk(
    _ want: Int, _ missing: Int, _ shares: [Int64], _ rivals: [[Int64]], _ totals: Totals
  ) -> Int {
    guard union(want) == nil,
      let rival = rivals.min(by: { $0.lexicographicallyPrecedes($1) })
    else { return missing }
    let replica = replicaClass(of: want)
    let step = totals.share(
      milliDevices: replica.charge, cpu: replica.cpu, memory: replica.memory)
    let gap = zip(shares, rival).first { $0 != $1 }.map { $1 - $0 } ?? 0
    let count = max(0, gap) / max(1, step) + 1
    return min(missing, Int(clamping: count))
  }
}
