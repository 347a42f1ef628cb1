import Model

/// What emptying nodes comes to: tried on the standing itself, and taken back.
struct Emptying {
  /// A node that may go, interned.
  struct Candidate {
    let node: Int
    let pool: Int
    let kind: Int
    let price: Int64
    let horizon: Seconds
    /// Millionths of a dollar over the horizon, the margin left aside.
    let gain: Int64
    /// Wants whose new start loses something, sorted.
    let losers: [Int]
    let replicas: Int
    /// How much stands there, as `Standing.bulk` sees it.
    let bulk: Int64
  }

  /// What a set comes to.
  struct Outcome {
    var worth: Int64
    var saving: Int64
    var purchases: Int
    var moved: Int

    /// More money; for the same money, fewer moves.
    func isBetter(than other: Outcome?) -> Bool {
      guard let other else { return worth > 0 }
      return (other.worth, moved) < (worth, other.moved)
    }
  }

  private(set) var standing: Standing
  private(set) var candidates: [Candidate] = []
  /// Steps that are left, each about a nanosecond.
  private(set) var workLeft: Int
  private let drainsMax: [Int]
  private let spare: [Int]
  private let losses: [Int64]
  private var floor: PurchaseFloor?
  /// What headroom lacks as things are.
  private var headroomMissing = 0

