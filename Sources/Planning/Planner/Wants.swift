import Autoscaling
import Model

/// Third step: what every workload should have, and what it has of it already.
struct Wants {
  private(set) var wants: [Want] = []
  /// Training runs that are done.
  private(set) var finished: [FinishedRun] = []
  /// Workloads that are stopped since they are idle.
  private(set) var idled: [FinishedRun] = []
  private(set) var report: [ReportEntry] = []

  init(_ standing: Standing, _ leaving: Leaving, _ input: PlanningInput) {
    let done = Set(input.previous?.finished ?? [])
    for workload in input.desired.workloads {
      let count = replicas(of: workload, standing, input)
      let run = FinishedRun(workload: workload.name, revision: workload.revision)
      if isFinished(workload, run, count, standing, done) {
        finished.append(run)
        report.append(.finished(workload.name))
        continue
      }
      if isIdle(workload, run, input) { continue }
      var want = Want(workload, count: count)
      want.findHomes(standing, leaving, input)
      want.chooseRestarts(standing, leaving, input)
      wants.append(want)
      reportTrouble(workload, count, standing)
    }
  }

  /// Says who is idle; whether it is stopped for it. Who was stopped does nothing that could be
  /// measured, and stays so for as long as what stopped it holds.
  private mutating func isIdle(
    _ workload: WorkloadSpec, _ run: FinishedRun, _ input: PlanningInput
  ) -> Bool {
    guard let policy = workload.idle else { return false }
    let mayStop =
      policy.action == .stop || input.stopsIdle(workload, standsIn: clusters(of: workload, input))
    let wasStopped = (input.previous?.idled ?? []).contains(run)
    let since = input.idle[workload.name]
    guard since != nil || (mayStop && wasStopped) else { return false }
    report.append(.idle(workload.name, since: since, isStopped: mayStop))
    if mayStop { idled.append(run) }
    return mayStop
  }

  /// Where the workload stands, or may stand where it stands nowhere.
  private func clusters(of workload: WorkloadSpec, _ input: PlanningInput) -> Set<ClusterName> {
    let homes = (input.previous?.replicas ?? []).filter { $0.id.workload == workload.name }
    if !homes.isEmpty { return Set(homes.map(\.node.cluster)) }
    return Set(
      workload.clusters.isEmpty ? input.desired.clusters.map(\.name) : workload.clusters)
  }

  private mutating func replicas(
    of workload: WorkloadSpec, _ standing: Standing, _ input: PlanningInput
  ) -> Int {
    switch workload.replicas {
    case .range(let range):
      // How much of it runs is decided with everything else.
      if let elastic = workload.elasticRange { return elastic.max }
      // The number inside a range belongs to the autoscaler: planning again must not reset it.
      let current = range.clamping(standing.counts[workload.name] ?? 0)
      guard workload.autoscale != nil, let scale = input.scales[workload.name] else {
        return current
      }
      var bounded = scale
      bounded.replicas = range.clamping(scale.replicas)
      if bounded.replicas != current {
        report.append(.scaled(workload.name, from: current, bounded))
      }
      return bounded.replicas
    case .demand:
      guard let assessment = Assessment(of: workload, in: input.desired) else {
        report.append(.notAssessed(workload.name))
        return 0
      }
      if assessment.isClamped, let limits = assessment.limits {
        report.append(
          .demandClamped(
            workload.name, units: Int(clamping: assessment.unitsMilli / 1000),
            to: Int(clamping: assessment.clampedUnitsMilli / 1000), limits: limits))
      }
      return assessment.replicas
    }
  }

