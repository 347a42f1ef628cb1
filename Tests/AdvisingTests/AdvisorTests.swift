import Manifests
import Model
import Testing

@testable import Advising

/// What is taken of the proposals, where a test says what each comes to.
@Suite struct AdvisorTests {
  /// Cores and memory are over-asked, and the pool might buy spot.
  private var lab: Lab {
    var lab = Lab()
    lab.stand([1, 1, 1])
    lab.use { ($0.memoryBytesPeak, $0.cpuMilliPeak) = (10 << 30, 2000) }
    lab.pool.requirements = InstanceRequirements()
    return lab
  }

  private func field(_ edits: [FieldEdit]) -> String {
    edits.compactMap(\.path.last).sorted().joined(separator: "+")
  }

  /// `outcomes` are by the fields that are changed: what it costs then, or what is wrong with it.
  private func advise(
    _ lab: Lab, _ outcomes: [String: Result<Settlement, Unplannable>]
  ) -> Advice {
    var asked = ""
    let advisor = Advisor(
      read: { (edits) throws(Unplannable) in
        asked = field(edits)
        if case .failure(let error)? = outcomes[asked] { throw error }
        return lab.desired
      },
      settle: { _ in
        if case .success(let settlement)? = outcomes[asked] { return settlement }
        return lab.base
      })
    return advisor.advise(on: lab.situation)
  }

  private func settlement(_ dollars: Int64, _ change: (inout Settlement) -> Void = { _ in })
    -> Settlement
  {
    var settlement = lab.base
    settlement.costPerHour = Money(micros: dollars * 1_000_000)
    change(&settlement)
    return settlement
  }

  @Test func whatCostsLessIsTakenAndSavingsAddUp() {
    let advice = advise(
      lab,
      [
        "cpu+memory": .success(settlement(8)), "capacity+cpu+memory": .success(settlement(3)),
      ])
    #expect(advice.taken.map(\.savingPerHour.micros) == [4_000_000, 5_000_000])
    #expect(advice.savingPerHour == Money(micros: 9_000_000))
    #expect(field(advice.edits) == "capacity+cpu+memory")
    #expect(advice.refused.isEmpty)
  }

  @Test func whereAllTogetherFailsOneAloneMayDo() {
    let shared = Unplannable(.uneditable(.shared))
    let advice = advise(
      lab,
      ["cpu+memory": .failure(shared), "cpu": .failure(shared), "memory": .success(settlement(8))])
    #expect(field(advice.edits) == "memory")
  }

  @Test func whatSavesNothingIsToldAsRoom() {
    let advice = advise(lab, [:])
    #expect(advice.taken.isEmpty)
    #expect(advice.idle.map { field($0.edits) } == ["cpu+memory"])
    #expect(advice.refused.map(\.reason) == [.savesNothing])
  }

  @Test func whatHarmsIsRefused() {
    let harms: [((inout Settlement) -> Void, Advice.Reason)] = [
      ({ $0.pending = [WorkloadName("chat"): 1] }, .pending(WorkloadName("chat"), 1)),
      ({ $0.preempted = 2 }, .preempts(2)), ({ $0.unpriced = 1 }, .unpriced),
      ({ $0.trouble = .restless }, .trouble(.restless)),
      ({ $0.trouble = .refused("g: no") }, .trouble(.refused("g: no"))),
      ({ $0.costPerHour = Money(micros: 13_000_000) }, .dearer(Money(micros: 1_000_000))),
    ]
    for (change, reason) in harms {
      let worse = Result<Settlement, Unplannable>.success(settlement(8, change))
      let advice = advise(lab, ["cpu+memory": worse, "cpu": worse, "memory": worse])
      #expect(advice.taken.isEmpty, "\(reason)")
      #expect(advice.refused.first?.reason == reason)
      #expect(advice.after == advice.base)
    }
  }

  @Test func placesForThoseWhoWaitAreWorthIt() {
    var lab = lab
    lab.base.pending = [WorkloadName("other"): 2]
    var next = lab.base
    next.pending = [:]
    let advice = advise(lab, ["cpu+memory": .success(next)])
    #expect(advice.taken.map(\.placed) == [2])
    #expect(advice.taken.map(\.savingPerHour) == [.zero])
  }

