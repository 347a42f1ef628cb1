import Model
import Planning
import Scenarios
import Simulation

/// The one idea that everything hangs on: the plan says what apply does, to the byte. Judged over worlds
/// in which nothing fails and people change their minds.
public enum PlanIsEffect {
  /// How often the wishes change in one world.
  private static let rounds = 4
  /// As many as the pools of a random world have nodes: what a disruption budget puts off is for the
  /// next plans.
  private static let applicationsMax = 16

  /// What was found wrong in the world that `seed` draws, with gangs that grow and shrink or without;
  /// empty for a good one. `tell` gets what every
  /// plan saw and chose.
  public static func faults(
    seed: UInt64, isElastic: Bool = false, tell: (@Sendable ([String]) -> Void)? = nil
  ) -> [String] {
    var wishes = RandomWishes(seed: seed, isTimed: false, isElastic: isElastic)
    var session = Session()
    if let tell { session.witness = { plan, input in tell(Telling.lines(of: plan, input)) } }
    for round in 0..<rounds {
      session.want(wishes.state())
      var faults = applyAll(&session)
      if faults.isEmpty { faults = session.faults() }
      if !faults.isEmpty { return faults.prefix(3).map { "round \(round): \($0)" } }
    }
    return []
  }

  private static func applyAll(_ session: inout Session) -> [String] {
    var plan = session.plan()
    for _ in 0..<applicationsMax {
      let faults = apply(plan, &session)
      guard faults.isEmpty, session.violations.isEmpty else { return faults }
      guard plan.report.contains(where: \.isPutOff) else { return [] }
      session.rest()
      plan = session.plan()
    }
    return []
  }

  /// Lets time pass over pools that are emptied when they are under-used. Gives how many nodes went for
  /// that, and what was wrong: a plan that is not what it does, or one that undoes another.
  public static func emptied(seed: UInt64) -> (nodes: Int, faults: [String]) {
    var wishes = RandomWishes(seed: seed)
    var session = Session()
    for _ in 0..<2 {
      var state = wishes.state()
      for index in state.nodePools.indices {
        state.nodePools[index].disruption.consolidateAfter = .minutes(5)
      }
      session.want(state)
      _ = session.run("apply")
    }
    var nodes = 0
    for _ in 0..<applicationsMax {
      _ = session.run("time +6m")
      let plan = session.plan()
      guard !plan.isEmpty else { break }
      nodes += plan.nodes.count { if case .underused = $0.cause { true } else { false } }
      let faults = apply(plan, &session)
      guard faults.isEmpty else { return (nodes, faults) }
    }
    _ = session.run("time +1h")
    return (nodes, Array(session.faults().prefix(3)))
  }

  /// What is wrong with applying `plan`.
  private static func apply(_ plan: Plan, _ session: inout Session) -> [String] {
    let told = session.run("apply")
    var faults: [String] = []
    if !told.contains("converged") {
      faults.append("apply does not end well:\n\(told.suffix(1500))")
    }
    if session.target?.id != plan.target.id { faults.append("another plan was made on the way") }
    if cost(of: session.world, by: plan.target) != plan.cost.afterPerHour {
      faults.append("it costs other than \(plan.cost.afterPerHour)")
    }
    return faults
  }

  /// What the nodes of ours cost that are there.
  private static func cost(of world: World, by target: Target) -> Money {
    let prices = Dictionary(target.nodes.map { ($0.id, $0.pricePerHour) }) { first, _ in first }
    return world.nodes.compactMap { prices[$0.id] }.reduce(.zero, +)
  }
}
