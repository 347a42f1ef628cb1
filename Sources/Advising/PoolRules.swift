import Catalog
import Manifests
import Model

/// Pools that could buy an instance type which costs less for what stands there.
///
/// Only types are tried of which some replica that stands in the pool costs less, were a node full of
/// them; what really comes of one, with all that shares its nodes, the planner says. A type is added and
/// none is taken away, so that nothing that had room loses it. A pool with `requirements` chooses by
/// itself.
enum CheaperTypes: AdviceRule {
  /// Types that are tried for one pool.
  static let triedMax = 3
  /// By how much a full node must cost less for each replica before a type is tried.
  static let worthPercent: Int128 = 5

  static func proposals(in situation: Situation) -> [[Proposal]] {
    situation.desired.nodePools.compactMap { pool in
      guard situation.canEdit(.nodePool, pool.name.text), pool.requirements == nil,
        let cluster = situation.cluster(pool.cluster),
        let catalog = situation.catalogs[cluster.name]
      else { return nil }
      let residents = situation.residents(of: pool)
      let shelf = Shelf(catalog, region: cluster.region, capacity: pool.capacity)
      let best = residents.map { workload in
        (workload, pool.instanceTypes.compactMap { shelf.price(of: $0, for: workload) }.min())
      }
      var found: [(type: String, price: Int128)] = []
      for type in catalog.instanceTypes(in: cluster.region)
      where !pool.instanceTypes.contains(type.name) {
        let parts = best.compactMap { workload, now -> Int128? in
          guard let now, now > 0, let price = shelf.price(of: type.name, for: workload) else {
            return nil
          }
          return price * 100 / now
        }
        if let part = parts.min(), part <= 100 - worthPercent { found.append((type.name, part)) }
      }
      let tried = found.sorted { ($0.price, $0.type) < ($1.price, $1.type) }.prefix(triedMax)
      return tried.isEmpty ? nil : tried.map { proposal(pool, $0.type) }
    }
  }

  private static func proposal(_ pool: NodePoolSpec, _ type: String) -> Proposal {
    let types = [type] + pool.instanceTypes
    return Proposal(
      [
        FieldEdit(
          pool.id, ["spec", "instanceTypes"], .list(types),
          before: "[\(pool.instanceTypes.joined(separator: ", "))]",
          after: "[\(types.joined(separator: ", "))]")
      ], .cheaperType(type))
  }

  /// What a region sells, at what a pool would pay.
  private struct Shelf {
    private let catalog: Catalog
    private let region: String
    private let capacity: [CapacityType]

    init(_ catalog: Catalog, region: String, capacity: [CapacityType]) {
      self.catalog = catalog
      self.region = region
      self.capacity = capacity
    }

    /// What one replica costs an hour on a node that is full of them, in millionths of a dollar; nil
    /// where none fits. Nobody pays for devices that nothing asks for.
    func price(of type: String, for workload: WorkloadSpec) -> Int128? {
      guard let instance = catalog.instanceType(named: type, in: region),
        let price = catalog.price(of: type, in: region),
        let micros = capacity.compactMap({ price.perHour($0)?.micros }).min(),
        (instance.capacity.accelerators != nil) == (workload.resources.accelerator != nil)
      else { return nil }
      let count = instance.capacity.count(of: workload.resources)
      return count > 0 ? Int128(micros) / Int128(count) : nil
    }
  }
}

/// Pools that only buy on demand, where all that stands on them can lose a node now and then: trainings
/// that save their state, and services of several replicas.
enum SpotPools: AdviceRule {
  /// A service has so many replicas at least, and no node more than that part of them.
  static let replicasMin = 3

  static func proposals(in situation: Situation) -> [[Proposal]] {
    situation.desired.nodePools.compactMap { pool in
      guard situation.canEdit(.nodePool, pool.name.text), pool.capacity == [.onDemand] else {
        return nil
      }
      let residents = situation.residents(of: pool)
      let tolerances = residents.compactMap { tolerance(of: $0, situation) }
      guard !residents.isEmpty, tolerances.count == residents.count else { return nil }
      let edit = FieldEdit(
        pool.id, ["spec", "capacity"], .list(["spot", "on-demand"]), before: "[on-demand]",
        after: "[spot, on-demand]")
      return [Proposal([edit], .spot(tolerances))]
    }
  }

  private static func tolerance(
    of workload: WorkloadSpec, _ situation: Situation
  ) -> Proposal.Tolerance? {
    switch workload.type {
    case .training:
      return workload.checkpointEvery.map {
        Proposal.Tolerance(workload.name, .checkpoint(every: $0))
      }
    case .inference:
      let count = situation.base.count(of: workload.name)
      return count >= replicasMin ? Proposal.Tolerance(workload.name, .replicas(count)) : nil
    }
  }
}

extension Situation {
  /// Workloads that stand on a pool's nodes, by name.
  func residents(of pool: NodePoolSpec) -> [WorkloadSpec] {
    let names = Set(base.nodes.filter { $0.pool == pool.name }.flatMap(\.replicas.keys))
    return desired.workloads.filter { names.contains($0.name) }.sorted { $0.name < $1.name }
  }
}

extension NodeCapacity {
  /// How many replicas of this size an empty node has room for.
  func count(of resources: ReplicaResources) -> Int64 {
    var count = Int64(Int32.max)
    func bound(_ amount: Int64, _ there: Int64) {
      if amount > 0 { count = min(count, max(0, there) / amount) }
    }
    bound(resources.amounts.cpuMilli, amounts.cpuMilli)
    bound(resources.amounts.memoryBytes, amounts.memoryBytes)
    bound(resources.amounts.storageBytes, amounts.storageBytes)
    bound(resources.amounts.networkBitsPerSecond, amounts.networkBitsPerSecond)
    guard let request = resources.accelerator else { return count }
    guard let accelerators, accelerators.satisfy(request), request.milliDevices > 0 else {
      return 0
    }
    // A share is one of one device: two of 600 are not on the same.
    let devices = Int64(accelerators.count)
    return min(
      count,
      request.isShare
        ? devices * (1000 / request.milliDevices) : devices / Int64(request.devices))
  }
}
