import Model

/// What pools and clusters may still grow by.
struct Rooms {
  private(set) var poolNodes: [Int]
  /// Nodes that each pool must still get.
  private(set) var poolMinimum: [Int]
  private(set) var nodes: [Int]
  private(set) var accelerators: [Int]
  private(set) var cost: [Int64]
  private(set) var poolCost: [Int64]
  private let isHeld: [Bool]
  /// Nodes bought so far in each group of offers.
  private(set) var bought: [Int]

  init(_ problem: Problem) {
    poolNodes = problem.pools.map { max(0, $0.nodesMax) }
    poolMinimum = problem.pools.map { max(0, $0.nodesMin) }
    nodes = problem.clusters.map { $0.nodes ?? .max }
    accelerators = problem.clusters.map { $0.accelerators ?? .max }
    cost = problem.clusters.map { $0.costPerHour?.micros ?? .max }
    poolCost = problem.pools.map { $0.costPerHour?.micros ?? .max }
    isHeld = problem.clusters.map(\.isHeld)
    bought = Array(repeating: 0, count: problem.offerGroupCount)
  }

  /// The first limit that `count` more nodes of the offer would exceed.
  func refusal(_ offer: Offer, count: Int = 1) -> PendingReason? {
    let cluster = offer.spot.cluster
    if isHeld[cluster] { return .clusterBudget }
    guard let pool = offer.pool, poolNodes[pool] >= count else { return .poolLimit }
    if nodes[cluster] < count { return .clusterNodeLimit }
    if accelerators[cluster] < offer.devices.multipliedSaturated(by: count) {
      return .clusterAcceleratorLimit
    }
    let price = offer.price.multipliedSaturated(by: Int64(count))
    if poolCost[pool] < price { return .poolCostLimit }
    return cost[cluster] < price ? .clusterCostLimit : nil
  }

  mutating func take(_ offer: Offer) { change(offer, by: 1) }

  mutating func giveBack(_ offer: Offer) { change(offer, by: -1) }

  private mutating func change(_ offer: Offer, by sign: Int) {
    bought[offer.group] += sign
    if let pool = offer.pool { poolMinimum[pool] -= sign }
    release(
      pool: offer.pool, cluster: offer.spot.cluster, devices: offer.devices, price: offer.price,
      sign: -sign)
  }

  /// Lets pool and cluster grow by one more node, or by one less where `sign` is -1.
  mutating func release(pool: Int?, cluster: Int, devices: Int, price: Int64, sign: Int) {
    if let pool {
      poolNodes[pool] += sign
      if poolCost[pool] < .max { poolCost[pool] += Int64(sign) * price }
    }
    if nodes[cluster] < .max { nodes[cluster] += sign }
    if accelerators[cluster] < .max { accelerators[cluster] += sign * devices }
    if cost[cluster] < .max { cost[cluster] += Int64(sign) * price }
  }
}
