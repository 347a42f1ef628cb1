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
  private(set) var report: [ReportEntry] = []

  init(_ input: PlanningInput) {
    freeze(input)
    for node in input.observed.nodes { seen[node.id] = node }
    for replica in input.observed.replicas { replicas[replica.id, default: []].append(replica) }
    for replica in input.previous?.replicas ?? [] { decided[replica.id] = replica }
    let known = input.previous?.nodes ?? []
    for node in known { place(node, input) }
    adopt(input, known: Set(known.map(\.id)))
    nodes.sort { $0.id < $1.id }
    foreign = input.observed.nodes.filter { $0.pool == nil && $0.phase == .ready }
  }

  func isFrozen(_ node: NodeID) -> Bool { frozen.contains(node.cluster) }

  /// Whether a start that was decided was carried out at least once.
  func wasStarted(_ replica: TargetReplica, _ input: PlanningInput) -> Bool {
    input.done.contains(.start(replica))
  }

  private mutating func freeze(_ input: PlanningInput) {
    let decided =
      (input.previous?.nodes ?? []).map(\.id) + (input.previous?.replicas ?? []).map(\.node)
    // Also of clusters that nobody wants any more: what was made there is still there.
    for cluster in Set(input.desired.clusters.map(\.name) + decided.map(\.cluster)).sorted() {
      let observation = input.observed[cluster]
      guard observation?.isComplete != true else { continue }
      frozen.insert(cluster)
      let failure = input.observed.unseen.first { $0.cluster == cluster }?.reason
      let reason =
        observation == nil ? failure ?? "nothing was seen" : "only a part was seen"
      report.append(.notObserved(cluster, reason: reason))
    }
  }

  private mutating func place(_ node: TargetNode, _ input: PlanningInput) {
    if isFrozen(node.id) {
      nodes.append(node)
      return
    }
    guard let observed = seen[node.id] else {
      if input.done.contains(.create(node.id)) {
        lost[node.id] = .some(nil)
      } else if !input.isOutOfStock(node) {
        nodes.append(node)
      }
      return
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
    for node in input.observed.nodes where !known.contains(node.id) {
      guard let name = node.pool, !isFrozen(node.id),
        node.phase == .ready || node.phase == .booting,
        input.desired.nodePools.contains(where: { $0.name == name && $0.cluster == node.id.cluster }
        )
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
