import Model
import Planning

/// The decisions of a target by name, so that a look can be held against them.
struct Decisions {
  private let nodes: Set<NodeID>
  private let replicas: [ReplicaID: TargetReplica]

  init(_ target: Target) {
    nodes = Set(target.nodes.map(\.id))
    replicas = Dictionary(
      (target.replicas + target.surge).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func want(_ node: NodeID) -> Bool { nodes.contains(node) }

  /// Whether it is this start of this replica on this node that was decided.
  func want(_ seen: ObservedReplica) -> Bool {
    guard let decision = replicas[seen.id] else { return false }
    return decision.node == seen.node && decision.incarnation == seen.incarnation
  }
}

/// What is on its way takes its course: nodes boot, replicas start, and what is not wanted goes once it
/// was told to. A step that could be taken before can be taken after it too, since the differ gives room
/// and leave to each step as if none of the others had come to its end yet.
extension Reconciler {
  /// Whether all that is new at a look is of this kind. Everything else, good or bad, asks for another
  /// comparison.
  func foresaw(_ news: News) -> Bool {
    guard let decisions, !news.isOtherBesides else { return false }
    return news.nodes.allSatisfy { foresaw($0, decisions) }
      && news.replicas.allSatisfy { foresaw($0, decisions) }
  }

  private func foresaw(
    _ change: News.Change<NodeID, ObservedNode>, _ decisions: Decisions
  ) -> Bool {
    guard let after = change.after else {
      return !decisions.want(change.id) && !isUntouched(.deleteNode(change.id))
    }
    if let before = change.before, before.isLike(after) { return true }
    switch after.phase {
    case .booting: return decisions.want(after.id) && change.before == nil
    case .ready:
      return decisions.want(after.id) && (change.before.map { $0.phase == .booting } ?? true)
    case .draining:
      return !decisions.want(after.id) && after.reason == nil && !isUntouched(.drainNode(after.id))
    case .deleting: return !decisions.want(after.id) && !isUntouched(.deleteNode(after.id))
    case .lost: return false
    }
  }

  private func foresaw(
    _ change: News.Change<News.Instance, ObservedReplica>, _ decisions: Decisions
  ) -> Bool {
    let stop = Step.stopReplica(change.id.replica, on: change.id.node)
    guard let after = change.after else {
      return !(change.before.map(decisions.want) ?? false) && !isUntouched(stop)
    }
    if let before = change.before, before.isLike(after) { return true }
    switch after.phase {
    case .starting: return decisions.want(after) && change.before == nil
    case .ready:
      return decisions.want(after) && (change.before.map { $0.phase == .starting } ?? true)
    case .stopping: return !decisions.want(after) && !isUntouched(stop)
    case .crashLooping, .finished, .lost: return false
    }
  }

  private func isUntouched(_ step: Step) -> Bool { agenda.untouched.contains(step.id) }
}

extension ObservedNode {
  /// Whether only that is other which no step depends on.
  fileprivate func isLike(_ other: ObservedNode) -> Bool {
    var copy = self
    copy.createdAt = other.createdAt
    copy.emptySince = other.emptySince
    return copy == other
  }
}

extension ObservedReplica {
  /// Whether only that is other which no step depends on.
  fileprivate func isLike(_ other: ObservedReplica) -> Bool {
    var copy = self
    copy.startedAt = other.startedAt
    copy.restarts = other.restarts
    copy.reason = other.reason
    return copy == other
  }
}
