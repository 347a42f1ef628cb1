/// Buys a whole batch: patterns by column generation, then rounded down and the rest solved again,
/// until all is placed.
struct BatchBuyer {
  /// Beyond this many different items the program grows too slow, and the greedy way is taken.
  static let itemsMax = 300
  /// Pivots of one program; what it has come to by then is used as it is.
  static let pivotsMax = 6000
  /// Rounds of looking for new patterns in the first program, and in each of the later, smaller ones.
  static let roundsMax = 250
  static let laterRoundsMax = 6
  /// A pattern taken at least this often in part is taken once more at once.
  static let nearlyWhole = 0.8
  /// Prices this near to the best possible are good enough.
  static let gap = 1e-5
  /// How far prices are held near the best known ones: those of an unfinished program swing wildly
  /// (Wentges, 1997).
  static let steadiness = 0.7
  /// Known prices that come to less than this part of the cost hold nothing.
  static let soundness = 0.8

  private let classes: [ReplicaClass]
  private var packers: [Packer]
  private var left: [Int]
  private var pool: [Pattern] = []
  private var bought: [Pattern] = []

  init(classes: [ReplicaClass], demand: [Int], packers: [Packer]) {
    self.classes = classes
    self.packers = packers
    left = demand
  }

  /// The nodes to buy; nil where some item fits nowhere.
  mutating func buy() -> [Pattern]? {
    var rounds = BatchBuyer.roundsMax
    while left.contains(where: { $0 > 0 }) {
      guard let program = solve(rounds: rounds) else { return nil }
      take(program)
      rounds = BatchBuyer.laterRoundsMax
    }
    return bought
  }

  private typealias Solved = (solution: [(pattern: Pattern, amount: Double)], values: [Double])

  /// Solves the program for what is left; its patterns and values are those of all items.
  private mutating func solve(rounds: Int) -> Solved? {
    let active = left.indices.filter { left[$0] > 0 }
    var rowOf = Array(repeating: -1, count: left.count)
    for (row, item) in active.enumerated() { rowOf[item] = row }
    guard let singles = singles(active) else { return nil }
    func narrowed(_ pattern: Pattern) -> Pattern {
      let counts = cut(pattern).counts.map { (item: rowOf[$0.item], count: $0.count) }
      return Pattern(offer: pattern.offer, price: pattern.price, counts: counts)
    }
    var known = singles + pool
    var program = CoveringProgram(
      demand: active.map { left[$0] }, patterns: known.map(narrowed))
    var values = Array(repeating: 0.0, count: left.count)
    var steps = BatchBuyer.pivotsMax
    var center = Center(values: values)
    for round in 0...rounds {
      program.solve(steps: &steps)
      for (row, item) in active.enumerated() { values[item] = program.duals[row] }
      if steps <= 0 || program.cost - center.bound < BatchBuyer.gap * program.cost { break }
      let fresh = round == rounds ? [] : newPatterns(values, cost: program.cost, &center)
      if fresh.isEmpty { break }
      for pattern in fresh { program.add(narrowed(pattern)) }
      known += fresh
      pool += fresh
    }
    return (program.solution.map { (cut(known[$0.pattern]), $0.amount) }, values)
  }

  /// The best known prices that no pattern is worth more than its price at, and what they put on the
  /// whole batch: no purchase costs less.
  private struct Center {
    var values: [Double]
    var bound = 0.0
  }

  /// The pattern without what is no longer wanted.
  private func cut(_ pattern: Pattern) -> Pattern {
    Pattern(
      offer: pattern.offer, price: pattern.price,
      counts: pattern.counts.filter { left[$0.item] > 0 }
        .map { (item: $0.item, count: min($0.count, left[$0.item])) })
  }

  /// For each item a pattern of it alone, at the least price for one.
  private func singles(_ active: [Int]) -> [Pattern]? {
    var singles: [Pattern] = []
    for item in active {
      var best: (pattern: Pattern, price: Double)?
      for packer in packers where packer.alone[item] > 0 {
        let count = min(packer.alone[item], left[item])
        let price = packer.price / Double(count)
        if let best, best.price <= price { continue }
        let counts = [(item: item, count: count)]
        best = (Pattern(offer: packer.offer, price: packer.price, counts: counts), price)
      }
      guard let best else { return nil }
      singles.append(best.pattern)
    }
    return singles
  }

  /// Patterns worth more than their price, looked for near the best known prices first.
  private mutating func newPatterns(
    _ values: [Double], cost: Double, _ center: inout Center
  ) -> [Pattern] {
    if center.bound > BatchBuyer.soundness * cost {
      let steady = zip(values, center.values).map { value, centered in
        BatchBuyer.steadiness * centered + (1 - BatchBuyer.steadiness) * value
      }
      let fresh = patterns(at: steady, &center)
        .filter { $0.value(values) > $0.price * (1 + 1e-6) }
      if !fresh.isEmpty { return fresh }
    }
    return patterns(at: values, &center)
  }

  private mutating func patterns(at values: [Double], _ center: inout Center) -> [Pattern] {
    var found: [Pattern] = []
    var excess = 1.0
    for index in packers.indices {
      let price = packers[index].price
      guard
        let (pattern, value) = packers[index]
          .best(values: values, left: left, above: price * (1 + 1e-6), classes)
      else { continue }
      found.append(pattern)
      excess = max(excess, value / price)
    }
    let bound = zip(values, left).reduce(0) { $0 + $1.0 * Double($1.1) } / excess
    if bound > center.bound { center = Center(values: values.map { $0 / excess }, bound: bound) }
    return found
  }

  private mutating func take(_ solved: Solved) {
    var progress = false
    for (pattern, amount) in solved.solution {
      var times = Int(amount + 1e-4)
      if amount - Double(times) >= BatchBuyer.nearlyWhole { times += 1 }
      for _ in 0..<times { progress = take(pattern, solved.values, isWhole: true) || progress }
    }
    if progress { return }
    let largest = solved.solution.max { $0.amount < $1.amount }
    if let largest { _ = take(largest.pattern, solved.values, isWhole: false) }
  }

  /// Buys one node of the pattern; one that has become largely superfluous is left for later.
  private mutating func take(_ pattern: Pattern, _ values: [Double], isWhole: Bool) -> Bool {
    let missing = pattern.counts.contains { left[$0.item] < $0.count }
    if isWhole && missing { return false }
    guard let packer = packers.first(where: { $0.offer == pattern.offer }) else { return false }
    let node = packer.realize(pattern, values: values, left: left, classes)
    guard !node.counts.isEmpty else { return false }
    for (item, count) in node.counts { left[item] -= count }
    bought.append(node)
    return true
  }
}
