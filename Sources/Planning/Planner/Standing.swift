import Catalog
import Model

/// First step: what stands. The previous target and the observation, brought together.
///
/// A cluster that was not seen, or not wholly, is frozen: what the target says of it stays, and nothing
/// of it is chosen anew.
struct Standing {
  /// Clusters whose observation is missing or partial, with the reason for the report.
  private(set) var frozen: Set<ClusterName> = []
  /// Nodes of ours that exist or are on order, sorted.
  private(set) var nodes: [TargetNode] = []
  /// As seen now, by id.
  private(set) var seen: [NodeID: ObservedNode] = [:]
  /// Nodes of the target that are no more, or that their provider is taking away.
  private(set) var lost: [NodeID: String?] = [:]
  /// Nodes that are not ours and take replicas, sorted.
  private(set) var foreign: [ObservedNode] = []
  /// What was seen of each replica, in the order of the observation.
  private(set) var replicas: [ReplicaID: [ObservedReplica]] = [:]
  /// What was decided before, by replica.
  private(set) var decided: [ReplicaID: TargetReplica] = [:]
  /// Stand-ins of the previous target, by workload.
  private(set) var standIns: [WorkloadName: [TargetReplica]] = [:]
  /// How many replicas of each workload were decided before.
  private(set) var counts: [WorkloadName: Int] = [:]
  private(set) var report: [ReportEntry] = []
  private let queueParents: [QueueName: QueueName?]
  private var sizes: [PoolName: Int] = [:]
  private var goings: [PoolName: Int] = [:]
  private var loads: [NodeID: Int] = [:]
  /// Where what nobody decided is no home any more.
  private(set) var contested: Set<NodeID> = []
  /// What nodes offer to workloads that may stay or go there.
  private(set) var grounds: [NodeID: Ground] = [:]

  /// What a workload's rules are held against.
  struct Ground {
    var labels: Labels
    var taints: [Taint]
    var accelerators: Accelerators?
    /// Queues that alone may use the node; anybody may where empty.
    var reservedFor: [QueueName] = []
  }

  init(_ input: PlanningInput) {
    queueParents = Dictionary(input.desired.queues.map { ($0.name, $0.parent) }) { first, _ in first
    }
    freeze(input)
    for node in input.observed.nodes { see(node) }
    for replica in input.observed.replicas {
      replicas[replica.id, default: []].append(replica)
      if replica.holdsResources { loads[replica.node, default: 0] += 1 }
    }
    for replica in input.previous?.replicas ?? [] {
      decided[replica.id] = replica
      counts[replica.id.workload, default: 0] += 1
    }
    standIns = Dictionary(grouping: input.previous?.surge ?? [], by: \.id.workload)
    let known = input.previous?.nodes ?? []
    for node in known { place(node, input) }
    adopt(input, known: Set(known.map(\.id)))
    nodes.sort { $0.id < $1.id }
    foreign = input.observed.nodes.filter { $0.pool == nil && $0.phase == .ready }
    lookAtGrounds(input)
    contested = Contest.nodes(self, input)
  }

  private mutating func see(_ node: ObservedNode) {
    seen[node.id] = node
    guard let pool = node.pool else { return }
    sizes[pool, default: 0] += 1
    switch node.phase {
    case .booting, .ready: break
    case .draining, .lost, .deleting: goings[pool, default: 0] += 1
    }
  }

  private mutating func lookAtGrounds(_ input: PlanningInput) {
    let reservations = Dictionary(input.desired.nodePools.map { ($0.name, $0.reservedFor) }) {
      first, _ in first
    }
    for node in nodes {
      let seen = seen[node.id]
      grounds[node.id] = Ground(
        labels: node.labels.merging(seen?.labels ?? .none), taints: seen?.taints ?? node.taints,
        accelerators: (seen?.capacity ?? node.capacity).accelerators,
        reservedFor: reservations[node.pool] ?? [])
    }
    for node in foreign {
      grounds[node.id] = Ground(
        labels: node.labels, taints: node.taints, accelerators: node.capacity.accelerators)
    }
  }

  /// Nodes of the pool that are there, going ones included.
  func size(of pool: NodePoolSpec) -> Int { sizes[pool.name] ?? 0 }

  /// Nodes of the pool that are on their way out, for whatever reason.
  func going(of pool: NodePoolSpec) -> Int { goings[pool.name] ?? 0 }

  /// Replicas of ours that take room on a node.
  func load(of node: NodeID) -> Int { loads[node] ?? 0 }

  /// Whether the node is there or on order, and can be used.
  func stays(_ node: NodeID) -> Bool { grounds[node] != nil }

  /// What of a replica takes room somewhere.
  func live(_ replica: ReplicaID) -> [ObservedReplica] {
    (replicas[replica] ?? []).filter(\.holdsResources)
  }

  /// Whether the workload's rules allow it on a node that stays.
  func admits(_ workload: WorkloadSpec, on node: NodeID) -> Bool {
    guard let ground = grounds[node], workload.mayRun(in: node.cluster) else { return false }
    let rules = workload.placement
    let isTolerated = ground.taints.allSatisfy { taint in
      rules.tolerations.contains { $0.tolerates(taint) }
    }
    let hasDevices =
      workload.resources.accelerator.map { request in
        ground.accelerators?.satisfy(request) ?? false
      } ?? true
    return isTolerated && hasDevices && ground.labels.matches(rules.nodeSelector)
      && isEntitled(workload.queue, to: ground.reservedFor)
  }

