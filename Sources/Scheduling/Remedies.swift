public import Model

/// The smallest single change that gives pending replicas a home.
///
/// Candidates are ordered from the gentlest (a bound is raised) to the harshest (less is run), tried in
/// that order, and each is checked by scheduling the whole input with the change.
struct RemedySearch {
  /// Nodes and replicas that the schedulings of one search may look at, over all pending workloads;
  /// where that allows only a few, none is begun.
  static let workMax = 400_000
  static let trialsMin = 16
  /// Schedulings for one workload.
  static let trialsMax = 24

  private let input: SchedulingInput
  private let workPerTrial: Int
  private var workLeft: Int
  private var trialsLeft = 0

  init(_ input: SchedulingInput) {
    var input = input
    // It is kept after everybody.
    input.headrooms = []
    self.input = input
    let replicas = input.demands.reduce(0) { $0.addingSaturated(max(0, $1.count)) }
    workPerTrial = replicas.addingSaturated(
      input.nodes.count + input.offers.count + input.demands.count)
    let isWorthWhile = workPerTrial < RemedySearch.workMax / RemedySearch.trialsMin
    workLeft = isWorthWhile ? RemedySearch.workMax : 0
  }

  mutating func remedy(for pending: PendingReplicas) -> Remedy? {
    guard workLeft >= workPerTrial,
      let demand = input.demands.first(where: { $0.workload == pending.workload })
    else {
      return nil
    }
    trialsLeft = RemedySearch.trialsMax
    for ladder in ladders(demand, pending) {
      if let remedy = leastSufficient(ladder, pending.workload) { return remedy }
      if trialsLeft <= 0 || workLeft < workPerTrial { return nil }
    }
    return nil
  }

  /// The first step of the ladder that suffices, found by halving: a higher step suffices wherever a
  /// lower one does.
  private mutating func leastSufficient(_ ladder: [Remedy], _ workload: WorkloadName) -> Remedy? {
    guard let last = ladder.last, suffices(last, workload) else { return nil }
    var low = 0
    var high = ladder.count - 1
    while low < high {
      let middle = (low + high) / 2
      if suffices(ladder[middle], workload) { high = middle } else { low = middle + 1 }
    }
    return high == ladder.count - 1 || suffices(ladder[high], workload) ? ladder[high] : last
  }

  private mutating func suffices(_ remedy: Remedy, _ workload: WorkloadName) -> Bool {
    guard trialsLeft > 0, workLeft >= workPerTrial else { return false }
    trialsLeft -= 1
    workLeft -= workPerTrial
    let changed = input.applying(remedy, to: workload)
    let standing = Scheduler.settle(changed).standing
    return standing.problem.wants.indices.allSatisfy {
      standing.problem.wants[$0].workload != workload || standing.missing($0) == 0
        || standing.problem.wants[$0].isStep
    }
  }
}

// MARK: Candidates

extension RemedySearch {
  /// Steps beyond which a bound is not raised.
  private static let stepsMax = 64

  private func ladders(_ demand: ReplicaDemand, _ pending: PendingReplicas) -> [[Remedy]] {
    let reasons = Set(pending.reasons.map(\.reason))
    var ladders: [[Remedy]] = []
    if reasons.contains(.poolLimit) { ladders += poolLadders(demand) }
    if reasons.contains(.poolCostLimit) { ladders += poolCostLadders(demand) }
    for cluster in input.clusters.sorted(by: { $0.cluster < $1.cluster }) {
      ladders += clusterLadders(cluster, demand, reasons)
    }
    if !reasons.isDisjoint(with: [.queueQuota]) { ladders += queueLadders(demand) }
    if demand.rules.spread != nil { ladders.append([.dropSpread]) }
    if demand.rules.pack != nil { ladders.append([.dropPack]) }
    if !demand.rules.affinity.isEmpty { ladders.append([.dropAffinity]) }
    if !demand.rules.antiAffinity.isEmpty { ladders.append([.dropAntiAffinity]) }
    ladders += ruleLadders(demand, reasons)
    ladders += sizeLadders(demand, reasons)
    ladders.append(priorityLadder(demand))
    let step = demand.elastic.map { max(1, $0.step) } ?? 1
    let least = demand.elastic?.min ?? demand.count
    ladders.append(
      stride(from: least - step, to: 0, by: -step).map { .lowerReplicas(to: $0) })
    return ladders.filter { !$0.isEmpty }
  }

  private var pools: [PoolRoom] {
    input.pools.sorted { ($0.pool, $0.cluster) < ($1.pool, $1.cluster) }
  }

  private func steps(_ demand: ReplicaDemand) -> ClosedRange<Int> {
    1...min(RemedySearch.stepsMax, max(1, demand.count))
  }

