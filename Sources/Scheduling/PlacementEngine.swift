import Model

/// A scheduling that goes on: it keeps all that it knows of a fleet between changes, so that a change
/// costs what it changes and not what there is.
///
/// Only free room is given out, as `Scheduler.schedule` would give it: nothing is bought, nobody gives
/// way, elastic gangs get their least size, and queues bound what they admit without being weighed
/// against one another. Where that leaves
/// something waiting, `Scheduler.schedule` knows what else could be done.
public struct PlacementEngine {
  private var standing: Standing
  private var wantOf: [WorkloadName: Int] = [:]
  private var nodeOf: [NodeID: Int] = [:]
  /// Wants with homeless replicas.
  private var waiting: Set<Int> = []
  /// Replicas of retired wants, which only take up memory.
  private var retired = 0

  /// What runs keeps its place; nothing else has one before the first change. Offers have no say.
  public init(_ input: SchedulingInput) { self.init(input, Boards()) }

  init(_ input: SchedulingInput, _ boards: Boards) {
    var input = input
    input.offers = []
    input.pools = []
    input.headrooms = []
    input.demands = input.demands.map(\.atLeast)
    standing = Standing(Problem(input, keepsLabels: true), boards)
    for want in standing.problem.wants.indices {
      wantOf[standing.problem.wants[want].workload] = want
      if standing.missing(want) > 0 { waiting.insert(want) }
    }
    for (index, node) in standing.problem.nodes.enumerated() { nodeOf[node.id] = index }
  }

  public init(nodes: [FleetNode]) { self.init(SchedulingInput(nodes: nodes)) }

  /// Homes for as many replicas of the demand as there is room for, all or none for a gang.
  ///
  /// Where there is none, up to `movesMax` others that run alone are moved to other nodes to make room
  /// for one replica; each of them finds another place, or nobody moves.
  public mutating func place(_ demand: ReplicaDemand, movesMax: Int = 0) -> [ScheduledReplica] {
    let want = standing.append(demand.atLeast)
    wantOf[demand.workload] = want
    standing.fillAny(want)
    while standing.missing(want) > 0 && standing.relocate(for: want, movesMax: movesMax) {}
    standing.commit()
    return standing.standing(of: want).map(placement)
  }

  /// Takes changes in, in any order, and gives free room to whoever they concern, and to those that
  /// wait where room has become free.
  @discardableResult
  public mutating func apply(_ changes: [FleetChange]) -> FleetAnswer {
    var concerned: Set<Int> = []
    var freed: Set<Int> = []
    for change in changes.sorted(by: FleetChange.precedes) {
      switch change {
      case .wanted(let demand): concerned.insert(want(demand, &freed))
      case .unwanted(let workload): forget(workload, &freed)
      case .lost(let node): concerned.formUnion(lose(node))
      case .added(let node): add(node, &freed)
      }
    }
    let start = standing.mark
    let hungry = concerned.union(hopeful(freed))
    fill(standing.problem.inClaimOrder(hungry.filter { standing.missing($0) > 0 }))
    for want in hungry {
      if standing.missing(want) > 0 { waiting.insert(want) } else { waiting.remove(want) }
    }
    let placed = standing.placements(since: start).filter { standing.home[$0] >= 0 }
    let answer = FleetAnswer(
      placements: Set(placed).map(placement).sorted { $0.replica < $1.replica },
      waiting: waiting.map { standing.problem.wants[$0].workload }.sorted())
    standing.commit()
    if retired > standing.problem.replicaCount / 2 + 1000 { self = PlacementEngine(present) }
    return answer
  }

  /// The fleet as it stands now: what `Scheduler.schedule` would be asked.
  public var present: SchedulingInput {
    var input = standing.problem.input
    for index in input.demands.indices {
      input.demands[index].running = standing.standing(of: index).map { replica in
        RunningReplica(
          ordinal: replica - standing.problem.wants[index].firstReplica,
          node: standing.problem.nodes[Int(standing.home[replica])].id,
          devices: standing.mask[replica].indices)
      }
    }
    input.demands = wantOf.values.sorted().map { input.demands[$0] }
    input.nodes = nodeOf.values.sorted().map { input.nodes[$0] }
    return input
  }

