/// A node that a replica fits on, with its score; the lower score first, then the lower number.
struct Candidate: Comparable {
  /// The score in the upper half, the node in the lower one: a single comparison decides.
  let key: UInt64

  /// Comes after every node.
  static let none = Candidate(key: .max)

  private init(key: UInt64) { self.key = key }

  /// Scores are less than 2³¹ and not negative; `Scoring` gives no others.
  init(score: Int64, node: Int) {
    key = UInt64(truncatingIfNeeded: score) << 32 | UInt64(UInt32(truncatingIfNeeded: node))
  }

  var node: Int { Int(UInt32(truncatingIfNeeded: key)) }

  static func < (left: Candidate, right: Candidate) -> Bool { left.key < right.key }
}

/// What the replicas of one class look for in a node.
struct Applicant {
  let needs: Needs
  private let scoring: Scoring
  /// Where the class's permits begin.
  private let row: Int

  init(_ problem: borrowing Problem, _ classID: Int) {
    let replica = problem.classes[classID]
    needs = Needs(replica)
    scoring = Scoring(replica)
    row = classID * problem.kindCount
  }

  /// The node with its score; `none` where one more replica does not fit.
  func candidate(_ node: Int, _ fleet: borrowing Fleet, _ permits: borrowing [UInt8]) -> Candidate {
    guard fleet.meets(needs, node), permits[row + Int(fleet.kind[node])] == 0 else { return .none }
    return Candidate(score: scoring.score(fleet, node), node: node)
  }

  /// Visits those of the nodes that a replica fits on, in order.
  @inline(__always)
  func forEach(
    of nodes: Range<Int>, _ fleet: borrowing Fleet, _ permits: borrowing [UInt8],
    _ visit: (Candidate) -> Void
  ) {
    fleet.forEach(of: nodes, meeting: needs, permits, row: row) { node in
      visit(Candidate(score: scoring.score(fleet, node), node: node))
    }
  }
}

/// The least of many candidates.
///
/// `count` replicas of a kind never need more than the `count` nodes that are best at first: placing a
/// replica changes the score of its own node only.
struct Shortlist {
  private(set) var candidates: [Candidate] = []
  private let count: Int
  /// Whoever is not below it is not among the least.
  private var bound = Candidate.none

  init(of count: Int) { self.count = count }

  @inline(__always)
  mutating func consider(_ candidate: Candidate) {
    guard candidate < bound else { return }
    candidates.append(candidate)
    // Sorting only when twice as many have come keeps the cost of one candidate constant.
    if candidates.count / 2 > count { shorten() }
  }

  private mutating func shorten() {
    candidates.sort()
    candidates.removeLast(candidates.count - count)
    bound = candidates[count - 1]
  }
}

/// A binary heap, the least first.
struct Heap<Element: Comparable> {
  private var elements: [Element]

  init(_ elements: [Element]) {
    self.elements = elements
    for index in stride(from: elements.count / 2 - 1, through: 0, by: -1) { sink(index) }
  }

  var first: Element? { elements.first }

  mutating func replaceFirst(_ element: Element) {
    elements[0] = element
    sink(0)
  }

  mutating func removeFirst() {
    let last = elements.removeLast()
    if !elements.isEmpty { replaceFirst(last) }
  }

  private mutating func sink(_ start: Int) {
    var parent = start
    let element = elements[start]
    while true {
      var child = 2 * parent + 1
      guard child < elements.count else { break }
      if child + 1 < elements.count && elements[child + 1] < elements[child] { child += 1 }
      guard elements[child] < element else { break }
      elements[parent] = elements[child]
      parent = child
    }
    elements[parent] = element
  }
}
