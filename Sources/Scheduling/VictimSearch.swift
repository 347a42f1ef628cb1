import Model

/// What a set of victims comes to; of two sets the lesser one is taken.
struct VictimCost: Comparable {
  /// First of all whether anybody goes who has a claim to his place,
  private(set) var takesClaim = false
  /// then the work that is lost,
  private(set) var loss: Int64 = 0
  /// then the replicas that have to go,
  private(set) var victims = 0
  /// then the highest priority among them.
  private(set) var priority = Int.min

  init() {}

  init(of units: [VictimUnit]) { for unit in units { add(unit) } }

  mutating func add(_ unit: VictimUnit) {
    takesClaim = takesClaim || unit.hasClaim
    loss = loss.addingSaturated(unit.loss)
    victims += unit.replicas.count
    priority = max(priority, unit.priority)
  }

  static func < (left: VictimCost, right: VictimCost) -> Bool {
    if left.takesClaim != right.takesClaim { return right.takesClaim }
    return (left.loss, left.victims, left.priority) < (right.loss, right.victims, right.priority)
  }
}

/// The best victims of all, where there are few to choose from: depth first over who goes and who stays,
/// cut off by the best set known, and where not even all others together would make enough room.
///
/// Standing itself is asked whether a set suffices, so that all rules count: areas, spread, queues.
struct VictimSearch {
  /// More units than these are not searched.
  static let unitsMax = 16
  /// Sets tried in one search.
  static let trialsMax = 2500
  /// Sets tried in one scheduling, as long as searches begin before.
  static let trialsInAllMax = 50_000

  private let preemptor: Preemptor
  private let area: Area?
  private let count: Int
  /// Cheapest first.
  private let units: [VictimUnit]
  private var going: [Int] = []
  private(set) var best: [Int]?
  private var bestCost = VictimCost()
  private(set) var trials = 0

  /// nil where there are too many to choose from.
  init?(
    _ preemptor: Preemptor, _ count: Int, in area: Area?, _ standing: borrowing Standing
  ) {
    guard let units = standing.fewUnits(preemptor, in: area) else { return nil }
    self.preemptor = preemptor
    self.area = area
    self.count = count
    self.units = units
  }

  /// The best set found that makes room for as many replicas as can be; nil where none was. Nothing
  /// stands otherwise afterwards.
  mutating func run(_ standing: inout Standing) -> (units: [VictimUnit], isBest: Bool)? {
    let most = reach(with: units.indices, &standing)
    let least = reach(with: 0..<0, &standing)
    guard most > least else { return nil }
    decide(0, goal: most, &standing)
    guard let best else { return nil }
    return (best.map { units[$0] }, trials < VictimSearch.trialsMax)
  }

  /// Decides over the units from `index` on; those that go already have left.
  private mutating func decide(_ index: Int, goal: Int, _ standing: inout Standing) {
    guard index < units.count, trials < VictimSearch.trialsMax else { return }
    let cost = VictimCost(of: (going + [index]).map { units[$0] })
    if best == nil || cost < bestCost, isAllowed(index, standing) {
      let mark = standing.mark
      standing.evict(units[index], for: preemptor.want, on: nil)
      going.append(index)
      if reach(with: 0..<0, &standing) == goal {
        best = going
        bestCost = cost
      } else {
        decide(index + 1, goal: goal, &standing)
      }
      going.removeLast()
      standing.rollBack(to: mark)
    }
    // What comes later costs at least as much by itself.
    let isHopeless = best != nil && !(cost < bestCost)
    if !isHopeless, reach(with: (index + 1)..<units.count, &standing) == goal {
      decide(index + 1, goal: goal, &standing)
    }
  }

  /// Whether one more may go: its right to stay depends on who has gone before.
  private func isAllowed(_ index: Int, _ standing: borrowing Standing) -> Bool {
    let victim = units[index].want
    guard let cause = standing.cause(preemptor, victim) else { return false }
    return standing.problem.wants[victim].isGang
      || standing.victimsMax(preemptor, victim, cause) > 0
  }

  /// How many replicas find a home where these go too.
  private mutating func reach(with more: Range<Int>, _ standing: inout Standing) -> Int {
    trials += 1
    let mark = standing.mark
    for index in more { standing.evict(units[index], for: preemptor.want, on: nil) }
    let done = standing.fill(preemptor.want, count, in: area)
    standing.rollBack(to: mark)
    return done
  }
}

extension Standing {
  /// All units that may go and whose going could help; nil where they are more than a search takes.
  fileprivate func fewUnits(_ preemptor: Preemptor, in area: Area?) -> [VictimUnit]? {
    let classID = problem.wants[preemptor.want].classID
    let isAnywhere =
      !isOutside(preemptor.want) || problem.wants[preemptor.want].hasNeighbours
    var units: [VictimUnit] = []
    for victim in problem.wants.indices where placed[victim] > 0 {
      guard let cause = cause(preemptor, victim) else { continue }
      let replicas = team(of: victim)
      let helpful = replicas.filter { replica in
        let node = Int(home[replica])
        return isAnywhere
          || permits(classID, on: node)
            && area.map { fleet.spots[node].area($0.level, node: node) == $0.id } ?? true
      }
      guard !helpful.isEmpty else { continue }
      let goings = problem.wants[victim].isGang ? [replicas] : helpful.map { [$0] }
      units += goings.map { unit(victim, $0, cause) }
      if units.count > VictimSearch.unitsMax { return nil }
    }
    return units.sorted {
      let (one, other) = (VictimCost(of: [$0]), VictimCost(of: [$1]))
      return one != other ? one < other : $0.replicas[0] < $1.replicas[0]
    }
  }
}
