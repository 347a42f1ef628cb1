import Model
import Planning
import Simulation

extension World {
  /// What became different since `before` without anybody having asked for it just now.
  func news(since before: World) -> [ForecastEvent] {
    var events: [ForecastEvent] = []
    func tell(_ kind: ForecastEvent.Kind, _ subject: String, _ detail: String = "") {
      events.append(ForecastEvent(at: now, kind: kind, subject: subject, detail: detail))
    }
    let old = Dictionary(before.nodes.map { ($0.id, $0) }) { first, _ in first }
    for node in nodes {
      guard let earlier = old[node.id], earlier != node else { continue }
      if earlier.observed.phase == .booting, node.observed.phase == .ready {
        tell(.nodeReady, "\(node.id)")
      }
      if earlier.observed.reason == nil, let reason = node.observed.reason {
        tell(.nodeReclaimed, "\(node.id)", reason)
      }
      let standing = Dictionary(earlier.replicas.map { ($0.id, $0.observed) }) { first, _ in first }
      for replica in node.replicas where standing[replica.id] != replica.observed {
        switch replica.observed.phase {
        case .ready: tell(.replicaReady, "\(replica.id)", "\(node.id)")
        case .crashLooping where replica.observed.restarts <= Self.crashesTold:
          tell(.replicaCrashed, "\(replica.id)", "\(node.id)")
        case .crashLooping, .starting, .stopping, .finished, .lost: break
        }
      }
    }
    let there = Set(nodes.map(\.id))
    for node in before.nodes where !there.contains(node.id) {
      let lost = node.replicas.filter { $0.observed.phase == .ready }.map { "\($0.id)" }
      tell(.nodeGone, "\(node.id)", lost.isEmpty ? "" : "with \(lost.joined(separator: ", "))")
    }
    for replica in finished where !before.finished.contains(where: { $0.id == replica.id }) {
      tell(.replicaFinished, "\(replica.id)")
    }
    return events
  }

  /// A replica that keeps failing is told of this often.
  private static let crashesTold = 3

  /// Whether something is on its way that will be over by itself soon.
  var isMoving: Bool {
    nodes.contains { node in
      switch node.observed.phase {
      case .booting, .deleting: return true
      case .draining: return node.due != nil
      case .ready, .lost:
        return node.replicas.contains {
          switch $0.observed.phase {
          case .starting, .stopping: true
          case .ready, .crashLooping, .finished, .lost: false
          }
        }
      }
    }
  }
}
