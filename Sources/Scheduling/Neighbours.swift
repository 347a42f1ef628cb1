import Model

/// Rules about who stands beside whom, interned: each pair of labels and a level is a term, whoever
/// has it.
struct Neighbours {
  struct Term: Hashable {
    let workloads: Labels
    let level: Area.Level
  }

  /// What one want has to do with terms, each list ascending.
  struct Part: Hashable {
    /// Beside whom each of its replicas must stand.
    var affinity: [Int] = []
    /// Beside whom none may.
    var antiAffinity: [Int] = []
    /// Terms of anybody, its own ones included, that mean it.
    var meant: [Int] = []

    static let none = Part()
  }

  private(set) var terms = Interner<Term>()
  private(set) var parts: [Part] = []
  /// By term: wants that it means, and those that have it as affinity and as anti-affinity.
  private(set) var meant: [[Int]] = []
  private(set) var seeking: [[Int]] = []
  private(set) var shunning: [[Int]] = []
  /// Terms by the first of their labels.
  private var byPair: [Labels.Pair: [Int]] = [:]
  private var ofAnybody: [Int] = []

  var isEmpty: Bool { terms.words.isEmpty }

  init(_ demands: [ReplicaDemand]) {
    for demand in demands { intern(demand.rules) }
  }

  /// Terms that are new mean no want that came before: the caller takes those in again.
  private mutating func intern(_ rules: PlacementRules) {
    for rule in rules.affinity + rules.antiAffinity {
      let id = id(of: rule)
      guard id == meant.count else { continue }
      meant.append([])
      seeking.append([])
      shunning.append([])
      if let first = rule.workloads.pairs.first {
        byPair[first, default: []].append(id)
      } else {
        ofAnybody.append(id)
      }
    }
  }

  private mutating func id(of rule: NeighbourRule) -> Int {
    terms.id(of: Term(workloads: rule.workloads, level: Area.Level(rule.within)))
  }

  /// Takes in one want of the demand, the next by number; whether it has anything to do with any rule.
  mutating func append(_ demand: ReplicaDemand) -> Bool {
    if isEmpty && demand.rules.affinity.isEmpty && demand.rules.antiAffinity.isEmpty {
      parts.append(.none)
      return false
    }
    intern(demand.rules)
    let want = parts.count
    let part = Part(
      affinity: Set(demand.rules.affinity.map { id(of: $0) }).sorted(),
      antiAffinity: Set(demand.rules.antiAffinity.map { id(of: $0) }).sorted(),
      meant: termsThatMean(demand.labels))
    for term in part.affinity { seeking[term].append(want) }
    for term in part.antiAffinity { shunning[term].append(want) }
    for term in part.meant { meant[term].append(want) }
    parts.append(part)
    return part != .none
  }

  private func termsThatMean(_ labels: Labels) -> [Int] {
    let candidates = ofAnybody + labels.pairs.flatMap { byPair[$0] ?? [] }
    return candidates.filter { labels.matches(terms.words[$0].workloads) }.sorted()
  }

  /// Whether replicas of the want keep away from one another.
  func standsAlone(_ want: Int) -> Bool {
    let part = parts[want]
    return part.antiAffinity.contains(where: part.meant.contains)
  }
}

/// Who stands beside whom: for each term and area how many replicas it means, and how many have it as
/// anti-affinity or as affinity.
struct Company {
  struct Counts {
    /// By area of the term's level.
    private var counts: [Int32] = []
    private(set) var total = 0

    subscript(area: Int) -> Int {
      area >= 0 && area < counts.count ? Int(counts[area]) : 0
    }

    /// Those with any, ascending.
    var areas: [Int] { counts.indices.filter { counts[$0] > 0 } }

    mutating func add(_ change: Int, in area: Int) {
      total += change
      guard area >= 0 else { return }
      while counts.count <= area { counts.append(0) }
      counts[area] += Int32(change)
    }
  }

  fileprivate(set) var meant: [Counts]
  fileprivate(set) var shunning: [Counts]
  fileprivate(set) var seeking: [Counts]

  init(_ neighbours: Neighbours) {
    let none = Array(repeating: Counts(), count: neighbours.terms.words.count)
    meant = none
    shunning = none
    seeking = none
  }

  mutating func count(
    _ want: Int, _ change: Int, at spot: Spot, node: Int, _ neighbours: borrowing Neighbours
  ) {
    let part = neighbours.parts[want]
    func area(_ term: Int) -> Int { spot.area(neighbours.terms.words[term].level, node: node) }
    for term in part.meant { meant[term].add(change, in: area(term)) }
    for term in part.antiAffinity { shunning[term].add(change, in: area(term)) }
    for term in part.affinity { seeking[term].add(change, in: area(term)) }
  }
}

// MARK: Who may come

extension Standing {
  /// Why neighbours keep one more replica of the want from a spot, a node's or one to be bought
  /// (`node` -1); nil where they don't.
  ///
  /// The first replica of all that a term means need not wait for another where the term means itself.
  func refusal(_ want: Int, at spot: Spot, node: Int) -> PendingReason? {
    guard problem.wants[want].hasNeighbours else { return nil }
    let part = problem.neighbours.parts[want]
    for term in part.antiAffinity where company.meant[term][area(term, spot, node)] > 0 {
      return .antiAffinity
    }
    for term in part.meant where company.shunning[term][area(term, spot, node)] > 0 {
      return .antiAffinity
    }
    for term in part.affinity {
      let area = area(term, spot, node)
      if company.meant[term][area] > 0 { continue }
      let isFirst = company.meant[term].total == 0 && part.meant.contains(term)
      let isAnArea = area >= 0 || problem.neighbours.terms.words[term].level == .node
      guard isFirst, isAnArea else { return .affinity }
    }
    return nil
  }

