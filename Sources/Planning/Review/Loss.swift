public import Model

/// Nodes that are taken for lost, to see what would become of it: `zone=us-east-1a`.
public enum Loss: Hashable, Sendable, CustomStringConvertible {
  /// By `cluster/name`, or by the name alone.
  case node(String)
  case zone(String)
  case pool(PoolName)
  /// All that is paid for in this way.
  case capacity(CapacityType)

  /// Nil where `text` is none of `node=…`, `zone=…`, `pool=…` and `capacity=spot`.
  public init?(_ text: String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[1].isEmpty else { return nil }
    switch parts[0] {
    case "node": self = .node(String(parts[1]))
    case "zone": self = .zone(String(parts[1]))
    case "pool": self = .pool(PoolName(String(parts[1])))
    case "capacity":
      guard let type = CapacityType(rawValue: String(parts[1])) else { return nil }
      self = .capacity(type)
    default: return nil
    }
  }

  public var description: String {
    switch self {
    case .node(let name): "node=\(name)"
    case .zone(let name): "zone=\(name)"
    case .pool(let name): "pool=\(name)"
    case .capacity(let type): "capacity=\(type.rawValue)"
    }
  }

  public func hits(_ node: ObservedNode) -> Bool {
    switch self {
    case .node(let name): node.id.name == name || node.id.description == name
    case .zone(let name): node.zone == name
    case .pool(let name): node.pool == name
    case .capacity(let type): node.pool != nil && node.capacityType == type
    }
  }
}

/// A loss, and when it comes: `zone=us-east-1a@5h`.
public struct TimedLoss: Hashable, Sendable, CustomStringConvertible {
  public var loss: Loss
  /// After the start.
  public var at: Seconds

  public init(_ loss: Loss, at: Seconds = .zero) {
    self.loss = loss
    self.at = at
  }

  /// Nil where `text` is no loss, or ends in an `@` without a duration.
  public init?(_ text: String) {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    guard let loss = Loss(String(parts[0])) else { return nil }
    self.init(loss)
    guard parts.count == 2 else { return }
    do throws(TextProblem) { at = try Seconds.parse(String(parts[1])) } catch { return nil }
  }

  public var description: String { at == .zero ? "\(loss)" : "\(loss)@\(at)" }
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
