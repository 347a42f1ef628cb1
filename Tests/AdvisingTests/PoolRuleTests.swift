import Catalog
import Manifests
import Model
import Testing

@testable import Advising

/// Other instance types, and spot.
@Suite struct PoolRuleTests {
  @Test func typesOfWhichAFullNodeCostsLessForEachReplicaAreTried() {
    var lab = Lab()
    lab.workload.resources.amounts = Resources(cpuMilli: 4000, memoryBytes: 16 << 30)
    lab.stand([3])
    let tried = CheaperTypes.proposals(in: lab.situation)[0]
    #expect(tried.count <= CheaperTypes.triedMax)
    #expect(tried.first?.ground == .cheaperType("g6.2xlarge"))
    #expect(tried.first?.edits.first?.value == .list(["g6.2xlarge", "g6.12xlarge"]))
    lab.pool.instanceTypes = ["g6.2xlarge"]
    lab.stand([1, 1, 1], on: "g6.2xlarge")
    #expect(
      CheaperTypes.proposals(in: lab.situation).flatMap(\.self).allSatisfy {
        $0.ground != .cheaperType("g6.12xlarge")
      }, "what costs more is not tried")
  }

  @Test func aPoolThatNobodyUsesOrThatChoosesByItselfIsLeftAlone() {
    var lab = Lab()
    #expect(CheaperTypes.proposals(in: lab.situation).isEmpty)
    lab.stand([3])
    lab.pool.instanceTypes = []
    lab.pool.requirements = InstanceRequirements(accelerators: [AcceleratorModel("L4")])
    #expect(CheaperTypes.proposals(in: lab.situation).isEmpty)
  }

  @Test func nobodyPaysForDevicesThatNothingAsksFor() {
    var lab = Lab()
    lab.workload.resources = ReplicaResources(
      amounts: Resources(cpuMilli: 4000, memoryBytes: 16 << 30))
    lab.pool.instanceTypes = ["m7i.16xlarge"]
    lab.stand([3], on: "m7i.16xlarge")
    for proposal in CheaperTypes.proposals(in: lab.situation).flatMap(\.self) {
      guard case .cheaperType(let type) = proposal.ground else { continue }
      let instance = lab.situation.catalogs[ClusterName("lab")]?
        .instanceType(named: type, in: "us-east-1")
      #expect(instance != nil && instance?.capacity.accelerators == nil, "\(type)")
    }
  }

  @Test func spotIsForWhatSavesItsStateOrIsThereSeveralTimes() {
    var lab = Lab()
    lab.stand([1, 1, 1])
    #expect(
      SpotPools.proposals(in: lab.situation).changes == [
        "capacity: [on-demand] → [spot, on-demand]"
      ])
    lab.stand([2])
    #expect(SpotPools.proposals(in: lab.situation).isEmpty, "two replicas are few")
    lab.workload.type = .training
    #expect(SpotPools.proposals(in: lab.situation).isEmpty, "it saves nothing")
    lab.workload.checkpointEvery = .minutes(15)
    #expect(
      SpotPools.proposals(in: lab.situation)[0][0].ground
        == .spot([
          Proposal.Tolerance(lab.workload.name, .checkpoint(every: .minutes(15)))
        ]))
    lab.pool.capacity = [.spot, .onDemand]
    #expect(SpotPools.proposals(in: lab.situation).isEmpty)
  }

  // MARK: Interruptions

  /// Two nodes of $10 an hour, spot, with a training that saves its state every half hour.
  private var training: Lab {
    var lab = Lab()
    lab.workload.type = .training
    lab.workload.checkpointEvery = .minutes(30)
    lab.provider = .simulated(
      SimulatedSettings(bootTime: .minutes(4), startTime: .minutes(1), spotLifetime: .hours(40)))
    lab.stand([1, 1], .spot, price: 10_000_000)
    return lab
  }

  private func loss(_ lab: Lab) -> Interruptions.Loss {
    let every = lab.workload.checkpointEvery ?? .zero
    let why: Proposal.Tolerance.Why =
      lab.workload.type == .training ? .checkpoint(every: every) : .replicas(3)
    return Interruptions(lab.situation, after: lab.base).loss(
      in: lab.pool, [Proposal.Tolerance(lab.workload.name, why)])
  }

  @Test func anInterruptionCostsHalfACheckpointAndTheStart() {
    // One of two nodes goes every 20 hours; 15 + 5 minutes are lost then, of $20 an hour.
    #expect(loss(training) == .perHour(Money(micros: 333_333)))
  }

  @Test func howLongSpotNodesLiveMayBeSaidOnTheCommandLine() {
    var lab = training
    lab.provider = .simulated(
      SimulatedSettings(bootTime: .minutes(4), startTime: .minutes(1), spotLifetime: nil))
    #expect(loss(lab) == .unknown)
    lab.spotLifetime = .hours(40)
    #expect(loss(lab) == .perHour(Money(micros: 333_333)))
    // Where nobody says how long a start takes, it is ten minutes.
    lab.provider = .slurm(SlurmSettings())
    #expect(loss(lab) == .perHour(Money(micros: 416_666)))
  }

  @Test func whoIsInterruptedAllTheTimeGetsNowhere() {
    var lab = training
    lab.workload.checkpointEvery = .hours(80)
    #expect(loss(lab) == .endless(lab.workload.name))
  }

  @Test func aServiceMustNotStandOnFewNodes() {
    var lab = training
    lab.workload.type = .inference
    lab.stand([2, 1], .spot)
    #expect(loss(lab) == .exposed(lab.workload.name))
    lab.stand([1, 1, 1], .spot)
    #expect(loss(lab) == .perHour(.zero))
    for index in lab.base.nodes.indices { lab.base.nodes[index].zone = "us-east-1a" }
    #expect(loss(lab) == .exposed(lab.workload.name), "all could be taken back at once")
    lab.stand([2, 1])
    #expect(loss(lab) == .perHour(.zero), "on demand nothing is taken back")
  }
}
