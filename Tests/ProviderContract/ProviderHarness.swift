public import Interfaces
public import Model
import Planning

/// What the suite needs besides the provider: to make time pass, and to meddle with the place behind
/// the provider's back.
public protocol ProviderHarness: Sendable {
  /// Of an empty place that has room for what `Fixture` orders.
  var provider: any Provider { get }
  var cluster: ClusterSpec { get }
  /// Returns when all that was ordered has come to an end: nodes booted or gone, replicas ready or gone.
  func settle() async throws
  /// The provider as a new process finds it.
  func restarted() async throws -> any Provider
  /// Somebody else adds a node.
  func add(foreign node: ObservedNode) async throws
  /// Somebody else's work moves in.
  func occupy(_ node: NodeID, with name: String, _ resources: ReplicaResources) async throws
  /// A node stops answering.
  func lose(_ node: NodeID) async throws
}

extension ProviderHarness {
  func observe() async throws -> Observation { try await provider.observe(cluster) }

  func apply(_ step: Step, key: String? = nil) async throws {
    let key = IdempotencyKey(key ?? step.id.text)
    try await provider.apply(step, key: key, in: cluster)
  }

  /// A ready node.
  func boot(_ name: String) async throws {
    try await apply(.createNode(Fixture.node(name)))
    try await settle()
  }

  /// What the provider answers; nil where it says yes.
  func refusal(of step: Step, key: String? = nil) async -> Failure? {
    do {
      let key = IdempotencyKey(key ?? step.id.text)
      try await provider.apply(step, key: key, in: cluster)
      return nil
    } catch {
      return error
    }
  }
}

extension Failure {
  var isConflict: Bool {
    switch self {
    case .conflict: true
    case .transient, .terminal, .unknown, .outOfStock: false
    }
  }

  var isTerminal: Bool {
    switch self {
    case .terminal: true
    case .transient, .conflict, .unknown, .outOfStock: false
    }
  }
}
