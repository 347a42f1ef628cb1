import Model
import Planning
import Scenarios
import Simulation
import Testing

/// The one idea that everything hangs on: the plan says what apply does, to the byte.
@Test(arguments: 0..<seedCount)
func aPlanIsWhatApplyingItDoes(seed: UInt64) {
  // FIXME: rollouts and the cost of nodes that go; see `unsound` among the stories.
  withKnownIssue(isIntermittent: true) { checkPlanIsEffect(seed: seed) }
}

private let seedCount: UInt64 = 20

private func checkPlanIsEffect(seed: UInt64) {
  var wishes = RandomWishes(seed: seed)
  var session = Session()
  for round in 0..<4 {
    session.want(wishes.state())
    let plan = session.plan()
    let told = session.run("apply")
    let place: Comment = "seed \(seed), round \(round)\n\(told)"
    #expect(told.contains("converged"), place)
    // Exactly this plan, and no other on the way.
    #expect(session.target == plan.target, place)
    #expect(session.faults() == [], place)
    #expect(cost(of: session.world, by: plan.target) == plan.cost.afterPerHour, place)
    if !session.violations.isEmpty || !told.contains("converged") { return }
  }
}

/// What the nodes of ours cost that are there.
private func cost(of world: World, by target: Target) -> Money {
  let prices = Dictionary(target.nodes.map { ($0.id, $0.pricePerHour) }) { first, _ in first }
  return world.nodes.compactMap { prices[$0.id] }.reduce(.zero, +)
}

/// Whatever happens on the way, every plan is sound, and when it is over all comes to rest.
@Test(arguments: 0..<seedCount)
func faultsAreHealed(seed: UInt64) {
  // FIXME: as above.
  withKnownIssue(isIntermittent: true) { checkHealing(seed: seed) }
}

private func checkHealing(seed: UInt64) {
  var wishes = RandomWishes(seed: seed)
  var session = Session()
  var told = ""
  for _ in 0..<6 {
    if wishes.chance(60) { session.want(wishes.state()) }
    told += session.run("apply")
    for _ in 0..<2 {
      let nodes = session.world.nodes.map { "\($0.id)" } + ["none"]
      let drill = wishes.pick([
        "lose node \(wishes.pick(nodes))", "reclaim \(wishes.pick(nodes))",
        "lose zone us-east-1a", "stock out p4d.24xlarge:spot", "stock out g6.2xlarge",
        "restock", "heal \(wishes.pick(nodes))", "time +3m", "partial lab-0", "heal lab-0",
      ])
      told += "> \(drill)\n" + session.run(drill)
    }
    told += session.run("run \(wishes.pick(["1m", "7m"]))")
    guard session.violations.isEmpty, !told.contains("did not come to an end") else { break }
  }
  for drill in ["restock", "heal lab-0"] { _ = session.run(drill) }
  // Long enough for a boot, for stock to be asked for again, and for empty nodes to be given back.
  told += session.run("run 2h")
  #expect(session.faults() == [], "seed \(seed)\n\(told)")
}
