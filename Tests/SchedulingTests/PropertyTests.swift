import Model
import Scheduling
import Testing

/// Safety properties over seeded random worlds; a failure names its seed.
@Suite struct SchedulingProperties {
  static let seeds: Range<UInt64> = 0..<300

  @Test func everyResultIsLawful() {
    for seed in Self.seeds {
      var maker = WorldMaker(seed: seed)
      let input = seed % 2 == 0 ? maker.empty() : maker.busy()
      let complaints = Judge(input, Scheduler.schedule(input)).complaints
      #expect(complaints.isEmpty, "seed \(seed)")
    }
  }

  @Test func orderOfInputDoesNotMatter() {
    for seed in Self.seeds {
      var maker = WorldMaker(seed: seed)
      let input = seed % 2 == 0 ? maker.empty() : maker.busy()
      let result = Scheduler.schedule(input)
      #expect(result == Scheduler.schedule(maker.shuffled(input)), "seed \(seed)")
    }
  }

  @Test func schedulingTheResultAgainChangesNothing() {
    for seed in Self.seeds {
      var maker = WorldMaker(seed: seed)
      let input = seed % 2 == 0 ? maker.empty() : maker.busy()
      let first = Scheduler.schedule(input)
      let second = Scheduler.schedule(after(input, first))
      #expect(second.purchases.isEmpty, "seed \(seed)")
      #expect(second.preemptions.isEmpty, "seed \(seed)")
      let homes = first.placements.map { "\($0.replica) \(nodeID($0, input, first)) \($0.devices)" }
      let again = second.placements.map {
        "\($0.replica) \(nodeID($0, after(input, first), second)) \($0.devices)"
      }
      #expect(homes == again, "seed \(seed)")
    }
  }

  @Test func remediesHelp() {
    var helped = 0
    for seed in Self.seeds {
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
    #expect(helped > 100)
  }
}
