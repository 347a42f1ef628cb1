import Model
import Planning

/// What was seen, in the words of the model.
extension Scene {
  /// Each list is gone through a few times, and none for each element of another: there may be thousands
  /// of nodes, and ten times as many pods.
  var observation: Observation {
    let places = places
    let ours = ours
    let capacities = capacities(of: places)
    let replicas = replicas(ours, on: places)
    let occupants = occupants(
      on: places, capacities, besides: Set(ours.map(\.pod.meta.uid)), and: replicas)
    let busy = Set(replicas.filter(\.holdsResources).map(\.node)).union(occupants.map(\.node))
    let ends = lastEnds(ours)
    return Observation(
      cluster: cluster.name, at: at, isComplete: isComplete,
      nodes: places.map { place in
        observed(
          place, capacities[place.id] ?? NodeCapacity(amounts: .zero),
          isEmptySince: busy.contains(place.id) ? nil : ends[place.id] ?? 0)
      }, replicas: replicas, occupants: occupants, contenders: contenders)
  }

  /// Pods that others are to bind. Those of nodes are nobody's rivals.
  private var contenders: [Contender] {
    var counts: [String: Int] = [:]
    for pod in pods where !pod.hasEnded && !pod.meta.isDeleting && !pod.meta.isOfNode {
      guard let scheduler = pod.scheduler, scheduler != Manifest.schedulerName else { continue }
      counts[scheduler, default: 0] += 1
    }
    return counts.map { Contender(scheduler: $0.key, count: $0.value) }
  }

  /// `isEmptySince` counts from the node's beginning at the earliest; nil for one that is not empty.
  private func observed(
    _ place: Place, _ capacity: NodeCapacity, isEmptySince: Int64?
  ) -> ObservedNode {
    let phase = place.phase(at: at)
    let order = place.order?.order
    let zone = order?.zone ?? place.node?.zone ?? cluster.zones.first ?? ""
    let createdAt =
      place.order?.at ?? Timestamp(seconds: place.node?.meta.createdAt ?? at.seconds)
    let reason = place.node.flatMap { node -> String? in
      if phase == .draining { return "cordoned" }
      return phase == .ready || node.reason.isEmpty ? nil : node.reason
    }
    return ObservedNode(
      id: place.id, pool: order?.pool,
      instanceType: order?.instanceType ?? place.node?.instanceType ?? "", zone: zone,
      capacityType: order?.capacityType ?? place.node?.capacityType ?? .onDemand,
      labels: (place.node?.labels(zone: zone) ?? .none).merging(order?.labels ?? .none),
      taints: Array(Set((place.node?.ownTaints ?? []) + (order?.taints ?? []))),
      capacity: capacity, phase: phase, reason: reason, createdAt: createdAt,
      emptySince: phase == .booting
        ? nil : isEmptySince.map { Timestamp(seconds: max(createdAt.seconds, $0)) })
  }

  /// When the last replica of ours ended on each node, as far as Kubernetes remembers.
  private func lastEnds(_ ours: [(pod: KubePod, order: PodOrder)]) -> [NodeID: Int64] {
    var ends: [NodeID: Int64] = [:]
    for memory in memories {
      guard let node = memory.order?.replica.node else { continue }
      ends[node] = max(ends[node] ?? 0, memory.meta.createdAt)
    }
    for (pod, order) in ours {
      guard let end = pod.endedAt else { continue }
      ends[order.replica.node] = max(ends[order.replica.node] ?? 0, end)
    }
    return ends
  }

  private func capacities(of places: [Place]) -> [NodeID: NodeCapacity] {
    var taken: [String: Amounts] = [:]
    for pod in pods where pod.meta.isOfNode && pod.holdsRoom {
      if let node = pod.node { taken[node, default: Amounts()].add(pod.requests) }
    }
    return Dictionary(places.map { ($0.id, capacity(of: $0, taken)) }) { first, _ in first }
  }

