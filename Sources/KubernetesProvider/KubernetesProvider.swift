public import HTTP
public import Interfaces
public import Model
public import Planning
import ProviderDesk

/// Kubernetes as a provider: nodes are its nodes, replicas are pods that Setpoint binds itself, as a
/// scheduler beside others.
///
/// The way of one look: lists (`KubeNode`, `KubePod`, …) → `Scene` → `Observation`. The way of one step:
/// `Scene.moves(for:key:)` decides, `Manifest` words it, `APIServer` asks for it. Between the two,
/// `Desk` sees to it that what is decided at once is not decided twice. All but the server and the desk
/// is pure.
public final class KubernetesProvider: Provider {
  private let surroundings: Surroundings
  private let desks: Desks<KubernetesSettings, APIServer>

  public init(_ surroundings: Surroundings) {
    self.surroundings = surroundings
    desks = Desks(now: surroundings.now)
  }

  public func observe(_ cluster: ClusterSpec) async throws(Failure) -> Observation {
    try await desk(settings(of: cluster)).observe(cluster)
  }

  public func apply(
    _ step: Step, key: IdempotencyKey, in cluster: ClusterSpec
  ) async throws(Failure) {
    try await desk(settings(of: cluster)).apply(step, key, in: cluster)
  }

  private func desk(_ settings: KubernetesSettings) -> Desk<APIServer> {
    desks.desk(settings) { APIServer($0, surroundings) }
  }

  private func settings(of cluster: ClusterSpec) throws(Failure) -> KubernetesSettings {
    switch cluster.provider {
    case .kubernetes(let settings): return settings
    case .simulated, .slurm: throw .terminal("cluster '\(cluster.name)' is not Kubernetes'")
    }
  }
}

/// What the provider needs of the process that it lives in.
public struct Surroundings: Sendable {
  let environment: [String: String]
  /// The bytes of a file; what it throws is why it can't be read, in words.
  let read: @Sendable (String) throws(Unreadable) -> [UInt8]
  let now: @Sendable () -> Timestamp
  /// Waits so long, or until the task is cancelled.
  let wait: @Sendable (Duration) async -> Void

  /// Of the environment count `KUBECONFIG`, `HOME`, `PATH`, `KUBERNETES_SERVICE_HOST` and
  /// `KUBERNETES_SERVICE_PORT`; `now` is real time.
  public init(
    environment: [String: String],
    read: @escaping @Sendable (String) throws(Unreadable) -> [UInt8],
    now: @escaping @Sendable () -> Timestamp,
    wait: @escaping @Sendable (Duration) async -> Void
  ) {
    self.environment = environment
    self.read = read
    self.now = now
    self.wait = wait
  }
}