  private func placement(of replica: Int) -> ScheduledReplica {
    let want = standing.want(of: replica)
    return ScheduledReplica(
      replica: ReplicaID(want.workload, replica - want.firstReplica),
      home: .existing(standing.problem.nodes[Int(standing.home[replica])].id),
      devices: standing.mask[replica].indices)
  }
}

// MARK: Changes

extension PlacementEngine {
  /// Replicas of a demand that asks for the same as before stay where they are.
  private mutating func want(_ demand: ReplicaDemand, _ freed: inout Set<Int>) -> Int {
    let want = standing.append(demand.atLeast)
    if let former = wantOf[demand.workload] {
      let (old, new) = (standing.problem.wants[former], standing.problem.wants[want])
      let parts = standing.problem.neighbours.parts
      if old.stands(like: new), parts[former] == parts[want] {
        for ordinal in 0..<min(old.count, new.count)
        where standing.home[old.firstReplica + ordinal] >= 0 {
          standing.succeed(old.firstReplica + ordinal, by: new.firstReplica + ordinal)
        }
      }
      retire(former, &freed)
    }
    wantOf[demand.workload] = want
    return want
  }

  private mutating func forget(_ workload: WorkloadName, _ freed: inout Set<Int>) {
    guard let want = wantOf.removeValue(forKey: workload) else { return }
    retire(want, &freed)
  }

  private mutating func retire(_ want: Int, _ freed: inout Set<Int>) {
    retired += standing.problem.wants[want].count
    freed.formUnion(standing.standing(of: want).map { Int(standing.home[$0]) })
    standing.retire(want)
    waiting.remove(want)
  }

  private mutating func lose(_ node: NodeID) -> [Int] {
    guard let index = nodeOf.removeValue(forKey: node) else { return [] }
    return standing.lose(index)
  }

  private mutating func add(_ node: FleetNode, _ freed: inout Set<Int>) {
    guard nodeOf[node.id] == nil else { return }
    if !standing.append(node) {
      // A kind of node that was never seen renumbers all kinds.
      var input = present
      input.nodes.append(node)
      self = PlacementEngine(input)
    }
    let index = standing.problem.nodes.firstIndex { $0.id == node.id } ?? 0
    nodeOf[node.id] = index
    freed.insert(index)
  }

  /// Those that wait and may find what they miss on nodes that have more room than before: elsewhere
  /// there was too little for them, and now there is less.
  private func hopeful(_ freed: Set<Int>) -> [Int] {
    if freed.isEmpty && standing.problem.neighbours.isEmpty { return [] }
    var isHopeful: [Int: Bool] = [:]
    return waiting.filter { want in
      if standing.problem.wants[want].hasNeighbours { return true }
      if freed.isEmpty { return false }
      if !standing.isOutside(want) { return true }
      let classID = standing.problem.wants[want].classID
      if let known = isHopeful[classID] { return known }
      let needs = Needs(standing.problem.classes[classID])
      let answer = freed.contains { standing.fits(classID, needs, on: $0) }
      isHopeful[classID] = answer
      return answer
    }
  }

  private mutating func fill(_ wants: [Int]) {
    // Loose wants of one class are refused alike; what is placed meanwhile leaves no more room.
    var refused: Set<Int> = []
    // Some wait to stand beside others.
    let waiting = standing.problem.neighbours.isEmpty ? [] : wants
    for want in wants + waiting {
      let isAlike = standing.problem.wants[want].isLoose && standing.isOutside(want)
      let classID = standing.problem.wants[want].classID
      if isAlike && refused.contains(classID) { continue }
      standing.fillAny(want)
      if isAlike && standing.missing(want) > 0 { refused.insert(classID) }
    }
  }
}

extension ReplicaDemand {
  /// The same with no more than an elastic gang's least size.
  fileprivate var atLeast: ReplicaDemand {
    guard let elastic else { return self }
    var least = self
    least.count = min(count, max(0, elastic.min))
    least.elastic = nil
    return least
  }
}
