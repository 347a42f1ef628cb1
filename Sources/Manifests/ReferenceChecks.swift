import Catalog
import Diagnostics
import Model

extension Resolver {
  // MARK: Clusters

  /// The region is one that has prices, and the zones are that region's.
  mutating func check(_ cluster: ClusterSpec, _ origin: Origin, _ catalog: Catalog) {
    guard let region = catalog.region(named: cluster.region) else {
      return report(
        .unknownRegion(
          cluster.region, origin.span("spec", "region"), known: catalog.regions.map(\.name)))
    }
    for (index, zone) in cluster.zones.enumerated()
    where !region.zones.isEmpty && !region.zones.contains(zone) {
      report(
        .unknownZone(
          zone, of: "region '\(region.name)'", origin.span("spec", "zones", "\(index)"),
          known: region.zones))
    }
    checkNodesMin(cluster, origin)
    checkBalancer(cluster, origin)
  }

  /// The nodes that must exist are not more than those that may.
  private mutating func checkNodesMin(_ cluster: ClusterSpec, _ origin: Origin) {
    guard let limit = cluster.limits.nodes else { return }
    let least = pools.filter { $0.cluster == cluster.name }
      .reduce(0) { $0.addingSaturated($1.nodes.min) }
    guard least > limit else { return }
    report(
      .overLimit(
        "the cluster's pools need at least \(least) nodes, and its limit is \(limit)",
        origin.span("spec", "limits", "nodes")))
  }

  // MARK: Pools

  /// The cluster exists, has the pool's zones, and its region sells the pool's instance types.
  mutating func check(
    _ pool: NodePoolSpec, _ origin: Origin, _ catalog: (ClusterSpec) -> Catalog
  ) {
    for (index, queue) in pool.reservedFor.enumerated() {
      checkKnown(queue, origin.span("spec", "reservedFor", "\(index)"))
    }
    guard let cluster = clusters[pool.cluster] else {
      return checkKnown(pool.cluster, origin.span("spec", "cluster"))
    }
    for (index, zone) in pool.zones.enumerated() where !cluster.zones.contains(zone) {
      report(
        .unknownZone(
          zone, of: "cluster '\(cluster.name)'", origin.span("spec", "zones", "\(index)"),
          known: cluster.zones))
    }
    if case .simulated(let settings) = cluster.provider, let within = pool.limits.readyWithin,
      within <= settings.bootTime
    {
      report(
        .neverReady(settings.bootTime, within, origin.span("spec", "limits", "readyWithin")))
    }
    let sold = catalog(cluster)
    guard sold.region(named: cluster.region) != nil else { return }
    for (index, type) in pool.instanceTypes.enumerated()
    where sold.instanceType(named: type, in: cluster.region) == nil {
      report(
        .unknownInstanceType(
          type, region: cluster.region, origin.span("spec", "instanceTypes", "\(index)"),
          known: sold.instanceTypes(in: cluster.region).map(\.name)))
    }
  }

  private mutating func checkKnown(_ name: ClusterName, _ span: Span) {
    guard clusters[name] == nil, !mayExist(.cluster, name.text) else { return }
    report(.unknownCluster(name, span, known: clusters.keys.map(\.text)))
  }

  private mutating func checkKnown(_ name: QueueName, _ span: Span) {
    guard queues[name] == nil, !mayExist(.queue, name.text) else { return }
    report(.unknownQueue(name, span, known: queues.keys.map(\.text)))
  }

  // MARK: Queues

  mutating func check(_ queue: QueueSpec, _ origin: Origin) {
    if let parent = queue.parent { checkKnown(parent, origin.span("spec", "parent")) }
    guard let limit = queue.limit, let excess = queue.quota.excess(over: limit) else { return }
    report(.quotaOverLimit(excess, origin.span("spec", "quota")))
  }

  // MARK: Gates

