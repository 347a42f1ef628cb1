import Model

/// What it costs that nodes of a pool are taken back.
///
/// A training on `n` such nodes that live `m` on average is interrupted every `m / n`, loses half of
/// what lies between two checkpoints each time, and takes as long again as it takes to start: the
/// first-order model of Young (1974) and Daly (2006, "A higher order estimate of the optimum checkpoint
/// interval for restart dumps"). A service loses nothing, as long as no node holds too many of its
/// replicas, and no zone all of them on one type.
struct Interruptions {
  enum Loss: Hashable {
    /// Nobody says how long such nodes live.
    case unknown
    case perHour(Money)
    /// A service of which one node holds too many replicas, or one zone all of them on one type.
    case exposed(WorkloadName)
    /// A training that would be interrupted before it gets anywhere.
    case endless(WorkloadName)
  }

  /// From the loss of a node until a training runs again, where its cluster says nothing of it: what
  /// planning assumes as well.
  private static let restart = Seconds.minutes(10)

  private let situation: Situation
  private let settlement: Settlement

  init(_ situation: Situation, after settlement: Settlement) {
    self.situation = situation
    self.settlement = settlement
  }

  /// On the spot nodes of `pool`.
  func loss(in pool: NodePoolSpec, _ tolerances: [Proposal.Tolerance]) -> Loss {
    let nodes = settlement.nodes.filter { $0.pool == pool.name && $0.capacityType == .spot }
    var sum = Money.zero
    var isKnown = true
    for tolerance in tolerances {
      let mine = nodes.filter { $0.replicas[tolerance.workload] != nil }
      switch tolerance.why {
      case .replicas(let count):
        if isExposed(tolerance.workload, of: count, on: mine) {
          return .exposed(tolerance.workload)
        }
      case .checkpoint(let every):
        guard !mine.isEmpty else { continue }
        guard let lifetime = lifetime(in: pool.cluster), lifetime > .zero else {
          isKnown = false
          continue
        }
        let lost = Int128(every.count / 2 + restart(in: pool.cluster).count) * Int128(mine.count)
        guard lost < Int128(lifetime.count) else { return .endless(tolerance.workload) }
        let cost = mine.reduce(Int128(0)) { $0 + part(of: tolerance.workload, on: $1) }
        sum += Money(micros: Int64(clamping: cost * lost / Int128(lifetime.count)))
      }
    }
    return isKnown ? .perHour(sum) : .unknown
  }

  /// Spot nodes of one type and zone are often taken back together.
  private func isExposed(
    _ workload: WorkloadName, of count: Int, on nodes: [Settlement.Node]
  ) -> Bool {
    let most = nodes.compactMap { $0.replicas[workload] }.max() ?? 0
    let together = Dictionary(grouping: nodes) { [$0.instanceType, $0.zone] }.values.map {
      $0.reduce(0) { $0 + ($1.replicas[workload] ?? 0) }
    }
    return most * SpotPools.replicasMin > count || together.contains { $0 >= count }
  }

  /// What a workload pays for a node, in millionths of a dollar an hour.
  private func part(of workload: WorkloadName, on node: Settlement.Node) -> Int128 {
    let all = node.replicas.values.reduce(0, +)
    return Int128(node.pricePerHour.micros) * Int128(node.replicas[workload] ?? 0)
      / Int128(max(1, all))
  }

  private func lifetime(in cluster: ClusterName) -> Seconds? {
    guard case .simulated(let settings)? = situation.cluster(cluster)?.provider else {
      return situation.spotLifetime
    }
    return settings.spotLifetime ?? situation.spotLifetime
  }

  private func restart(in cluster: ClusterName) -> Seconds {
    guard case .simulated(let settings)? = situation.cluster(cluster)?.provider else {
      return Self.restart
    }
    return settings.bootTime + settings.startTime
  }
}
