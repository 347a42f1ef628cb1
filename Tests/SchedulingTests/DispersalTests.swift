import Model
import Scheduling
import Testing

/// Losing a node costs a service least, and that costs nobody anything.
@Suite struct DispersalTests {
  @Test func oneReplicaOnEachNode() {
    check(
      SchedulingInput(
        nodes: ["a", "b", "c", "d"].map { node($0, gpus: 8) }, demands: [service("s", 4, gpu: 1)]),
      ["s/0 on a [0]", "s/1 on d [0]", "s/2 on c [0]", "s/3 on b [0]"])
  }

  @Test func coresAloneStandApartToo() {
    check(
      SchedulingInput(nodes: [node("a"), node("b")], demands: [service("s", 4)]),
      ["s/0 on a", "s/1 on a", "s/2 on b", "s/3 on b"])
  }

  @Test func aZoneCountsAfterNodes() {
    let nodes = [
      node("a", zone: "z1", gpus: 8), node("b", zone: "z1", gpus: 8),
      node("c", zone: "z2", gpus: 8),
    ]
    check(
      SchedulingInput(nodes: nodes, demands: [service("s", 2, gpu: 1)]),
      ["s/0 on a [0]", "s/1 on c [0]"])
    check(
      SchedulingInput(nodes: nodes, demands: [service("s", 3, gpu: 1)]),
      ["s/0 on a [0]", "s/1 on b [0]", "s/2 on c [0]"])
  }

  @Test func whatRunsStaysAndTheNewOnesGoAround() {
    check(
      SchedulingInput(
        nodes: ["a", "b", "c"].map { node($0, gpus: 8) },
        demands: [
          service(
            "s", 4, gpu: 1,
            running: [running(0, on: "b", devices: [0]), running(1, on: "b", devices: [1])])
        ]),
      ["s/0 on b [0]", "s/1 on b [1]", "s/2 on a [0]", "s/3 on c [0]"])
  }

  @Test func aNodeThatWouldBeGivenBackStaysEmpty() {
    var idle = node("b", gpus: 8)
    idle.goesWhenEmpty = true
    check(
      SchedulingInput(nodes: [node("a", gpus: 8), idle], demands: [service("s", 2, gpu: 1)]),
      ["s/0 on a [0]", "s/1 on a [1]"])
    // Once something stands there, nothing is saved by staying away.
    check(
      SchedulingInput(
        nodes: [node("a", gpus: 8), idle],
        demands: [
          service("other", 1, gpu: 1, running: [running(0, on: "b", devices: [0])]),
          service("s", 2, gpu: 1),
        ]),
      ["other/0 on b [0]", "s/0 on a [0]", "s/1 on b [1]"])
  }

  @Test func nobodyIsLeftWithoutAHomeForIt() {
    // Apart, the four would leave no node whole for the other.
    check(
      SchedulingInput(
        nodes: [node("a", gpus: 4), node("b", gpus: 4)],
        demands: [service("s", 4, gpu: 1, priority: 200), service("whole", 1, gpu: 4)]),
      ["s/0 on a [0]", "s/1 on a [1]", "s/2 on a [2]", "s/3 on a [3]", "whole/0 on b [0, 1, 2, 3]"])
  }

  @Test func noDeviceIsStrandedForIt() {
    // The one on `b` would leave devices there without cores.
    check(
      SchedulingInput(
        nodes: [node("a", cpu: 192, gpus: 8), node("b", cpu: 96, gpus: 8)],
        demands: [service("s", 2, gpu: 1, cpu: 20)]),
      ["s/0 on a [0]", "s/1 on a [1]"])
  }

  @Test func nodesThatAreBoughtShareServices() {
    let result = Scheduler.schedule(
      SchedulingInput(
        demands: [service("s", 8, gpu: 1), service("t", 8, gpu: 1)],
        offers: [offer("large", dollars: 12, gpus: 8)], pools: [pool("p", max: 4)]))
    #expect(result.purchases.count == 2)
    for name in ["s", "t"] {
      let homes = result.placements.filter { $0.replica.workload == WorkloadName(name) }.map(\.home)
      #expect(homes.count { $0 == .new(0) } == 4)
    }
  }

  @Test func rulesAndQueuesHold() {
    // Packed into one rack, two a node there; spread over zones, apart within each.
    let nodes = (0..<4).map { node("n\($0)", rack: "r\($0 / 2)", gpus: 8) }
    check(
      SchedulingInput(
        nodes: nodes, demands: [service("s", 4, gpu: 1, rules: PlacementRules(pack: .rack))]),
      ["s/0 on n0 [0]", "s/1 on n0 [1]", "s/2 on n1 [1]", "s/3 on n1 [0]"])
    check(
      SchedulingInput(
        nodes: (0..<4).map { node("n\($0)", zone: "z\($0 / 2)", gpus: 8) },
        demands: [service("s", 4, gpu: 1, rules: PlacementRules(spread: .zone))]),
      ["s/0 on n0 [0]", "s/1 on n2 [0]", "s/2 on n1 [0]", "s/3 on n3 [0]"])
  }

  @Test func randomWorldsStandApartAndStayLawful() {
    var apart = 0
    for seed in seeds(150) {
      var maker = WorldMaker(seed: seed)
      let input = maker.empty()
      let result = Scheduler.schedule(input)
      for demand in input.demands where !demand.isGang && demand.count > 1 {
        let homes = result.placements.filter { $0.replica.workload == demand.workload }.map(\.home)
        if Set(homes).count > 1 { apart += 1 }
      }
      #expect(Judge(input, result).complaints.isEmpty, "seed \(seed)")
    }
    #expect(apart > seeds(150).count / 10)
  }
}
