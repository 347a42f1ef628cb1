/// The nodes that the next replica of a want may go to, the best first.
///
/// Some have been looked through one by one; the others stand on the board of the want's class.
struct Lineup {
  private let applicant: Applicant
  private var listed: Heap<Candidate>
  private var stretches: [Layout.Stretch] = []
  /// The best of each stretch.
  private var fronts: [Candidate] = []
  /// Its place among `Standing.boards`; nil where all nodes have been looked through.
  private let board: Int?

  init(_ applicant: Applicant, listed: [Candidate]) {
    self.applicant = applicant
    self.listed = Heap(listed)
    board = nil
  }

  init(
    _ applicant: Applicant, listed: [Candidate], board: Int, _ stretches: [Layout.Stretch],
    _ boards: borrowing Boards
  ) {
    self.applicant = applicant
    self.listed = Heap(listed)
    self.board = board
    for stretch in stretches {
      let front = boards[board].best(in: stretch.positions)
      // What has no room now gets none while others are placed.
      if front == .none { continue }
      self.stretches.append(stretch)
      fronts.append(front)
    }
  }

  var first: Candidate? {
    var best = listed.first ?? .none
    for front in fronts { best = min(best, front) }
    return best == .none ? nil : best
  }

  /// Drops the first candidate, and on the board all with accelerators of its model.
  mutating func dismiss(_ node: Int, model: Int32) {
    if listed.first?.node == node {
      listed.removeFirst()
    } else if let index = stretches.firstIndex(where: { $0.model == model }) {
      stretches.remove(at: index)
      fronts.remove(at: index)
    }
  }

  /// Takes in that a replica was placed on the first candidate.
  mutating func advance(
    _ node: Int, _ boards: inout Boards, _ fleet: borrowing Fleet, _ permits: borrowing [UInt8]
  ) {
    let candidate = applicant.candidate(node, fleet, permits)
    if listed.first?.node == node {
      if candidate == .none { listed.removeFirst() } else { listed.replaceFirst(candidate) }
      return
    }
    guard let board, let position = boards.layout?.position(of: node) else { return }
    boards[board].set(position, candidate)
    boards[board].seen = fleet.changes.end
    for index in stretches.indices where stretches[index].positions.contains(position) {
      fronts[index] = boards[board].best(in: stretches[index].positions)
    }
  }
}

extension Standing {
  /// Candidates for `count` replicas of the want in the area.
  mutating func lineup(_ want: Int, _ count: Int, in area: Area?) -> Lineup {
    let classID = problem.wants[want].classID
    let applicant = Applicant(problem, classID)
    if let area, area.level == .node {
      let candidate = applicant.candidate(area.id, fleet, problem.permits)
      return Lineup(applicant, listed: candidate == .none ? [] : [candidate])
    }
    let board = isUnbounded(want) ? nil : boards.place(classID, fleet, problem)
    var shortlist = shortlist(want, count)
    let scanned = (board == nil ? 0 : boards.nodeCount)..<fleet.count
    applicant.forEach(of: scanned, fleet, problem.permits) { candidate in
      if isIn(area, candidate.node) { shortlist.consider(candidate) }
    }
    guard let board, let layout = boards.layout else {
      return Lineup(applicant, listed: shortlist.candidates)
    }
    let stretches = area == nil && isOutside(want) ? [layout.all] : layout.stretches(of: area)
    return Lineup(applicant, listed: shortlist.candidates, board: board, stretches, boards)
  }

  /// The same for each domain that replicas are spread over.
  mutating func lineups(
    _ want: Int, _ count: Int, in area: Area?, _ domains: SpreadDomains
  ) -> [Lineup] {
    let classID = problem.wants[want].classID
    let applicant = Applicant(problem, classID)
    let isByNode = domains.level == .node || area?.level == .node || isUnbounded(want)
    let board = isByNode ? nil : boards.place(classID, fleet, problem)
    var members = Array(repeating: shortlist(want, count), count: domains.count)
    let scanned = (board == nil ? 0 : boards.nodeCount)..<fleet.count
    applicant.forEach(of: scanned, fleet, problem.permits) { candidate in
      let domain = domains.domain(of: candidate.node, self)
      if domain >= 0 && isIn(area, candidate.node) { members[domain].consider(candidate) }
    }
    guard let board, let layout = boards.layout else {
      return members.map { Lineup(applicant, listed: $0.candidates) }
    }
    return members.indices.map { domain in
      let own = Area(level: domains.level, id: domain)
      return Lineup(
        applicant, listed: members[domain].candidates, board: board,
        layout.stretches(of: own, within: area), boards)
    }
  }

  /// A queue may refuse a model of accelerator, and neighbours a node, and with it any number of the
  /// best ones.
  private func shortlist(_ want: Int, _ count: Int) -> Shortlist {
    Shortlist(of: isOutside(want) && !isUnbounded(want) ? count : fleet.count)
  }

  /// Boards don't know neighbours.
  private func isUnbounded(_ want: Int) -> Bool { problem.wants[want].hasNeighbours }

  private func isIn(_ area: Area?, _ node: Int) -> Bool {
    area.map { fleet.spots[node].area($0.level, node: node) == $0.id } ?? true
  }
}