  private func poolLadders(_ demand: ReplicaDemand) -> [[Remedy]] {
    pools.map { room in
      steps(demand).map { .raisePoolMaximum(room.pool, to: max(0, room.nodesMax) + $0) }
    }
  }

  private func poolCostLadders(_ demand: ReplicaDemand) -> [[Remedy]] {
    pools.compactMap { room in
      guard let cost = room.costPerHour else { return nil }
      let offers = input.offers.filter { $0.pool == room.pool && $0.cluster == room.cluster }
      return raises(of: cost, by: offers, steps(demand)).map {
        .raisePoolCost(room.pool, toPerHour: $0)
      }
    }
  }

  /// What a bound on cost would be with so many more nodes of each price, by size.
  private func raises(
    of cost: Money, by offers: [NodeOffer], _ steps: ClosedRange<Int>
  ) -> [Money] {
    let prices = Set(offers.map(\.pricePerHour.micros)).sorted()
    let raises = Set(prices.flatMap { price in steps.map { price * Int64($0) } }).sorted()
    return raises.map { Money(micros: cost.micros + $0) }
  }

  private func clusterLadders(
    _ room: ClusterRoom, _ demand: ReplicaDemand, _ reasons: Set<PendingReason>
  ) -> [[Remedy]] {
    let steps = steps(demand)
    var ladders: [[Remedy]] = []
    if reasons.contains(.clusterNodeLimit), let nodes = room.nodes {
      ladders.append(steps.map { .raiseClusterNodes(room.cluster, to: nodes + $0) })
    }
    let offers = input.offers.filter { $0.cluster == room.cluster }
    if reasons.contains(.clusterAcceleratorLimit), let accelerators = room.accelerators {
      let counts = Set(offers.compactMap(\.capacity.accelerators?.count)).filter { $0 > 0 }
      let raises = Set(counts.flatMap { count in steps.map { $0 * count } }).sorted()
      ladders.append(
        raises.map { .raiseClusterAccelerators(room.cluster, to: accelerators + $0) })
    }
    if reasons.contains(.clusterCostLimit), let cost = room.costPerHour {
      ladders.append(
        raises(of: cost, by: offers, steps).map {
          .raiseClusterCost(room.cluster, toPerHour: $0)
        })
    }
    return ladders
  }

  private func queueLadders(_ demand: ReplicaDemand) -> [[Remedy]] {
    var ladders: [[Remedy]] = []
    var name = demand.queue
    var seen: Set<QueueName> = []
    while let queue = input.queues.first(where: { $0.name == name }),
      seen.insert(queue.name).inserted
    {
      if let quota = queue.quota.accelerators {
        let perReplica = demand.resources.accelerator?.devices ?? 0
        let most = min(1024, perReplica.multipliedSaturated(by: demand.count))
        if most > 0 {
          ladders.append(
            (1...most).map { .raiseQueueQuota(queue.name, acceleratorsTo: quota + $0) })
        }
      }
      name = queue.parent
    }
    return ladders
  }

  private func ruleLadders(_ demand: ReplicaDemand, _ reasons: Set<PendingReason>) -> [[Remedy]] {
    var ladders: [[Remedy]] = []
    if reasons.contains(.nodeSelector) {
      ladders += demand.rules.nodeSelector.pairs.map { [.dropNodeSelector(key: $0.key)] }
    }
    if reasons.contains(.taint) {
      let taints = Set(input.nodes.flatMap(\.taints) + input.offers.flatMap(\.taints))
      let unbearable = taints.filter { taint in
        !demand.rules.tolerations.contains { $0.tolerates(taint) }
      }
      ladders += unbearable.sorted().prefix(4).map { [.tolerate($0)] }
    }
    if reasons.contains(.cluster) {
      let clusters = Set(input.nodes.map(\.id.cluster) + input.offers.map(\.cluster))
      ladders += clusters.subtracting(demand.clusters).sorted().prefix(4).map {
        [.allowCluster($0)]
      }
    }
    if reasons.contains(.reserved) {
      let queues = input.nodes.flatMap(\.reservedFor) + input.offers.flatMap(\.reservedFor)
      ladders += Set(queues).sorted().prefix(4).map { [.joinQueue($0)] }
    }
    return ladders
  }

