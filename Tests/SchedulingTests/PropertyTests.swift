import Model
import Scheduling
import Testing

/// Safety properties over seeded random worlds; a failure names its seed.
@Suite struct SchedulingProperties {
  /// Looked at together, since every look needs the same result.
  @Test func resultsAreLawfulStableAndWithoutOrder() {
    for seed in seeds(300) {
      var maker = WorldMaker(seed: seed)
      let input = seed % 2 == 0 ? maker.empty() : maker.busy()
      let result = Scheduler.schedule(input)
      #expect(Judge(input, result).complaints.isEmpty, "seed \(seed)")
      #expect(result == Scheduler.schedule(maker.shuffled(input)), "seed \(seed)")
      checkStability(of: result, input, seed)
    }
  }

  /// Scheduling the result again changes nothing.
  private func checkStability(
    of first: SchedulingResult, _ input: SchedulingInput, _ seed: UInt64
  ) {
    let world = after(input, first)
    let second = Scheduler.schedule(world)
    #expect(second.purchases.isEmpty, "seed \(seed)")
    #expect(second.preemptions.isEmpty, "seed \(seed)")
    let homes = first.placements.map { "\($0.replica) \(nodeID($0, input, first)) \($0.devices)" }
    let again = second.placements.map {
      "\($0.replica) \(nodeID($0, world, second)) \($0.devices)"
    }
    #expect(homes == again, "seed \(seed)")
  }

  @Test func remediesHelp() {
    var helped = 0
    for seed in seeds(240) {
      var maker = WorldMaker(seed: seed)
      let input = seed % 2 == 0 ? maker.empty() : maker.busy()
      for pending in Scheduler.schedule(input).pending {
        guard let remedy = pending.remedy else { continue }
        helped += 1
        let result = Scheduler.schedule(input.applying(remedy, to: pending.workload))
        let isPending = result.pending.contains { $0.workload == pending.workload }
        #expect(!isPending, "seed \(seed): \(remedy)")
      }
    }
    #expect(helped > seeds(240).count / 3)
  }
}