  mutating func check(_ gate: GateSpec, _ origin: Origin) {
    for (index, predicate) in gate.deny.enumerated() {
      guard case .nodesOutside(let approved) = predicate else { continue }
      for (place, name) in approved.enumerated()
      where !pools.contains(where: { $0.name == name }) && !mayExist(.nodePool, name.text) {
        let span = origin.span("spec", "deny", "\(index)", "nodesOutside", "\(place)")
        report(.unknownPool(name, span, known: pools.map(\.name.text)))
      }
    }
  }

  // MARK: Workloads

  mutating func check(_ workload: WorkloadSpec, _ origin: Origin) {
    for (index, name) in workload.clusters.enumerated() {
      checkKnown(name, origin.span("spec", "clusters", "\(index)"))
    }
    if let queue = workload.queue { checkKnown(queue, origin.span("spec", "queue")) }
    if workload.rollout.isStuck {
      report(.stuckRollout(origin.span("spec", "rollout")))
    }
    checkCores(workload, origin)
    checkVolumes(workload, origin)
    checkNeighbours(workload, origin)
    if let step = workload.step { checkStep(step, workload, origin) }
    checkEndpoint(workload, origin)
    if workload.autoscale != nil { checkAutoscale(workload, origin) }
    if workload.idle != nil { checkIsMeasured(workload, origin.span("spec", "idle")) }
    switch workload.replicas {
    case .range(let range): checkFits(workload, range, origin)
    case .demand: checkDemand(workload, origin)
    }
  }

  /// It needs a service with a range to move in, and a cluster that knows its load.
  private mutating func checkAutoscale(_ workload: WorkloadSpec, _ origin: Origin) {
    guard !workload.isGang, case .range(let range) = workload.replicas, !range.isFixed else {
      return report(.uselessAutoscale(origin.span("spec", "autoscale")))
    }
    for (index, metric) in (workload.autoscale?.metrics ?? []).enumerated()
    where metric.targetMilli == 0 {
      report(.targetOfZero(origin.span("spec", "autoscale", "metrics", "\(index)", "target")))
    }
    for (index, schedule) in (workload.autoscale?.schedules ?? []).enumerated() {
      check(schedule, range, { origin.span("spec", "autoscale", "schedules", "\(index)", $0) })
    }
    if workload.autoscale?.metrics.isEmpty == false {
      checkIsMeasured(workload, origin.span("spec", "autoscale"))
    }
  }

  private mutating func checkIsMeasured(_ workload: WorkloadSpec, _ span: Span) {
    guard let candidates = candidates(workload), !candidates.isEmpty,
      candidates.allSatisfy({ $0.prometheus == nil })
    else { return }
    report(.unmeasured(workload.name, span))
  }

  private mutating func check(
    _ schedule: ScaleSchedule, _ range: CountRange, _ span: (String) -> Span
  ) {
    if schedule.duration == .zero || schedule.duration > ScaleSchedule.durationMax {
      report(.uselessSchedule(schedule.duration, span("for")))
    }
    if schedule.replicas > range.max {
      report(.unreachableSchedule(schedule.replicas, range, span("replicas")))
    }
  }

  /// Only a gang with a range has steps, and every size is a number of whole steps.
  private mutating func checkStep(_ step: Int, _ workload: WorkloadSpec, _ origin: Origin) {
    guard workload.isGang, case .range(let range) = workload.replicas, !range.isFixed else {
      return report(.uselessStep(origin.span("spec", "step")))
    }
    guard range.min < step || range.min % step != 0 || range.max % step != 0 else { return }
    report(.unevenStep(step, range, origin.span("spec", "replicas")))
  }

  /// Where it may run, as far as that is known; nil if it is not.
  func candidates(_ workload: WorkloadSpec) -> [ClusterSpec]? {
    if hasUnknownNames || undecoded.contains(where: { $0.kind == .cluster }) { return nil }
    let all = clusters.values.sorted { $0.name < $1.name }
    return workload.clusters.isEmpty ? all : workload.clusters.compactMap { clusters[$0] }
  }

