import Model
import Scheduling
import Testing

/// Room that is kept free for whoever comes.
@Suite struct HeadroomTests {
  private func input(
    _ nodes: [FleetNode], _ demands: [ReplicaDemand] = [], keep count: Int = 1, cpu: Int64 = 4,
    max: Int = 0
  ) -> SchedulingInput {
    SchedulingInput(
      nodes: nodes.map { node in
        var node = node
        node.pool = PoolName("p")
        return node
      }, demands: demands, offers: [offer("small", dollars: 1, cpu: 4)],
      pools: [pool("p", max: max)],
      headrooms: [
        HeadroomDemand(
          pool: PoolName("p"), cluster: ClusterName("c"), count: count, resources: needs(cpu: cpu))
      ])
  }

  @Test func whatIsFreeIsKept() {
    check(input([node("a", cpu: 4), node("b", cpu: 8)], keep: 3), ["p keeps 3 of 3: a, b, b"])
  }

  @Test func nodesAreBoughtForTheRest() {
    check(
      input([node("a", cpu: 4)], keep: 3, max: 2),
      [
        "buy small on-demand in z1 to be kept free", "buy small on-demand in z1 to be kept free",
        "p keeps 3 of 3: a, new 0, new 1",
      ])
    check(input([node("a", cpu: 4)], keep: 3, max: 0), ["p keeps 1 of 3: a"])
  }

  /// Whoever comes takes it, whatever his priority, and it is kept elsewhere.
  @Test func anybodyTakesIt() {
    check(
      input([node("a", cpu: 4)], [service("s", 1, cpu: 4, priority: 0)], max: 1),
      ["s/0 on a", "buy small on-demand in z1 to be kept free", "p keeps 1 of 1: new 0"])
    check(
      input([node("a", cpu: 4)], [service("s", 1, cpu: 4, priority: 0)]),
      ["s/0 on a", "p keeps 0 of 1: "])
  }

  /// Who borrows, and who merely grows, has the better claim too.
  @Test func borrowersAndStepsTakeIt() {
    var borrowing = input(
      [node("a", cpu: 4, gpus: 1)], [service("s", 1, gpu: 1, cpu: 4, queue: "q")])
    borrowing.queues = [
      queue("q", in: "org", quota: 0), queue("r", in: "org", quota: 1), queue("org"),
    ]
    check(borrowing, ["s/0 on a [0]", "p keeps 0 of 1: "])
    check(
      input([node("a", cpu: 8)], [elastic("g", min: 1, 2, step: 1, cpu: 4)]),
      ["g/0 on a", "g/1 on a", "p keeps 0 of 1: "])
  }

  /// It is its own pool's, whatever keeps others off.
  @Test func itIsOnThePoolsOwnNodes() {
    var tainted = input([node("a", cpu: 4, taints: [Taint(key: "keep-off")])])
    tainted.nodes[0].reservedFor = [QueueName("nlp")]
    tainted.nodes.append(node("b", cpu: 64))
    check(tainted, ["p keeps 1 of 1: a"])
  }

  /// What it needs is not given back.
  @Test func emptyingNodesLeavesIt() {
    func consolidation(keep count: Int) -> Consolidation? {
      let world = input(
        [node("a", cpu: 4), node("b", cpu: 8)],
        [service("s", 1, cpu: 2, running: [running(0, on: "a")])], keep: count)
      return Scheduler.consolidate(
        world,
        ConsolidationTerms(
          candidates: [
            ConsolidationTerms.Candidate(
              node: NodeID(ClusterName("c"), "a"), pool: PoolName("p"),
              pricePerHour: Money(micros: 1_000_000), horizon: .hours(8), marginPercent: 0)
          ], pools: [ConsolidationTerms.PoolTerms(pool: PoolName("p"), drainsMax: 1, spare: 1)]))
    }
    #expect(consolidation(keep: 1) != nil)
    #expect(consolidation(keep: 2) == nil)
  }

  @Test func randomWorldsAreTheSameWithIt() {
    for seed in seeds(150) {
      var maker = WorldMaker(seed: seed)
      let plain = seed % 2 == 0 ? maker.empty() : maker.busy()
      var world = plain
      world.headrooms = [
        HeadroomDemand(
          pool: PoolName("p"), cluster: ClusterName("c"), count: 1 + maker.random.below(3),
          resources: needs(cpu: 2))
      ]
      let (result, without) = (Scheduler.schedule(world), Scheduler.schedule(plain))
      #expect(Judge(world, result).complaints == [], "seed \(seed)")
      #expect(result == Scheduler.schedule(maker.shuffled(world)), "seed \(seed)")
      #expect(result.placements == without.placements, "seed \(seed)")
      #expect(result.pending == without.pending, "seed \(seed)")
      #expect(result.purchases.starts(with: without.purchases), "seed \(seed)")
    }
  }
}
