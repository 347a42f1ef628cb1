import Model
import Scheduling
import Testing

/// Who must stand beside whom, and who must not.
@Suite struct NeighbourTests {
  private let cache = Labels([("app", "cache")])
  private let noisy = Labels([("tier", "noisy")])

  private func beside(_ labels: Labels, within level: TopologyLevel) -> PlacementRules {
    PlacementRules(affinity: [NeighbourRule(workloads: labels, within: level)])
  }

  private func away(from labels: Labels, within level: TopologyLevel) -> PlacementRules {
    PlacementRules(antiAffinity: [NeighbourRule(workloads: labels, within: level)])
  }

  // MARK: Affinity

  /// Whichever of the two the scheduler comes to first.
  @Test(arguments: [("a-web", 100), ("z-web", 100), ("web", 500)])
  func standsBesideWhoComesInTheSamePlan(_ name: String, _ priority: Int) {
    check(
      SchedulingInput(
        nodes: [node("a", zone: "z1", cpu: 2), node("b", zone: "z2", cpu: 16)],
        demands: [
          service("cache", 1, cpu: 8).labelled(cache),
          service(name, 2, cpu: 2, priority: priority, rules: beside(cache, within: .zone)),
        ]),
      [name, "cache"].sorted().flatMap {
        $0 == "cache" ? ["cache/0 on b"] : ["\(name)/0 on b", "\(name)/1 on b"]
      })
  }

  @Test func waitsWhereNobodyIs() {
    check(
      SchedulingInput(
        nodes: [node("a")],
        demands: [
          service("cache", 1, cpu: 100).labelled(cache),
          service("web", 1, rules: beside(cache, within: .node)),
        ]),
      ["cache[0] pending: cpu 1+0", "web[0] pending: affinity 1+0"])
  }

  /// Of a group, the first stands anywhere, and where the others have room too.
  @Test func aGroupFindsOnePlaceForAll() {
    let rules = beside(cache, within: .zone)
    check(
      SchedulingInput(
        nodes: [
          node("a", zone: "z1", cpu: 1), node("b", zone: "z2", cpu: 2),
          node("c", zone: "z2", cpu: 1),
        ],
        demands: [service("cache", 3, rules: rules).labelled(cache)]),
      ["cache/0 on c", "cache/1 on b", "cache/2 on b"])
    check(
      SchedulingInput(
        nodes: [node("a", zone: "z1", cpu: 2), node("b", zone: "z2", cpu: 3)],
        demands: [gang("cache", 3, rules: rules).labelled(cache)]),
      ["cache/0 on b", "cache/1 on b", "cache/2 on b"])
  }

  @Test func nodesAreBoughtBesideTheOthers() {
    check(
      SchedulingInput(
        nodes: [node("a", zone: "z2", cpu: 4)],
        demands: [
          service("cache", 1, cpu: 4).labelled(cache),
          service("web", 1, cpu: 4, rules: beside(cache, within: .zone)),
        ],
        offers: [
          offer("cheap", zone: "z1", dollars: 1, cpu: 8),
          offer("dear", zone: "z2", dollars: 2, cpu: 8),
        ], pools: [pool("p", max: 2)]),
      ["cache/0 on a", "web/0 on new 0", "buy dear on-demand in z2 for web"])
  }

  @Test func aGangStandsWholeBesideTheOthers() {
    let rules = beside(cache, within: .zone)
    check(
      SchedulingInput(
        nodes: [node("a", zone: "z1", cpu: 9), node("b", zone: "z2", cpu: 8)],
        demands: [
          service("cache", 1, cpu: 1, running: [running(0, on: "b")]).labelled(cache),
          gang("train", 2, cpu: 4, rules: rules),
        ]),
      [
        "cache/0 on b",
        "train[0, 1] pending: affinity 1+0, gang 1+0",
      ])
  }

