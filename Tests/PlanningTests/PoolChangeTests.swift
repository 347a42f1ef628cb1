import Model
import Planning
import Simulation
import Testing

/// What becomes of nodes when their pool is changed: they go within its disruption budget, and every
/// plan says which, why, and what is put off.
@Suite struct PoolChangeTests {
  private func stage(nodes: CountRange = .to(4), budget: Int = 1) -> Stage {
    Stage(
      [
        pool(
          "cpu", of: "cpu16", nodes: nodes, zones: ["a"],
          disruption: Disruption(budget: .count(budget), consolidateAfter: nil))
      ],
      [
        service(
          "web", replicas: 2, cpu: 10,
          placement: PlacementRules(tolerations: [Toleration(key: "own")]))
      ])
  }

  private static let changes: [(String, @Sendable (inout NodePoolSpec) -> Void)] = [
    ("spec.labels", { $0.labels = Labels([("tier", "b")]) }),
    ("spec.taints", { $0.taints = [Taint(key: "own")] }),
    ("spec.instanceTypes", { $0.instanceTypes = ["gpu8"] }),
    ("spec.zones", { $0.zones = ["b"] }),
  ]

  @Test(arguments: changes.indices) func nodesThatDifferAreReplacedOneByOne(index: Int) {
    let (path, change) = Self.changes[index]
    var stage = stage()
    stage.expectSettles()
    let before = Set(stage.nodeNames)
    #expect(before.count == 2)
    stage.change(pool: "cpu", change)
    let plan = stage.plan()
    let gone = plan.nodes.filter { $0.kind == .delete }
    #expect(gone.map(\.cause) == [.changed(path: path)])
    #expect(plan.report.map(\.word).contains { $0.hasSuffix("deferred, budget 1") })
    #expect(plan.nodes.count { $0.kind == .create } == 1)
    stage.expectSettles()
    #expect(before.isDisjoint(with: stage.nodeNames))
    #expect(stage.ready("web") == 2)
    #expect(plans(of: stage) { $0.nodes.count { $0.kind == .delete } } <= 1)
  }

  @Test func aPoolIsMadeSmallerWithinItsBudget() {
    var stage = stage(nodes: CountRange(4, 4), budget: 1)
    stage.expectSettles()
    #expect(stage.nodeNames.count == 4)
    stage.change(pool: "cpu") { $0.nodes = CountRange(2, 2) }
    let plan = stage.plan()
    #expect(plan.nodes.map(\.cause) == [.poolShrunk])
    #expect(plan.report.map(\.word) == ["cpu-3 deferred, budget 1"])
    stage.expectSettles()
    #expect(stage.nodeNames.count == 2)
    #expect(stage.ready("web") == 2)
    #expect(plans(of: stage) { $0.nodes.count { $0.kind == .delete } } <= 1)
  }

  /// A plan that was adopted is made again before anything is done, and once more on the way.
  @Test func aMoveKeepsItsCauseWhenThePlanIsMadeAgain() {
    var stage = stage()
    stage.expectSettles()
    stage.change(pool: "cpu") { $0.labels = Labels([("tier", "b")]) }
    let first = stage.plan()
    let causes = first.placements.map(\.cause.word)
    #expect(causes == ["cpu-1 leaving"])
    stage.adopt(first)
    let again = stage.plan()
    #expect(again.placements == first.placements)
    #expect(again.nodes.map(\.cause) == first.nodes.map(\.cause))
    stage.act()
    #expect(stage.plan().placements.map(\.cause.word) == causes)
    stage.expectSettles()
  }

  /// The most that any plan so far says.
  private func plans(of stage: Stage, most count: (Plan) -> Int) -> Int {
    stage.plans.map(count).max() ?? 0
  }
}
