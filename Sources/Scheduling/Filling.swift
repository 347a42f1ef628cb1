import Model

/// A node that a replica fits on, with its score; the lower score first, then the lower number.
struct Candidate: Comparable {
  let score: Int64
  let node: Int32

  static func < (left: Candidate, right: Candidate) -> Bool {
    left.score != right.score ? left.score < right.score : left.node < right.node
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
  private var bound = Candidate(score: .max, node: .max)

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

/// Filling free room with the replicas of one want.
extension Standing {
  /// Places up to `count` homeless replicas of the want on open nodes, in `area` where one is given;
  /// returns how many. Keeps to `spread`; whether they must stand together is the caller's business.
  mutating func fill(_ want: Int, _ count: Int, in area: Area? = nil) -> Int {
    guard count > 0 else { return 0 }
    if problem.wants[want].spread != nil { return fillEvenly(want, count, in: area) }
    if count == 1 && problem.wants[want].queue == problem.queues.outside {
      return fillOne(want, in: area)
    }
    // A queue may refuse a model of accelerator, and with it any number of the best nodes.
    let isOutside = problem.wants[want].queue == problem.queues.outside
    var shortlist = Shortlist(of: isOutside ? count : fleet.count)
    forEachCandidate(want, in: area) { shortlist.consider($0) }
    if shortlist.candidates.isEmpty { return 0 }
    var heap = Heap(shortlist.candidates)
    return fill(want, count, from: &heap)
  }

  /// One replica needs no heap.
  private mutating func fillOne(_ want: Int, in area: Area?) -> Int {
    var homeless = Homeless(problem.wants[want])
    var best = Candidate(score: .max, node: -1)
    forEachCandidate(want, in: area) { if $0.score < best.score { best = $0 } }
    guard best.node >= 0, let replica = homeless.next(self) else { return 0 }
    place(replica, on: Int(best.node))
    return 1
  }

  /// Visits the nodes with room, in order, with their scores.
  @inline(__always)
  private func forEachCandidate(_ want: Int, in area: Area?, _ visit: (Candidate) -> Void) {
    let classID = problem.wants[want].classID
    let replica = problem.classes[classID]
    let scoring = Scoring(replica)
    let row = classID * problem.kindCount
    fleet.forEach(meeting: Needs(replica), problem.permits, row: row) { node in
      if let area, fleet.spots[node].area(area.level, node: node) != area.id { return }
      visit(Candidate(score: scoring.score(fleet, node), node: Int32(node)))
    }
  }

  private mutating func fill(_ want: Int, _ count: Int, from heap: inout Heap<Candidate>) -> Int {
    let classID = problem.wants[want].classID
    let needs = Needs(problem.classes[classID])
    let scoring = Scoring(problem.classes[classID])
    var homeless = Homeless(problem.wants[want])
    var done = 0
    while done < count, let best = heap.first {
      let node = Int(best.node)
      guard queueAdmits(want, model: Int(fleet.model[node])), let replica = homeless.next(self)
      else {
        heap.removeFirst()
        continue
      }
      place(replica, on: node)
      done += 1
      if fits(classID, needs, on: node) {
        heap.replaceFirst(Candidate(score: scoring.score(fleet, node), node: best.node))
      } else {
        heap.removeFirst()
      }
    }
    return done
  }

  private mutating func fillEvenly(_ want: Int, _ count: Int, in area: Area?) -> Int {
    var domains = SpreadDomains(self, want)
    let isOutside = problem.wants[want].queue == problem.queues.outside
    let shortlist = Shortlist(of: isOutside ? count : fleet.count)
    var members = Array(repeating: shortlist, count: domains.count)
    forEachCandidate(want, in: area) { candidate in
      let domain = domains.domain(of: Int(candidate.node), self)
      if domain >= 0 { members[domain].consider(candidate) }
    }
    var heaps = members.map { Heap($0.candidates) }
    var done = 0
    while done < count, let domain = domains.next({ heaps[$0].first }) {
      if fill(want, 1, from: &heaps[domain]) == 1 {
        done += 1
        domains.add(domain)
      }
    }
    return done
  }
}

/// The homeless replicas of a want, lowest ordinal first, as long as nobody loses a home meanwhile.
struct Homeless {
  private var rest: Range<Int>

  init(_ want: Want) { rest = want.replicas }

  mutating func next(_ standing: borrowing Standing) -> Int? {
    while let replica = rest.first {
      rest = rest.dropFirst()
      if standing.home[replica] < 0 { return replica }
    }
    return nil
  }
}
