import Advising
import Catalog
import Model
import Planning
import Scenarios
import Simulation
import Testing

/// What manifests come to once all is done.
@Suite struct SettlingTests {
  private func settle(
    _ manifests: String, _ change: (inout DesiredState) -> Void = { _ in }
  ) -> Settlement {
    var session = Session()
    _ = session.run("manifests", block: manifests)
    _ = session.run("apply")
    session.rest()
    var question = Question(
      desired: session.desired, before: session.desired, previous: session.target,
      observed: ObservedState(
        session.desired.clusters.compactMap { try? session.world.observe($0.name) }),
      catalogs: Dictionary(
        uniqueKeysWithValues: session.desired.clusters.map { ($0.name, Catalog.builtIn) }),
      now: session.world.now)
    change(&question.desired)
    var forecaster = Forecaster(question.settled)
    let settlement = forecaster.settle()
    #expect(forecaster.violations == [])
    return settlement
  }

  @Test func itIsWhatStandsThereAndWhatThatCosts() {
    let settlement = settle(ForecastTests.service)
    #expect(settlement.trouble == nil)
    #expect(
      settlement.nodes.map(\.replicas) == Array(repeating: [WorkloadName("web"): 1], count: 2))
    #expect(settlement.costPerHour == settlement.nodes.reduce(.zero) { $0 + $1.pricePerHour })
    #expect(settlement.pending == [:])
  }

  @Test func whatIsNotNeededAnyMoreIsGivenBackHoweverLongThatTakes() {
    let slow = ForecastTests.service.replacing(
      "nodes: 0..20", with: "nodes: 0..20, disruption: {consolidateAfter: 12h}")
    #expect(settle(slow) { $0.workloads[0].replicas = .range(CountRange(1)) }.nodes.count == 1)
    let never = slow.replacing("12h", with: "never")
    #expect(settle(never) { $0.workloads[0].replicas = .range(CountRange(1)) }.nodes.count == 2)
  }

  @Test func whoHasNoPlaceIsCounted() {
    let settlement = settle(ForecastTests.service) {
      $0.nodePools[0].nodes = CountRange(0, 2)
      $0.workloads[0].replicas = .range(CountRange(5))
    }
    #expect(settlement.pending == [WorkloadName("web"): 3])
    #expect(settlement.pendingCount == 3)
  }

  @Test func trainingsDontEndAndSpotNodesStay() {
    let manifests = ForecastTests.service.replacing(
      "provider: simulated,", with: "provider: simulated, simulated: {spotLifetime: 1h},"
    ).replacing("type: inference", with: "type: training\n  duration: 10m")
      .replacing("nodes: 0..20", with: "nodes: 0..20, capacity: [spot]")
    let settlement = settle(manifests)
    #expect(settlement.trouble == nil)
    #expect(settlement.nodes.count == 2)
  }

  @Test func aGateThatRefusesIsSaid() {
    let settlement = settle(ForecastTests.service) {
      $0.workloads[0].replicas = .range(CountRange(3))
      $0.gates = [
        GateSpec(
          metadata: Metadata(name: "cheap"), deny: [.costAbove(perHour: Money(micros: 2_000_000))])
      ]
    }
    guard case .refused(let why)? = settlement.trouble else {
      Issue.record("\(settlement)")
      return
    }
    #expect(why.hasPrefix("cheap: "))
  }
}
