import Model

/// Third step: what every workload should have, and what it has of it already.
struct Wants {
  private(set) var wants: [Want] = []
  /// Training runs that are done.
  private(set) var finished: [FinishedRun] = []
  private(set) var report: [ReportEntry] = []

  init(workloads: [Want]) { wants = workloads }

  init(_ standing: Standing, _ leaving: Leaving, _ input: PlanningInput) {
    for workload in input.desired.workloads {
      let count = replicas(of: workload, input)
      if isFinished(workload, count, standing, input) {
        finished.append(FinishedRun(workload: workload.name, revision: workload.revision))
        report.append(.finished(workload.name))
        continue
      }
      var want = Want(workload, count: count)
      want.findHomes(standing, leaving, input)
      want.chooseRestarts(standing, input)
      wants.append(want)
      reportTrouble(workload, count, standing)
    }
  }

  private mutating func replicas(of workload: WorkloadSpec, _ input: PlanningInput) -> Int {
    switch workload.replicas {
    case .range(let range):
      // The number inside a range belongs to the autoscaler: planning again must not reset it.
      let decided = input.previous?.replicas.filter { $0.id.workload == workload.name }.count ?? 0
      return range.clamping(decided)
    case .demand:
      guard let assessment = Assessment(of: workload, in: input.desired) else { return 0 }
      if assessment.isClamped, let limits = assessment.model.limits {
        report.append(
          .demandClamped(
            workload.name, units: Int(clamping: assessment.unitsMilli / 1000),
            to: Int(clamping: assessment.clampedUnitsMilli / 1000), limits: limits))
      }
      return assessment.replicas
    }
  }

  private func isFinished(
    _ workload: WorkloadSpec, _ count: Int, _ standing: Standing, _ input: PlanningInput
  ) -> Bool {
    guard workload.isGang, count > 0 else { return false }
    let revision = workload.revision
    if input.previous?.finished.contains(
      FinishedRun(workload: workload.name, revision: revision)) == true
    {
      return true
    }
    return (0..<count).allSatisfy { ordinal in
      standing.replicas[ReplicaID(workload.name, ordinal)]?.contains {
        $0.phase == .finished && $0.revision == revision
      } == true
    }
  }

  private mutating func reportTrouble(
    _ workload: WorkloadSpec, _ count: Int, _ standing: Standing
  ) {
    for ordinal in 0..<count {
      for seen in standing.replicas[ReplicaID(workload.name, ordinal)] ?? []
      where seen.phase == .crashLooping {
        report.append(.crashLooping(seen.id, restarts: seen.restarts))
      }
    }
  }
}

extension Want {
  /// Finds for each ordinal the place that stands, or the reason why there is none.
  mutating func findHomes(_ standing: Standing, _ leaving: Leaving, _ input: PlanningInput) {
    let stays = Set(standing.nodes.map(\.id)).union(standing.foreign.map(\.id))
    for ordinal in 0..<count {
      let replica = ReplicaID(workload.name, ordinal)
      let seen = standing.replicas[replica] ?? []
      incarnations[ordinal] = max(
        standing.decided[replica]?.incarnation ?? 0, seen.map(\.incarnation).max() ?? 0)
      guard let home = home(of: replica, standing, seen) else {
        causes[ordinal] = .wanted
        continue
      }
      if standing.isFrozen(home.node) {
        isFrozen = true
      } else if let reason = standing.lost[home.node] {
        causes[ordinal] = .nodeLost(home.node, reason: reason)
        continue
      } else if leaving.isLeaving(home.node) {
        causes[ordinal] = .nodeLeaving(home.node)
        continue
      } else if !stays.contains(home.node) || isGone(replica, home, seen, standing, input) {
        causes[ordinal] = .nodeLost(home.node, reason: nil)
        continue
      }
      homes[ordinal] = home
    }
    for standIn in input.previous?.surge ?? [] where standIn.id.workload == workload.name {
      guard stays.contains(standIn.node), standIn.revision == revision, standIn.id.ordinal >= count
      else { continue }
      standIns[standIn.id.ordinal] = Home(standIn)
    }
  }

  private func home(
    of replica: ReplicaID, _ standing: Standing, _ seen: [ObservedReplica]
  ) -> Home? {
    if let decided = standing.decided[replica] { return Home(decided) }
    return seen.filter { $0.phase != .lost && $0.phase != .stopping }
      .max { $0.incarnation < $1.incarnation }.map(Home.init)
  }

