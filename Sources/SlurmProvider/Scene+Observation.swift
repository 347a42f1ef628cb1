import Model
import Planning
import ProviderDesk

/// What was seen, in the words of the model.
extension Scene {
  var observation: Observation {
    let places = places
    let byNode = Dictionary(places.map { ($0.node.name, $0) }) { first, _ in first }
    let replicas = replicas(on: places)
    let occupants = occupants(on: byNode, beside: replicas)
    let busy = Set(replicas.filter(\.holdsResources).map(\.node)).union(occupants.map(\.node))
    var seen = Observation(
      cluster: cluster.name, at: at, isComplete: isComplete,
      nodes: places.map { observed($0, isEmpty: !busy.contains($0.id)) }, replicas: replicas,
      occupants: occupants, contenders: contenders)
    for index in displaced(in: seen) { seen.replicas[index].phase = .lost }
    return seen
  }

  /// Jobs of others that wait for room in the partition of ours.
  private var contenders: [Contender] {
    let count = jobs.count {
      $0.waitsForRoom && $0.order?.cluster != cluster.name
        && (settings.partition.map($0.partitions.contains) ?? true)
    }
    return count > 0 ? [Contender(scheduler: "slurm", count: count)] : []
  }

  /// Jobs that wait for room which others took between the look and the submission would wait for as
  /// long as those run: they are as good as gone, and are planned anew.
  private func displaced(in seen: Observation) -> [Int] {
    let crowded = Set(seen.occupants.map(\.node))
    let waiting = Set(
      ours.filter { $0.job.waitsForRoom && crowded.contains($0.tag.replica.node) }
        .map { Standing(replica: $0.tag.replica.id, node: $0.tag.replica.node) })
    guard !waiting.isEmpty else { return [] }
    return seen.replicas.indices.filter { index in
      let replica = seen.replicas[index]
      guard replica.phase == .starting,
        waiting.contains(Standing(replica: replica.id, node: replica.node)),
        let node = seen.nodes.first(where: { $0.id == replica.node })
      else { return false }
      return !Room(on: node, seen, besides: replica.id)
        .fits(replica.resources, devices: replica.devices)
    }
  }

  private func observed(_ place: Place, isEmpty: Bool) -> ObservedNode {
    let node = place.node
    let phase = phase(of: place)
    let order = place.order?.order
    let zone = order?.zone ?? zone(of: node)
    let labels = node.labels.merging(order?.labels ?? Labels([("zone", zone)]))
    let createdAt = place.order?.at ?? Timestamp(seconds: node.bootTime)
    let emptySince = Timestamp(seconds: max(node.busyUntil, createdAt.seconds))
    return ObservedNode(
      id: place.id, pool: order?.pool, instanceType: order?.instanceType ?? type(of: node),
      zone: zone, capacityType: order?.capacityType ?? .onDemand, labels: labels,
      taints: taints(of: place), capacity: order?.capacity ?? capacity(of: node), phase: phase,
      address: node.address.isEmpty ? nil : node.address,
      reason: phase == .ready ? nil : reason(of: node), createdAt: createdAt,
      emptySince: isEmpty && phase != .booting ? emptySince : nil)
  }

  /// A reservation that is not ours keeps our work off, as draining does.
  func phase(of place: Place) -> ObservedNode.Phase {
    let phase = place.node.phase
    return phase == .ready && reserved.obstacle(on: place.node) != nil ? .draining : phase
  }

  private func reason(of node: SlurmNode) -> String? {
    if node.phase == .ready { return reserved.obstacle(on: node) }
    return node.reason.isEmpty ? nil : node.reason
  }

  /// What was ordered for a node, and what keeps new jobs off it before a reservation begins.
  private func taints(of place: Place) -> [Taint] {
    let coming = reserved.approaching(place.node).map {
      Taint(key: "reservation", value: $0.name, effect: .noSchedule)
    }
    return (place.order?.order.taints ?? []) + (coming.map { [$0] } ?? [])
  }

