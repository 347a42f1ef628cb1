import Model
import Scheduling
import Testing

// Words for small worlds, so that tests read like examples.

let gibibyte: Int64 = 1 << 30

func capacity(
  cpu: Int64, memory: Int64 = 64, gpus: Int = 0, model: String = "H100", deviceMemory: Int64 = 80
) -> NodeCapacity {
  NodeCapacity(
    amounts: Resources(
      cpuMilli: cpu * 1000, memoryBytes: memory * gibibyte, storageBytes: 1000 * gibibyte,
      networkBitsPerSecond: 100_000_000_000),
    accelerators: gpus == 0
      ? nil
      : Accelerators(
        model: AcceleratorModel(model), count: gpus, memoryBytes: deviceMemory * gibibyte))
}

func node(
  _ name: String, cluster: String = "c", zone: String = "z1", rack: String? = nil, cpu: Int64 = 96,
  memory: Int64 = 64, gpus: Int = 0, model: String = "H100", labels: [(String, String)] = [],
  taints: [Taint] = [], isOpen: Bool = true, occupants: [Occupancy] = []
) -> FleetNode {
  FleetNode(
    id: NodeID(ClusterName(cluster), name), pool: nil, zone: zone,
    labels: Labels(labels + (rack.map { [("rack", $0)] } ?? [])), taints: taints,
    capacity: capacity(cpu: cpu, memory: memory, gpus: gpus, model: model), occupants: occupants,
    isOpen: isOpen)
}

func needs(
  gpu: Double = 0, cpu: Int64 = 1, memory: Int64 = 1, models: [String] = []
) -> ReplicaResources {
  ReplicaResources(
    amounts: Resources(cpuMilli: cpu * 1000, memoryBytes: memory * gibibyte),
    accelerator: gpu == 0
      ? nil
      : AcceleratorRequest(
        models: models.map { AcceleratorModel($0) }, milliDevices: Int64(gpu * 1000)))
}

func service(
  _ name: String, _ count: Int, gpu: Double = 0, cpu: Int64 = 1, models: [String] = [],
  priority: Int = 100, queue: String? = nil, rules: PlacementRules = PlacementRules(),
  clusters: [String] = [], running: [RunningReplica] = []
) -> ReplicaDemand {
  ReplicaDemand(
    workload: WorkloadName(name), count: count, isGang: false, priority: priority,
    queue: queue.map { QueueName($0) }, clusters: clusters.map { ClusterName($0) },
    resources: needs(gpu: gpu, cpu: cpu, models: models), rules: rules, running: running)
}

func gang(
  _ name: String, _ count: Int, gpu: Double = 0, cpu: Int64 = 1, models: [String] = [],
  priority: Int = 100, queue: String? = nil, rules: PlacementRules = PlacementRules(),
  clusters: [String] = [], running: [RunningReplica] = []
) -> ReplicaDemand {
  var demand = service(
    name, count, gpu: gpu, cpu: cpu, models: models, priority: priority, queue: queue,
    rules: rules, clusters: clusters, running: running)
  demand.isGang = true
  return demand
}

func running(
  _ ordinal: Int, on node: String, cluster: String = "c", devices: [Int] = [], loss: Int64 = 0
) -> RunningReplica {
  RunningReplica(
    ordinal: ordinal, node: NodeID(ClusterName(cluster), node), devices: devices,
    lossMilliDeviceSeconds: loss)
}

func offer(
  _ type: String, pool: String = "p", cluster: String = "c", zone: String = "z1",
  dollars: Int64, cpu: Int64 = 96, memory: Int64 = 64, gpus: Int = 0, model: String = "H100",
  capacityType: CapacityType = .onDemand, preference: Int = 0
) -> NodeOffer {
  NodeOffer(
    pool: PoolName(pool), cluster: ClusterName(cluster), instanceType: type, zone: zone,
    capacityType: capacityType, pricePerHour: Money(micros: dollars * 1_000_000),
    capacity: capacity(cpu: cpu, memory: memory, gpus: gpus, model: model), labels: .none,
    taints: [], preference: preference)
}

func pool(_ name: String, cluster: String = "c", min: Int = 0, max: Int) -> PoolRoom {
  PoolRoom(
    pool: PoolName(name), cluster: ClusterName(cluster), nodesMin: min, nodesMax: max)
}

func queue(
  _ name: String, in parent: String? = nil, quota: Int? = nil, borrowing: Bool = true,
  limit: Int? = nil
) -> QueueSpec {
  QueueSpec(
    metadata: Metadata(name: name), parent: parent.map { QueueName($0) },
    quota: Quota(accelerators: quota), borrowing: borrowing,
    limit: limit.map { Quota(accelerators: $0) })
}