  /// Nobody stays who came to stand beside somebody who had to go for another in the same plan.
  @Test func nobodyIsLeftAlone() {
    check(
      SchedulingInput(
        nodes: [node("a", cpu: 4)],
        demands: [
          service("boss", 1, cpu: 3, priority: 200),
          service("cache", 1, cpu: 2, priority: 100, running: [running(0, on: "a")]).labelled(
            cache),
          service("web", 1, cpu: 1, priority: 500, rules: beside(cache, within: .node)),
        ]),
      [
        "boss/0 on a", "cache/0 leaves a for boss (priority)", "cache[0] pending: cpu 1+0",
        "web[0] pending: affinity 1+0",
      ])
  }

  // MARK: Anti-affinity

  /// Whoever has the rule, and whoever of the two is there first.
  @Test(arguments: [true, false], [true, false])
  func keepsAway(isFirst: Bool, isNoisyThere: Bool) {
    let (one, other) = isFirst ? ("a", "z") : ("z", "a")
    let quiet = service(
      one, 1, rules: away(from: noisy, within: .node),
      running: isNoisyThere ? [] : [running(0, on: "n1")])
    let loud = service(other, 1, running: isNoisyThere ? [running(0, on: "n1")] : []).labelled(
      noisy)
    let homes = [
      isNoisyThere ? "\(one)/0 on n2" : "\(one)/0 on n1",
      isNoisyThere ? "\(other)/0 on n1" : "\(other)/0 on n2",
    ]
    check(
      SchedulingInput(nodes: [node("n1"), node("n2")], demands: [quiet, loud]), homes.sorted())
    check(
      SchedulingInput(nodes: [node("n1")], demands: [quiet, loud]),
      [
        homes.sorted().first { $0.hasSuffix("n1") } ?? "",
        "\(isNoisyThere ? one : other)[0] pending: antiAffinity 1+0",
      ])
  }

  @Test func oneOfItsOwnOnEachNode() {
    let rules = away(from: cache, within: .node)
    check(
      SchedulingInput(
        nodes: [node("a"), node("b")],
        demands: [service("cache", 3, rules: rules).labelled(cache)],
        offers: [offer("large", dollars: 9), offer("small", dollars: 1, cpu: 2)],
        pools: [pool("p", max: 2)]),
      [
        "cache/0 on a", "cache/1 on b", "cache/2 on new 0", "buy small on-demand in z1 for cache",
      ])
    check(
      SchedulingInput(
        nodes: [node("a"), node("b"), node("c")],
        demands: [gang("cache", 3, gpu: 0, rules: rules).labelled(cache)]),
      ["cache/0 on a", "cache/1 on b", "cache/2 on c"])
  }

  /// A whole zone is closed, and nothing is bought there.
  @Test func keepsOutOfAZone() {
    check(
      SchedulingInput(
        nodes: [node("a", zone: "z1")],
        demands: [
          service("loud", 1, running: [running(0, on: "a")]).labelled(noisy),
          service("quiet", 1, rules: away(from: noisy, within: .zone)),
        ],
        offers: [
          offer("cheap", zone: "z1", dollars: 1), offer("dear", zone: "z2", dollars: 2),
        ], pools: [pool("p", max: 1)]),
      ["loud/0 on a", "quiet/0 on new 0", "buy dear on-demand in z2 for quiet"])
  }

  /// An empty selector means everybody.
  @Test func aNodeOfItsOwn() {
    check(
      SchedulingInput(
        nodes: [node("a"), node("b")],
        demands: [
          service("alone", 1, rules: away(from: .none, within: .node)), service("web", 2),
        ]),
      ["alone/0 on a", "web/0 on b", "web/1 on b"])
  }

  // MARK: Room is made

  /// The neighbour goes, though there is room beside him.
  @Test func aNeighbourOfLowerPriorityGoes() {
    check(
      SchedulingInput(
        nodes: [node("a")],
        demands: [
          service("loud", 1, running: [running(0, on: "a")]).labelled(noisy),
          service("meek", 1, running: [running(0, on: "a")]),
          service("quiet", 1, priority: 200, rules: away(from: noisy, within: .node)),
        ]),
      [
        "meek/0 on a", "quiet/0 on a", "loud/0 leaves a for quiet (priority)",
        "loud[0] pending: antiAffinity 1+0",
      ])
  }