  @Test func interruptionsAreWeighedAgainstTheSaving() {
    var lab = lab
    lab.usage = Usage()
    lab.workload.type = .training
    lab.workload.checkpointEvery = .hours(2)
    func spot(living lifetime: Seconds?) -> Advice {
      lab.provider = .simulated(SimulatedSettings(spotLifetime: lifetime))
      var other = lab
      other.stand([1, 1, 1], .spot, price: 3_000_000)
      return advise(lab, ["capacity": .success(other.base)])
    }
    let unknown = spot(living: nil)
    #expect(unknown.taken.map(\.lossPerHour) == [nil])
    let calm = spot(living: .hours(240))
    #expect(calm.taken.map(\.savingPerHour) == [Money(micros: 3_000_000)])
    #expect(
      calm.taken.first?.lossPerHour.map { $0 > .zero && $0 < Money(micros: 1_000_000) } == true)
    let wild = spot(living: .hours(4))
    #expect(wild.taken.isEmpty)
    guard case .interruptions(let saving, let loss)? = wild.refused.first?.reason else {
      Issue.record("\(wild.refused)")
      return
    }
    #expect(loss >= saving)
  }

  @Test func whatOnlySavesTogetherIsTakenTogether() {
    // Two workloads of one node each: only when both shrink does a node go.
    let lab = lab
    var second = Lab.spec("other", .inference)
    second.resources.accelerator = nil
    var situation = lab.situation
    situation.desired.workloads.append(second)
    situation.editable.insert(second.id)
    situation.base.nodes[0].replicas[second.name] = 1
    situation.workloads[second.name] = WorkloadUsage(
      workload: second.name, measuredFor: .hours(168), memoryBytesPeak: 1 << 30)
    var asked: [FieldEdit] = []
    let desired = situation.desired
    let advice = Advisor(
      read: { (edits) throws(Unplannable) in
        asked = edits
        return desired
      },
      settle: { _ in Set(asked.map(\.object)).count == 2 ? settlement(8) : lab.base }
    ).advise(on: situation)
    #expect(advice.taken.map { $0.proposals.count }.first == 2)
    #expect(advice.idle.isEmpty)
    #expect(advice.savingPerHour == Money(micros: 4_000_000))
  }

  /// With so many workloads that ask for too much.
  private func many(_ count: Int) -> Situation {
    var lab = lab
    lab.pool.capacity = [.spot]
    lab.usage = Usage()
    var situation = lab.situation
    for number in 0..<count {
      let spec = Lab.spec("w\(number)", .inference)
      situation.desired.workloads.append(spec)
      situation.editable.insert(spec.id)
      situation.base.nodes[0].replicas[spec.name] = 1
      situation.workloads[spec.name] = WorkloadUsage(
        workload: spec.name, measuredFor: .hours(168), memoryBytesPeak: 1 << 30)
    }
    return situation
  }

  /// A forecast each would take long where there are many.
  @Test func manyAreLookedAtTogetherAndWhoHarmsIsFound() {
    let situation = many(100)
    let (desired, base) = (situation.desired, situation.base)
    var forecasts = 0
    var asked: [FieldEdit] = []
    let advice = Advisor(
      read: { (edits) throws(Unplannable) in
        asked = edits
        return desired
      },
      settle: { _ in
        forecasts += 1
        var next = base
        next.costPerHour = next.costPerHour - Money(micros: Int64(asked.count))
        if asked.contains(where: { $0.object.name == "w42" }) {
          next.pending = [WorkloadName("w42"): 1]
        }
        return next
      }
    ).advise(on: situation)
    #expect(advice.refused.map { $0.proposal.edits[0].object.name } == ["w42"])
    #expect(advice.taken.flatMap(\.proposals).count == 99)
    #expect(advice.savingPerHour == Money(micros: 99))
    #expect(forecasts < 20, "\(forecasts)")
  }

  @Test func afterSoManyForecastsTheRestIsCounted() {
    let situation = many(250)
    let (desired, base) = (situation.desired, situation.base)
    let advice = Advisor(
      read: { (_) throws(Unplannable) in desired },
      settle: { _ in
        var next = base
        next.preempted = 1
        return next
      }
    ).advise(on: situation)
    #expect(advice.passedOver > 0)
    #expect(advice.refused.count + advice.passedOver == 250)
  }
}

/// What was measured and can't be.
@Suite struct PlausibilityTests {
  private let plausibility = Plausibility([
    NodeCapacity(
      amounts: Resources(cpuMilli: 8000, memoryBytes: 64 << 30),
      accelerators: Accelerators(
        model: AcceleratorModel("L4"), count: 1, memoryBytes: 24 << 30))
  ])

  @Test func moreThanThereIsCantBe() {
    let cases: [((inout WorkloadUsage) -> Void, String)] = [
      ({ $0.cpuMilliPeak = 8001 }, "cpuPeak"),
      ({ $0.memoryBytesPeak = (64 << 30) + 1 }, "memoryPeak"),
      ({ ($0.cpuMilliPeak, $0.cpuMilliP99) = (10, 11) }, "cpuP99"),
      ({ $0.devicesPeak = 2 }, "devicesPeak"), ({ $0.deviceMilliPeak = 1001 }, "deviceUsePeak"),
      ({ $0.deviceMemoryBytesPeak = 25 << 30 }, "deviceMemoryPeak"),
    ]
    let workload = Lab.spec("chat", .inference)
    for (change, field) in cases {
      var usage = WorkloadUsage(workload: workload.name, measuredFor: .hours(168))
      #expect(plausibility.problem(with: usage, of: workload) == nil)
      change(&usage)
      #expect(plausibility.problem(with: usage, of: workload)?.field == field)
    }
  }

  @Test func whereNoNodeIsKnownAnythingMayBe() {
    let workload = Lab.spec("chat", .inference)
    let usage = WorkloadUsage(
      workload: workload.name, measuredFor: .hours(1), memoryBytesPeak: 1 << 60)
    #expect(Plausibility([]).problem(with: usage, of: workload) == nil)
  }
}
