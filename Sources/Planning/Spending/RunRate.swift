public import Catalog
public import Model

/// What the nodes that are there cost, and for whom.
///
/// A node's price is shared among our replicas on it by what each takes of what there is most of it
/// taken: of its devices where it has some, else of its cores or memory, whichever is the larger part.
/// What they leave is nobody's.
public struct RunRate: Sendable {
  private struct Share {
    var key: SpendingKey
    var perHour: Money
    /// Of the node.
    var since: Timestamp
  }

  private let shares: [Share]
  /// Nodes that no price is known of.
  public let unpriced: [NodeID]
  /// Clusters that were seen as a whole: of others nothing is known.
  public let seen: [ClusterName]

  /// `previous` knows the prices that nodes were bought at.
  public init(
    _ observed: ObservedState, desired: DesiredState, previous: Target?,
    catalogs: [ClusterName: Catalog]
  ) {
    let decided = Dictionary((previous?.nodes ?? []).map { ($0.id, $0.pricePerHour) }) { $1 }
    let queues = Dictionary(desired.workloads.map { ($0.name, $0.queue) }) { first, _ in first }
    var shares: [Share] = []
    var unpriced: [NodeID] = []
    for observation in observed.observations where observation.isComplete {
      let replicas = Dictionary(
        grouping: observation.replicas.filter(\.holdsResources), by: \.node)
      for node in observation.nodes where node.isPaidFor {
        let price =
          decided[node.id]
          ?? desired.price(
            of: node.instanceType, node.capacityType, in: node.id.cluster, catalogs)
        guard let price else {
          unpriced.append(node.id)
          continue
        }
        for (workload, part) in Self.split(price, of: node, among: replicas[node.id] ?? []) {
          let key = SpendingKey(
            node.id.cluster, queue: workload.flatMap { queues[$0] ?? nil }, workload: workload)
          shares.append(Share(key: key, perHour: part, since: node.createdAt))
        }
      }
    }
    self.shares = shares
    self.unpriced = unpriced
    seen = observed.observations.filter(\.isComplete).map(\.cluster)
  }

  public var perHour: [SpendingKey: Money] {
    var sums: [SpendingKey: Money] = [:]
    for share in shares { sums[share.key, default: .zero] += share.perHour }
    return sums
  }

  /// What was spent from the moment when each cluster was last accounted for until `now`, by month: each
  /// node for as long as it is there, as it is used now. A cluster that nobody accounted for yet
  /// spent nothing.
  public func spent(since last: [ClusterName: Timestamp], until now: Timestamp) -> [Spending] {
    var months: [Month: [SpendingKey: Int128]] = [:]
    for share in shares {
      guard let accounted = last[share.key.cluster] else { continue }
      var from = max(accounted, share.since)
      while from < now {
        let month = Month(of: from)
        let to = min(now, month.next.start)
        months[month, default: [:]][share.key, default: 0] +=
          Int128(share.perHour.micros) * Int128((to - from).count)
        from = to
      }
    }
    return months.sorted { $0.key < $1.key }.map { month, sums in
      Spending(month, sums.mapValues { Money(micros: Int64(clamping: ($0 + 1800) / 3600)) })
    }
  }

  private static func split(
    _ price: Money, of node: ObservedNode, among replicas: [ObservedReplica]
  ) -> [(workload: WorkloadName?, perHour: Money)] {
    var parts: [WorkloadName: Int64] = [:]
    for replica in replicas {
      parts[replica.id.workload, default: 0] += part(of: replica, in: node.capacity)
    }
    let whole = max(million, parts.values.reduce(0, +))
    var left = price.micros
    var split: [(workload: WorkloadName?, perHour: Money)] = parts.sorted { $0.key < $1.key }
      .map { workload, part in
        let micros = Int64(clamping: Int128(price.micros) * Int128(part) / Int128(whole))
        left -= micros
        return (workload, Money(micros: micros))
      }
    split.append((nil, Money(micros: left)))
    return split.filter { $0.perHour > .zero }
  }

  private static let million: Int64 = 1_000_000

  /// In millionths of the node.
  private static func part(of replica: ObservedReplica, in capacity: NodeCapacity) -> Int64 {
    func ratio(_ amount: Int64, of whole: Int64) -> Int64 {
      whole <= 0 ? 0 : Int64(clamping: Int128(amount) * Int128(million) / Int128(whole))
    }
    if let devices = capacity.accelerators?.count {
      let milli =
        replica.resources.accelerator?.milliDevices
        ?? Int64(replica.devices.count).multipliedSaturated(by: 1000)
      return ratio(milli, of: Int64(devices).multipliedSaturated(by: 1000))
    }
    let (taken, there) = (replica.resources.amounts, capacity.amounts)
    return max(
      ratio(taken.cpuMilli, of: there.cpuMilli), ratio(taken.memoryBytes, of: there.memoryBytes))
  }
}

extension ObservedNode {
  /// Ours, and not on its way out: a provider charges for it whether it is used or not.
  public var isPaidFor: Bool {
    switch phase {
    case .booting, .ready, .draining, .lost: pool != nil
    case .deleting: false
    }
  }
}