  func zone(of node: SlurmNode) -> String { node.feature("zone") ?? cluster.zones.first ?? "" }

  func type(of node: SlurmNode) -> String { node.feature("instance-type") ?? "slurm" }

  // MARK: Replicas

  /// One for each replica and node: of several jobs, the one that holds the room.
  private func replicas(on places: [Place]) -> [ObservedReplica] {
    let phases = Dictionary(places.map { ($0.id, phase(of: $0)) }) { first, _ in first }
    // Jobs for these were submitted before their reservation was made, and wait until it is over.
    let kept = Set(places.filter { reserved.approaching($0.node) != nil }.map(\.id))
    var history: [ReplicaID: History] = [:]
    let ours = ours
    for (job, tag) in ours { history[tag.replica.id, default: History()].add(job, tag) }
    var seen: [Standing: ObservedReplica] = [:]
    for (job, tag) in ours where !forgotten.contains(job.id) {
      let past = history[tag.replica.id] ?? History()
      let isKept = job.waitsForReservation && kept.contains(tag.replica.node)
      let node = isKept ? .lost : phases[tag.replica.node]
      guard let phase = phase(job, tag, past, on: node) else { continue }
      let standing = Standing(replica: tag.replica.id, node: tag.replica.node)
      let replica = ObservedReplica(
        id: tag.replica.id, node: tag.replica.node, devices: tag.replica.devices,
        resources: tag.resources, revision: tag.replica.revision,
        incarnation: tag.replica.incarnation, port: tag.port, phase: phase,
        reason: silent.contains(job.id) ? "does not answer yet" : job.reasonToWait,
        startedAt: Timestamp(seconds: job.isPending ? job.submitTime : job.startTime),
        restarts: past.failures[tag.replica.revision] ?? 0)
      if let other = seen[standing], other.holdsResources || !replica.holdsResources { continue }
      seen[standing] = replica
    }
    return Array(seen.values)
  }

  private struct Standing: Hashable {
    var replica: ReplicaID
    var node: NodeID
  }

  /// What became of one replica's jobs.
  private struct History {
    /// Starts that ended badly by themselves, by revision.
    var failures: [Revision: Int] = [:]
    var lastJob: Int64 = 0

    mutating func add(_ job: SlurmJob, _ tag: JobTag) {
      lastJob = max(lastJob, job.id)
      if job.hasFailed(as: tag) { failures[tag.replica.revision, default: 0] += 1 }
    }
  }

  /// nil for what is over and done with.
  private func phase(
    _ job: SlurmJob, _ tag: JobTag, _ past: History, on node: ObservedNode.Phase?
  ) -> ObservedReplica.Phase? {
    if job.isPending { return job.waitsForItsTwin ? nil : node == .lost ? .lost : .starting }
    if job.holdsNodes {
      if node == .lost || node == nil { return .lost }
      if job.states.contains("CONFIGURING") { return .starting }
      if job.states.contains("COMPLETING") && tag.stopKey != nil { return .stopping }
      return silent.contains(job.id) ? .starting : .ready
    }
    guard job.id == past.lastJob, tag.stopKey == nil else { return nil }
    if job.hasFailed(as: tag) {
      let failures = past.failures[tag.replica.revision] ?? 1
      return at.seconds < job.endTime + Self.pause(after: failures) ? .crashLooping : nil
    }
    return job.states.contains("COMPLETED") ? .finished : nil
  }

  /// Slurm starts nothing anew by itself, so the pause before another try is kept here, as long as
  /// Slurm remembers the failures (`MinJobAge`).
  private static func pause(after failures: Int) -> Int64 {
    min(10 << Int64(min(max(failures, 1) - 1, 5)), 300)
  }

  // MARK: Occupants