  /// Whether a replica was started there once and is not there any more, through no action of ours.
  private func isGone(
    _ replica: ReplicaID, _ home: Home, _ seen: [ObservedReplica], _ standing: Standing,
    _ input: PlanningInput
  ) -> Bool {
    let here = seen.filter { $0.node == home.node }
    if here.contains(where: { $0.incarnation >= home.incarnation }) {
      return here.allSatisfy { $0.phase == .lost }
    }
    return standing.decided[replica].map { standing.wasStarted($0, input) } ?? false
  }

  /// Decides which replicas with a home must start anew there, and which lose their home to do so.
  mutating func chooseRestarts(_ standing: Standing, _ input: PlanningInput) {
    guard !isFrozen else { return }
    let outdated = homes.keys.filter { homes[$0]?.revision != revision }
    if workload.isGang {
      restartGang(outdated: !outdated.isEmpty, standing, input)
    } else {
      exchange(outdated.sorted(), standing, input)
    }
  }

  private mutating func restartGang(
    outdated: Bool, _ standing: Standing, _ input: PlanningInput
  ) {
    let decided = input.previous?.replicas.filter { $0.id.workload == workload.name }.count ?? 0
    let isBroken = !causes.isEmpty && !homes.isEmpty
    let isResized = decided != 0 && decided != count
    guard outdated || isBroken || isResized else { return }
    let cause: Cause =
      outdated || isResized ? .changed(path: input.restartingField(workload.name)) : .gangRestart
    for ordinal in 0..<count where homes[ordinal] != nil {
      causes[ordinal] = cause
      restarts.insert(ordinal)
    }
    // Other sizes need other places: the whole gang is stopped first, so that its room counts as free.
    if outdated && !keepsSize(standing) { homes = [:] }
  }

  private mutating func exchange(
    _ outdated: [Int], _ standing: Standing, _ input: PlanningInput
  ) {
    isExchanging = homes.contains { ordinal, home in
      (standing.replicas[ReplicaID(workload.name, ordinal)] ?? []).contains {
        $0.node == home.node && $0.holdsResources && $0.revision != revision
      }
    }
    let isUp = homes.allSatisfy { ordinal, home in
      (standing.replicas[ReplicaID(workload.name, ordinal)] ?? []).contains {
        $0.node == home.node && $0.incarnation == home.incarnation && $0.phase == .ready
      }
    }
    if !isExchanging && isUp { standIns = [:] }
    let cause = Cause.changed(path: input.restartingField(workload.name))
    for ordinal in outdated {
      causes[ordinal] = cause
      restarts.insert(ordinal)
    }
    guard !outdated.isEmpty, !keepsSize(standing) else { return }
    for ordinal in outdated {
      let live = (standing.replicas[ReplicaID(workload.name, ordinal)] ?? []).filter(
        \.holdsResources)
      predecessors += live
      fallbacks[ordinal] =
        live.first { $0.node == homes[ordinal]?.node && $0.phase != .stopping }.map(Home.init)
      homes[ordinal] = nil
    }
  }

  /// Whether every replica that is seen takes at least what the new revision asks for, and the same
  /// devices, so that a new start fits where the old one stood.
  private func keepsSize(_ standing: Standing) -> Bool {
    (0..<count).allSatisfy { ordinal in
      (standing.replicas[ReplicaID(workload.name, ordinal)] ?? []).filter(\.holdsResources)
        .allSatisfy {
          $0.resources.accelerator == workload.resources.accelerator
            && workload.resources.amounts.fits(in: $0.resources.amounts)
        }
    }
  }
}

extension Want.Home {
  init(_ replica: TargetReplica) {
    self.init(
      node: replica.node, devices: replica.devices, revision: replica.revision,
      incarnation: replica.incarnation)
  }

  init(_ replica: ObservedReplica) {
    self.init(
      node: replica.node, devices: replica.devices, revision: replica.revision,
      incarnation: replica.incarnation)
  }
}

extension PlanningInput {
  /// The first changed field of the workload that asks for a new start.
  func restartingField(_ workload: WorkloadName) -> String {
    let fields = changes.first { $0.object == ObjectID(.workload, workload.text) }?.fields ?? []
    return fields.first { $0.effect == .restartsReplicas }?.path ?? fields.first?.path ?? "spec"
  }
}
