import Model

/// Room that is kept free for whoever comes. It is looked for after everybody has his place, so that
/// nobody has to leave for it and nobody is kept out by it.
extension Standing {
  private var headrooms: [Int] {
    problem.wants.indices.filter { problem.wants[$0].headroomOf != nil }
  }

  var hasHeadroom: Bool { !headrooms.isEmpty }

  /// Keeps what is free already, and buys nodes for the rest.
  mutating func keepHeadroom(buying: Bool = true) {
    for want in headrooms where missing(want) > 0 { _ = fill(want, missing(want)) }
    if !buying || problem.offers.isEmpty { return }
    buyLoose(headrooms.filter { missing($0) > 0 }.map { ($0, missing($0)) })
  }

  /// For how many replicas there is no room.
  var headroomMissing: Int { headrooms.reduce(0) { $0 + missing($1) } }

  func keptHeadrooms(_ home: (Int) -> ScheduledReplica.Home) -> [KeptHeadroom] {
    headrooms.compactMap { want in
      guard let pool = problem.wants[want].headroomOf else { return nil }
      return KeptHeadroom(
        pool: pool, count: problem.wants[want].count,
        homes: standing(of: want).map { home(Int(self.home[$0])) })
    }
  }
}