  /// The same where more could go than are looked through one by one.
  @Test func neighboursOfLowerPriorityGoFromLargeFleets() {
    let nodes = (0..<20).map { node("n\(10 + $0)", cpu: 4) }
    let loud = service(
      "loud", 20, cpu: 2, running: (0..<20).map { running($0, on: "n\(10 + $0)") }
    ).labelled(noisy)
    let input = SchedulingInput(
      nodes: nodes,
      demands: [
        loud, service("quiet", 2, cpu: 1, priority: 200, rules: away(from: noisy, within: .node)),
      ])
    let result = Scheduler.schedule(input)
    #expect(Judge(input, result).complaints == [])
    #expect(result.preemptions.count == 1)
    #expect(result.pending == [])
  }

  /// What stands against a rule stays.
  @Test func whatRunsIsNotMoved() {
    check(
      SchedulingInput(
        nodes: [node("a"), node("b")],
        demands: [
          service("loud", 1, running: [running(0, on: "a")]).labelled(noisy),
          service(
            "quiet", 2, rules: away(from: noisy, within: .node), running: [running(0, on: "a")]),
        ]),
      ["loud/0 on a", "quiet/0 on a", "quiet/1 on b"])
  }

  /// A replica that is not asked for counts where it stands.
  @Test func whoIsHeldCounts() {
    var held = node("a")
    held.occupants = [Occupancy(resources: needs(), workload: WorkloadName("loud"))]
    check(
      SchedulingInput(
        nodes: [held, node("b")],
        demands: [
          service("loud", 0).labelled(noisy),
          service("quiet", 1, rules: away(from: noisy, within: .node)),
        ]),
      ["quiet/0 on b"])
  }

  @Test func explained() {
    let input = SchedulingInput(
      nodes: [node("a"), node("b"), node("c", zone: "z2")],
      demands: [
        service("cache", 1, running: [running(0, on: "a")]).labelled(cache),
        service("web", 1, rules: beside(cache, within: .zone)),
      ])
    let ranking = Scheduler.rank(input, ReplicaID(WorkloadName("web"), 0))
    #expect(ranking?.places.map(\.node.name) == ["a", "b"])
    #expect(ranking?.excluded == [ReasonCount(.affinity, nodes: 1, offers: 0)])
  }

  @Test func remedies() {
    let alone = service("web", 1, rules: beside(cache, within: .node))
    let shy = service("web", 1, rules: away(from: noisy, within: .node))
    let loud = service("loud", 1, running: [running(0, on: "a")]).labelled(noisy)
    for (web, remedy) in [(alone, Remedy.dropAffinity), (shy, .dropAntiAffinity)] {
      let input = SchedulingInput(nodes: [node("a")], demands: [web, loud])
      #expect(Scheduler.schedule(input).pending.map(\.remedy) == [remedy])
    }
  }

  /// Emptying a node leaves nobody behind who needs what stood there.
  @Test func consolidationLeavesNobodyAlone() {
    var input = SchedulingInput(
      nodes: [node("a", zone: "z1"), node("b", zone: "z2"), node("c", zone: "z1")],
      demands: [
        service("cache", 1, running: [running(0, on: "a")]).labelled(cache),
        service("other", 1, running: [running(0, on: "b")]),
        service(
          "web", 1, rules: beside(cache, within: .zone), running: [running(0, on: "c")]),
      ], pools: [pool("p", max: 0)])
    let terms = ConsolidationTerms(
      candidates: ["a"].map {
        ConsolidationTerms.Candidate(
          node: NodeID(ClusterName("c"), $0), pool: PoolName("p"),
          pricePerHour: Money(micros: 1_000_000), horizon: .hours(8), marginPercent: 0)
      }, pools: [ConsolidationTerms.PoolTerms(pool: PoolName("p"), drainsMax: 3, spare: 3)])
    let c = NodeID(ClusterName("c"), "c")
    #expect(Scheduler.consolidate(input, terms) != nil)
    input.nodes = input.nodes.filter { $0.id != c } + [node("c", zone: "z1", cpu: 1)]
    #expect(Scheduler.consolidate(input, terms) == nil)
  }