  /// The area of the term's level that the spot is in; -1 where it is in none.
  private func area(_ term: Int, _ spot: Spot, _ node: Int) -> Int {
    spot.area(problem.neighbours.terms.words[term].level, node: node)
  }

  private func area(_ term: Int, of node: Int) -> Int { area(term, fleet.spots[node], node) }

  func isWelcome(_ want: Int, on node: Int) -> Bool {
    refusal(want, at: fleet.spots[node], node: node) == nil
  }

  /// The level at which those that are missing of the want must come to stand together: as it says
  /// itself, and as long as nobody is there whom it is to stand beside, as its affinity to itself says.
  func union(_ want: Int) -> Area.Level? {
    let stated = problem.wants[want].union
    guard problem.wants[want].hasNeighbours else { return stated }
    let part = problem.neighbours.parts[want]
    return part.affinity.filter { part.meant.contains($0) && company.meant[$0].total == 0 }
      .map { problem.neighbours.terms.words[$0].level }
      .reduce(stated) { finest, level in
        finest.map { $0.isWithin(level) ? $0 : level } ?? level
      }
  }

  /// How many more replicas of the want an empty node takes, its neighbours considered.
  func mostOnNewNode(_ want: Int, of count: Int) -> Int {
    guard problem.wants[want].hasNeighbours, problem.neighbours.standsAlone(want) else {
      return count
    }
    return min(1, count)
  }

  /// Replicas that would have to go before the want is welcome on the node; nil where that would not
  /// do.
  func unwelcoming(_ want: Int, on node: Int) -> [Int]? {
    guard let refusal = refusal(want, at: fleet.spots[node], node: node) else { return [] }
    guard refusal == .antiAffinity else { return nil }
    let part = problem.neighbours.parts[want]
    let rivals =
      part.antiAffinity.map { (term: $0, wants: problem.neighbours.meant[$0]) }
      + part.meant.map { (term: $0, wants: problem.neighbours.shunning[$0]) }
    var found: Set<Int> = []
    for (term, wants) in rivals {
      let area = area(term, of: node)
      if area < 0 { continue }
      found.formUnion(
        wants.flatMap { standing(of: $0) }.filter { self.area(term, of: Int(home[$0])) == area })
    }
    return found.sorted()
  }

  /// Areas where somebody stands whose affinity means the want, and nobody beside him whom it means.
  func areasInNeed(of want: Int) -> [Area] {
    guard problem.wants[want].hasNeighbours else { return [] }
    return problem.neighbours.parts[want].meant.flatMap { term in
      company.seeking[term].areas.filter { company.meant[term][$0] == 0 }
        .map { Area(level: problem.neighbours.terms.words[term].level, id: $0) }
    }
  }

  /// Whether somebody would be left without the neighbours that he needs, or might be, were one fewer
  /// of the want on the node: it has left already.
  func isMissed(_ want: Int, on node: Int) -> Bool {
    guard problem.wants[want].hasNeighbours else { return false }
    return problem.neighbours.parts[want].meant.contains { term in
      let area = area(term, of: node)
      return company.seeking[term][area] > 0 && company.meant[term][area] < 2
    }
  }
}

// MARK: Who stands alone

extension Standing {
  /// Whether the replica stands without a neighbour that its affinity asks for.
  func isLonely(_ replica: Int) -> Bool {
    let want = Int(wantOf[replica])
    let part = problem.neighbours.parts[want]
    return part.affinity.contains { term in
      let area = area(term, of: Int(home[replica]))
      let isMeant = part.meant.contains(term)
      if company.meant[term][area] > (isMeant ? 1 : 0) { return false }
      guard isMeant else { return true }
      let root = problem.root(of: want)
      return team(of: root).contains { self.area(term, of: Int(home[$0])) != area }
    }
  }

  /// How many replicas stand without a neighbour that their affinity asks for.
  var lonely: Int {
    let neighbours = problem.neighbours
    if neighbours.isEmpty { return 0 }
    return problem.wants.indices.reduce(0) { sum, want in
      neighbours.parts[want].affinity.isEmpty
        ? sum : sum + standing(of: want).count(where: isLonely)
    }
  }

  /// Takes away again whoever came to stand beside somebody who has gone since.
  mutating func removeLonely() {
    if problem.neighbours.isEmpty { return }
    var isDone = false
    while !isDone {
      isDone = true
      for want in problem.wants.indices where !problem.neighbours.parts[want].affinity.isEmpty {
        let lonely = standing(of: want).filter { !isKept($0) && isLonely($0) }
        if lonely.isEmpty { continue }
        isDone = false
        if problem.wants[want].isGang {
          giveUp(want, for: want)
        } else {
          for replica in lonely { remove(replica) }
        }
      }
    }
  }

  /// Takes in who stands where, after rules have come.
  mutating func countCompany() {
    company = Company(problem.neighbours)
    if problem.neighbours.isEmpty { return }
    for want in problem.wants.indices where problem.wants[want].hasNeighbours {
      for replica in standing(of: want) { countCompany(want, 1, on: Int(home[replica])) }
    }
    for (node, spec) in problem.nodes.enumerated() {
      for occupant in spec.occupants {
        guard let workload = occupant.workload else { continue }
        let want = problem.wants.firstIndex { $0.workload == workload }
        if let want, problem.wants[want].hasNeighbours { countCompany(want, 1, on: node) }
      }
    }
  }

  mutating func countCompany(_ want: Int, _ change: Int, on node: Int) {
    company.count(want, change, at: fleet.spots[node], node: node, problem.neighbours)
  }
}

extension Area.Level {
  /// Whether areas of this level lie within such of the other.
  func isWithin(_ other: Area.Level) -> Bool { rawValue >= other.rawValue }
}
