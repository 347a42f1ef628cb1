import Model
import Scheduling
import Testing

/// Gangs that grow where there is room, and shrink before anything with a claim has to go.
@Suite struct ElasticGangs {
  private func gpus(_ names: String...) -> [FleetNode] { names.map { node($0, gpus: 2) } }

  /// Two whole devices on one node for each replica.
  private func runs(_ count: Int, from first: Int = 0) -> [RunningReplica] {
    (0..<count).map { running($0, on: "n\(first + $0)", devices: [0, 1], loss: 5000) }
  }

  private func sizes(_ result: SchedulingResult) -> [String: Int] {
    Dictionary(result.placements.map { ($0.replica.workload.text, 1) }, uniquingKeysWith: +)
  }

  private func world(_ nodes: Int, _ demands: [ReplicaDemand]) -> SchedulingInput {
    SchedulingInput(nodes: (0..<nodes).map { node("n\($0)", gpus: 2) }, demands: demands)
  }

  @Test(arguments: [(1, 0), (2, 2), (3, 2), (4, 4), (5, 4), (9, 6)])
  func theLargestSizeThatFits(nodes: Int, size: Int) {
    let input = world(nodes, [elastic("g", min: 2, 6, step: 2, gpu: 2)])
    let result = Scheduler.schedule(input)
    #expect(result.placements.count == size)
    #expect(Judge(input, result).complaints.isEmpty)
    #expect(result.pending.map(\.ordinals) == (size == 0 ? [[0, 1]] : []))
    #expect(
      result.reduced.map(\.ordinals) == (size == 0 || size == 6 ? [] : [Array(size..<6)]))
    if let reason = result.reduced.first?.reasons.first {
      #expect(reason.offers == 0)
    }
  }

  @Test func itGrowsWhenRoomComesAndNobodyIsMoved() {
    let input = world(4, [elastic("g", min: 2, 4, step: 2, gpu: 2, running: runs(2))])
    let result = Scheduler.schedule(input)
    #expect(result.placements.count == 4)
    #expect(result.preemptions.isEmpty)
    #expect(Judge(input, result).complaints.isEmpty)
  }

  @Test func nothingIsBoughtForAStep() {
    var input = world(2, [elastic("g", min: 2, 4, step: 2, gpu: 2)])
    input.offers = [offer("two", dollars: 4, gpus: 2)]
    input.pools = [pool("p", max: 4)]
    #expect(Scheduler.schedule(input).purchases.isEmpty)
    input.nodes = []
    let result = Scheduler.schedule(input)
    #expect(result.purchases.count == 2)
    #expect(result.placements.count == 2)
  }

  /// Whoever has a claim comes before what is above the least size, whatever its priority.
  @Test func aStepGivesWayToALowerPriority() {
    let input = world(
      4,
      [
        elastic("g", min: 2, 4, step: 2, gpu: 2, priority: 500, running: runs(4)),
        service("low", 1, gpu: 1, priority: 10),
      ])
    let result = Scheduler.schedule(input)
    #expect(sizes(result) == ["g": 2, "low": 1])
    #expect(result.preemptions.map(\.cause) == [.elastic, .elastic])
    #expect(result.preemptions.map(\.replica.ordinal) == [2, 3])
    #expect(Judge(input, result).complaints.isEmpty)
    let again = Scheduler.schedule(after(input, result))
    #expect(again.preemptions.isEmpty && sizes(again) == sizes(result))
  }

  /// A step that loses work goes before a service with a claim that would lose none.
  @Test func aStepGoesBeforeAnybodyWithAClaim() {
    let input = world(
      5,
      [
        elastic("g", min: 2, 4, step: 2, gpu: 2, priority: 50, running: runs(4)),
        service("s", 1, gpu: 2, priority: 10, running: [running(0, on: "n4", devices: [0, 1])]),
        service("boss", 1, gpu: 2, priority: 900),
      ])
    let result = Scheduler.schedule(input)
    #expect(sizes(result) == ["boss": 1, "g": 2, "s": 1])
  }

  @Test func itGoesWholeOnlyWhenItsLeastSizeIsInTheWay() {
    let input = world(
      4,
      [
        elastic("g", min: 2, 4, step: 2, gpu: 2, running: runs(4)),
        gang("boss", 3, gpu: 2, priority: 900),
      ])
    let result = Scheduler.schedule(input)
    #expect(sizes(result) == ["boss": 3])
    #expect(Set(result.preemptions.map(\.replica)).count == 4)
    #expect(result.pending.map(\.ordinals) == [[0, 1]])
    #expect(Judge(input, result).complaints.isEmpty)
  }

  @Test func itsOwnStepsMakeItWholeAgain() {
    // The node of replica 0 is gone.
    var input = world(4, [elastic("g", min: 2, 4, step: 2, gpu: 2, running: runs(4))])
    input.nodes.removeFirst()
    let result = Scheduler.schedule(input)
    #expect(result.placements.map(\.replica.ordinal) == [0, 1])
    #expect(result.placements.last?.home == .existing(NodeID(ClusterName("c"), "n1")))
    #expect(Judge(input, result).complaints.isEmpty)
  }

  @Test func aStepIsAllOrNothing() {
    var input = world(5, [elastic("g", min: 1, 5, step: 2, gpu: 2, running: runs(5))])
    input.nodes.remove(at: 2)
    let result = Scheduler.schedule(input)
    #expect(result.placements.map(\.replica.ordinal) == [0, 1, 2])
    #expect(Judge(input, result).complaints.isEmpty)
  }

  @Test func stepsStandWhereTheGangStands() {
    let nodes = (0..<6).map { node("n\($0)", rack: "r\($0 / 3)", gpus: 2) }
    let demand = elastic(
      "g", min: 2, 6, step: 2, gpu: 2, rules: PlacementRules(pack: .rack))
    let input = SchedulingInput(nodes: nodes, demands: [demand])
    let result = Scheduler.schedule(input)
    #expect(result.placements.count == 2)
    #expect(result.reduced.first?.reasons.contains { $0.reason == .pack } ?? false)
    #expect(Judge(input, result).complaints.isEmpty)
  }

  @Test func itCanBeLoweredToFit() {
    let input = world(2, [elastic("g", min: 4, 8, step: 2, gpu: 2)])
    let pending = Scheduler.schedule(input).pending
    #expect(pending.map(\.remedy) == [.lowerReplicas(to: 2)])
  }

  @Test func randomWorldsComeOutLawfulAndStable() {
    var grown = 0
    var shrunk = 0
    for seed in seeds(240) {
      var maker = WorldMaker(seed: seed)
      var input = maker.empty()
      for index in input.demands.indices where input.demands[index].isGang {
        let least = input.demands[index].count
        let step = 1 + Int(seed) % 2
        input.demands[index].elastic = ElasticSizes(min: least, step: step)
        input.demands[index].count = least + 2 * step
      }
      var before = input
      before.demands.removeAll { !$0.isGang }
      let first = Scheduler.schedule(before)
      #expect(Judge(before, first).complaints.isEmpty, "seed \(seed)")
      grown +=
        first.placements.contains { placement in
          let demand = before.demands.first { $0.workload == placement.replica.workload }
          return placement.replica.ordinal >= demand?.elastic?.min ?? .max
        } ? 1 : 0
      var now = after(before, first)
      now.demands += input.demands.filter { demand in
        !before.demands.contains { $0.workload == demand.workload }
      }
      let second = Scheduler.schedule(now)
      #expect(Judge(now, second).complaints.isEmpty, "seed \(seed), then")
      #expect(second == Scheduler.schedule(maker.shuffled(now)), "seed \(seed), shuffled")
      shrunk += second.preemptions.contains { $0.cause == .elastic } ? 1 : 0
      let third = Scheduler.schedule(after(now, second))
      #expect(third.preemptions.isEmpty, "seed \(seed), again")
      #expect(third.placements.count == second.placements.count, "seed \(seed), again")
    }
    #expect(grown > 10)
    #expect(shrunk > 2)
  }
}
