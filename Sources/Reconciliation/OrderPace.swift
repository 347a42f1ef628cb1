import Model
import Planning

/// How many nodes were ordered within the last minute, for pools and clusters that say how many may be.
///
/// It holds whatever a plan asks for, so that a burst that nobody meant is seen before it is paid for.
struct OrderPace {
  /// Nodes that may be ordered within a minute; any number where there is none.
  struct Limits {
    var pools: [PoolName: Int] = [:]
    var clusters: [ClusterName: Int] = [:]

    init() {}

    init(_ desired: DesiredState) {
      for pool in desired.nodePools { pools[pool.name] = pool.limits.nodesPerMinute }
      for cluster in desired.clusters { clusters[cluster.name] = cluster.limits.nodesPerMinute }
    }
  }

  private struct Order {
    var pool: PoolName
    var cluster: ClusterName
    var at: Timestamp
  }

  private static let minute = Seconds.minutes(1)

  /// Of what is wanted now.
  var limits = Limits()
  /// Of the last minute, by time.
  private var orders: [Order] = []

  mutating func note(_ pool: PoolName, in cluster: ClusterName, at now: Timestamp) {
    orders.removeAll { $0.at + Self.minute <= now }
    orders.append(Order(pool: pool, cluster: cluster, at: now))
  }

  /// When one more may be ordered.
  func next(_ pool: PoolName, in cluster: ClusterName, at now: Timestamp) -> Timestamp {
    max(
      moment(limits.pools[pool], now) { $0.pool == pool },
      moment(limits.clusters[cluster], now) { $0.cluster == cluster })
  }

  private func moment(
    _ limit: Int?, _ now: Timestamp, _ counts: (Order) -> Bool
  ) -> Timestamp {
    guard let limit else { return now }
    let recent = orders.filter { $0.at + Self.minute > now && counts($0) }
    return recent.count < limit ? now : recent[recent.count - limit].at + Self.minute
  }

  mutating func moveBack(by jump: Seconds) {
    for index in orders.indices {
      orders[index].at.seconds = orders[index].at.seconds.subtractingSaturated(jump.count)
    }
  }

  /// What the journal tells of orders of earlier processes.
  mutating func recall(_ recent: [JournalEntry], of target: Target) {
    let pools = Dictionary(target.nodes.map { (ActionID.create($0.id), $0) }) { first, _ in first }
    for entry in recent where entry.event == .intent {
      if let node = pools[entry.action] { note(node.pool, in: node.id.cluster, at: entry.at) }
    }
  }
}
