/// One way to fill one node: an offer and how many replicas of each item stand on it.
struct Pattern {
  let offer: Int
  let price: Double
  /// Items with their numbers, none zero, by item.
  let counts: [(item: Int, count: Int)]

  func value(_ duals: [Double]) -> Double {
    counts.reduce(0) { $0 + duals[$1.item] * Double($1.count) }
  }
}

/// The linear program behind buying nodes: patterns, each taken any number of times (whole or not), that
/// cover the demand for every item at the least price.
///
/// Revised simplex with an explicit inverse of the basis; its duals price replicas, by which new
/// patterns are found (column generation: Gilmore and Gomory, 1961). Floating point, but no step depends
/// on anything except the input: the same program runs the same way.
struct CoveringProgram {
  private static let tolerance = 1e-9
  private static let jitter = 1e-7

  private let rows: Int
  private(set) var patterns: [Pattern]
  /// The column of each row: a pattern, or `surplus` of an item as -1 - item.
  private var basis: [Int]
  private var inverse: [Double]
  /// How often each basic column is taken.
  private var amounts: [Double]
  /// The price that the program puts on one replica of each item.
  private(set) var duals: [Double]

  /// `patterns` starts with one for each item that holds that item alone.
  init(demand: [Int], patterns: [Pattern]) {
    rows = demand.count
    self.patterns = patterns
    basis = Array(0..<demand.count)
    inverse = Array(repeating: 0, count: demand.count * demand.count)
    // Equal ratios make the simplex pivot on the spot; amounts that differ a little break the ties.
    amounts = demand.indices.map { Double(demand[$0]) + CoveringProgram.jitter * Double($0 + 1) }
    duals = Array(repeating: 0, count: demand.count)
    for row in 0..<rows {
      let held = Double(patterns[row].counts.first?.count ?? 1)
      inverse[row * rows + row] = 1 / held
      amounts[row] /= held
      duals[row] = patterns[row].price / held
    }
  }

  mutating func add(_ pattern: Pattern) { patterns.append(pattern) }

  /// Pivots until no known pattern is worth its price less; `steps` counts down with each pivot.
  mutating func solve(steps: inout Int) {
    while steps > 0, let entering = mostWorthwhile() {
      steps -= 1
      guard pivot(entering) else { return }
    }
  }

  /// What all that is taken costs.
  var cost: Double {
    zip(basis, amounts).reduce(0) { $0 + ($1.0 >= 0 ? patterns[$1.0].price * $1.1 : 0) }
  }

  /// Patterns with how often they are taken, by number.
  var solution: [(pattern: Int, amount: Double)] {
    zip(basis, amounts).filter { $0 >= 0 && $1 > CoveringProgram.tolerance }
      .map { (pattern: $0, amount: $1) }.sorted { $0.pattern < $1.pattern }
  }

  private func mostWorthwhile() -> Int? {
    var best: Int?
    var least = -1e-7
    for (index, pattern) in patterns.enumerated() {
      let reduced = pattern.price - pattern.value(duals)
      if reduced < least {
        least = reduced
        best = index
      }
    }
    for item in 0..<rows where duals[item] < least {
      least = duals[item]
      best = -1 - item
    }
    return best
  }

  private func direction(_ entering: Int) -> [Double] {
    let column: [(item: Int, count: Int)] =
      entering >= 0 ? patterns[entering].counts : [(item: -1 - entering, count: -1)]
    var direction = Array(repeating: 0.0, count: rows)
    for row in 0..<rows {
      var sum = 0.0
      for (item, count) in column { sum += inverse[row * rows + item] * Double(count) }
      direction[row] = sum
    }
    return direction
  }

  /// Takes a column into the basis; false where nothing bounds it, which a covering program excludes
  /// but rounding may feign.
  private mutating func pivot(_ entering: Int) -> Bool {
    let direction = direction(entering)
    var leaving: (row: Int, ratio: Double)?
    for row in 0..<rows where direction[row] > CoveringProgram.tolerance {
      let ratio = max(0, amounts[row]) / direction[row]
      if let (_, least) = leaving, ratio >= least { continue }
      leaving = (row, ratio)
    }
    guard let (row, ratio) = leaving else { return false }
    let price = entering >= 0 ? patterns[entering].price : 0
    let reduced =
      entering >= 0 ? price - patterns[entering].value(duals) : duals[-1 - entering]
    let scale = 1 / direction[row]
    for column in 0..<rows { inverse[row * rows + column] *= scale }
    for other in 0..<rows where other != row && direction[other] != 0 {
      let factor = direction[other]
      for column in 0..<rows {
        inverse[other * rows + column] -= factor * inverse[row * rows + column]
      }
      amounts[other] -= factor * ratio
    }
    for column in 0..<rows { duals[column] += reduced * inverse[row * rows + column] }
    amounts[row] = ratio
    basis[row] = entering
    return true
  }
}
