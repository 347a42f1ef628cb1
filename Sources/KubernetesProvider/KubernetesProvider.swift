public import Interfaces
public import Model
public import Planning
import Synchronization

/// Kubernetes as a provider: nodes are its nodes, replicas are pods that Setpoint binds itself, as a
/// scheduler beside others.
///
/// The way of one look: lists (`KubeNode`, `KubePod`, …) → `Scene` → `Observation`. The way of one step:
/// `Scene.moves(for:key:)` decides, `Manifest` words it, `APIServer` asks for it. Between the two,
/// `Desk` sees to it that what is decided at once is not decided twice. All but the server and the desk
/// is pure.
public final class KubernetesProvider: Provider {
  private let surroundings: Surroundings
  private let desks = Mutex<[KubernetesSettings: Desk]>([:])

  public init(_ surroundings: Surroundings) { self.surroundings = surroundings }

  public func observe(_ cluster: ClusterSpec) async throws(Failure) -> Observation {
    let settings = try settings(of: cluster)
    return try await desk(settings).observe(cluster, settings)
  }

  public func apply(
    _ step: Step, key: IdempotencyKey, in cluster: ClusterSpec
  ) async throws(Failure) {
    let settings = try settings(of: cluster)
    try await desk(settings).apply(step, key, in: cluster, settings)
  }

  private func desk(_ settings: KubernetesSettings) -> Desk {
    desks.withLock { desks in
      if let desk = desks[settings] { return desk }
      let desk = Desk(APIServer(settings, surroundings), now: surroundings.now)
      desks[settings] = desk
      return desk
    }
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
  let wait: @Sendable (Seconds) async -> Void

  /// Of the environment count `KUBECONFIG`, `HOME`, `PATH`, `KUBERNETES_SERVICE_HOST` and
  /// `KUBERNETES_SERVICE_PORT`; `now` is real time.
  public init(
    environment: [String: String],
    read: @escaping @Sendable (String) throws(Unreadable) -> [UInt8],
    now: @escaping @Sendable () -> Timestamp,
    wait: @escaping @Sendable (Seconds) async -> Void
  ) {
    self.environment = environment
    self.read = read
    self.now = now
    self.wait = wait
  }
}

/// A file that can't be read.
public struct Unreadable: Error, Hashable, Sendable {
  /// In the system's words.
  public let reason: String

  public init(_ reason: String) { self.reason = reason }
}
