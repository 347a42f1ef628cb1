import Model

/// Whether services stay up while their replicas are exchanged, however slowly new ones get ready.
///
/// The plan is played through with the unkindest world that its waits allow: every step is taken as soon
/// as it may be, nodes are ready and stopped replicas gone at once, and a started replica gets ready
/// only when nothing else can go on.
enum ServiceAudit {
  static func check(_ evidence: Evidence) -> [Violation.Touching] {
    let changes = Dictionary(grouping: evidence.plan.placements, by: \.replica.workload)
    let services = evidence.input.desired.workloads.filter {
      isJudged($0, changes[$0.name] ?? [])
    }
    guard !services.isEmpty else { return [] }
    var play = ServicePlay(evidence, services.map(\.name))
    play.run()
    return services.flatMap { judge($0, play, evidence) }
  }

  /// Only an exchange is bounded: what preemption, a lost node or a smaller number takes is not.
  private static func isJudged(_ workload: WorkloadSpec, _ changes: [PlacementChange]) -> Bool {
    workload.type == .inference && !changes.isEmpty
      && changes.allSatisfy { change in
        guard case .changed = change.cause else { return false }
        return true
      }
  }

  private static func judge(
    _ workload: WorkloadSpec, _ play: ServicePlay, _ evidence: Evidence
  ) -> [Violation.Touching] {
    let name = workload.name
    let count = evidence.members[name]?.count ?? 0
    let unavailable = share(workload.rollout.maxUnavailable, count)
    // A service that states neither a surge nor a gap is exchanged by one stand-in.
    let surge = share(workload.rollout.maxSurge, count)
    let most = count.addingSaturated(unavailable == 0 ? max(1, surge) : surge)
    let ready = play.readyMin[name] ?? 0
    let needed = min(
      play.readyBefore[name] ?? 0, count - unavailable)
    let running = play.runningMax[name] ?? 0
    var wrong: [Violation.Touching] = []
    if ready < needed { wrong.append(.interrupted(name, ready: ready, needed: needed)) }
    // What moves as it is was there before and is not held against the surge.
    let isExchange = play.exchanged.contains(name)
    if isExchange && running > max(most, play.runningBefore[name] ?? 0) {
      wrong.append(.overSurged(name, running: running, allowed: most))
    }
    return wrong
  }

  private static func share(_ share: Share, _ total: Int) -> Int {
    switch share {
    case .count(let count): count
    case .percent(let percent):
      percent == 0 || total == 0 ? 0 : max(1, total.multipliedSaturated(by: percent) / 100)
    }
  }
}