  /// What was ordered, or what is there: of what is both, the less.
  private func capacity(of place: Place, _ taken: [String: Amounts]) -> NodeCapacity {
    guard let node = place.node, place.isWhole else {
      return place.order?.order.capacity ?? NodeCapacity(amounts: .zero)
    }
    let real = capacity(of: node, taken[node.meta.name] ?? Amounts())
    guard let order = place.order?.order.capacity else { return real }
    var both = order
    both.amounts.cpuMilli = min(order.amounts.cpuMilli, real.amounts.cpuMilli)
    both.amounts.memoryBytes = min(order.amounts.memoryBytes, real.amounts.memoryBytes)
    // What a node does not count is what was ordered.
    if real.amounts.storageBytes > 0 {
      both.amounts.storageBytes = min(order.amounts.storageBytes, real.amounts.storageBytes)
    }
    both.accelerators?.count = min(
      order.accelerators?.count ?? 0, real.accelerators?.count ?? 0)
    return both
  }

  /// What is left after the share of those pods that every node has.
  private func capacity(of node: KubeNode, _ taken: Amounts) -> NodeCapacity {
    let count = node.allocatable.extended[settings.acceleratorResource] ?? 0
    let domain = settings.acceleratorResource.split(separator: "/").first ?? ""
    // As NVIDIA's feature discovery writes them; its memory is in MiB.
    let product = node.meta.labels["\(domain)/gpu.product"]
    let memory = node.meta.labels["\(domain)/gpu.memory"].flatMap { Int64($0) }
    return NodeCapacity(
      amounts: Resources(
        cpuMilli: node.allocatable.cpuMilli - taken.cpuMilli,
        memoryBytes: node.allocatable.memoryBytes - taken.memoryBytes,
        storageBytes: node.allocatable.storageBytes - taken.storageBytes,
        networkBitsPerSecond: settings.networkBitsPerSecond),
      accelerators: count > 0
        ? Accelerators(
          model: settings.model(product ?? ""), count: Int(clamping: count),
          memoryBytes: memory.map { $0.multipliedSaturated(by: 1 << 20) }
            ?? settings.acceleratorMemoryBytes)
        : nil)
  }

  // MARK: Replicas

  /// One for each replica and node: of several pods, the one that holds the room.
  private func replicas(
    _ ours: [(pod: KubePod, order: PodOrder)], on places: [Place]
  ) -> [ObservedReplica] {
    let phases = Dictionary(
      places.compactMap { place in place.node.map { ($0.meta.name, place.phase(at: at)) } }
    ) { first, _ in first }
    var history: [ReplicaID: History] = [:]
    for (pod, order) in ours { history[order.replica.id, default: History()].add(pod, order) }
    let stopped = Set(memories.compactMap(\.order))
    var seen: [Standing: ObservedReplica] = [:]
    for (pod, order) in ours {
      let past = history[order.replica.id] ?? History()
      guard
        let phase = phase(
          pod, order, past, isStopped: stopped.contains(order),
          on: pod.node.flatMap { phases[$0] })
      else { continue }
      let standing = Standing(replica: order.replica.id, node: order.replica.node)
      let replica = ObservedReplica(
        id: order.replica.id, node: order.replica.node, devices: order.replica.devices,
        resources: order.resources, revision: order.replica.revision,
        incarnation: order.replica.incarnation, phase: phase,
        startedAt: Timestamp(seconds: pod.startedAt ?? pod.meta.createdAt),
        restarts: (past.failures[order.replica.revision] ?? 0)
          .addingSaturated(Int(clamping: pod.restarts)))
      if let other = seen[standing], other.holdsResources || !replica.holdsResources { continue }
      seen[standing] = replica
    }
    return Array(seen.values)
  }

  private struct Standing: Hashable {
    var replica: ReplicaID
    var node: NodeID
  }

  /// What became of one replica's pods.
  private struct History {
    /// Starts that ended badly by themselves, by revision.
    var failures: [Revision: Int] = [:]
    var lastPod = ""

    mutating func add(_ pod: KubePod, _ order: PodOrder) {
      if pod.node != nil { lastPod = pod.meta.name }
      if pod.hasFailed(as: order) { failures[order.replica.revision, default: 0] += 1 }
    }
  }