  /// A cache that is lost comes back where those are who need one.
  @Test func comesToThoseWhoNeedIt() {
    check(
      SchedulingInput(
        nodes: [node("a", zone: "z1"), node("b", zone: "z2")],
        demands: [
          service("cache", 1).labelled(cache),
          service("web", 1, rules: beside(cache, within: .zone), running: [running(0, on: "b")]),
        ]),
      ["cache/0 on b", "web/0 on b"])
  }

  // MARK: Between schedulings

  @Test func theEngineKeepsThemToo() {
    var engine = PlacementEngine(nodes: [node("a", zone: "z1"), node("b", zone: "z2")])
    let quiet = service("quiet", 1, rules: away(from: noisy, within: .zone))
    let web = service("web", 1, rules: beside(cache, within: .zone))
    #expect(
      engine.apply([.wanted(service("loud", 1).labelled(noisy)), .wanted(quiet), .wanted(web)])
        .placements.map { "\($0.replica)" } == ["loud/0", "quiet/0"])
    let answer = engine.apply([.wanted(service("cache", 1).labelled(cache))])
    #expect(answer.placements.map { "\($0.replica)" } == ["cache/0", "web/0"])
    #expect(Set(answer.placements.map(\.home)).count == 1)
    #expect(answer.waiting == [])
    // A rule that comes later sees who stands.
    let shy = service("shy", 1, rules: away(from: cache, within: .zone))
    let away = engine.apply([.wanted(shy)])
    #expect(away.placements.first.map { $0.home != answer.placements[0].home } ?? false)
  }

  // MARK: In random worlds

  @Test func randomWorldsKeepThem() {
    var ruled = 0
    for seed in seeds(400) {
      var maker = WorldMaker(seed: seed)
      let input = maker.neighbourly(seed % 2 == 0 ? maker.empty() : maker.busy())
      let result = Scheduler.schedule(input)
      #expect(Judge(input, result).complaints == [], "seed \(seed)")
      #expect(result == Scheduler.schedule(maker.shuffled(input)), "seed \(seed)")
      let again = Scheduler.schedule(after(input, result))
      #expect(again.purchases.isEmpty && again.preemptions.isEmpty, "seed \(seed)")
      #expect(
        result.placements.map { nodeID($0, input, result) }
          == again.placements.map { nodeID($0, after(input, result), again) }, "seed \(seed)")
      let isRuled = result.pending.contains { pending in
        pending.reasons.contains { $0.reason == .affinity || $0.reason == .antiAffinity }
      }
      ruled += isRuled ? 1 : 0
    }
    #expect(ruled > seeds(400).count / 20)
  }
}

extension ReplicaDemand {
  func labelled(_ labels: Labels) -> ReplicaDemand {
    var demand = self
    demand.labels = labels
    return demand
  }
}

extension WorldMaker {
  /// The same world, where some workloads mind their neighbours.
  mutating func neighbourly(_ input: SchedulingInput) -> SchedulingInput {
    var input = input
    let labels = ["a", "b"].map { Labels([("app", $0)]) }
    for index in input.demands.indices {
      if random.chance(70) { input.demands[index].labels = random.oneOf(labels) }
      func rule(_ random: inout SplitMix64) -> NeighbourRule {
        NeighbourRule(
          workloads: random.chance(10) ? .none : random.oneOf(labels),
          within: random.oneOf(TopologyLevel.allCases))
      }
      if random.chance(25) { input.demands[index].rules.affinity = [rule(&random)] }
      if random.chance(35) { input.demands[index].rules.antiAffinity = [rule(&random)] }
    }
    return input
  }
}
