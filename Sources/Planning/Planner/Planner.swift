import Model
import Scheduling

/// Chooses: what runs where, which nodes come and go, and in which order.
///
/// Pure, sticky and idempotent: it keeps earlier choices unless it has a reason to move something, and
/// planning again on its own result changes nothing. The steps run in a fixed order, each in a file of
/// its own: what stands → what leaves → what is wanted → where it goes → what is given back → the
/// target → the effect. Where nodes are under-used, the middle is gone through once more without them.
public enum Planner {
  public static func plan(_ input: PlanningInput) -> Plan {
    let standing = Standing(input)
    let draft = draft(standing, input)
    let effect = Effect(of: draft.decision, standing, draft.leaving, draft.wants, input)
    return Plan(effect.content)
  }

  static func draft(_ standing: Standing, _ input: PlanningInput) -> Draft {
    let leaving = Leaving(standing, input)
    return Consolidating.improve(Draft(leaving, standing, input), standing, input)
  }

  /// A service that could not be exchanged without falling below what it needs is exchanged in another
  /// way, or held; so is a gang that would not find the room that it was given.
  static func decide(
    _ wants: Wants, _ standing: Standing, _ leaving: Leaving, _ input: PlanningInput
  ) -> Decision {
    var ways = Dictionary(
      uniqueKeysWithValues: wants.wants.filter(\.isInTransit).map {
        ($0.workload.name, Way.inFreedRoom)
      })
    var displacements: [ReplicaID: Preemption] = [:]
    while true {
      var decision = Decision(wants, ways, standing, leaving, input)
      displacements.merge(decision.arrangement.displacements) { first, _ in first }
      decision.displacements = displacements
      let displaced = decision.arrangement.displaced
      for name in displaced { ways[name] = .displaced }
      guard displaced.isEmpty else { continue }
      guard ways.contains(where: \.value.isOpen) else { return decision }
      let interrupted = Differ.interruptions(
        toward: decision.target, desired: input.desired, from: input.observed
      ).filter { ways[$0]?.isOpen ?? false }
      // Whoever finds no room beside its older replicas may find it when all others are through.
      let crowded = decision.arrangement.held.keys.filter { ways[$0] == .beside }
      let stuck = Set(interrupted).union(crowded)
      guard !stuck.isEmpty else { return decision }
      for name in stuck { ways[name] = ways[name]?.next }
    }
  }
}
