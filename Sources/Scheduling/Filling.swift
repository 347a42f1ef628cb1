import Model

/// Filling free room with the replicas of one want.
extension Standing {
  /// Places up to `count` homeless replicas of the want on open nodes, in `area` where one is given;
  /// returns how many. Keeps to `spread`; whether they must stand together is the caller's business.
  mutating func fill(_ want: Int, _ count: Int, in area: Area? = nil) -> Int {
    guard count > 0 else { return 0 }
    if problem.wants[want].spread != nil { return fillEvenly(want, count, in: area) }
    var done = 0
    if area == nil, problem.wants[want].hasNeighbours {
      for needy in areasInNeed(of: want) where done < count { done += fill(want, 1, in: needy) }
    }
    var lineup = lineup(want, count - done, in: area)
    return done + fill(want, count - done, from: &lineup)
  }

  private mutating func fill(_ want: Int, _ count: Int, from lineup: inout Lineup) -> Int {
    var homeless = Homeless(problem.wants[want])
    let hasNeighbours = problem.wants[want].hasNeighbours
    var done = 0
    while done < count, let node = lineup.first?.node {
      // Whoever is refused once is refused again while others of the want are placed.
      if hasNeighbours && !isWelcome(want, on: node) {
        lineup.dismiss(node, model: fleet.model[node])
        continue
      }
      guard queueAdmits(want, model: Int(fleet.model[node])) else {
        lineup.dismiss(node, model: fleet.model[node])
        continue
      }
      guard let replica = homeless.next(self) else { break }
      place(replica, on: node)
      done += 1
      lineup.advance(node, &boards, fleet, problem.permits)
    }
    return done
  }

  private mutating func fillEvenly(_ want: Int, _ count: Int, in area: Area?) -> Int {
    var domains = SpreadDomains(self, want)
    var lineups = lineups(want, count, in: area, domains)
    var done = 0
    while done < count, let domain = domains.next({ lineups[$0].first }) {
      if fill(want, 1, from: &lineups[domain]) == 1 {
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
