public import Model

extension World {
  /// A world that looks as `observed` does at `now`, and goes on from there: what boots becomes ready
  /// and what leaves is gone after the times of its cluster's simulated settings, counted from when it
  /// began where that was seen.
  ///
  /// A cluster that was not seen, or not wholly, does not answer. Replicas that kept failing go on
  /// failing. Of a training of known length nobody saw how far it is: it is taken to have run since its
  /// youngest replica became ready. A cluster of another provider behaves as a simulated one does whose
  /// settings nobody wrote.
  public init(of observed: ObservedState, for desired: DesiredState, now: Timestamp) {
    self.init(now: now)
    let clusters = Dictionary(
      desired.clusters.map { ($0.name, $0.provider.simulatedSettings) }
    ) { first, _ in first }
    for observation in observed.observations {
      let settings = clusters[observation.cluster] ?? SimulatedSettings()
      take(observation, settings)
      if !observation.isComplete { faults.cutOff.append(observation.cluster) }
    }
    faults.cutOff += observed.unseen.map(\.cluster)
    faults.cutOff.sort()
    faults.crashing.sort()
    nodes.sort { $0.id < $1.id }
    finished.sort { ($0.id, $0.node) < ($1.id, $1.node) }
    for index in nodes.indices { refreshEmptiness(at: index) }
    takeRuns(of: desired)
  }

  private mutating func take(_ observation: Observation, _ settings: SimulatedSettings) {
    let replicas = Dictionary(grouping: observation.replicas, by: \.node)
    let occupants = Dictionary(grouping: observation.occupants, by: \.node)
    for seen in observation.nodes {
      let standing = (replicas[seen.id] ?? []).filter { $0.phase != .finished }
      nodes.append(
        Node(
          seen, due: due(of: seen, settings), noticeAt: notice(of: seen, settings),
          replicas: standing.map { replica(from: $0, settings) }.sorted { $0.id < $1.id },
          occupants: occupants[seen.id] ?? []))
    }
    finished += observation.replicas.filter { $0.phase == .finished }
  }

  private func due(of node: ObservedNode, _ settings: SimulatedSettings) -> Timestamp? {
    switch node.phase {
    case .booting: max(now, node.createdAt + settings.bootTime)
    // Only the provider gives a reason; what we drain stays until it is deleted.
    case .draining: node.reason == nil ? nil : now + Self.noticeTime
    case .deleting: now + Self.deleteTime
    case .ready, .lost: nil
    }
  }

  private func notice(of node: ObservedNode, _ settings: SimulatedSettings) -> Timestamp? {
    switch node.phase {
    case .booting, .ready:
      reclaimTime(of: node.id, node.capacityType, from: node.createdAt, settings)
        .flatMap { $0 > now ? $0 : nil }
    case .draining, .lost, .deleting: nil
    }
  }

  private mutating func replica(
    from seen: ObservedReplica, _ settings: SimulatedSettings
  ) -> Replica {
    var due: Timestamp?
    switch seen.phase {
    case .starting: due = max(now, seen.startedAt + settings.startTime)
    case .stopping: due = now + Self.stopTime
    case .crashLooping:
      due = now + Self.crashPauseMax
      if !faults.crashing.contains(seen.id.workload) { faults.crashing.append(seen.id.workload) }
    case .ready, .finished, .lost: break
    }
    return Replica(seen, due: due, startTime: settings.startTime)
  }

  private mutating func takeRuns(of desired: DesiredState) {
    let byWorkload = Dictionary(
      grouping: nodes.flatMap(\.replicas).filter { $0.observed.holdsResources },
      by: \.id.workload)
    for workload in desired.workloads {
      guard let gang = byWorkload[workload.name], let first = gang.first else { continue }
      joinRun(workload, revision: first.observed.revision, replicaCount: gang.count)
      trackRuns(of: workload.name)
      let youngest = gang.map { $0.observed.startedAt + $0.startTime }.max() ?? now
      for index in runs.indices
      where runs[index].workload == workload.name && runs[index].runningSince != nil {
        runs[index].runningSince = min(youngest, now)
      }
    }
  }
}

extension ClusterSpec {
  /// The same cluster for a world: as it is simulated where it is not.
  public var simulated: ClusterSpec {
    var cluster = self
    cluster.provider = .simulated(provider.simulatedSettings)
    return cluster
  }
}

extension ProviderSettings {
  fileprivate var simulatedSettings: SimulatedSettings {
    switch self {
    case .simulated(let settings): settings
    case .slurm, .kubernetes: SimulatedSettings()
    }
  }
}
