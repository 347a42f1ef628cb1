import Balancing
import Model
import Planning

/// Tells balancers where requests go, and has a replica that takes some drained before it is stopped.
///
/// The whole table is told each time, and only of what was just seen as a whole: of a cluster that
/// can't be seen, what was told last holds. That a replica is to stop is part of the table until it is
/// gone, so who is wanted again gets requests again.
extension Reconciler {
  mutating func publishDue(at now: Timestamp) -> [Effect] {
    guard let assignment, planning.plannedAt != nil || !mode.plansFirst || planning.problem != nil
    else { return [] }
    return clusters.compactMap { cluster in
      guard var publication = publications[cluster], let watch = watches[cluster], watch.isSeen,
        let seen = watch.observation
      else { return nil }
      if publication.isOutdated {
        publication.isOutdated = false
        publication.wanted = EndpointTable(
          of: assignment.desired, seen: seen, leaving: Set(publication.leaving.keys),
          factors: publication.factors)
      }
      defer { publications[cluster] = publication }
      guard publication.isDue, publication.notBefore.map({ $0 <= now }) ?? true,
        let table = publication.wanted
      else { return nil }
      publication.sent = table
      return .publish(table)
    }
  }

  mutating func published(_ cluster: ClusterName, at now: Timestamp) {
    guard var publication = publications[cluster], let table = publication.sent else { return }
    if publication.failures > 0 { outbox.happenings.append(.published(cluster)) }
    publication.published = table
    publication.sent = nil
    publication.failures = 0
    publication.notBefore = now + limits.publishEvery
    publications[cluster] = publication
    refreshAgenda(at: now)
  }

  mutating func publishFailed(_ cluster: ClusterName, _ failure: Failure, at now: Timestamp) {
    guard var publication = publications[cluster], publication.sent != nil else { return }
    publication.sent = nil
    publication.failures += 1
    let nextTry =
      now
      + Backoff.pause(
        after: publication.failures, of: "publish \(cluster)", min: limits.backoffMin,
        max: limits.backoffMax)
    publication.notBefore = nextTry
    publications[cluster] = publication
    if publication.failures == 1 {
      outbox.happenings.append(.notPublished(cluster, failure, nextTry: nextTry))
    }
    refreshAgenda(at: now)
  }

  mutating func measured(_ loads: EndpointLoads) {
    guard var publication = publications[loads.cluster], let table = publication.wanted else {
      return
    }
    publication.factors = table.factors(loads, after: publication.factors)
    publication.isOutdated = true
    publications[loads.cluster] = publication
  }

  /// Every cluster that has a balancer has a publication, and no other.
  mutating func noteOutdated() {
    let balanced = Set((assignment?.desired.clusters ?? []).filter(\.isBalanced).map(\.name))
    publications = publications.filter { balanced.contains($0.key) }
    for cluster in balanced { publications[cluster, default: Publication()].isOutdated = true }
  }

  /// Notes who is about to stop: whose stop waits for nothing else. While a plan is wanted, nobody knows
  /// better than before.
  mutating func findLeaving(_ remaining: [Remaining], _ world: World, at now: Timestamp) {
    guard !publications.isEmpty, planning.allowsActions(at: now) else { return }
    var leaving: [ClusterName: Set<Standing>] = [:]
    for item in remaining where item.action.waits.isEmpty {
      guard let standing = takesRequests(item.action.step, world) else { continue }
      leaving[standing.node.cluster, default: []].insert(standing)
    }
    for cluster in publications.keys.sorted() {
      guard var publication = publications[cluster] else { continue }
      let standings = (leaving[cluster] ?? []).sorted()
      publication.keep(standings, at: now)
      for standing in standings where publication.noteDrained(standing, at: now) {
        outbox.happenings.append(
          .draining(standing.replica, on: standing.node, drainTime(of: standing.replica)))
      }
      publications[cluster] = publication
    }
  }

  /// When a replica may be stopped at the earliest; nil where it may be now. One that a balancer could
  /// not be told of is not waited for for ever: its health is looked at there as well.
  mutating func mustDrain(_ step: Step, _ world: World, at now: Timestamp) -> Timestamp? {
    guard let standing = takesRequests(step, world),
      let publication = publications[standing.node.cluster]
    else { return nil }
    // Noted once no plan is wanted any more.
    guard let since = publication.leaving[standing] else { return now + limits.publishEvery }
    if let drained = publication.drainedSince[standing] {
      let end = drained + drainTime(of: standing.replica)
      return end > now ? end : nil
    }
    let end = since + limits.untoldFor
    guard end <= now else { return end }
    if publications[standing.node.cluster]?.undrained.insert(standing).inserted ?? false {
      outbox.happenings.append(.undrained(standing.replica, on: standing.node))
    }
    return nil
  }

  /// The replica that is to be stopped, where requests may be on their way to it.
  private func takesRequests(_ step: Step, _ world: World) -> Standing? {
    guard case .stopReplica(let replica, let node) = step, publications[node.cluster] != nil,
      let seen = world.replica(replica, on: node), seen.phase == .ready, seen.port != nil,
      world.node(node)?.address.flatMap({ HostAddress($0) }) != nil
    else { return nil }
    switch spec(of: replica.workload) {
    case nil: return Standing(replica, on: node)
    case let workload?: return workload.endpoint == nil ? nil : Standing(replica, on: node)
    }
  }

  private func drainTime(of replica: ReplicaID) -> Seconds {
    spec(of: replica.workload)?.endpoint?.drain ?? Endpoint.drainDefault
  }

  private func spec(of workload: WorkloadName) -> WorkloadSpec? {
    assignment?.desired.workloads.first { $0.name == workload }
  }
}