  private func isFinished(
    _ workload: WorkloadSpec, _ run: FinishedRun, _ count: Int, _ standing: Standing,
    _ done: Set<FinishedRun>
  ) -> Bool {
    guard workload.isGang, count > 0 else { return false }
    if done.contains(run) { return true }
    // A gang that shrinks does the same work with fewer.
    return (0..<(workload.elasticRange?.min ?? count)).allSatisfy { ordinal in
      standing.replicas[ReplicaID(workload.name, ordinal)]?.contains {
        $0.phase == .finished && $0.revision == run.revision
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
    for ordinal in 0..<count {
      let replica = ReplicaID(workload.name, ordinal)
      let seen = standing.replicas[replica] ?? []
      guard let home = home(of: replica, standing, seen) else {
        causes[ordinal] = .wanted
        continue
      }
      if standing.isFrozen(home.node) {
        isFrozen = true
        waiting += seen.filter { $0.holdsResources && $0.node.cluster != home.node.cluster }
      } else if let reason = standing.lost[home.node] {
        causes[ordinal] = .nodeLost(home.node, reason: reason)
        continue
      } else if leaving.isLeaving(home.node) {
        causes[ordinal] = .nodeLeaving(home.node)
        continue
      } else if !standing.stays(home.node) {
        causes[ordinal] = .nodeLost(home.node, reason: standing.seen[home.node]?.reason)
        continue
      } else if isGone(replica, home, seen, standing, input) {
        causes[ordinal] = .replicaLost(on: home.node)
        continue
      }
      homes[ordinal] = home
    }
    for standIn in standing.standIns[workload.name] ?? [] {
      guard standing.stays(standIn.node), !leaving.isLeaving(standIn.node),
        standIn.id.ordinal >= count, standIn.revision == revision || serves(standIn, standing)
      else { continue }
      standIns[standIn.id.ordinal] = Home(standIn)
    }
  }

  /// Whether a stand-in of an older revision does as well: it goes in the end whatever it runs.
  private func serves(_ standIn: TargetReplica, _ standing: Standing) -> Bool {
    standing.live(standIn.id).contains {
      $0.follows(standIn) && $0.phase == .ready && $0.resources == workload.resources
    }
  }

  private func home(
    of replica: ReplicaID, _ standing: Standing, _ seen: [ObservedReplica]
  ) -> Home? {
    if let decided = standing.decided[replica] { return Home(decided) }
    return seen.filter {
      $0.phase != .lost && $0.phase != .stopping && !standing.contested.contains($0.node)
    }
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
    return standing.decided[replica].map { standing.shouldShow($0, input) } ?? false
  }

  /// Decides which replicas with a home must start anew there, and which lose their home to do so.
  mutating func chooseRestarts(
    _ standing: Standing, _ leaving: Leaving, _ input: PlanningInput
  ) {
    let outdated = homes.keys.filter { homes[$0]?.revision != revision }.sorted()
    let unfit = homes.keys.filter { ordinal in
      homes[ordinal].map { !standing.isFrozen($0.node) && !suits($0, ordinal, standing) } ?? false
    }.sorted()
    if isFrozen {
      for ordinal in unfit { stay(ordinal, standing) }
    } else if workload.isGang {
      let former = formerShape(standing, leaving)
      // What was a service may stand in several clusters, where no gang may.
      let isSpread = Set(homes.values.map(\.node.cluster)).count > 1
      restartGang(
        isOutdated: !outdated.isEmpty, isUnfit: !unfit.isEmpty || isSpread, standing, input)
      let isMoved = homes.isEmpty || homes.count < count
      if isMoved && !restarts.isEmpty { formerShape = former }
    } else {
      exchange(outdated, unfit, standing, input)
    }
  }

  private mutating func restartGang(
    isOutdated: Bool, isUnfit: Bool, _ standing: Standing, _ input: PlanningInput
  ) {
    let decided = standing.counts[workload.name] ?? 0
    // One that grows and shrinks goes on with whoever is left.
    let isRigid = workload.elasticRange == nil
    let isBroken = isRigid && !causes.isEmpty && !homes.isEmpty
    let isResized = isRigid && decided != 0 && decided != count
    guard isOutdated || isUnfit || isBroken || isResized else { return }
    let isChanged = isOutdated || isUnfit || isResized
    let cause: Cause =
      isChanged ? .changed(path: input.restartingField(workload.name)) : .gangRestart
    for ordinal in 0..<count where homes[ordinal] != nil {
      causes[ordinal] = cause
      restarts.insert(ordinal)
    }
    // Other places are needed: the whole gang is stopped first, so that its room counts as free.
    if isUnfit { homes = [:] }
  }

  /// What a gang runs as; nil where it is not whole and ready in one shape, or can't stay.
  private func formerShape(_ standing: Standing, _ leaving: Leaving) -> FormerShape? {
    var homes: [Int: Home] = [:]
    var shapes: Set<ReplicaResources> = []
    for ordinal in 0..<(standing.counts[workload.name] ?? 0) {
      let replica = ReplicaID(workload.name, ordinal)
      guard let decided = standing.decided[replica], standing.stays(decided.node),
        !standing.isFrozen(decided.node), !leaving.isLeaving(decided.node),
        let live = standing.live(replica).first(where: decided.isReady)
      else { return nil }
      homes[ordinal] = Home(decided)
      shapes.insert(live.resources)
    }
    guard let resources = shapes.first, shapes.count == 1,
      Set(homes.values.map(\.node.cluster)).count == 1
    else { return nil }
    return FormerShape(resources: resources, homes: homes)
  }

  private mutating func exchange(
    _ outdated: [Int], _ unfit: [Int], _ standing: Standing, _ input: PlanningInput
  ) {
    isExchanging = homes.contains { ordinal, home in
      standing.live(ReplicaID(workload.name, ordinal)).contains {
        $0.node == home.node && $0.revision != revision
      }
    }
    let isUp = homes.allSatisfy { ordinal, home in
      standing.live(ReplicaID(workload.name, ordinal)).contains {
        $0.node == home.node && $0.incarnation == home.incarnation && $0.phase == .ready
      }
    }
    if !isExchanging && isUp { standIns = [:] }
    let cause = Cause.changed(path: input.restartingField(workload.name))
    for ordinal in outdated {
      causes[ordinal] = cause
      restarts.insert(ordinal)
    }
    for ordinal in unfit {
      causes[ordinal] = cause
      stay(ordinal, standing)
    }
  }

  /// Takes a replica's home, which does not suit it any more, and leaves it where it is until it is
  /// chosen anew.
  private mutating func stay(_ ordinal: Int, _ standing: Standing) {
    let live = standing.live(ReplicaID(workload.name, ordinal))
    predecessors += live
    fallbacks[ordinal] =
      live.first { $0.node == homes[ordinal]?.node && $0.phase != .stopping }.map(Home.init)
    homes[ordinal] = nil
  }

  /// Whether a replica may stay or start anew where it stands: the node is what the workload asks for,
  /// and a new start of another size takes no more than the old one, and the same devices.
  private func suits(_ home: Home, _ ordinal: Int, _ standing: Standing) -> Bool {
    guard standing.admits(workload, on: home.node) else { return false }
    guard home.revision != revision else { return true }
    let live = standing.live(ReplicaID(workload.name, ordinal)).filter { $0.node == home.node }
    return !live.isEmpty
      && live.allSatisfy {
        $0.resources.accelerator == workload.resources.accelerator
          && workload.resources.amounts.fits(in: $0.resources.amounts)
      }
  }
}

extension TargetReplica {
  fileprivate func isReady(_ seen: ObservedReplica) -> Bool {
    seen.follows(self) && seen.phase == .ready
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
  /// The first changed field of the workload that asks for a new start; where none does by itself, it is
  /// the size of a gang.
  func restartingField(_ workload: WorkloadName) -> String {
    let fields = changes.first { $0.object == ObjectID(.workload, workload.text) }?.fields ?? []
    let reason =
      fields.first { $0.effect == .restartsReplicas }
      ?? fields.first { $0.path.hasPrefix("spec.replicas") || $0.path.hasPrefix("spec.demand") }
    return reason?.path ?? fields.first?.path ?? "spec"
  }
}
