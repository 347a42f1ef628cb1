/// The nodes that changed last: whoever knew a fleet before can catch up with it.
struct ChangeLog {
  /// So many changes back one can look at least.
  static let reach = 1 << 13

  private var nodes: [Int32] = []
  private var forgotten = 0

  /// The number of changes so far.
  var end: Int { forgotten + nodes.count }

  mutating func note(_ node: Int) {
    nodes.append(Int32(truncatingIfNeeded: node))
    if nodes.count > 2 * ChangeLog.reach {
      nodes.removeFirst(ChangeLog.reach)
      forgotten += ChangeLog.reach
    }
  }

  /// The nodes that changed since the log had `start` changes; some of them several times.
  func since(_ start: Int) -> ArraySlice<Int32> { nodes[(start - forgotten)...] }
}

/// All nodes as candidates for one class, such that the best of any range is known after looking at few
/// (a segment tree of minima).
struct Board {
  let classID: Int
  let applicant: Applicant
  /// Leaves from `count` on, by position; every other is the lesser of the two at twice its place.
  private var tree: [Candidate]
  private let count: Int
  /// How many changes of the fleet it knows; nil while it is blank.
  var seen: Int?

  init(_ classID: Int, _ applicant: Applicant, _ count: Int) {
    self.classID = classID
    self.applicant = applicant
    self.count = count
    tree = Array(repeating: .none, count: 2 * count)
  }

  /// Judges all nodes.
  mutating func fill(_ layout: Layout, _ fleet: borrowing Fleet, _ permits: borrowing [UInt8]) {
    for place in count..<(2 * count) { tree[place] = .none }
    applicant.forEach(of: 0..<count, fleet, permits) { candidate in
      tree[count + Int(layout.positions[candidate.node])] = candidate
    }
    for place in stride(from: count - 1, to: 0, by: -1) {
      tree[place] = min(tree[2 * place], tree[2 * place + 1])
    }
  }

  /// Judges those that have changed.
  mutating func catchUp(
    since seen: Int, _ layout: Layout, _ fleet: borrowing Fleet, _ permits: borrowing [UInt8]
  ) {
    for node in fleet.changes.since(seen) where node < count {
      set(Int(layout.positions[Int(node)]), applicant.candidate(Int(node), fleet, permits))
    }
  }

  mutating func set(_ position: Int, _ candidate: Candidate) {
    var place = count + position
    tree[place] = candidate
    while place > 1 {
      place /= 2
      let least = min(tree[2 * place], tree[2 * place + 1])
      if tree[place] == least { return }
      tree[place] = least
    }
  }

  func best(in positions: Range<Int>) -> Candidate {
    if positions.count == count { return tree[1] }
    var low = positions.lowerBound + count
    var high = positions.upperBound + count
    var best = Candidate.none
    while low < high {
      if low & 1 == 1 {
        best = min(best, tree[low])
        low += 1
      }
      if high & 1 == 1 {
        high -= 1
        best = min(best, tree[high])
      }
      low /= 2
      high /= 2
    }
    return best
  }
}

/// Boards of the classes that are asked for again and again.
///
/// A board costs a look at every node once, and then only at those that changed. Bought nodes are on
/// none: they come and go while purchases are weighed.
struct Boards {
  /// Boards at a time; each holds 16 bytes for every node.
  static let boardsMax = 64

  private let nodesMin: Int
  private let patienceMin: Int
  private(set) var layout: Layout?
  private var boards: [Board] = []
  /// By class: its place in `boards`, or -1.
  private var places: [Int] = []
  /// By class: the number of changes when it was asked for last, or -1.
  private var asked: [Int] = []
  private var oldest = 0

  /// Both bounds are for speed; they have no influence on what is found.
  ///
  /// `nodesMin`: smaller fleets are looked through. `patienceMin`: so many changes are followed even
  /// where looking through all nodes would cost less.
  init(nodesMin: Int = 64, patienceMin: Int = 0) {
    self.nodesMin = nodesMin
    self.patienceMin = patienceMin
  }

  /// Nodes on boards are those below.
  var nodeCount: Int { layout?.count ?? 0 }

  subscript(place: Int) -> Board {
    get { boards[place] }
    _modify { yield &boards[place] }
  }

  /// The place of the class's board, which then knows all changes; nil while the class is asked for so
  /// seldom that looking through all nodes costs less.
  mutating func place(
    _ classID: Int, _ fleet: borrowing Fleet, _ problem: borrowing Problem
  ) -> Int? {
    guard problem.nodes.count >= nodesMin else { return nil }
    while asked.count <= classID {
      asked.append(-1)
      places.append(-1)
    }
    let now = fleet.changes.end
    // Changes that cost about as much to follow as all nodes cost to look through.
    let patience = min(ChangeLog.reach, max(patienceMin, problem.nodes.count / 8))
    let isFrequent = asked[classID] >= 0 && now - asked[classID] <= patience
    asked[classID] = now
    guard isFrequent else { return nil }
    let layout = currentLayout(fleet, problem)
    if places[classID] < 0 { start(Board(classID, Applicant(problem, classID), layout.count)) }
    let place = places[classID]
    if let seen = boards[place].seen, now - seen <= patience {
      boards[place].catchUp(since: seen, layout, fleet, problem.permits)
    } else {
      boards[place].fill(layout, fleet, problem.permits)
    }
    boards[place].seen = now
    return place
  }

  /// Lays nodes out anew when many have come.
  private mutating func currentLayout(
    _ fleet: borrowing Fleet, _ problem: borrowing Problem
  ) -> Layout {
    let count = problem.nodes.count
    if let layout, count - layout.count <= nodesMin + layout.count / 16 { return layout }
    let layout = Layout(fleet, count: count, problem.places)
    self.layout = layout
    boards = []
    for classID in places.indices { places[classID] = -1 }
    return layout
  }

  /// Gives the board a place, the longest used one where there are too many.
  private mutating func start(_ board: Board) {
    places[board.classID] = boards.count < Boards.boardsMax ? boards.count : oldest
    if boards.count < Boards.boardsMax {
      boards.append(board)
      return
    }
    places[boards[oldest].classID] = -1
    boards[oldest] = board
    oldest = (oldest + 1) % Boards.boardsMax
  }
}
