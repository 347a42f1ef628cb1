/// Going back: whoever had to leave and finds his old place free again, because a later step made his
/// leaving needless, takes it. Nobody is moved for nothing.
extension Standing {
  /// Sends back those of the wants that can go back; at most `most` of each that are homeless.
  mutating func returnHome(_ wants: [(want: Int, most: Int)]) {
    if uprooted.isEmpty { return }
    for (want, most) in wants where uprooted.contains(want) { returnHome(want, most) }
  }

  /// The same for all that have left.
  mutating func returnAllHome() {
    for want in uprooted.sorted() where !problem.wants[want].isStep {
      returnHome(want, missing(want))
    }
  }

  mutating func returnHome(_ want: Int, _ most: Int) {
    let away = problem.wants[want].replicas.filter { origin[$0] >= 0 && !isKept($0) }
    if away.isEmpty { return }
    if problem.wants[want].isLoose {
      returnEach(away.sorted { (-loss[$0], $0) < (-loss[$1], $1) }, most)
      return
    }
    // Those that stand together or apart go back as they stood, or stay as they are.
    let homeless = away.count { home[$0] < 0 }
    let isAllNew = standing(of: want).allSatisfy { origin[$0] >= 0 }
    let isWhole = !problem.wants[want].isGang || homeless == missing(want)
    guard homeless <= most, isAllNew, isWhole else { return }
    let start = mark
    for replica in away where home[replica] >= 0 { remove(replica) }
    let isHome = away.allSatisfy { returnHome($0) }
    let isTorn =
      problem.team(of: problem.root(of: want)).count > 1
      && presentArea(want)?.isWhole == false
    if !isHome || isTorn { rollBack(to: start) }
  }

  private mutating func returnEach(_ away: [Int], _ most: Int) {
    var left = most
    for replica in away {
      let start = mark
      let isHomeless = home[replica] < 0
      if isHomeless && left <= 0 { continue }
      if !isHomeless { remove(replica) }
      if !returnHome(replica) {
        rollBack(to: start)
      } else if isHomeless {
        left -= 1
      }
    }
  }

  private mutating func returnHome(_ replica: Int) -> Bool {
    let node = Int(origin[replica])
    return queueAdmits(Int(wantOf[replica]), model: Int(fleet.model[node]))
      && returns(replica, to: (node, originMask[replica]))
  }

  /// Puts a victim back where it was, if its room is still free.
  mutating func returns(_ replica: Int, to place: (node: Int, mask: UInt64)) -> Bool {
    let victim = problem.classes[want(of: replica).classID]
    guard Room(fleet, place.node).holds(victim, place.mask),
      isWelcome(Int(wantOf[replica]), on: place.node)
    else { return false }
    restore(replica, on: place.node, place.mask)
    return true
  }
}

extension Room {
  /// Whether one replica of the class fits on exactly these devices.
  func holds(_ replica: ReplicaClass, _ mask: UInt64) -> Bool {
    let needs = Needs(replica)
    return cpu >= needs.cpu && memory >= needs.memory && storage >= needs.storage
      && network >= needs.network
      && mask.indices.allSatisfy { devices[$0] >= replica.milliPerDevice }
  }
}
