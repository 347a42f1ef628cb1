import Model

/// Who stands where and what is left: the one thing that scheduling changes.
///
/// Every change is journalled, so that a step that turns out not to lead anywhere (a gang that does not
/// fit whole, a victim that need not go) can be taken back exactly.
struct Standing {
  private(set) var problem: Problem
  var fleet = Fleet()
  /// What classes that ask often know of the fleet: nothing that the fleet doesn't say.
  var boards: Boards
  var rooms: Rooms
  var usage: QueueUsage
  var company: Company
  /// Who has no place and why, before headroom was kept, which keeps nobody out.
  var told: (pending: [PendingReplicas], reduced: [PendingReplicas])?
  /// Whether free room and nodes are given out as `packPreferred` would have it.
  var prefers = false
  /// The node of each replica, or -1.
  private(set) var home: [Int32]
  private(set) var mask: [UInt64]
  /// Replicas of each want that have a home.
  private(set) var placed: [Int]
  /// Bought nodes; the first has the number `problem.nodes.count`.
  private(set) var purchases: [Purchase] = []
  /// Where each replica ran at first, or -1.
  private(set) var origin: [Int32]
  private(set) var originMask: [UInt64]
  private(set) var loss: [Int64]
  /// Wants of which someone may have had to go.
  var uprooted: Set<Int> = []
  /// Sets of victims that were tried so far.
  var victimTrials = 0
  /// For replicas that had to go: for whom, and why.
  var eviction: [Eviction?]
  private(set) var wantOf: [Int32] = []
  /// The replicas of a node are a doubly linked list.
  private var firstOn: [Int32] = []
  private var next: [Int32]
  private var previous: [Int32]
  private var journal: [Step] = []

  struct Purchase {
    var offer: Int
    var isDropped = false
    var isForMinimum = false
  }

  struct Eviction {
    let by: Int
    let cause: Preemption.Cause
  }

  private enum Step {
    case placed(Int)
    case removed(Int, node: Int, mask: UInt64)
    case bought
  }

  init(_ problem: Problem, _ boards: Boards = Boards()) {
    self.problem = problem
    self.boards = boards
    rooms = Rooms(problem)
    usage = QueueUsage(problem.queues)
    company = Company(problem.neighbours)
    home = []
    mask = []
    origin = []
    originMask = []
    loss = []
    eviction = []
    next = []
    previous = []
    placed = []
    for want in problem.wants { addReplicas(of: want) }
    for (index, node) in problem.nodes.enumerated() { add(node, problem.places.spots[index]) }
    keepRunning()
    countCompany()
    journal = []
  }

  func want(of replica: Int) -> Want { problem.wants[Int(wantOf[replica])] }

  func replicaClass(of want: Int) -> ReplicaClass {
    problem.classes[problem.wants[want].classID]
  }

  func missing(_ want: Int) -> Int { problem.wants[want].count - placed[want] }

  func isKept(_ replica: Int) -> Bool {
    origin[replica] >= 0 && home[replica] == origin[replica]
      && mask[replica] == originMask[replica]
  }

  func replicas(on node: Int) -> [Int] {
    var list: [Int] = []
    forEachReplica(on: node) { list.append($0) }
    return list
  }

  @inline(__always)
  func forEachReplica(on node: Int, _ visit: (Int) -> Void) {
    var replica = firstOn[node]
    while replica >= 0 {
      visit(Int(replica))
      replica = next[Int(replica)]
    }
  }

  func isEmpty(_ node: Int) -> Bool { firstOn[node] < 0 }

  func standing(of want: Int) -> [Int] {
    placed[want] == 0 ? [] : problem.wants[want].replicas.filter { home[$0] >= 0 }
  }

  /// Those of the want that stand, and of the steps above it: who goes when it goes whole.
  func team(of want: Int) -> [Int] { problem.team(of: want).flatMap { standing(of: $0) } }
}

// MARK: Changes

extension Standing {
  /// Puts a homeless replica on a node that has room for it.
  mutating func place(_ replica: Int, on node: Int) {
    let replicaClass = replicaClass(of: Int(wantOf[replica]))
    let devices = fleet.devices(for: replicaClass, on: node)
    put(replica, on: node, devices ?? 0)
    journal.append(.placed(replica))
  }

  /// Puts a replica back exactly where it was.
  mutating func restore(_ replica: Int, on node: Int, _ devices: UInt64) {
    put(replica, on: node, devices)
    journal.append(.placed(replica))
  }