  /// nil for what is over and done with, and for what was made and never bound: nobody but us binds it,
  /// so it is as if it had not been started.
  private func phase(
    _ pod: KubePod, _ order: PodOrder, _ past: History, isStopped: Bool,
    on node: ObservedNode.Phase?
  ) -> ObservedReplica.Phase? {
    guard pod.node != nil, let node else { return nil }
    if pod.hasEnded {
      guard pod.meta.name == past.lastPod, !isStopped, !pod.meta.isDeleting else { return nil }
      guard pod.hasFailed(as: order) else { return .finished }
      let failures = past.failures[order.replica.revision] ?? 1
      let end = pod.endedAt ?? pod.startedAt ?? pod.meta.createdAt
      return at.seconds < end + Self.pause(after: failures) ? .crashLooping : nil
    }
    if node == .lost { return .lost }
    if pod.meta.isDeleting { return .stopping }
    if pod.waitsFor.hasSuffix("BackOff") { return .crashLooping }
    return pod.isReady ? .ready : .starting
  }

  /// A pod that ended is started anew by nobody, so the pause before another try is kept here.
  private static func pause(after failures: Int) -> Int64 {
    min(10 << Int64(min(max(failures, 1) - 1, 5)), 300)
  }

  // MARK: Occupants

  /// What others run. Kubernetes counts devices and its plugins pick them; our replicas stand on the
  /// indices that they were given, and others on those that are left.
  private func occupants(
    on places: [Place], _ capacities: [NodeID: NodeCapacity], besides mine: Set<String>,
    and replicas: [ObservedReplica]
  ) -> [Occupant] {
    let byNode = Dictionary(
      places.compactMap { place in place.node.map { ($0.meta.name, place) } }
    ) { first, _ in first }
    var taken: [NodeID: Set<Int>] = [:]
    for replica in replicas where replica.holdsResources {
      taken[replica.node, default: []].formUnion(replica.devices)
    }
    let theirs = pods.filter {
      $0.holdsRoom && !$0.meta.isOfNode && !mine.contains($0.meta.uid)
    }.map { (name: $0.fullName, pod: $0) }.sorted { $0.name < $1.name }
    var occupants: [Occupant] = []
    occupants.reserveCapacity(theirs.count)
    for (name, pod) in theirs {
      guard let place = pod.node.flatMap({ byNode[$0] }) else { continue }
      let count = capacities[place.id]?.accelerators?.count ?? 0
      let wanted = min(Int(clamping: devices(of: pod)), count)
      var devices: [Int] = []
      if wanted > 0 {
        let held = taken[place.id] ?? []
        let free = (0..<count).filter { !held.contains($0) }
        devices = Array((free + (0..<count).filter(held.contains)).prefix(wanted)).sorted()
        taken[place.id] = held.union(devices)
      }
      occupants.append(
        Occupant(
          name: name, node: place.id,
          resources: ReplicaResources(
            amounts: Resources(
              cpuMilli: pod.requests.cpuMilli, memoryBytes: pod.requests.memoryBytes,
              storageBytes: pod.requests.storageBytes),
            accelerator: wanted > 0
              ? AcceleratorRequest(models: [], milliDevices: Int64(wanted) * 1000) : nil),
          devices: devices))
    }
    return occupants
  }

  /// What is shared by others is counted as whole: its rest is nobody's business of ours.
  private func devices(of pod: KubePod) -> Int64 {
    let shares = settings.shareResource.flatMap { pod.requests.extended[$0] } ?? 0
    let perDevice = Int64(max(settings.sharesPerDevice, 1))
    return (pod.requests.extended[settings.acceleratorResource] ?? 0)
      .addingSaturated(shares / perDevice + (shares % perDevice > 0 ? 1 : 0))
  }
}

extension KubePod {
  var fullName: String { "\(meta.namespace)/\(meta.name)" }

  /// Whether it ended by itself, and not as it should: a service that ends has failed, whatever it says.
  func hasFailed(as order: PodOrder) -> Bool {
    guard hasEnded, !meta.isDeleting else { return false }
    switch order.type {
    case .training: return phase == "Failed"
    case .inference: return true
    }
  }
}
