import Catalog
import Model
import Planning
import Simulation

/// What nodes cost while time passes, to the second.
struct Ledger {
  private struct Rate {
    var nodes: Int64 = 0
    var microsPerHour: Int128 = 0
  }

  private struct Account {
    var nodeSeconds: Int64 = 0
    var microSecondsPerHour: Int128 = 0
  }

  private let regions: [ClusterName: String]
  private let catalogs: [ClusterName: Catalog]
  /// What was decided for nodes, now or earlier.
  private var decided: [NodeID: Money] = [:]
  private var accounts: [PoolName: Account] = [:]
  private var rates: [PoolName: Rate] = [:]
  private(set) var unpriced: Set<NodeID> = []
  private var accountedTo: Timestamp

  init(_ clusters: [ClusterSpec], _ catalogs: [ClusterName: Catalog], from start: Timestamp) {
    regions = Dictionary(clusters.map { ($0.name, $0.region) }) { first, _ in first }
    self.catalogs = catalogs
    accountedTo = start
  }

  mutating func learn(_ target: Target) {
    for node in target.nodes { decided[node.id] = node.pricePerHour }
  }

  /// Takes over which nodes are paid for from now on.
  mutating func look(at world: World) {
    rates = [:]
    for node in world.nodes where node.isPaidFor {
      guard let pool = node.observed.pool else { continue }
      rates[pool, default: Rate()].nodes += 1
      if let price = price(of: node.observed) {
        rates[pool, default: Rate()].microsPerHour += Int128(price.micros)
      } else {
        unpriced.insert(node.id)
      }
    }
  }

  mutating func pass(to moment: Timestamp) {
    let length = (moment - accountedTo).count
    guard length > 0 else { return }
    accountedTo = moment
    for (pool, rate) in rates {
      accounts[pool, default: Account()].nodeSeconds += rate.nodes * length
      accounts[pool, default: Account()].microSecondsPerHour += rate.microsPerHour * Int128(length)
    }
  }

  var perHour: Money {
    Money(micros: Int64(clamping: rates.values.reduce(Int128(0)) { $0 + $1.microsPerHour }))
  }

  /// Sorted by pool, each rounded half up to a millionth.
  var costs: [ForecastCost] {
    accounts.sorted { $0.key < $1.key }.map { pool, account in
      ForecastCost(
        pool: pool, nodeSeconds: account.nodeSeconds,
        cost: Money(micros: Int64(clamping: (account.microSecondsPerHour + 1800) / 3600)))
    }
  }

  private func price(of node: ObservedNode) -> Money? {
    if let price = decided[node.id] { return price }
    guard let region = regions[node.id.cluster] else { return nil }
    return catalogs[node.id.cluster]?.price(of: node.instanceType, in: region)?
      .perHour(node.capacityType)
  }
}

extension World.Node {
  var isPaidFor: Bool { observed.isPaidFor }
}