  mutating func remove(_ replica: Int) {
    journal.append(.removed(replica, node: Int(home[replica]), mask: mask[replica]))
    lift(replica)
  }

  /// Adds a node of the offer; returns its number.
  mutating func buy(_ index: Int) -> Int {
    let offer = problem.offers[index]
    rooms.take(offer)
    appendNode(offer.spot, offer.offer.capacity, model: offer.model)
    purchases.append(Purchase(offer: index))
    journal.append(.bought)
    return fleet.count - 1
  }

  /// A point that `rollBack` can return to.
  var mark: Int { journal.count }

  mutating func rollBack(to mark: Int) {
    while journal.count > mark {
      switch journal.removeLast() {
      case .placed(let replica): lift(replica)
      case .removed(let replica, let node, let devices): put(replica, on: node, devices)
      case .bought:
        rooms.giveBack(problem.offers[purchases.removeLast().offer])
        fleet.removeLast()
        firstOn.removeLast()
      }
    }
  }

  /// Replicas that were removed since `mark`, in order.
  func removed(since mark: Int) -> [Int] {
    journal[mark...].compactMap { step in
      switch step {
      case .removed(let replica, _, _): replica
      case .placed, .bought: nil
      }
    }
  }

  /// Nodes on which something came or went since `mark`; some of them several times.
  func nodesTouched(since mark: Int) -> [Int] {
    journal[mark...].compactMap { step in
      switch step {
      case .placed(let replica): home[replica] >= 0 ? Int(home[replica]) : nil
      case .removed(_, let node, _): node
      case .bought: nil
      }
    }
  }

  /// Where a replica stood when it was first removed since `mark`.
  func firstRemoval(of replica: Int, since mark: Int) -> (node: Int, mask: UInt64)? {
    for step in journal[mark...] {
      if case .removed(replica, let node, let mask) = step { return (node, mask) }
    }
    return nil
  }

  /// Replicas that got a home since `mark`, in order.
  func placements(since mark: Int) -> [Int] {
    journal[mark...].compactMap { step in
      switch step {
      case .placed(let replica): replica
      case .removed, .bought: nil
      }
    }
  }

  /// Gives a bought node up; nothing may stand on it.
  mutating func drop(_ purchase: Int) {
    precondition(isEmpty(problem.nodes.count + purchase), "only empty nodes are given up")
    rooms.giveBack(problem.offers[purchases[purchase].offer])
    purchases[purchase].isDropped = true
    fleet.close(problem.nodes.count + purchase)
    journal = []
  }

  /// Makes a bought, emptied node one of another offer.
  mutating func exchange(_ purchase: Int, for index: Int) {
    let node = problem.nodes.count + purchase
    precondition(isEmpty(node), "only empty nodes are exchanged")
    let offer = problem.offers[index]
    rooms.giveBack(problem.offers[purchases[purchase].offer])
    rooms.take(offer)
    purchases[purchase].offer = index
    fleet.replace(node, offer.spot, offer.offer.capacity, model: offer.model)
    journal = []
  }

  mutating func markForMinimum(_ purchase: Int) { purchases[purchase].isForMinimum = true }

  private mutating func put(_ replica: Int, on node: Int, _ devices: UInt64) {
    let want = Int(wantOf[replica])
    fleet.take(replicaClass(of: want), devices, on: node)
    usage.add(problem, want: want, model: Int(fleet.model[node]), sign: 1)
    placed[want] += 1
    if problem.wants[want].hasNeighbours { countCompany(want, 1, on: node) }
    home[replica] = Int32(node)
    mask[replica] = devices
    let head = firstOn[node]
    next[replica] = head
    previous[replica] = -1
    if head >= 0 { previous[Int(head)] = Int32(replica) }
    firstOn[node] = Int32(replica)
  }

  private mutating func lift(_ replica: Int) {
    let want = Int(wantOf[replica])
    let node = Int(home[replica])
    fleet.take(replicaClass(of: want), mask[replica], on: node, sign: -1)
    usage.add(problem, want: want, model: Int(fleet.model[node]), sign: -1)
    placed[want] -= 1
    if problem.wants[want].hasNeighbours { countCompany(want, -1, on: node) }
    home[replica] = -1
    let before = previous[replica]
    let after = next[replica]
    if before >= 0 { next[Int(before)] = after } else { firstOn[node] = after }
    if after >= 0 { previous[Int(after)] = before }
  }
}

// MARK: Between schedulings

extension Standing {
  /// Takes in one more node; false, and nothing changed, where its kind is new to the problem.
  mutating func append(_ node: FleetNode) -> Bool {
    precondition(purchases.isEmpty, "bought nodes have the numbers that follow")
    guard let spot = problem.append(node) else { return false }
    add(node, spot)
    return true
  }