  private func sizeLadders(_ demand: ReplicaDemand, _ reasons: Set<PendingReason>) -> [[Remedy]] {
    var ladders: [[Remedy]] = []
    let amounts = demand.resources.amounts
    if reasons.contains(.cpu) {
      ladders.append((1..<8).map { .lowerCPU(milliTo: amounts.cpuMilli / 8 * (8 - $0)) })
    }
    if reasons.contains(.memory) {
      ladders.append((1..<8).map { .lowerMemory(bytesTo: amounts.memoryBytes / 8 * (8 - $0)) })
    }
    if reasons.contains(.acceleratorCount), let request = demand.resources.accelerator {
      if request.isShare {
        ladders.append(
          (1..<8).map {
            .lowerAcceleratorCount(milliDevicesTo: request.milliDevices / 8 * (8 - $0))
          }
        )
      } else {
        // No node has more than it counts of them, whatever is asked for.
        let most = min(request.devices, Fleet.devicesMax + 1)
        ladders.append(
          (1..<max(1, most)).reversed()
            .map { .lowerAcceleratorCount(milliDevicesTo: Int64($0) * 1000) })
      }
    }
    return ladders.map { ladder in ladder.filter(RemedySearch.asksForSomething) }
  }

  private static func asksForSomething(_ remedy: Remedy) -> Bool {
    switch remedy {
    case .lowerCPU(let milli): milli > 0
    case .lowerMemory(let bytes): bytes > 0
    case .lowerAcceleratorCount(let milli): milli > 0
    case .raisePoolMaximum, .raisePoolCost, .raiseClusterNodes, .raiseClusterAccelerators,
      .raiseClusterCost,
      .raiseQueueQuota, .raisePriority, .lowerReplicas, .dropSpread, .dropPack, .dropAffinity,
      .dropAntiAffinity, .dropNodeSelector, .tolerate, .allowCluster, .joinQueue:
      true
    }
  }

  private func priorityLadder(_ demand: ReplicaDemand) -> [Remedy] {
    let others = Set(input.demands.map(\.priority)).filter { $0 >= demand.priority }
    return others.sorted().map { .raisePriority(to: $0.addingSaturated(1)) }
  }
}

// MARK: Trying a change

extension SchedulingInput {
  /// This input with one change for one workload made. Bounds of pools and clusters are those of
  /// `PoolRoom` and `ClusterRoom`: what may be added, not what there may be.
  public func applying(_ remedy: Remedy, to workload: WorkloadName) -> SchedulingInput {
    var changed = self
    switch remedy {
    case .raisePoolMaximum(let pool, let nodes):
      for index in pools.indices where pools[index].pool == pool {
        changed.pools[index].nodesMax = nodes
      }
    case .raisePoolCost(let pool, let cost):
      for index in pools.indices where pools[index].pool == pool {
        changed.pools[index].costPerHour = cost
      }
    case .raiseClusterNodes(let cluster, let nodes):
      changed.change(cluster) { $0.nodes = nodes }
    case .raiseClusterAccelerators(let cluster, let accelerators):
      changed.change(cluster) { $0.accelerators = accelerators }
    case .raiseClusterCost(let cluster, let cost):
      changed.change(cluster) { $0.costPerHour = cost }
    case .raiseQueueQuota(let queue, let accelerators):
      for index in queues.indices where queues[index].name == queue {
        changed.queues[index].quota.accelerators = accelerators
      }
    case .raisePriority, .lowerReplicas, .lowerAcceleratorCount, .lowerCPU, .lowerMemory,
      .dropSpread, .dropPack, .dropAffinity, .dropAntiAffinity, .dropNodeSelector, .tolerate,
      .allowCluster, .joinQueue:
      for index in demands.indices where demands[index].workload == workload {
        changed.demands[index].apply(remedy)
      }
    }
    return changed
  }

  private mutating func change(_ cluster: ClusterName, _ change: (inout ClusterRoom) -> Void) {
    for index in clusters.indices where clusters[index].cluster == cluster {
      change(&clusters[index])
    }
  }
}

extension ReplicaDemand {
  fileprivate mutating func apply(_ remedy: Remedy) {
    switch remedy {
    case .raisePriority(let priority): self.priority = priority
    case .lowerReplicas(let count):
      if elastic == nil { self.count = count } else { elastic?.min = count }
    case .lowerAcceleratorCount(let milli): resources.accelerator?.milliDevices = milli
    case .lowerCPU(let milli): resources.amounts.cpuMilli = milli
    case .lowerMemory(let bytes): resources.amounts.memoryBytes = bytes
    case .dropSpread: rules.spread = nil
    case .dropPack: rules.pack = nil
    case .dropAffinity: rules.affinity = []
    case .dropAntiAffinity: rules.antiAffinity = []
    case .dropNodeSelector(let key): rules.nodeSelector[key] = nil
    case .tolerate(let taint):
      rules.tolerations.append(Toleration(key: taint.key, value: taint.value))
    case .allowCluster(let cluster): clusters.append(cluster)
    case .joinQueue(let queue): self.queue = queue
    case .raisePoolMaximum, .raisePoolCost, .raiseClusterNodes, .raiseClusterAccelerators,
      .raiseClusterCost,
      .raiseQueueQuota:
      break
    }
  }
}
