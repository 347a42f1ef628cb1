import Model
import Scheduling

/// Gives out names that no node of a pool ever had.
struct NodeNames {
  private var next: [PoolName: Int] = [:]

  init(_ input: PlanningInput) {
    for ordinal in input.previous?.nextNodeOrdinals ?? [] { next[ordinal.pool] = ordinal.next }
    for node in input.observed.nodes {
      guard let pool = node.pool, let ordinal = node.id.ordinal(in: pool) else { continue }
      next[pool] = max(next[pool] ?? 1, ordinal.addingSaturated(1))
    }
  }

  var ordinals: [NodeOrdinal] {
    next.keys.sorted().map { NodeOrdinal(pool: $0, next: next[$0] ?? 1) }
  }

  mutating func name(_ offer: NodeOffer) -> TargetNode {
    let ordinal = next[offer.pool] ?? 1
    next[offer.pool] = ordinal.addingSaturated(1)
    return TargetNode(
      id: NodeID(offer.cluster, "\(offer.pool)-\(ordinal)"), pool: offer.pool,
      instanceType: offer.instanceType, zone: offer.zone, capacityType: offer.capacityType,
      pricePerHour: offer.pricePerHour, capacity: offer.capacity, labels: offer.labels,
      taints: offer.taints)
  }
}

extension NodeID {
  /// The number in `POOL-N`, where the name has that form.
  func ordinal(in pool: PoolName) -> Int? {
    let prefix = pool.text + "-"
    guard name.hasPrefix(prefix) else { return nil }
    return Int(name.dropFirst(prefix.count))
  }
}
