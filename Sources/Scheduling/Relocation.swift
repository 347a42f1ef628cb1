import Model

/// Making room by moving others that find a place elsewhere.
extension Standing {
  /// Nodes on which room is tried to be made for one replica.
  private static let relocationNodesMax = 48

  /// Moves at most `movesMax` replicas to other nodes so that one more replica of the want finds a home,
  /// and places it; false, and nothing changed, where that can't be done.
  ///
  /// Tried are the nodes where the fewest and smallest replicas would have to go; a replica that moves
  /// takes free room only, so that no move causes another.
  mutating func relocate(for want: Int, movesMax: Int) -> Bool {
    guard movesMax > 0, problem.wants[want].isLoose, isOutside(want) else { return false }
    let classID = problem.wants[want].classID
    var ways: [(movers: [Int], size: Int64, node: Int)] = []
    for node in 0..<fleet.count where permits(classID, on: node) {
      guard let movers = movers(for: classID, on: node, movesMax: movesMax) else { continue }
      ways.append((movers, movers.reduce(0) { $0 + bulk(of: $1) }, node))
    }
    ways.sort { ($0.movers.count, $0.size, $0.node) < ($1.movers.count, $1.size, $1.node) }
    for way in ways.prefix(Standing.relocationNodesMax) {
      let start = mark
      for replica in way.movers { remove(replica) }
      let isPlaced = fill(want, 1, in: Area(level: .node, id: way.node)) == 1
      let movers = way.movers.sorted { (-bulk(of: $0), $0) < (-bulk(of: $1), $1) }
      if isPlaced && movers.allSatisfy({ fill(Int(wantOf[$0]), 1) == 1 }) { return true }
      rollBack(to: start)
    }
    return false
  }

  /// Cores that a replica takes, its devices counted as the cores of their users.
  func bulk(of replica: Int) -> Int64 {
    let replica = replicaClass(of: Int(wantOf[replica]))
    return replica.cpu.addingSaturated(
      Scoring.coresPerDevice.multipliedSaturated(by: replica.charge))
  }

  /// The residents that would have to go, none of them for nothing: small ones first, as far as they
  /// go, and then without those that larger ones made needless.
  private func movers(for classID: Int, on node: Int, movesMax: Int) -> [Int]? {
    let replica = problem.classes[classID]
    guard Int(fleet.deviceCount[node]) >= replica.devices else { return nil }
    var room = Room(fleet, node)
    let residents = replicas(on: node).filter { want(of: $0).isLoose && isOutside(Int(wantOf[$0])) }
      .sorted { (bulk(of: $0), $0) < (bulk(of: $1), $1) }
    var going: [Int] = []
    for resident in residents where !room.fits(replica) {
      room.add(problem.classes[want(of: resident).classID], mask[resident], sign: 1)
      going.append(resident)
    }
    guard room.fits(replica) else { return nil }
    for index in going.indices.reversed() where going.count > 1 {
      let resident = problem.classes[want(of: going[index]).classID]
      room.add(resident, mask[going[index]], sign: -1)
      if room.fits(replica) {
        going.remove(at: index)
      } else {
        room.add(resident, mask[going[index]], sign: 1)
      }
    }
    return going.count <= movesMax && !going.isEmpty ? going : nil
  }
}
