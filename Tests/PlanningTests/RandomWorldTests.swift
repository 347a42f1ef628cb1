import Model
import Planning
import Simulation
import Testing

/// Safety properties over random worlds in which people change their minds and things break.
@Suite struct RandomWorldTests {
  /// As many as take a few CPU seconds in a debug build, some of them more than the last that ever
  /// failed; `setpoint-sim` tries thousands.
  @Test(arguments: 0..<60) func everyPlanIsSoundAndTheWorldSettles(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    var stage = Self.stage(&random)
    check(&stage, "seed \(seed), at first")
    for round in 1...4 {
      let event = Self.disturb(&stage, &random)
      // Sometimes the next thing happens while the last is still being dealt with.
      if random.next(below: 3) == 0 {
        stage.settle(rounds: Int(random.next(below: 8)))
      } else {
        check(&stage, "seed \(seed), round \(round): \(event)")
      }
    }
    check(&stage, "seed \(seed), at last")
  }

  @Test(arguments: 0..<30) func noNodeIsBoughtThatNothingNeeds(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    var stage = Self.stage(&random)
    let plan = stage.plan()
    let used = Set(plan.target.replicas.map(\.node))
    for pool in stage.desired.nodePools {
      let nodes = plan.target.nodes.filter { $0.pool == pool.name }
      let idle = nodes.filter { !used.contains($0.id) }
      #expect(idle.isEmpty || nodes.count <= pool.nodes.min, "seed \(seed)")
    }
  }

  @Test(arguments: 0..<30) func theOrderOfWhatIsGivenDoesNotMatter(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    var stage = Self.stage(&random)
    stage.settle(rounds: Int(random.next(below: 12)))
    _ = Self.disturb(&stage, &random)
    let input = stage.input
    var shuffled = input
    shuffled.desired = DesiredState(
      clusters: input.desired.clusters.shuffled(using: &random),
      nodePools: input.desired.nodePools.shuffled(using: &random),
      queues: input.desired.queues.shuffled(using: &random),
      workloads: input.desired.workloads.shuffled(using: &random),
      gates: input.desired.gates.shuffled(using: &random))
    shuffled.observed = ObservedState(
      input.observed.observations.shuffled(using: &random).map { seen in
        Observation(
          cluster: seen.cluster, at: seen.at, isComplete: seen.isComplete,
          nodes: seen.nodes.shuffled(using: &random),
          replicas: seen.replicas.shuffled(using: &random),
          occupants: seen.occupants.shuffled(using: &random))
      })
    shuffled.outOfStock.shuffle(using: &random)
    #expect(Planner.plan(shuffled).id == Planner.plan(input).id, "seed \(seed)")
  }

  private func check(_ stage: inout Stage, _ hint: String) {
    let isSettled = stage.settle()
    let last = stage.plan()
    #expect(isSettled, "\(hint): \(last.lines)")
    #expect(stage.violations == [], "\(hint)")
    let isEmpty = last.actions.isEmpty && last.placements.isEmpty && last.nodes.isEmpty
    #expect(isEmpty, "\(hint): \(last.actions.map { "\($0.id) \($0.waits)" })")
    if let target = stage.target {
      let isSame = last.target.replicas == target.replicas && last.target.nodes == target.nodes
      #expect(isSame, "\(hint)")
    }
    #expect(doubles(stage) == [], "\(hint)")
  }

  /// Replicas that hold room in two places at the setpoint.
  private func doubles(_ stage: Stage) -> [ReplicaID] {
    var known: Set<ReplicaID> = []
    return stage.observed.replicas.filter(\.holdsResources).map(\.id).filter {
      !known.insert($0).inserted
    }
  }

  // MARK: Worlds

  static func stage(_ random: inout SplitMix64) -> Stage {
    func pick(_ bound: Int) -> Int { Int(random.next(below: UInt64(bound))) }
    var pools: [NodePoolSpec] = [
      pool(
        "gpu", of: "gpu8", nodes: CountRange(0, 1 + pick(5)),
        capacity: pick(2) == 0 ? [.spot, .onDemand] : [.onDemand]),
      pool("cpu", of: "cpu16", nodes: CountRange(pick(2), 2 + pick(5))),
    ]
    if pick(2) == 0 { pools.append(pool("one", of: "gpu1", nodes: .to(3), in: "d")) }
    if pick(2) == 0 { pools.append(pool("far", of: "cpu16", nodes: .to(4), in: "d")) }
    var workloads: [WorkloadSpec] = []
    for index in 0..<(1 + pick(3)) {
      workloads.append(
        training(
          "gang\(index)", replicas: 1 + pick(3), devices: [1, 2, 4, 8][pick(4)],
          priority: 100 * (1 + pick(3)), duration: pick(3) == 0 ? .minutes(20) : nil))
    }
    for index in 0..<(1 + pick(3)) {
      workloads.append(
        service(
          "web\(index)", replicas: 1 + pick(6), cpu: Int64(1 + pick(8)),
          milliDevices: [nil, nil, 500, 1000][pick(4)], priority: 100 * (1 + pick(3)),
          placement: PlacementRules(spread: pick(3) == 0 ? .zone : nil),
          rollout: Rollout(maxSurge: .count(pick(3)), maxUnavailable: .count(pick(2)))))
    }
    return Stage(clusters: [cluster("c"), cluster("d")], pools, workloads)
  }

  /// Does something to the stage, and says what.
  static func disturb(_ stage: inout Stage, _ random: inout SplitMix64) -> String {
    func pick(_ bound: Int) -> Int { Int(random.next(below: UInt64(max(1, bound)))) }
    let nodes = stage.observed.nodes.filter { $0.phase == .ready }
    let names = stage.desired.workloads.map(\.metadata.name)
    let name = names.isEmpty ? "" : names[pick(names.count)]
    switch pick(8) {
    case 0, 1:
      guard !nodes.isEmpty else { return "nothing" }
      let node = nodes[pick(nodes.count)].id
      stage.run(pick(2) == 0 ? .loseNode("\(node)") : .reclaim("\(node)"))
      return "lost \(node)"
    case 2 where !name.isEmpty:
      stage.change(name) { $0.image += "+" }
      return "new image of \(name)"
    case 3 where !name.isEmpty:
      let count = 1 + pick(5)
      stage.change(name) { $0.replicas = .range(CountRange(count)) }
      return "\(name) to \(count)"
    case 4 where !name.isEmpty:
      stage.desired.workloads.removeAll { $0.metadata.name == name }
      return "without \(name)"
    case 5:
      stage.desired = DesiredState(
        clusters: stage.desired.clusters, nodePools: stage.desired.nodePools,
        workloads: stage.desired.workloads
          + [training("urgent\(pick(100))", replicas: 1, priority: 900)])
      return "something urgent"
    case 6 where !name.isEmpty:
      stage.change(name) { $0.resources.amounts.cpuMilli += 1000 }
      return "\(name) larger"
    default:
      stage.world.advance(to: stage.world.now + .minutes(Int64(pick(40))))
      return "time passes"
    }
  }
}
