public import Model

/// What a stated demand comes to: R = base + α·C + β·S + γ·N resource units, clamped to the model's
/// limits, then divided by what one replica stands for. Exact integer arithmetic, in thousandths; what
/// is beyond all measure saturates.
public struct Assessment: Hashable, Sendable {
  public let workload: WorkloadName
  public let cluster: ClusterName
  public let demand: Demand
  public let model: DemandModel
  /// R before clamping, in thousandths of a unit.
  public let unitsMilli: Int64
  /// What R is clamped to, in units: the model's limits, and as many as `replicasMax` replicas stand
  /// for. Nil where the model has none and there are fewer.
  public let limits: CountRange?
  /// R after clamping, in thousandths of a unit.
  public let clampedUnitsMilli: Int64
  /// The pool whose `unitsPerReplica` counts.
  public let pool: PoolName
  public let unitsPerReplica: Int
  /// Clamped units over `unitsPerReplica`, rounded up; at least one.
  public let replicas: Int

  /// The most replicas that a manifest may ask for with a number.
  public static let replicasMax = 100_000

  public var isClamped: Bool { unitsMilli != clampedUnitsMilli }

  /// Nil where no allowed cluster has a demand model with a pool that states `unitsPerReplica`.
  ///
  /// The first cluster by name that has both counts, and of its pools the first by name that the
  /// workload's node selector and tolerations allow.
  public init?(of workload: WorkloadSpec, in desired: DesiredState) {
    guard case .demand(let demand) = workload.replicas,
      let (cluster, model, pool, units) = Self.place(for: workload, in: desired)
    else { return nil }
    self.workload = workload.name
    self.cluster = cluster
    self.demand = demand
    self.model = model
    self.pool = pool
    unitsPerReplica = units
    unitsMilli = Self.unitsMilli(demand, model)
    limits = Self.limits(of: model, unitsMilli, unitsPerReplica: units)
    if let limits {
      let low = Int64(limits.min).multipliedSaturated(by: 1000)
      let high = Int64(limits.max).multipliedSaturated(by: 1000)
      clampedUnitsMilli = min(max(unitsMilli, low), high)
    } else {
      clampedUnitsMilli = max(unitsMilli, 0)
    }
    let perReplicaMilli = Int64(units).multipliedSaturated(by: 1000)
    let whole = clampedUnitsMilli / perReplicaMilli
    let rest: Int64 = clampedUnitsMilli % perReplicaMilli == 0 ? 0 : 1
    replicas = max(1, Int(clamping: whole.addingSaturated(rest)))
  }

  private static func unitsMilli(_ demand: Demand, _ model: DemandModel) -> Int64 {
    let products = [
      (model.alphaMilli, demand.computeMilli), (model.betaMilli, demand.storageMilli),
      (model.gammaMilli, demand.networkMilli),
    ].reduce(Int128(0)) { $0.addingSaturated(Int128($1.0) * Int128($1.1)) }
    return Int64(clamping: Int128(model.baseMilli) + products / 1000)
  }

  private static func limits(
    of model: DemandModel, _ unitsMilli: Int64, unitsPerReplica: Int
  ) -> CountRange? {
    let most = unitsPerReplica.multipliedSaturated(by: replicasMax)
    if let limits = model.limits { return CountRange(min(limits.min, most), min(limits.max, most)) }
    let isWithin = unitsMilli <= Int64(most).multipliedSaturated(by: 1000)
    return isWithin ? nil : CountRange(0, most)
  }

  private static func place(
    for workload: WorkloadSpec, in desired: DesiredState
  ) -> (ClusterName, DemandModel, PoolName, Int)? {
    for cluster in desired.clusters {
      guard let model = cluster.demandModel, workload.mayRun(in: cluster.name) else { continue }
      for pool in desired.nodePools where pool.cluster == cluster.name {
        guard let units = pool.unitsPerReplica, units > 0, pool.admits(workload) else { continue }
        return (cluster.name, model, pool.name, units)
      }
    }
    return nil
  }
}

extension NodePoolSpec {
  /// Whether a node of this pool can carry the workload as far as taints and the pool's own labels
  /// say. Labels that nodes get besides (zone, instance type) are not asked.
  func admits(_ workload: WorkloadSpec) -> Bool {
    let rules = workload.placement
    let isTolerated = taints.allSatisfy { taint in
      rules.tolerations.contains { $0.tolerates(taint) }
    }
    let mine = rules.nodeSelector.pairs.filter { labels[$0.key] != nil }
    return isTolerated && mine.allSatisfy { labels[$0.key] == $0.value }
  }
}
