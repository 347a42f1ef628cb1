import Model

/// The input, interned and sorted: the rest of `Scheduling` sees small integers and columns.
///
/// Nodes, offers and wants are sorted by name, so that every tie that is broken by an index is broken
/// the same way whatever the order of the input was.
struct Problem {
  private(set) var nodes: [FleetNode]
  let offers: [Offer]
  private(set) var wants: [Want] = []
  private(set) var classes: [ReplicaClass] = []
  let queues: QueueTree
  private let queueSpecs: [QueueSpec]
  /// Sorted by pool.
  let pools: [PoolRoom]
  /// Sorted by cluster; one for every cluster that is mentioned.
  let clusters: [ClusterRoom]
  let models: [AcceleratorModel]
  private(set) var places: Places
  let kindCount: Int
  /// For each class and kind 0, or 1 + the place of the reason that keeps them apart.
  private(set) var permits: [UInt8] = []
  private(set) var replicaCount = 0
  let offerGroupCount: Int
  private(set) var demands: [ReplicaDemand] = []
  private(set) var neighbours: Neighbours
  /// The first want of each demand: the others are the steps of an elastic gang.
  private(set) var firstWants: [Int] = []
  private var classIDs = Interner<ClassKey>()
  /// Whether some kind of node is kept for some queues.
  private let isReserved: Bool

  /// `keepsLabels` where demands may follow whose selectors are not known yet.
  init(_ input: SchedulingInput, keepsLabels: Bool = false) {
    nodes = input.nodes.sorted { NodeOrder.precedes($0.id, $1.id) }
    pools = input.pools.sorted { ($0.pool, $0.cluster) < ($1.pool, $1.cluster) }
    let soldOffers = input.offers.sorted(by: Offer.precedes)
    clusters = Problem.clusterRooms(input)
    models = Problem.models(input)
    queueSpecs = input.queues
    queues = QueueTree(input.queues, models: models)
    neighbours = Neighbours(input.demands.sorted { $0.workload < $1.workload })

    let selectorKeys = Set(input.demands.flatMap { $0.rules.nodeSelector.pairs.map(\.key) })
    var places = Places(
      selectorKeys: keepsLabels ? nil : selectorKeys,
      poolsWithHeadroom: Set(input.headrooms.map(\.pool)), clusters: clusters.map(\.cluster))
    places.add(nodes: nodes)
    var offers: [Offer] = []
    var groups = Interner<[Int]>()
    for offer in soldOffers {
      let spot = places.spot(of: offer)
      let pool = pools.firstIndex { $0.pool == offer.pool && $0.cluster == offer.cluster }
      let group = groups.id(of: [pool ?? -1, spot.zone])
      offers.append(Offer(offer, spot: spot, pool: pool, group: group, models: models))
    }
    self.offers = offers
    offerGroupCount = groups.words.count

    self.places = places
    kindCount = places.kinds.words.count
    isReserved = places.kinds.words.contains { !$0.reservedFor.isEmpty }
    for demand in input.demands.sorted(by: { $0.workload < $1.workload }) { append(demand) }
    for room in input.headrooms.sorted(by: { ($0.pool, $0.cluster) < ($1.pool, $1.cluster) }) {
      append(room.demand)
    }
  }

  mutating func append(_ demand: ReplicaDemand) {
    let queues = isReserved ? family(of: demand.queue) : []
    let id = classIDs.id(of: ClassKey(demand, queues: queues))
    if id == classes.count {
      let replica = ReplicaClass(demand, queues: queues)
      classes.append(replica)
      permits += places.kinds.words.map { replica.refusal(of: $0)?.code ?? 0 }
    }
    let queue = self.queues.index(of: demand.queue)
    firstWants.append(wants.count)
    demands.append(demand)
    let whole = Want(demand, classID: id, queue: queue, firstReplica: replicaCount)
    guard demand.isGang, let sizes = demand.elastic, sizes.step > 0 else {
      add(whole, demand)
      return
    }
    let least = min(max(0, sizes.min), whole.count)
    add(whole.part(0, least, follows: nil), demand)
    for step in 0..<((whole.count - least) / sizes.step) {
      add(whole.part(least + step * sizes.step, sizes.step, follows: wants.count - 1), demand)
    }
  }