  /// What others run. Slurm counts devices and picks them itself; our replicas stand on the indices
  /// that they were given, and others on those that are left, their own where these are free.
  private func occupants(
    on places: [String: Place], beside replicas: [ObservedReplica]
  ) -> [Occupant] {
    var taken: [NodeID: Set<Int>] = [:]
    for replica in replicas where replica.holdsResources {
      taken[replica.node, default: []].formUnion(replica.devices)
    }
    let mine = Set(ours.map(\.job.id))
    var occupants: [Occupant] = []
    for job in jobs.sorted(by: { $0.id < $1.id }) where job.holdsNodes && !mine.contains(job.id) {
      for (index, share) in job.shares.enumerated() {
        guard let place = places[share.node] else { continue }
        let detail = job.gresDetail.indices.contains(index) ? job.gresDetail[index] : ""
        let held = Held(Gres.list(detail), on: place.node)
        let devices = held.seats(among: place, besides: taken[place.id] ?? [])
        taken[place.id, default: []].formUnion(devices)
        let request =
          held.milliDevices > 0
          ? AcceleratorRequest(models: [], milliDevices: held.milliDevices) : nil
        occupants.append(
          Occupant(
            name: "job \(job.id): \(job.name)", node: place.id,
            resources: ReplicaResources(
              amounts: Resources(
                cpuMilli: share.cores.saturatedTimes(max(place.node.threads, 1))
                  .saturatedTimes(1000),
                memoryBytes: share.memoryMiB.saturatedTimes(1 << 20)), accelerator: request),
            devices: devices))
      }
    }
    return occupants
  }

  /// The devices that a job holds on one node.
  private struct Held {
    /// Whole ones, or the share of one.
    var milliDevices: Int64 = 0
    var indices: [Int] = []

    init(_ gres: [Gres], on node: SlurmNode) {
      for item in gres {
        switch item.name {
        case "gpu":
          milliDevices += item.count.saturatedTimes(1000)
          indices += item.indices
        case "shard" where node.sharesPerDevice > 0:
          // What is shared by others is counted as whole: its rest is nobody's business of ours.
          milliDevices += Int64(max(item.indices.count, 1)) * 1000
          indices += item.indices
        default: break
        }
      }
    }

    func seats(among place: Place, besides taken: Set<Int>) -> [Int] {
      let all = 0..<Int(clamping: place.node.devices?.count ?? 0)
      let wanted = min(Int(clamping: milliDevices / 1000), all.count)
      let kept = indices.filter { all.contains($0) && !taken.contains($0) }
      let free = all.filter { !taken.contains($0) && !kept.contains($0) }
      // More than is left can only be while jobs of ours still wait: then they overlap.
      let rest = all.filter { taken.contains($0) }
      return Array((kept + free + rest).prefix(wanted)).sorted()
    }
  }
}

extension SlurmJob {
  /// A second submission under one key: Slurm keeps it back (`--dependency=singleton`) for as long as
  /// the first lives.
  var waitsForItsTwin: Bool { isPending && reason == "Dependency" }

  /// Whether Slurm has looked, and found that there is no room for it.
  var waitsForRoom: Bool { isPending && (reason == "Resources" || reason == "Priority") }

  /// Whether its node is kept for others, now or soon.
  var waitsForReservation: Bool { isPending && reason.hasPrefix("ReqNodeNotAvail") }

  /// What Slurm says of a job of which nobody knows why it does not run yet.
  var reasonToWait: String? {
    isPending && !reason.isEmpty && reason != "None" ? reason : nil
  }

  /// Whether it ended by itself, and not as it should.
  func hasFailed(as tag: JobTag) -> Bool {
    guard tag.stopKey == nil, !holdsNodes else { return false }
    let isBad = !states.isDisjoint(with: ["FAILED", "TIMEOUT", "OUT_OF_MEMORY", "DEADLINE"])
    switch tag.type {
    case .training: return isBad
    // A service that ends has failed, whatever it says.
    case .inference: return isBad || states.contains("COMPLETED")
    }
  }
}