  /// Whether the queue, or one above it, is among those that a node is reserved for.
  private func isEntitled(_ queue: QueueName?, to reservedFor: [QueueName]) -> Bool {
    if reservedFor.isEmpty { return true }
    var next = queue
    var seen: Set<QueueName> = []
    while let name = next, seen.insert(name).inserted {
      if reservedFor.contains(name) { return true }
      next = queueParents[name] ?? nil
    }
    return false
  }

  func isFrozen(_ node: NodeID) -> Bool { frozen.contains(node.cluster) }

  /// Whether a start that was decided was carried out at least once, long enough ago to be seen.
  func shouldShow(_ replica: TargetReplica, _ input: PlanningInput) -> Bool {
    input.shouldShow(.start(replica))
  }

  private mutating func freeze(_ input: PlanningInput) {
    let decided =
      (input.previous?.nodes ?? []).map(\.id) + (input.previous?.replicas ?? []).map(\.node)
    let seen = Dictionary(input.observed.observations.map { ($0.cluster, $0.isComplete) }) {
      first, _ in first
    }
    let unseen = Dictionary(input.observed.unseen.map { ($0.cluster, $0.reason) }) {
      first, _ in first
    }
    // Also of clusters that nobody wants any more: what was made there is still there.
    for cluster in Set(input.desired.clusters.map(\.name) + decided.map(\.cluster)).sorted() {
      guard seen[cluster] != true else { continue }
      frozen.insert(cluster)
      let reason =
        seen[cluster] == nil ? unseen[cluster] ?? "nothing was seen" : "only a part was seen"
      report.append(.notObserved(cluster, reason: reason))
    }
  }

  private mutating func place(_ node: TargetNode, _ input: PlanningInput) {
    if isFrozen(node.id) {
      nodes.append(node)
      return
    }
    guard let observed = seen[node.id] else {
      let create = ActionID.create(node.id)
      if input.shouldShow(create) {
        lost[node.id] = .some(nil)
      } else if input.done[create] != nil || !input.isOutOfStock(node) {
        nodes.append(node)
      }
      return
    }
    if let late = input.lateness(of: observed) {
      let reason = "not ready within \(late)"
      lost[node.id] = reason
      return report.append(.nodeDegraded(node.id, observed.phase, reason: reason))
    }
    switch observed.phase {
    case .booting, .ready: nodes.append(node)
    case .draining, .lost, .deleting:
      lost[node.id] = observed.reason
      report.append(.nodeDegraded(node.id, observed.phase, reason: observed.reason))
    }
  }

  /// Nodes that carry our tag and that the target doesn't know: the state was lost, or an order was
  /// answered late. Where their pool still exists they are ours again.
  private mutating func adopt(_ input: PlanningInput, known: Set<NodeID>) {
    let clusters = Dictionary(
      uniqueKeysWithValues: input.desired.nodePools.map { ($0.name, $0.cluster) })
    for node in input.observed.nodes where !known.contains(node.id) {
      guard let name = node.pool, !isFrozen(node.id),
        node.phase == .ready || node.phase == .booting, clusters[name] == node.id.cluster
      else { continue }
      nodes.append(
        TargetNode(
          id: node.id, pool: name, instanceType: node.instanceType, zone: node.zone,
          capacityType: node.capacityType, pricePerHour: input.price(of: node) ?? .zero,
          capacity: node.capacity, labels: node.labels, taints: node.taints))
    }
  }
}

extension PlanningInput {
  /// How long the pool gives its nodes to be ready, where this one was ordered longer ago and is not.
  func lateness(of node: ObservedNode) -> Seconds? {
    guard node.phase == .booting, let orderedAt = done[.create(node.id)], let name = node.pool,
      let within = desired.nodePools.first(where: { $0.name == name })?.limits.readyWithin,
      orderedAt + within <= now
    else { return nil }
    return within
  }

  /// What can't be had: refused, or paid for and still not ready.
  var unavailable: Set<StockOut> {
    Set(outOfStock).union(
      observed.nodes.filter { lateness(of: $0) != nil }.map { StockOut(of: $0) })
  }

  func isOutOfStock(_ node: TargetNode) -> Bool {
    outOfStock.contains(
      StockOut(
        cluster: node.id.cluster, instanceType: node.instanceType, capacityType: node.capacityType,
        zone: node.zone))
  }

  /// From the catalogue of the node's cluster; nil where it knows none.
  func price(of node: ObservedNode) -> Money? {
    desired.price(of: node.instanceType, node.capacityType, in: node.id.cluster, catalogs)
  }
}

extension DesiredState {
  /// From the catalogue of the cluster; nil where it knows none.
  func price(
    of instanceType: String, _ capacityType: CapacityType, in name: ClusterName,
    _ catalogs: [ClusterName: Catalog]
  ) -> Money? {
    guard let cluster = clusters.first(where: { $0.name == name }) else { return nil }
    return catalogs[name]?.price(of: instanceType, in: cluster.region)?.perHour(capacityType)
  }
}