  /// The queue and those above it.
  private func family(of queue: QueueName?) -> [QueueName] {
    var family: [QueueName] = []
    var next = queue
    while let name = next, !family.contains(name), family.count < QueueTree.depthMax {
      family.append(name)
      next = queueSpecs.first { $0.name == name }?.parent
    }
    return family
  }

  private mutating func add(_ want: Want, _ demand: ReplicaDemand) {
    replicaCount += want.count
    wants.append(want)
    let known = neighbours.terms.words.count
    wants[wants.count - 1].hasNeighbours = neighbours.append(demand)
    if neighbours.terms.words.count > known { meetAgain() }
  }

  /// Looks at all wants anew after rules have come that they were not asked about.
  private mutating func meetAgain() {
    neighbours = Neighbours(demands)
    for (index, demand) in demands.enumerated() {
      let end = index + 1 < demands.count ? firstWants[index + 1] : wants.count
      for want in firstWants[index]..<end { wants[want].hasNeighbours = neighbours.append(demand) }
    }
  }

  /// The want and, where it is an elastic gang or a step of one, the steps above it.
  func team(of want: Int) -> Range<Int> {
    var end = want + 1
    while end < wants.count, wants[end].follows == end - 1 { end += 1 }
    return want..<end
  }

  /// Those of the want and of the steps above it.
  func replicas(of want: Int) -> Range<Int> {
    let team = team(of: want)
    return wants[team.lowerBound].replicas
      .lowerBound..<wants[team.upperBound - 1].replicas.upperBound
  }

  /// The want that a step belongs to; any other want itself.
  func root(of want: Int) -> Int {
    var root = want
    while let before = wants[root].follows { root = before }
    return root
  }

  /// What the problem is about, without what may be bought.
  var input: SchedulingInput {
    SchedulingInput(nodes: nodes, demands: demands, clusters: clusters, queues: queueSpecs)
  }

  /// Takes in one more node; nil where its kind or its cluster is a new one.
  mutating func append(_ node: FleetNode) -> Spot? {
    let isKnown = clusters.contains { $0.cluster == node.id.cluster }
    let model = node.capacity.accelerators?.model
    guard isKnown, model.map(models.contains) ?? true, places.knowsKind(of: node) else {
      return nil
    }
    places.add(nodes: [node])
    nodes.append(node)
    return places.spots.last
  }

  /// Wants no replica of the want any more.
  mutating func retire(_ want: Int) { wants[want].retire() }

  func permit(_ classID: Int, _ kind: Int) -> PendingReason? {
    let code = permits[classID * kindCount + kind]
    return code == 0 ? nil : PendingReason.allCases[Int(code) - 1]
  }

  private static func clusterRooms(_ input: SchedulingInput) -> [ClusterRoom] {
    var named = Set(input.nodes.map(\.id.cluster))
    named.formUnion(input.offers.map(\.cluster))
    named.subtract(input.clusters.map(\.cluster))
    return (input.clusters + named.map { ClusterRoom(cluster: $0) })
      .sorted { $0.cluster < $1.cluster }
  }

  private static func models(_ input: SchedulingInput) -> [AcceleratorModel] {
    var models = Set(input.nodes.compactMap(\.capacity.accelerators?.model))
    models.formUnion(input.offers.compactMap(\.capacity.accelerators?.model))
    return models.sorted()
  }
}

extension PendingReason {
  /// 1 + its place in the order of the rules.
  var code: UInt8 { PendingReason.codes[self] ?? 0 }

  private static let codes = Dictionary(
    uniqueKeysWithValues: zip(PendingReason.allCases, 1...UInt8.max))
}

