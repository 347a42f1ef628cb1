public import Model

/// Nodes that are taken for lost, to see what would become of it: `zone=us-east-1a`.
public enum Loss: Hashable, Sendable, CustomStringConvertible {
  /// By `cluster/name`, or by the name alone.
  case node(String)
  case zone(String)
  case pool(PoolName)

  /// Nil where `text` is none of `node=…`, `zone=…` and `pool=…`.
  public init?(_ text: String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[1].isEmpty else { return nil }
    switch parts[0] {
    case "node": self = .node(String(parts[1]))
    case "zone": self = .zone(String(parts[1]))
    case "pool": self = .pool(PoolName(String(parts[1])))
    default: return nil
    }
  }

  public var description: String {
    switch self {
    case .node(let name): "node=\(name)"
    case .zone(let name): "zone=\(name)"
    case .pool(let name): "pool=\(name)"
    }
  }

  func hits(_ node: ObservedNode) -> Bool {
    switch self {
    case .node(let name): node.id.name == name || node.id.description == name
    case .zone(let name): node.zone == name
    case .pool(let name): node.pool == name
    }
  }
}

extension ObservedState {
  /// The same as if these nodes did not answer any more, and with them all that stands on them; nil
  /// where there is no such node.
  public func losing(_ loss: Loss) -> ObservedState? {
    let lost = Set(nodes.filter(loss.hits).map(\.id))
    guard !lost.isEmpty else { return nil }
    return ObservedState(
      observations.map { observation in
        var rest = observation
        for index in rest.nodes.indices where lost.contains(rest.nodes[index].id) {
          rest.nodes[index].phase = .lost
          rest.nodes[index].reason = "taken for lost"
        }
        for index in rest.replicas.indices
        where lost.contains(rest.replicas[index].node) && rest.replicas[index].phase != .finished {
          rest.replicas[index].phase = .lost
        }
        rest.occupants.removeAll { lost.contains($0.node) }
        return rest
      }, unseen: unseen)
  }
}
