public import Model

extension World.TrainingRun {
  /// When it ends if nothing comes between.
  public var endsAt: Timestamp? {
    runningSince.map { $0 + Seconds(max(0, duration.count.subtractingSaturated(saved.count))) }
  }

  /// What is kept when the gang breaks up at `moment`.
  mutating func interrupt(at moment: Timestamp) {
    guard let since = runningSince else { return }
    runningSince = nil
    guard let every = checkpointEvery, every > .zero else {
      saved = .zero
      return
    }
    let done = saved + (moment - since)
    saved = Seconds(min(done.count - done.count % every.count, duration.count))
  }
}

extension World {
  /// Sees which gangs are whole now; only that of `workload` where one is named.
  mutating func trackRuns(of workload: WorkloadName? = nil) {
    for index in runs.indices where workload == nil || runs[index].workload == workload {
      let isWhole = isWhole(runs[index])
      if isWhole, runs[index].runningSince == nil { runs[index].runningSince = now }
      if !isWhole { runs[index].interrupt(at: now) }
    }
  }

  private func isWhole(_ run: TrainingRun) -> Bool {
    var ready = 0
    for node in nodes {
      for replica in node.replicas
      where replica.id.workload == run.workload && replica.observed.phase == .ready
        && replica.observed.revision == run.revision
      {
        ready += 1
      }
    }
    return ready >= run.replicaCount
  }

  /// The start of a replica is part of a run where its workload is a training of known length: of the
  /// one under way, or of a new one when the workload has changed.
  mutating func joinRun(_ workload: WorkloadSpec, revision: Revision, replicaCount: Int) {
    guard workload.type == .training, let duration = workload.duration else { return }
    // A gang that grows and shrinks works on with its least size.
    let replicaCount = workload.elasticRange?.min ?? replicaCount
    let index = runs.firstIndex { $0.workload == workload.name }
    if let index, runs[index].revision == revision {
      runs[index].replicaCount = replicaCount
      return
    }
    if let index { runs.remove(at: index) }
    let run = TrainingRun(
      workload: workload.name, revision: revision, replicaCount: replicaCount, duration: duration,
      checkpointEvery: workload.checkpointEvery)
    runs.insert(run, at: runs.firstIndex { workload.name < $0.workload } ?? runs.endIndex)
  }

  /// All replicas of the run become a record of what was done, and leave their nodes.
  mutating func finish(_ run: TrainingRun) {
    runs.removeAll { $0.workload == run.workload }
    for index in nodes.indices {
      let done = nodes[index].replicas.filter {
        $0.id.workload == run.workload && $0.observed.revision == run.revision
          && $0.observed.phase == .ready
      }
      guard !done.isEmpty else { continue }
      nodes[index].replicas.removeAll { done.contains($0) }
      for replica in done {
        var record = replica.observed
        record.phase = .finished
        finished.append(record)
      }
      refreshEmptiness(at: index)
    }
    finished.sort { ($0.id, $0.node) < ($1.id, $1.node) }
  }
}