/// The replicas that one workload wants, interned.
struct Want {
  let workload: WorkloadName
  private(set) var count: Int
  let isGang: Bool
  let priority: Int
  let queue: Int
  let classID: Int
  let pack: TopologyLevel?
  let packPreferred: Area.Level?
  let spread: TopologyLevel?
  let maxSkew: Int
  /// Replicas are numbered through; ordinal `firstOrdinal` + o is `firstReplica + o`.
  private(set) var firstReplica: Int
  private(set) var firstOrdinal = 0
  let headroomOf: PoolName?
  /// For a step of an elastic gang: the want that it follows, without which it does not run.
  private(set) var follows: Int?
  /// Whether rules about neighbours have anything to do with it.
  var hasNeighbours = false

  init(_ demand: ReplicaDemand, classID: Int, queue: Int, firstReplica: Int) {
    workload = demand.workload
    count = max(0, demand.count)
    isGang = demand.isGang
    priority = demand.priority
    self.queue = queue
    self.classID = classID
    pack = demand.rules.pack
    packPreferred = demand.rules.packPreferred.map { Area.Level($0) }
    spread = demand.rules.spread
    maxSkew = max(1, demand.rules.maxSkew)
    headroomOf = demand.headroomOf
    self.firstReplica = firstReplica
  }

  mutating func retire() { count = 0 }

  /// A part of an elastic gang; all others before it have been numbered.
  func part(_ ordinal: Int, _ size: Int, follows before: Int?) -> Want {
    var part = self
    part.firstReplica += ordinal
    part.firstOrdinal = ordinal
    part.count = size
    part.follows = before
    return part
  }

  /// Whether it is a step above an elastic gang's least size: without any claim.
  var isStep: Bool { follows != nil }

  func ordinal(of replica: Int) -> Int { replica - firstReplica + firstOrdinal }

  /// Whether replicas of the other want may take the places of this one's as they are.
  func stands(like other: Want) -> Bool {
    classID == other.classID && queue == other.queue && pack == other.pack
      && packPreferred == other.packPreferred && spread == other.spread && maxSkew == other.maxSkew
      && (!isGang && !other.isGang || isGang && other.isGang && count == other.count)
  }

  var replicas: Range<Int> { firstReplica..<(firstReplica + count) }

  /// The level at which all replicas must stand together.
  var union: Area.Level? {
    pack.map { Area.Level($0) } ?? (isGang ? .cluster : nil)
  }

  /// Whether any node will do for any of its replicas.
  var isLoose: Bool { union == nil && spread == nil && !hasNeighbours }
}

/// A kind of node that can be bought, interned.
struct Offer {
  let offer: NodeOffer
  let spot: Spot
  /// nil where the pool is not among those that may grow.
  let pool: Int?
  /// Offers of one pool and zone are a group.
  let group: Int
  let model: Int

  init(_ offer: NodeOffer, spot: Spot, pool: Int?, group: Int, models: [AcceleratorModel]) {
    self.group = group
    self.offer = offer
    self.spot = spot
    self.pool = pool
    model = offer.capacity.accelerators.flatMap { models.firstIndex(of: $0.model) } ?? -1
  }

  var price: Int64 { max(0, offer.pricePerHour.micros) }
  var devices: Int { max(0, offer.capacity.accelerators?.count ?? 0) }

  /// A total order over all that tells two offers apart in a result.
  static func precedes(_ left: NodeOffer, _ right: NodeOffer) -> Bool {
    if left.cluster != right.cluster { return left.cluster < right.cluster }
    if left.pool != right.pool { return left.pool < right.pool }
    let leftKey = (left.preference, left.pricePerHour.micros, left.instanceType, left.zone)
    let rightKey = (right.preference, right.pricePerHour.micros, right.instanceType, right.zone)
    if leftKey != rightKey { return leftKey < rightKey }
    return left.capacityType.rawValue < right.capacityType.rawValue
  }
}
