import Model
import Scheduling
import Testing

/// Who would rather stand together does where that costs nobody anything.
@Suite struct GatheringTests {
  private func rather(_ level: TopologyLevel, pack: TopologyLevel? = nil) -> PlacementRules {
    PlacementRules(pack: pack, packPreferred: level)
  }

  private func nodes(_ racks: (name: String, rack: String, cpu: Int64)...) -> [FleetNode] {
    racks.map { node($0.name, rack: $0.rack, cpu: $0.cpu) }
  }

  @Test func standsTogetherWhereThereIsRoom() {
    check(
      SchedulingInput(
        nodes: nodes(("a", "r1", 2), ("b", "r2", 2), ("c", "r2", 2)),
        demands: [gang("g", 2, cpu: 2, rules: rather(.rack))]),
      ["g/0 on b", "g/1 on c"])
  }

  @Test func standsApartWhereThereIsNone() {
    check(
      SchedulingInput(
        nodes: nodes(("a", "r1", 2), ("b", "r2", 2)),
        demands: [gang("g", 2, cpu: 2, rules: rather(.rack))]),
      ["g/0 on a", "g/1 on b"])
  }

  /// Together it would take the only rack that the other can use.
  @Test func nobodyWaitsForIt() {
    let nodes = nodes(("a", "r1", 2), ("b", "r3", 2), ("c", "r2", 2), ("d", "r2", 2))
    check(
      SchedulingInput(
        nodes: nodes,
        demands: [
          gang("a", 2, cpu: 2, priority: 200, rules: rather(.rack)),
          gang("b", 2, cpu: 2, rules: PlacementRules(pack: .rack)),
        ]),
      ["a/0 on a", "a/1 on b", "b/0 on c", "b/1 on d"])
  }

  @Test func nothingIsBoughtForIt() {
    let input = SchedulingInput(
      nodes: nodes(("a", "r1", 2), ("b", "r2", 2)),
      demands: [gang("g", 2, cpu: 2, rules: rather(.rack))],
      offers: [offer("large", dollars: 1)], pools: [pool("p", max: 2)])
    check(input, ["g/0 on a", "g/1 on b"])
  }

  /// Where nodes are bought anyway they are bought in one zone, if that costs no more.
  @Test func whatIsBoughtStandsTogether() {
    func input(_ dollars: Int64) -> SchedulingInput {
      SchedulingInput(
        nodes: [node("a", zone: "z1", cpu: 2)],
        demands: [gang("g", 2, cpu: 2, rules: rather(.zone))],
        offers: [
          offer("small", zone: "z2", dollars: dollars, cpu: 2),
          offer("small", zone: "z1", dollars: 2, cpu: 2),
        ], pools: [pool("p", max: 2)])
    }
    check(input(2), ["g/0 on a", "g/1 on new 0", "buy small on-demand in z1 for g"])
    check(input(1), ["g/0 on a", "g/1 on new 0", "buy small on-demand in z2 for g"])
  }

  @Test func keepsWhatMustBeTogetherTogether() {
    check(
      SchedulingInput(
        nodes: [
          node("a", zone: "z1", rack: "r1", cpu: 2), node("b", zone: "z2", rack: "r1", cpu: 2),
          node("c", zone: "z2", rack: "r2", cpu: 2),
        ], demands: [gang("g", 2, cpu: 2, rules: rather(.rack, pack: .zone))]),
      ["g/0 on b", "g/1 on c"])
  }

  /// Whoever comes later joins the others; whoever runs is not moved.
  @Test func theOthersAreJoined() {
    check(
      SchedulingInput(
        nodes: nodes(("a", "r1", 2), ("b", "r2", 2), ("c", "r2", 2)),
        demands: [
          service("s", 2, cpu: 2, rules: rather(.rack), running: [running(0, on: "c")])
        ]), ["s/0 on c", "s/1 on b"])
    check(
      SchedulingInput(
        nodes: nodes(("a", "r1", 2), ("b", "r2", 2), ("c", "r2", 2)),
        demands: [
          service(
            "s", 2, cpu: 2, rules: rather(.rack),
            running: [running(0, on: "a"), running(1, on: "c")])
        ]), ["s/0 on a", "s/1 on c"])
  }

  @Test(arguments: [TopologyLevel.fabric, .block, .rack])
  func everyLevelIsOne(_ level: TopologyLevel) {
    func labelled(_ name: String, _ area: String?) -> FleetNode {
      node(name, cpu: 2, labels: area.map { [(level.rawValue, $0)] } ?? [])
    }
    let nodes = [
      labelled("a", "x"), labelled("b", "y"), labelled("c", "y"), labelled("d", nil),
    ]
    for rules in [PlacementRules(pack: level), rather(level)] {
      check(
        SchedulingInput(nodes: nodes, demands: [gang("g", 2, cpu: 2, rules: rules)]),
        ["g/0 on b", "g/1 on c"])
    }
    let result = Scheduler.schedule(
      SchedulingInput(
        nodes: nodes, demands: [gang("g", 3, cpu: 2, rules: PlacementRules(pack: level))]))
    #expect(result.pending.first?.remedy == .dropPack)
    check(
      SchedulingInput(
        nodes: nodes, demands: [service("s", 2, cpu: 1, rules: PlacementRules(spread: level))]),
      ["s/0 on a", "s/1 on b"])
  }

  /// Ranks that follow one another stand on nodes that do: ten comes after two.
  @Test func ranksFollowTheNumbersOfNodes() {
    check(
      SchedulingInput(
        nodes: ["n10", "n9", "n2", "n1", "n11"].map { node($0, cpu: 2) },
        demands: [gang("g", 4, cpu: 2)]),
      ["g/0 on n1", "g/1 on n2", "g/2 on n9", "g/3 on n10"])
  }

  @Test func ranksFollowTheFabric() {
    func labelled(_ name: String, _ block: String) -> FleetNode {
      node(name, cpu: 2, labels: [("block", block), ("fabric", "f")])
    }
    check(
      SchedulingInput(
        nodes: [labelled("a", "x"), labelled("b", "y"), labelled("c", "x"), labelled("d", "y")],
        demands: [gang("g", 4, cpu: 2, rules: PlacementRules(pack: .fabric))]),
      ["g/0 on a", "g/1 on c", "g/2 on b", "g/3 on d"])
  }

  /// With the wish, nobody waits and nothing is bought that would not be without it.
  @Test func randomWorldsAreNoWorseForIt() {
    var together = 0
    for seed in seeds(300) {
      var maker = WorldMaker(seed: seed)
      let plain = seed % 2 == 0 ? maker.empty() : maker.busy()
      var input = plain
      for index in input.demands.indices where maker.random.chance(50) {
        input.demands[index].rules.packPreferred = maker.random.oneOf(TopologyLevel.allCases)
      }
      let (result, without) = (Scheduler.schedule(input), Scheduler.schedule(plain))
      #expect(Judge(input, result).complaints == [], "seed \(seed)")
      #expect(result == Scheduler.schedule(maker.shuffled(input)), "seed \(seed)")
      func missing(_ result: SchedulingResult) -> Int {
        result.pending.reduce(0) { $0 + $1.ordinals.count }
      }
      #expect(missing(result) <= missing(without), "seed \(seed)")
      #expect(result.purchases.count <= without.purchases.count, "seed \(seed)")
      #expect(result.preemptions.count <= without.preemptions.count, "seed \(seed)")
      together += result.placements == without.placements ? 0 : 1
    }
    #expect(together > seeds(300).count / 20)
  }
}