  /// Takes a node away, and all replicas from it; returns the wants that they are of, sorted.
  mutating func lose(_ node: Int) -> [Int] {
    let residents = replicas(on: node)
    for replica in residents { forget(replica) }
    fleet.close(node)
    return Set(residents.map { Int(wantOf[$0]) }).sorted()
  }

  /// Takes the replicas of a want away and wants none of them any more.
  mutating func retire(_ want: Int) {
    for replica in standing(of: want) { forget(replica) }
    problem.retire(want)
  }

  /// Lets a replica of one want stand where one of another, of the same class, stood.
  mutating func succeed(_ replica: Int, by successor: Int) {
    let (node, devices) = (Int(home[replica]), mask[replica])
    let (ranAt, ranOn) = (origin[replica], originMask[replica])
    forget(replica)
    put(successor, on: node, devices)
    (origin[successor], originMask[successor]) = (ranAt, ranOn)
  }

  /// What is decided is so from now on, and no longer taken back.
  mutating func commit() { journal.removeAll(keepingCapacity: true) }

  private mutating func forget(_ replica: Int) {
    lift(replica)
    origin[replica] = -1
  }
}

// MARK: The start

extension Standing {
  /// Takes in one more demand, with nothing running; returns its first want.
  mutating func append(_ demand: ReplicaDemand) -> Int {
    let first = problem.wants.count
    let known = problem.neighbours.terms.words.count
    problem.append(demand)
    for want in problem.wants[first...] { addReplicas(of: want) }
    if problem.neighbours.terms.words.count > known { countCompany() }
    return first
  }

  private mutating func addReplicas(of want: Want) {
    home.append(contentsOf: repeatElement(-1, count: want.count))
    mask.append(contentsOf: repeatElement(0, count: want.count))
    origin.append(contentsOf: repeatElement(-1, count: want.count))
    originMask.append(contentsOf: repeatElement(0, count: want.count))
    loss.append(contentsOf: repeatElement(0, count: want.count))
    eviction.append(contentsOf: repeatElement(nil, count: want.count))
    next.append(contentsOf: repeatElement(-1, count: want.count))
    previous.append(contentsOf: repeatElement(-1, count: want.count))
    wantOf.append(contentsOf: repeatElement(Int32(placed.count), count: want.count))
    placed.append(0)
  }

  private mutating func appendNode(_ spot: Spot, _ capacity: NodeCapacity, model: Int) {
    fleet.append(spot, capacity, model: model)
    firstOn.append(-1)
  }

  private mutating func add(_ node: FleetNode, _ spot: Spot) {
    let model = node.capacity.accelerators.flatMap { problem.models.firstIndex(of: $0.model) }
    appendNode(spot, node.capacity, model: model ?? -1)
    for occupant in node.occupants {
      let taken = ReplicaClass(
        ReplicaDemand(
          workload: WorkloadName(""), count: 1, isGang: false, priority: 0,
          resources: occupant.resources))
      let mask = devices(occupant.devices, for: taken, on: fleet.count - 1)
      fleet.take(taken, mask, on: fleet.count - 1)
    }
  }

  /// The devices stated, or free ones where fewer are stated than are taken.
  private func devices(_ stated: [Int], for taken: ReplicaClass, on node: Int) -> UInt64 {
    let mask = fleet.mask(stated, on: node)
    if mask.nonzeroBitCount >= taken.devices { return mask }
    return fleet.devices(for: taken, on: node) ?? mask
  }

  private mutating func keepRunning() {
    if problem.demands.allSatisfy(\.running.isEmpty) { return }
    let nodeIDs = Dictionary(
      problem.nodes.enumerated().map { ($0.element.id, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    for (index, demand) in problem.demands.enumerated() {
      let first = problem.firstWants[index]
      let numbers = problem.replicas(of: first)
      let running = demand.running.sorted { ($0.ordinal, $0.node) < ($1.ordinal, $1.node) }
      for replica in running where replica.ordinal >= 0 && replica.ordinal < numbers.count {
        let number = numbers.lowerBound + replica.ordinal
        guard home[number] < 0, let node = nodeIDs[replica.node] else { continue }
        let mask = devices(replica.devices, for: replicaClass(of: first), on: node)
        put(number, on: node, mask)
        origin[number] = Int32(node)
        originMask[number] = mask
        loss[number] = max(0, replica.lossMilliDeviceSeconds)
      }
    }
  }
}