  init(_ input: SchedulingInput, _ terms: ConsolidationTerms, workMax: Int) {
    var question = input
    // What a minimum asks for is in `spare`.
    for index in question.pools.indices { question.pools[index].nodesMin = 0 }
    let problem = Problem(question)
    standing = Standing(problem)
    workLeft = workMax
    var drainsMax = problem.pools.map { _ in 0 }
    var spare = problem.pools.map { _ in 0 }
    for pool in terms.pools {
      guard let index = problem.pools.firstIndex(where: { $0.pool == pool.pool }) else { continue }
      drainsMax[index] = max(0, pool.drainsMax)
      spare[index] = max(0, pool.spare)
    }
    self.drainsMax = drainsMax
    self.spare = spare
    let stated = Dictionary(
      terms.losses.map { ($0.workload, max(0, $0.amount.micros)) }, uniquingKeysWith: max)
    losses = problem.wants.map { stated[$0.workload] ?? 0 }
    let nodes = Dictionary(
      problem.nodes.enumerated().map { ($0.element.id, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    var known: Set<Int> = []
    for candidate in terms.candidates.sorted(by: { $0.node < $1.node }) {
      guard let node = nodes[candidate.node], known.insert(node).inserted,
        let pool = problem.pools.firstIndex(where: { $0.pool == candidate.pool }),
        drainsMax[pool] > 0, let interned = intern(candidate, node, pool)
      else { continue }
      candidates.append(interned)
    }
    floor = PurchaseFloor(candidates, standing)
    let start = standing.mark
    standing.keepHeadroom(buying: false)
    headroomMissing = standing.headroomMissing
    standing.rollBack(to: start)
  }

  private func intern(
    _ candidate: ConsolidationTerms.Candidate, _ node: Int, _ pool: Int
  ) -> Candidate? {
    let residents = standing.replicas(on: node)
    let wants = Set(residents.map { Int(standing.wantOf[$0]) }).sorted()
    // Of a want that has replicas pending already, others would take the place of those that move.
    guard wants.allSatisfy({ standing.missing($0) == 0 }) else { return nil }
    let price = max(0, candidate.pricePerHour.micros)
    let margin = Int64(min(100, max(0, candidate.marginPercent)))
    return Candidate(
      node: node, pool: pool, kind: Int(standing.fleet.kind[node]), price: price,
      horizon: candidate.horizon,
      gain: Emptying.over(candidate.horizon, price.multipliedSaturated(by: 100 - margin) / 100),
      losers: Set(wants.map(standing.problem.root)).filter { losses[$0] > 0 }.sorted(),
      replicas: residents.count,
      bulk: residents.reduce(0) { $0.addingSaturated(standing.bulk(of: $1)) })
  }

  /// What a price comes to over a time.
  private static func over(_ horizon: Seconds, _ price: Int64) -> Int64 {
    price.multipliedSaturated(by: max(0, horizon.count)) / 3600
  }

  /// Whether budgets allow the set, purchases in the candidates' own pools left aside.
  func isWithinBudgets(_ set: [Int]) -> Bool {
    var counts: [Int: Int] = [:]
    for index in set { counts[candidates[index].pool, default: 0] += 1 }
    return counts.allSatisfy { $0.value <= drainsMax[$0.key] }
  }

  /// What the set would be worth if nothing had to be bought: it is never worth more.
  func worthAtMost(_ set: [Int]) -> Int64 {
    let gain = set.reduce(Int64(0)) { $0.addingSaturated(candidates[$1].gain) }
    let losers = Set(set.flatMap { candidates[$0].losers })
    return losers.reduce(gain) { $0.subtractingSaturated(losses[$1]) }
  }

  /// Whether the set may still be worth more than nothing, and no less than `other`.
  func isPromising(_ set: [Int], beside other: Outcome?) -> Bool {
    let most = worthAtMost(set)
    guard most > other?.worth ?? 0 else { return false }
    let bound = most.subtractingSaturated(
      Emptying.over(horizon(of: set), floor?.pricePerHour(emptying: set) ?? 0))
    return bound > 0 && bound >= other?.worth ?? 0
  }

  private func horizon(of set: [Int]) -> Seconds {
    set.map { candidates[$0].horizon }.max() ?? Seconds(0)
  }

  /// What emptying the nodes of the set comes to; nil where budgets forbid it, somebody would find no
  /// home, or no work is left for trying.
  mutating func outcome(of set: [Int], buying: Bool) -> Outcome? {
    guard workLeft > 0, isWithinBudgets(set) else { return nil }
    let start = standing.mark
    let before = standing.purchases.count
    let lonely = standing.lonely
    let wants = set.flatMap { close($0) }
    defer {
      standing.rollBack(to: start)
      for index in set.reversed() { reopen(index) }
    }
    guard settle(wants, buying: buying), standing.lonely <= lonely,
      keepsHeadroom(buying: buying)
    else { return nil }
    let bought = standing.purchases[before...].map { standing.problem.offers[$0.offer] }
    guard keepsMinimums(set, bought) else { return nil }
    let cost = bought.reduce(Int64(0)) { $0.addingSaturated($1.price) }
    let saving = set.reduce(-cost) { $0.addingSaturated(candidates[$1].price) }
    return Outcome(
      worth: worthAtMost(set).subtractingSaturated(Emptying.over(horizon(of: set), cost)),
      saving: saving,
      purchases: bought.count, moved: set.reduce(0) { $0 + candidates[$1].replicas })
  }

  /// Empties candidate after candidate as long as all find room that is there already, and each is
  /// worth more than without it; returns those that were emptied.
  mutating func fillOnly(_ order: [Int]) -> [Int] {
    let start = standing.mark
    var taken: [Int] = []
    var worth = Int64(0)
    let lonely = standing.lonely
    for index in order where workLeft > 0 {
      let set = taken + [index]
      let next = worthAtMost(set)
      guard next > worth, isWithinBudgets(set), keepsMinimums(set, []) else { continue }
      let mark = standing.mark
      let wants = close(index)
      if settle(wants, buying: false), standing.lonely <= lonely, keepsHeadroom(buying: false) {
        taken = set
        worth = next
      } else {
        standing.rollBack(to: mark)
        reopen(index)
      }
    }
    standing.rollBack(to: start)
    for index in taken.reversed() { reopen(index) }
    return taken
  }

  // MARK: On the standing

  /// Closes a node and takes everything off it; returns the wants that lost a home.
  private mutating func close(_ index: Int) -> [Int] {
    let candidate = candidates[index]
    let residents = standing.replicas(on: candidate.node)
    for replica in residents { standing.remove(replica) }
    standing.fleet.close(candidate.node)
    standing.rooms.release(candidate, of: standing.fleet, sign: 1)
    return residents.map { Int(standing.wantOf[$0]) }
  }

  private mutating func reopen(_ index: Int) {
    let candidate = candidates[index]
    standing.fleet.reopen(candidate.node, as: candidate.kind)
    standing.rooms.release(candidate, of: standing.fleet, sign: -1)
  }

  /// Gives everybody a home again; false where that can't be done.
  private mutating func settle(_ wants: [Int], buying: Bool) -> Bool {
    let order = standing.problem.inClaimOrder(Set(wants))
    workLeft -= order.count * (1000 + standing.fleet.count) + wants.count * 500
    if !standing.problem.neighbours.isEmpty {
      // Some wait to stand beside others.
      for want in order { standing.fillAny(want) }
    }
    for want in order {
      standing.fillAny(want)
      if !buying && standing.missing(want) > 0 { return false }
    }
    let missing = order.filter { standing.missing($0) > 0 }
    guard !missing.isEmpty else { return true }
    guard !standing.problem.offers.isEmpty else { return false }
    workLeft -= 20_000 * missing.count
    standing.buyForAll(missing.map { ($0, standing.missing($0)) })
    return missing.allSatisfy { standing.missing($0) == 0 }
  }

  /// Whether as much room stays free as did, once all have their places; what is bought for it counts.
  private mutating func keepsHeadroom(buying: Bool) -> Bool {
    let start = standing.mark
    standing.keepHeadroom(buying: buying)
    let isKept = standing.headroomMissing <= headroomMissing
    // The next set is tried on what is really taken.
    if !buying { standing.rollBack(to: start) }
    return isKept
  }

  private func keepsMinimums(_ set: [Int], _ bought: [Offer]) -> Bool {
    var balance: [Int: Int] = [:]
    for index in set { balance[candidates[index].pool, default: 0] += 1 }
    for offer in bought {
      if let pool = offer.pool { balance[pool, default: 0] -= 1 }
    }
    return balance.allSatisfy { $0.value <= spare[$0.key] }
  }
}

extension Rooms {
  /// Gives back what a node that goes takes of its pool and cluster, or takes it again where `sign` is
  /// -1.
  fileprivate mutating func release(
    _ candidate: Emptying.Candidate, of fleet: borrowing Fleet, sign: Int
  ) {
    release(
      pool: candidate.pool, cluster: fleet.spots[candidate.node].cluster,
      devices: Int(fleet.deviceCount[candidate.node]), price: candidate.price, sign: sign)
  }
}
