import Model

/// A node that a replica fits on, with its score; the lower score first, then the lower number.
struct Candidate: Comparable {
  let score: Int64
  let node: Int32

  static func < (left: Candidate, right: Candidate) -> Bool {
    left.score != right.score ? left.score < right.score : left.node < right.node
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
    let candidates = candidates(want, in: area)
    if candidates.isEmpty { return 0 }
    var heap = Heap(candidates)
    return fill(want, count, from: &heap)
  }

  /// Nodes with room, scored.
  func candidates(_ want: Int, in area: Area? = nil) -> [Candidate] {
    let classID = problem.wants[want].classID
    let replica = problem.classes[classID]
    let needs = Needs(replica)
    let scoring = Scoring(replica)
    var found: [Candidate] = []
    for node in 0..<fleet.count where fits(classID, needs, on: node) {
      if let area, fleet.spots[node].area(area.level, node: node) != area.id { continue }
      found.append(Candidate(score: scoring.score(fleet, node), node: Int32(node)))
    }
    return found
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
    var heaps = Dictionary(grouping: candidates(want, in: area)) {
      domains.domain(of: Int($0.node), self)
    }.mapValues { Heap($0) }
    heaps[-1] = nil
    var done = 0
    while done < count {
      guard let domain = domains.next({ heaps[$0]?.first }), var heap = heaps[domain] else { break }
      heaps[domain] = nil
      if fill(want, 1, from: &heap) == 1 {
        done += 1
        domains.add(domain)
      }
      if heap.first != nil { heaps[domain] = heap }
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