/// A result in lines: homes, purchases, preemptions, pending.
func lines(_ result: SchedulingResult) -> [String] {
  let homes = result.placements.map { placement in
    let devices = placement.devices.isEmpty ? "" : " \(placement.devices)"
    return switch placement.home {
    case .existing(let node): "\(placement.replica) on \(node.name)\(devices)"
    case .new(let index): "\(placement.replica) on new \(index)\(devices)"
    }
  }
  let purchases = result.purchases.map { purchase in
    let offer = purchase.offer
    let cause =
      switch purchase.cause {
      case .replicas(let workload): "for \(workload)"
      case .poolMinimum: "for the minimum"
      case .headroom: "to be kept free"
      }
    return "buy \(offer.instanceType) \(offer.capacityType.rawValue) in \(offer.zone) \(cause)"
  }
  let preemptions = result.preemptions.map {
    "\($0.replica) leaves \($0.node.name) for \($0.by) (\($0.cause.rawValue))"
  }
  let pending = result.pending.map { pending in
    let reasons = pending.reasons.map { "\($0.reason.rawValue) \($0.nodes)+\($0.offers)" }
    return "\(pending.workload)\(pending.ordinals) pending: \(reasons.joined(separator: ", "))"
  }
  let kept = result.headrooms.map { kept in
    let homes = kept.homes.map { home in
      switch home {
      case .existing(let node): node.name
      case .new(let index): "new \(index)"
      }
    }
    return "\(kept.pool) keeps \(homes.count) of \(kept.count): \(homes.joined(separator: ", "))"
  }
  return homes + purchases + preemptions + pending + kept
}

/// What the world looks like once the result has been carried out.
func after(_ input: SchedulingInput, _ result: SchedulingResult) -> SchedulingInput {
  var next = input
  for (index, purchase) in result.purchases.enumerated() {
    let offer = purchase.offer
    next.nodes.append(
      FleetNode(
        id: newNodeID(index, input, result), pool: offer.pool, zone: offer.zone,
        labels: offer.labels, taints: offer.taints, reservedFor: offer.reservedFor,
        capacity: offer.capacity))
    for place in next.pools.indices
    where next.pools[place].pool == offer.pool && next.pools[place].cluster == offer.cluster {
      next.pools[place].nodesMax -= 1
      next.pools[place].nodesMin = max(0, next.pools[place].nodesMin - 1)
    }
    for place in next.clusters.indices where next.clusters[place].cluster == offer.cluster {
      next.clusters[place].nodes = next.clusters[place].nodes.map { $0 - 1 }
      next.clusters[place].accelerators = next.clusters[place].accelerators
        .map { $0 - (offer.capacity.accelerators?.count ?? 0) }
      next.clusters[place].costPerHour = next.clusters[place].costPerHour
        .map { $0 - offer.pricePerHour }
    }
  }
  for index in next.demands.indices {
    let demand = next.demands[index]
    next.demands[index].running = result.placements
      .filter { $0.replica.workload == demand.workload }
      .map { placement in
        RunningReplica(
          ordinal: placement.replica.ordinal, node: nodeID(placement, input, result),
          devices: placement.devices,
          lossMilliDeviceSeconds: demand.running
            .first { $0.ordinal == placement.replica.ordinal }?.lossMilliDeviceSeconds ?? 0)
      }
  }
  return next
}

/// The node of a placement, bought ones with the names that `after` gives them.
func nodeID(
  _ placement: ScheduledReplica, _ input: SchedulingInput, _ result: SchedulingResult
) -> NodeID {
  switch placement.home {
  case .existing(let node): node
  case .new(let index): newNodeID(index, input, result)
  }
}

private func newNodeID(
  _ index: Int, _ input: SchedulingInput, _ result: SchedulingResult
) -> NodeID {
  let numbers = input.nodes.compactMap { Int($0.id.name.drop { !$0.isNumber }) }
  let next = max(1000, (numbers.max() ?? 0) + 1)
  return NodeID(result.purchases[index].offer.cluster, "new-\(next + index)")
}

/// Each case is a small world and what becomes of it, in lines.
func check(
  _ input: SchedulingInput, _ expected: [String],
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let result = Scheduler.schedule(input)
  #expect(lines(result) == expected, sourceLocation: sourceLocation)
  #expect(Judge(input, result).complaints.isEmpty, sourceLocation: sourceLocation)
}

/// A gang of `min` replicas that may have up to `count` of them, in steps.
func elastic(
  _ name: String, min: Int, _ count: Int, step: Int, gpu: Double = 0, cpu: Int64 = 1,
  priority: Int = 100, rules: PlacementRules = PlacementRules(), running: [RunningReplica] = []
) -> ReplicaDemand {
  var demand = gang(
    name, count, gpu: gpu, cpu: cpu, priority: priority, rules: rules, running: running)
  demand.elastic = ElasticSizes(min: min, step: step)
  return demand
}
