import Model

/// Looks for the set of nodes whose emptying is worth most.
///
/// First sets that fit into room that is there already, grown one by one in several orders, which costs
/// little however many nodes there are. Then sets for which something cheaper is bought: they are worth
/// less than nothing until enough nodes go together, so that growth goes on through losses and the best
/// set on the way is kept. At last nodes are put in, left out and exchanged until nothing gets better.
/// All of it is bounded in steps, so that the same question has the same answer on any machine.
struct ConsolidationSearch {
  /// Steps of about a nanosecond.
  static let workMax = 150_000_000
  /// Candidates that are looked at, those first that promise most for the least trouble.
  static let candidatesMax = 1024
  /// Candidates up to which every set is looked at.
  static let exhaustiveMax = 8
  /// Candidates beyond which exchanges are tried only with the most promising ones.
  static let rivalsMax = 24

  private var emptying: Emptying
  private let orders: [[Int]]
  private var found: [Int] = []
  private var outcome: Emptying.Outcome?
  /// Sets that were tried with purchases: the ways to grow meet again and again.
  private var tried: Set<[Int]> = []

  init(_ input: SchedulingInput, _ terms: ConsolidationTerms, workMax: Int = Self.workMax) {
    emptying = Emptying(input, terms, workMax: workMax)
    orders = ConsolidationSearch.orders(emptying.candidates)
  }

  mutating func best() -> Consolidation? {
    guard !emptying.candidates.isEmpty else { return nil }
    for order in orders { consider(emptying.fillOnly(order), buying: false) }
    let filled = found
    for order in orders { grow(from: [], order) }
    if !filled.isEmpty { grow(from: filled, orders[0]) }
    if emptying.candidates.count <= Self.exhaustiveMax {
      tryAll()
    } else {
      addGangs()
      improve()
    }
    guard let outcome, outcome.worth > 0 else { return nil }
    let standing = emptying.standing
    return Consolidation(
      nodes: found.map { standing.problem.nodes[emptying.candidates[$0].node].id }.sorted(),
      purchases: outcome.purchases, savingPerHour: Money(micros: outcome.saving),
      worth: Money(micros: outcome.worth))
  }

  /// The least trouble for the money, the emptiest, and the dearest first.
  private static func orders(_ candidates: [Emptying.Candidate]) -> [[Int]] {
    func trouble(_ index: Int) -> (Int128, Int128) {
      (Int128(candidates[index].bulk), Int128(max(1, candidates[index].gain)))
    }
    let all = candidates.indices.sorted { left, right in
      let (one, other) = (trouble(left), trouble(right))
      let (mine, others) = (one.0 * other.1, other.0 * one.1)
      return mine != others ? mine < others : left < right
    }.prefix(candidatesMax)
    return [
      Array(all),
      all.sorted { (candidates[$0].bulk, $0) < (candidates[$1].bulk, $1) },
      all.sorted { (-candidates[$0].price, $0) < (-candidates[$1].price, $1) },
    ]
  }

  @discardableResult private mutating func consider(_ set: [Int], buying: Bool = true) -> Bool {
    if set.isEmpty || !emptying.isPromising(set, beside: outcome) { return false }
    if buying, !tried.insert(set.sorted()).inserted { return false }
    guard let next = emptying.outcome(of: set, buying: buying), next.isBetter(than: outcome) else {
      return false
    }
    outcome = next
    found = set
    return true
  }

  /// Sets of growing size, through such as are worth nothing; of large ones only some sizes are tried.
  private mutating func grow(from base: [Int], _ order: [Int]) {
    var set = base
    var nextSize = set.count + 1
    for index in order where !set.contains(index) && emptying.workLeft > 0 {
      guard emptying.isWithinBudgets(set + [index]) else { continue }
      set.append(index)
      guard set.count >= nextSize else { continue }
      consider(set)
      nextSize = set.count + 1 + set.count / 8
    }
    consider(set)
  }

  private mutating func tryAll() {
    let all = emptying.candidates.indices
    for members in 1..<(1 << all.count) {
      consider(all.filter { members >> $0 & 1 == 1 })
    }
  }

  /// All nodes of one gang together: its loss is paid once.
  private mutating func addGangs() {
    let candidates = emptying.candidates
    let gangs = Set(candidates.flatMap(\.losers)).sorted()
    for gang in gangs where emptying.workLeft > 0 {
      let nodes = candidates.indices.filter { candidates[$0].losers.contains(gang) }
      guard nodes.count > 1 else { continue }
      consider(nodes)
      let present = found
      consider(present + nodes.filter { !present.contains($0) })
    }
  }

  private mutating func improve() {
    let rivals = Array(orders[0].prefix(ConsolidationSearch.rivalsMax))
    var improved = true
    while improved && emptying.workLeft > 0 {
      improved = false
      for index in orders[0] where !found.contains(index) && emptying.workLeft > 0 {
        improved = consider(found + [index]) || improved
      }
      for index in found where emptying.workLeft > 0 {
        improved = consider(found.filter { $0 != index }) || improved
      }
      for index in found.prefix(ConsolidationSearch.rivalsMax) {
        for rival in rivals where !found.contains(rival) && emptying.workLeft > 0 {
          improved = consider(found.filter { $0 != index } + [rival]) || improved
        }
      }
      if improved { continue }
      improved = addPair(rivals)
    }
  }

  /// Two at a time, where one alone is worth nothing.
  private mutating func addPair(_ rivals: [Int]) -> Bool {
    for (place, one) in rivals.enumerated() where !found.contains(one) {
      for other in rivals[(place + 1)...] where !found.contains(other) && emptying.workLeft > 0 {
        if consider(found + [one, other]) { return true }
      }
    }
    return false
  }
}
