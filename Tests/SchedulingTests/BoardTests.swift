import Model
import Testing

@testable import Scheduling

/// Boards are for speed alone: what is found on them is what looking through all nodes finds.
@Suite struct BoardTests {
  /// For every class, from its second question on.
  private static let always = Boards(nodesMin: 1, patienceMin: 1 << 12)
  private static let never = Boards(nodesMin: .max)

  private func outcome(_ input: SchedulingInput, _ boards: Boards) -> SchedulingResult {
    let (standing, claims) = Scheduler.settle(input, boards)
    return standing.result(claims)
  }

  @Test func randomWorldsComeOutAlike() {
    for seed in seeds(300) {
      var maker = WorldMaker(seed: seed)
      let input = seed % 2 == 0 ? maker.empty() : maker.busy()
      #expect(outcome(input, Self.always) == outcome(input, Self.never), "seed \(seed)")
    }
  }

  @Test func largeFleetsComeOutAlike() {
    for seed in seeds(12) {
      var maker = WorldMaker(seed: seed)
      let input = maker.large(nodes: 80 + Int(seed) * 20, workloads: 80)
      let scanned = outcome(input, Self.never)
      #expect(outcome(input, Boards()) == scanned, "seed \(seed)")
      #expect(outcome(input, Self.always) == scanned, "seed \(seed)")
    }
  }

  @Test func engineComesOutAlike() {
    for seed in seeds(12) {
      var maker = WorldMaker(seed: seed)
      let world = maker.large(nodes: 100, workloads: 80)
      var bare = world
      bare.demands = []
      var engine = PlacementEngine(bare, Self.always)
      var twin = PlacementEngine(bare, Self.never)
      for change in maker.changes(in: world, 80) {
        #expect(engine.apply([change]) == twin.apply([change]), "seed \(seed): \(change)")
      }
    }
  }

  /// More classes than boards at a time, asked in turn.
  @Test func boardsMakeRoomForOneAnother() {
    var input = SchedulingInput()
    for index in 0..<70 { input.nodes.append(node("n\(index)", memory: 512, gpus: 8)) }
    for index in 0..<(3 * Boards.boardsMax) {
      let cpu = Int64(index % (Boards.boardsMax + 10)) / 10 + 1
      var demand = service("w\(index)", 2, gpu: 0.1, cpu: cpu)
      demand.rules.tolerations = [Toleration(key: "t\(index % (Boards.boardsMax + 10))")]
      input.demands.append(demand)
    }
    #expect(outcome(input, Self.always) == outcome(input, Self.never))
  }

  /// Changes from longer ago than the log goes back.
  @Test func changesAreForgottenAfterAWhile() {
    var log = ChangeLog()
    for index in 0..<(5 * ChangeLog.reach) { log.note(index % 100) }
    #expect(log.end == 5 * ChangeLog.reach)
    #expect(log.since(log.end).isEmpty)
    let last = log.since(log.end - ChangeLog.reach)
    #expect(last.count == ChangeLog.reach)
    #expect(last.last == Int32((5 * ChangeLog.reach - 1) % 100))
  }
}
