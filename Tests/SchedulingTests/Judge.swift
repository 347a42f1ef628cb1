import Model
import Scheduling

/// Checks a result against its input, knowing nothing of how it was found; returns what is wrong.
struct Judge {
  private let input: SchedulingInput
  private let result: SchedulingResult
  private let nodes: [NodeID: FleetNode]
  private let demands: [WorkloadName: ReplicaDemand]
  private(set) var complaints: [String] = []

  init(_ input: SchedulingInput, _ result: SchedulingResult) {
    self.input = input
    self.result = result
    nodes = Dictionary(
      after(input, result).nodes.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    demands = Dictionary(
      input.demands.map { ($0.workload, $0) }, uniquingKeysWith: { first, _ in first })
    everyReplicaOnce()
    noNodeOversubscribed()
    rulesHold()
    gangsWhole()
    packedTogether()
    neighboursSuit()
    boundsHold()
    queuesHold()
    victimsAreLower()
    keptStay()
  }

  private mutating func everyReplicaOnce() {
    // An elastic gang that is pending wants its least size.
    let pending = Set(result.pending.map(\.workload))
    let wanted = input.demands.flatMap { demand in
      let count = pending.contains(demand.workload) ? demand.elastic?.min : nil
      return (0..<(count ?? demand.count)).map { ReplicaID(demand.workload, $0) }
    }
    let answered =
      result.placements.map(\.replica)
      + (result.pending + result.reduced).flatMap { pending in
        pending.ordinals.map { ReplicaID(pending.workload, $0) }
      }
    if wanted.sorted() != answered.sorted() { complaints.append("replicas lost or doubled") }
    if result.placements.map(\.replica) != result.placements.map(\.replica).sorted() {
      complaints.append("placements unsorted")
    }
  }

  private mutating func noNodeOversubscribed() {
    var taken: [NodeID: Resources] = [:]
    var devices: [NodeID: [Int: Int64]] = [:]
    func take(_ resources: ReplicaResources, _ indices: [Int], on node: NodeID) {
      taken[node, default: .zero] = taken[node, default: .zero] + resources.amounts
      let each = min(1000, resources.accelerator?.milliDevices ?? 0)
      for index in indices { devices[node, default: [:]][index, default: 0] += each }
    }
    for node in input.nodes {
      for occupant in node.occupants { take(occupant.resources, occupant.devices, on: node.id) }
    }
    for placement in result.placements {
      guard let demand = demands[placement.replica.workload] else { continue }
      let asked = demand.resources.accelerator?.devices ?? 0
      if placement.devices.count != asked {
        complaints.append("\(placement.replica) has \(placement.devices) for \(asked)")
      }
      take(demand.resources, placement.devices, on: nodeID(placement, input, result))
    }
    for (id, amounts) in taken {
      guard let node = nodes[id] else {
        complaints.append("no node \(id)")
        continue
      }
      if !amounts.fits(in: node.capacity.amounts) { complaints.append("\(id) oversubscribed") }
      for (index, milli) in devices[id] ?? [:] {
        let exists = index >= 0 && index < node.capacity.accelerators?.count ?? 0
        if !exists || milli > 1000 { complaints.append("\(id) device \(index): \(milli)") }
      }
    }
  }

  private func isKept(_ placement: ScheduledReplica) -> Bool {
    demands[placement.replica.workload]?.running.contains {
      $0.ordinal == placement.replica.ordinal && placement.home == .existing($0.node)
    } ?? false
  }

  private mutating func rulesHold() {
    for placement in result.placements where !isKept(placement) {
      guard let demand = demands[placement.replica.workload],
        let node = nodes[nodeID(placement, input, result)]
      else { continue }
      let allowed = demand.clusters.isEmpty || demand.clusters.contains(node.id.cluster)
      let bears = node.taints.allSatisfy { taint in
        demand.rules.tolerations.contains { $0.tolerates(taint) }
      }
      let suits =
        demand.resources.accelerator.map { request in
          node.capacity.accelerators?.satisfy(request) ?? false
        } ?? true
      let selected = node.labels.matches(demand.rules.nodeSelector)
      let entitled =
        node.reservedFor.isEmpty
        || node.reservedFor.contains { queue in
          demand.queue.map(descendants(of: queue).contains) ?? false
        }
      if !(allowed && bears && suits && selected && entitled && node.isOpen) {
        complaints.append("\(placement.replica) may not stand on \(node.id)")
      }
    }
  }

  private mutating func gangsWhole() {
    for demand in input.demands where demand.isGang {
      let placed = result.placements.filter { $0.replica.workload == demand.workload }
      let clusters = Set(placed.map { nodeID($0, input, result).cluster })
      let least = demand.elastic?.min ?? demand.count
      let isWhole =
        placed.count == demand.count
        || placed.count > least
          && (placed.count - least) % max(1, demand.elastic?.step ?? demand.count) == 0
        || placed.count == least
      let isOneRow = placed.map(\.replica.ordinal) == Array(0..<placed.count)
      if !placed.isEmpty && !(isWhole && isOneRow) || clusters.count > 1 {
        complaints.append("gang \(demand.workload) is torn: \(placed.count) of \(demand.count)")
      }
    }
  }

  private mutating func packedTogether() {
    for demand in input.demands {
      guard let pack = demand.rules.pack, demand.running.isEmpty else { continue }
      let areas = result.placements.filter { $0.replica.workload == demand.workload }
        .map { placement -> String in
          let id = nodeID(placement, input, result)
          return switch pack {
          case .zone: nodes[id]?.zone ?? ""
          case .fabric, .block, .rack: nodes[id]?.labels[pack.rawValue] ?? id.description
          case .node: id.description
          }
        }
      if Set(areas).count > 1 { complaints.append("\(demand.workload) is not packed") }
    }
  }

  /// Of who came; who stood there may stay.
  private mutating func neighboursSuit() {
    for placement in result.placements where !isKept(placement) {
      guard let demand = demands[placement.replica.workload] else { continue }
      let others = result.placements.filter { $0.replica != placement.replica }
      func stands(beside rule: NeighbourRule, _ other: ScheduledReplica) -> Bool {
        guard let area = area(rule.within, placement) else { return false }
        return area == self.area(rule.within, other)
      }
      func means(_ rule: NeighbourRule, _ other: ScheduledReplica) -> Bool {
        demands[other.replica.workload]?.labels.matches(rule.workloads) ?? false
      }
      for rule in demand.rules.antiAffinity
      where others.contains(where: { means(rule, $0) && stands(beside: rule, $0) }) {
        complaints.append("\(placement.replica) stands beside whom it shuns")
      }
      for other in others {
        let shunned = demands[other.replica.workload]?.rules.antiAffinity ?? []
        if shunned.contains(where: { means($0, placement) && stands(beside: $0, other) }) {
          complaints.append("\(placement.replica) stands beside \(other.replica), who shuns it")
        }
      }
      for rule in demand.rules.affinity {
        let company = others.filter { means(rule, $0) }
        if company.contains(where: { stands(beside: rule, $0) }) { continue }
        let isFirst =
          means(rule, placement)
          && !company.contains { $0.replica.workload == placement.replica.workload }
        if !isFirst { complaints.append("\(placement.replica) stands alone") }
      }
    }
  }

  private func area(_ level: TopologyLevel, _ placement: ScheduledReplica) -> String? {
    let id = nodeID(placement, input, result)
    guard let node = nodes[id] else { return nil }
    return switch level {
    case .zone: "\(id.cluster) \(node.zone)"
    case .node: id.description
    case .fabric, .block, .rack:
      node.labels[level.rawValue].map { "\(id.cluster) \(node.zone) \($0)" }
    }
  }

  private mutating func boundsHold() {
    for room in input.pools {
      let count = result.purchases.count { $0.offer.pool == room.pool }
      if count > max(0, room.nodesMax) { complaints.append("pool \(room.pool): \(count) nodes") }
    }
    for room in input.clusters {
      let bought = result.purchases.map(\.offer).filter { $0.cluster == room.cluster }
      let cost = bought.map(\.pricePerHour).reduce(.zero, +)
      let accelerators = bought.reduce(0) { $0 + ($1.capacity.accelerators?.count ?? 0) }
      if bought.count > room.nodes ?? .max || accelerators > room.accelerators ?? .max
        || cost > room.costPerHour ?? Money(micros: .max)
      {
        complaints.append("cluster \(room.cluster) beyond its limits")
      }
    }
    for (index, purchase) in result.purchases.enumerated()
    where purchase.cause != .poolMinimum && purchase.cause != .headroom {
      if !result.placements.contains(where: { $0.home == .new(index) }) {
        complaints.append("node \(index) stands empty")
      }
    }
  }

  /// Only for worlds where nothing runs at first: what ran before may exceed a bound set later.
  private mutating func queuesHold() {
    guard input.demands.allSatisfy(\.running.isEmpty) else { return }
    for queue in input.queues {
      let family = descendants(of: queue.name)
      let milli = result.placements.reduce(Int64(0)) { sum, placement in
        guard let demand = demands[placement.replica.workload], let name = demand.queue,
          family.contains(name)
        else { return sum }
        return sum + (demand.resources.accelerator?.milliDevices ?? 0)
      }
      if let limit = queue.limit?.accelerators, milli > Int64(limit) * 1000 {
        complaints.append("queue \(queue.name) beyond its limit")
      }
      if !queue.borrowing, let quota = queue.quota.accelerators, milli > Int64(quota) * 1000 {
        complaints.append("queue \(queue.name) beyond its quota")
      }
    }
  }

  private func descendants(of queue: QueueName) -> Set<QueueName> {
    var family: Set<QueueName> = [queue]
    for _ in input.queues {
      for spec in input.queues where spec.parent.map(family.contains) ?? false {
        family.insert(spec.name)
      }
    }
    return family
  }

  private mutating func victimsAreLower() {
    for preemption in result.preemptions {
      guard let victim = demands[preemption.replica.workload], let winner = demands[preemption.by]
      else {
        complaints.append("\(preemption.replica) goes for nobody")
        continue
      }
      let wasRunning = victim.running.contains {
        $0.ordinal == preemption.replica.ordinal && $0.node == preemption.node
      }
      if !wasRunning { complaints.append("\(preemption.replica) did not run") }
      let isRightful =
        switch preemption.cause {
        case .priority: victim.priority < winner.priority
        case .reclaim: victim.queue != nil && victim.queue != winner.queue
        case .gang: victim.isGang
        case .elastic:
          preemption.replica.ordinal >= victim.elastic?.min ?? .max
        }
      if !isRightful { complaints.append("\(preemption.replica) goes without a right") }
    }
  }

  private mutating func keptStay() {
    let moved = Set(result.preemptions.map(\.replica))
    let homes = Dictionary(
      result.placements.map { ($0.replica, $0) }, uniquingKeysWith: { first, _ in first })
    for demand in input.demands {
      for replica in demand.running
      where replica.ordinal < demand.count && nodes[replica.node] != nil {
        let id = ReplicaID(demand.workload, replica.ordinal)
        let stays =
          homes[id]?.home == .existing(replica.node) && homes[id]?.devices == replica.devices
        if !stays && !moved.contains(id) { complaints.append("\(id) moved without a reason") }
        if stays && moved.contains(id) { complaints.append("\(id) is said to move") }
      }
    }
  }
}
