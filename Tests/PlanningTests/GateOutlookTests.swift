import Model
import Planning
import Simulation
import Testing

/// Gates over what a plan leads to, and over what it may touch.
@Suite struct GateOutlookTests {
  private static func findings(
    _ stage: Stage, _ rule: GateRule, changes: [ObjectChange] = []
  ) -> [String] {
    var input = stage.input
    input.changes = changes
    switch rule {
    case .deny(let predicate):
      input.desired.gates = [GateSpec(metadata: Metadata(name: "g"), deny: [predicate])]
    case .require(let requirement):
      input.desired.gates = [GateSpec(metadata: Metadata(name: "g"), require: [requirement])]
    }
    return Planner.plan(input).gates.flatMap(\.findings)
  }

  private static func web(_ disruption: Disruption = Disruption()) -> Stage {
    Stage(
      [pool("cpu", of: "cpu16", nodes: .to(4), disruption: disruption)],
      [service("web", replicas: 6)])
  }

  @Test func nodesOfOtherPoolsBreak() {
    let stage = Self.web()
    let other = Self.findings(stage, .deny(.nodesOutside([PoolName("gpu")])))
    #expect(other.first == "c/cpu-1 is bought for NodePool/cpu")
    #expect(other.count == 2)
    #expect(Self.findings(stage, .deny(.nodesOutside([PoolName("cpu")]))) == [])
  }

  @Test func protectedThingsBreak() {
    var stage = Self.web()
    let gone = ObjectChange(
      object: ObjectID(.workload, "old"), action: .delete, wasProtected: true)
    let found = Self.findings(stage, .deny(.touchesProtected), changes: [gone])
    #expect(found == ["Workload/old is protected"])
    #expect(Self.findings(stage, .deny(.touchesProtected)) == [])
    stage.settle()
    stage.desired.clusters[0].metadata.isProtected = true
    stage.desired.workloads = []
    stage.desired.nodePools = []
    stage.world.advance(to: stage.world.now + .hours(1))
    #expect(Self.findings(stage, .deny(.touchesProtected)) == ["c/cpu-1 goes", "c/cpu-2 goes"])
  }

  /// Nodes that expire sooner than anything waits are bought anew for ever.
  @Test func whatNeverComesToRestBreaks() {
    #expect(Self.findings(Self.web(), .require(.settles)) == [])
    let hasty = Self.findings(
      Self.web(Disruption(budget: .percent(100), expireAfter: .minutes(1))), .require(.settles))
    #expect(hasty.count == 1)
    #expect(hasty.first?.hasPrefix("it goes round in a circle: −cpu cpu16, ") == true, "\(hasty)")
    var stage = Self.web()
    stage.settle()
    for count in [1, 9] {
      stage.change("web") { $0.replicas = .range(CountRange(count)) }
      #expect(Self.findings(stage, .require(.settles)) == [], "\(count)")
    }
  }

  @Test func whoStandsMustSurviveALoss() {
    // Zone b can hold all, and so can a.
    #expect(Self.findings(Self.web(), .require(.survives(.zone))) == [])
    #expect(Self.findings(Self.web(), .require(.survives(.node))) == [])
    var narrow = Self.web()
    narrow.change(pool: "cpu") { $0.zones = ["a"] }
    let found = Self.findings(narrow, .require(.survives(.zone)))
    #expect(found == ["without zone c/a, 6 of Workload/web pending"])
    #expect(Self.findings(narrow, .require(.survives(.node))) == [])
    narrow.change(pool: "cpu") { $0.nodes = .to(2) }
    narrow.settle()
    let nodes = Self.findings(narrow, .require(.survives(.node)))
    #expect(nodes == [], "a new one may be bought for the lost one")
    #expect(Self.findings(narrow, .require(.survives(.rack))) == [], "there are no racks")
  }
}
