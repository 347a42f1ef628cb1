import Manifests
import Model
import Testing

@testable import Advising

/// Asking for less where less was used.
@Suite struct OverAskedTests {
  private func changes(_ lab: Lab) -> [String] {
    var lab = lab
    if lab.base == Settlement() { lab.base.pending = [lab.workload.name: 1] }
    return OverAsked.proposals(in: lab.situation).changes
  }

  @Test func memoryIsThePeakAndAFifth() {
    var lab = Lab()
    lab.use { $0.memoryBytesPeak = 10 << 30 }
    #expect(changes(lab) == ["resources.memory: 64Gi → 12Gi"])
    // A byte more is another step.
    lab.use { $0.memoryBytesPeak = (10 << 30) + 1 }
    #expect(changes(lab) == ["resources.memory: 64Gi → 13Gi"])
  }

  @Test func coresAreThePeakOrWhatNearlyAlwaysSufficesAndMore() {
    var lab = Lab()
    lab.use { ($0.cpuMilliPeak, $0.cpuMilliP99) = (3900, 2000) }
    #expect(changes(lab) == ["resources.cpu: 8 → 4"])
    lab.use { ($0.cpuMilliPeak, $0.cpuMilliP99) = (3900, 3600) }
    #expect(changes(lab) == ["resources.cpu: 8 → 5"])
    lab.use { $0.cpuMilliPeak = 3900 }
    #expect(changes(lab) == ["resources.cpu: 8 → 5"])
    // How much it needs nearly always says nothing of the rest.
    lab.use { $0.cpuMilliP99 = 2000 }
    #expect(changes(lab) == [])
  }

  @Test(arguments: [
    (8000 as Int64, 10 as Int64, "8 → 1"), (1500, 500, "1500m → 600m"), (500, 101, "500m → 120m"),
  ])
  func coresComeInTheUnitsThatTheyAreAskedIn(_ asked: Int64, _ peak: Int64, _ change: String) {
    var lab = Lab()
    lab.workload.resources.amounts.cpuMilli = asked
    lab.use { $0.cpuMilliPeak = peak }
    #expect(changes(lab) == ["resources.cpu: \(change)"])
  }

  @Test(arguments: [
    (1 << 40 as Int64, 100 << 30 as Int64, "1Ti → 128Gi"),
    (800 << 30, 240 << 30, "800Gi → 288Gi"), (2 << 30, 300 << 20, "2Gi → 384Mi"),
    (100_000_000_000, 10_000_000_001, "100G → 13G"),
    (5_000_000_000, 1_000_000_000, "5G → 1200M"),
  ])
  func memoryComesInRoundSteps(_ asked: Int64, _ peak: Int64, _ change: String) {
    var lab = Lab()
    lab.workload.resources.amounts.memoryBytes = asked
    lab.use { $0.memoryBytesPeak = peak }
    #expect(changes(lab) == ["resources.memory: \(change)"])
  }

  @Test func whatIsNearlyUsedIsLeftAlone() {
    var lab = Lab()
    lab.use { ($0.memoryBytesPeak, $0.cpuMilliPeak) = (50 << 30, 6500) }
    #expect(changes(lab) == [], "less than a tenth would be left out")
    lab.use { ($0.memoryBytesPeak, $0.cpuMilliPeak) = (70 << 30, 9000) }
    #expect(changes(lab) == [], "more was used than is asked for")
  }

  @Test func nothingIsConcludedFromAShortTime() {
    var lab = Lab()
    lab.use({ $0.memoryBytesPeak = 10 << 30 }, hours: 71)
    #expect(changes(lab) == [])
    lab.use({ $0.memoryBytesPeak = 10 << 30 }, hours: 72)
    #expect(changes(lab).count == 1)
    lab.workload.type = .training
    lab.use({ $0.memoryBytesPeak = 10 << 30 }, hours: 24)
    #expect(changes(lab).count == 1)
    // A training that takes eight hours is never measured for longer.
    lab.workload.duration = .hours(8)
    lab.use({ $0.memoryBytesPeak = 10 << 30 }, hours: 8)
    #expect(changes(lab).count == 1)
    lab.usage = Usage()
    #expect(changes(lab) == [], "nothing was measured")
  }

  @Test func whatHasFinishedIsNotStartedAnew() {
    var lab = Lab()
    lab.use { $0.memoryBytesPeak = 10 << 30 }
    #expect(OverAsked.proposals(in: lab.situation).isEmpty, "it stands nowhere")
    lab.stand([1])
    #expect(OverAsked.proposals(in: lab.situation).count == 1)
  }

  @Test func onlyWhatStandsInTheFilesIsChanged() {
    var lab = Lab()
    lab.stand([1])
    lab.use { $0.memoryBytesPeak = 10 << 30 }
    var situation = lab.situation
    situation.editable = []
    #expect(OverAsked.proposals(in: situation).isEmpty)
  }

  @Test func devicesThatDidNothingAreNotNeeded() {
    var lab = Lab()
    lab.workload.resources.accelerator?.milliDevices = 8000
    lab.use { $0.devicesPeak = 5 }
    #expect(changes(lab) == ["resources.accelerator: L4:8 → L4:5"])
    lab.use { $0.devicesPeak = 0 }
    #expect(changes(lab) == ["resources.accelerator: L4:8 → L4:1"])
    lab.use { ($0.deviceMilliPeak, $0.deviceMemoryBytesPeak) = (10, 1) }
    #expect(changes(lab) == [], "whole devices that are hardly used are used")
  }

  @Test func aShareIsWhatItTakesOfTimeOrMemory() {
    var lab = Lab()
    lab.workload.resources.accelerator?.milliDevices = 500
    lab.use { ($0.deviceMilliPeak, $0.deviceMemoryBytesPeak) = (100, 2 << 30) }
    #expect(changes(lab) == [], "it stands nowhere: who knows on what memory")
    lab.stand([2])
    #expect(changes(lab) == ["resources.accelerator: L4:500m → L4:150m"])
    lab.use { ($0.deviceMilliPeak, $0.deviceMemoryBytesPeak) = (100, 8 << 30) }
    // 8 of 24 GiB and 15 per cent more.
    #expect(changes(lab) == ["resources.accelerator: L4:500m → L4:400m"])
    lab.provider = .kubernetes(KubernetesSettings())
    lab.use { ($0.deviceMilliPeak, $0.deviceMemoryBytesPeak) = (100, 2 << 30) }
    #expect(changes(lab) == ["resources.accelerator: L4:500m → L4:200m"], "ten make up one")
    lab.use { $0.deviceMilliPeak = 100 }
    #expect(changes(lab) == [], "its memory was not measured")
  }

  @Test func allAmountsTogetherComeBeforeEachAlone() {
    var lab = Lab()
    lab.stand([1])
    lab.use { ($0.memoryBytesPeak, $0.cpuMilliPeak) = (10 << 30, 2000) }
    let alternatives = OverAsked.proposals(in: lab.situation)[0]
    #expect(
      alternatives.map { $0.edits.compactMap(\.path.last) } == [
        ["cpu", "memory"], ["cpu"], ["memory"],
      ])
  }
}