  /// A demand needs a model in every cluster that it names, in any where it names none, and a pool that
  /// says what a replica stands for.
  private mutating func checkDemand(_ workload: WorkloadSpec, _ origin: Origin) {
    guard let candidates = candidates(workload), !candidates.isEmpty else { return }
    let modelled = candidates.filter { $0.demandModel != nil }
    let isEnough = workload.clusters.isEmpty ? !modelled.isEmpty : modelled == candidates
    guard isEnough else {
      let without = candidates.filter { $0.demandModel == nil }.map(\.name.text)
      return report(.noDemandModel(origin.span("spec", "demand"), clusters: without))
    }
    let isCounted = pools.contains { pool in
      pool.unitsPerReplica != nil && modelled.contains { $0.name == pool.cluster }
    }
    let isPoolUnknown = undecoded.contains { $0.kind == .nodePool }
    if !isCounted, !isPoolUnknown {
      report(
        .noUnitsPerReplica(origin.span("spec", "demand"), clusters: modelled.map(\.name.text)))
    }
  }

  /// Slurm rounds up, to one at least: fewer replicas would fit on a node than were planned.
  private mutating func checkCores(_ workload: WorkloadSpec, _ origin: Origin) {
    let cpuMilli = workload.resources.amounts.cpuMilli
    guard cpuMilli % 1000 != 0 || cpuMilli == 0,
      let cluster = candidates(workload)?.first(where: \.countsWholeCores)
    else { return }
    report(
      .partOfACore(cpuMilli, cluster: cluster.name, origin.span("spec", "resources", "cpu")))
  }

  private mutating func checkVolumes(_ workload: WorkloadSpec, _ origin: Origin) {
    guard !workload.volumes.isEmpty else { return }
    if let cluster = candidates(workload)?.first(where: { !$0.hasClaims }) {
      report(.noClaims(in: cluster.name, origin.span("spec", "volumes")))
    }
    var paths: Set<String> = []
    for (index, volume) in workload.volumes.enumerated()
    where !paths.insert(volume.path).inserted {
      report(.sharedMount(volume.path, origin.span("spec", "volumes", "\(index)", "path")))
    }
  }

  /// The replicas that must run fit into the limits of one cluster, if nothing else ran there.
  private mutating func checkFits(_ workload: WorkloadSpec, _ range: CountRange, _ origin: Origin) {
    guard let candidates = candidates(workload), !candidates.isEmpty else { return }
    let devices = workload.resources.accelerator.map { request in
      request.milliDevices.multipliedSaturated(by: Int64(range.min)).addingSaturated(999) / 1000
    }
    guard let devices, devices > 0 else { return }
    let limits = candidates.map { $0.limits.accelerators.map(Int64.init) ?? .max }
    guard let most = limits.max(), devices > most else { return }
    report(
      .overLimit(
        "\(range.min) replicas need \(devices) accelerators, and no cluster that they may run in "
          + "allows more than \(most)", origin.span("spec", "replicas")))
  }
}

extension ClusterSpec {
  fileprivate var hasClaims: Bool {
    switch provider {
    case .slurm: false
    case .simulated, .kubernetes: true
    }
  }

  fileprivate var countsWholeCores: Bool {
    switch provider {
    case .slurm: true
    case .simulated, .kubernetes: false
    }
  }
}

extension Rollout {
  fileprivate var isStuck: Bool { maxSurge.isNone && maxUnavailable.isNone }
}

extension Share {
  fileprivate var isNone: Bool {
    switch self {
    case .count(let count): count == 0
    case .percent(let percent): percent == 0
    }
  }
}

extension Quota {
  /// The first number here that is above that of `limit`, in words.
  fileprivate func excess(over limit: Quota) -> String? {
    if let quota = accelerators, let limit = limit.accelerators, quota > limit {
      return "a quota of \(quota) accelerators, and a limit of \(limit)"
    }
    for entry in byModel {
      let bound = limit.byModel.first { $0.model == entry.model }?.count ?? limit.accelerators
      if let bound, entry.count > bound {
        return "a quota of \(entry.count) \(entry.model), and a limit of \(bound)"
      }
    }
    return nil
  }
}
