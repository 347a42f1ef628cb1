import Balancing
import HAProxyBalancer
import HTTP
import Interfaces
import KubernetesProvider
import Model
import Planning
import SimulatedProvider
import Simulation
import SlurmProvider
import Synchronization

/// The providers of one process, and what balances there: each cluster is looked at and changed by its
/// own.
final class Providers: Provider, Balancer {
  private let simulated: SimulatedProvider
  private let slurm: SlurmProvider
  private let kubernetes: KubernetesProvider
  private let haproxy: HAProxyBalancer
  private let leads = Mutex<@Sendable () -> Bool>({ true })

  init(_ world: WorldFile) {
    simulated = SimulatedProvider(world)
    slurm = SlurmProvider(
      searchPath: POSIX.variable("PATH") ?? "/usr/bin:/bin", variable: { POSIX.variable($0) },
      now: { Timestamp(seconds: POSIX.seconds) })
    kubernetes = KubernetesProvider(.process)
    haproxy = HAProxyBalancer(searchPath: POSIX.variable("PATH") ?? "/usr/bin:/bin")
  }

  /// From now on nothing is done at moments when `leads` says no.
  func act(while leads: @escaping @Sendable () -> Bool) { self.leads.withLock { $0 = leads } }

  func observe(_ cluster: ClusterSpec) async throws(Failure) -> Observation {
    switch cluster.provider {
    case .simulated: try await simulated.observe(cluster)
    case .slurm: try await slurm.observe(cluster)
    case .kubernetes: try await kubernetes.observe(cluster)
    }
  }

  func apply(
    _ step: Step, key: IdempotencyKey, in cluster: ClusterSpec
  ) async throws(Failure) {
    try refuseUnlessLeading()
    switch cluster.provider {
    case .simulated: try await simulated.apply(step, key: key, in: cluster)
    case .slurm: try await slurm.apply(step, key: key, in: cluster)
    case .kubernetes: try await kubernetes.apply(step, key: key, in: cluster)
    }
  }

  func publish(_ table: EndpointTable, in cluster: ClusterSpec) async throws(Failure) {
    try refuseUnlessLeading()
    try await haproxy.publish(table, in: cluster)
  }

  private func refuseUnlessLeading() throws(Failure) {
    guard leads.withLock({ $0 })() else {
      throw .transient("this process does not lead at the moment")
    }
  }
}

extension Surroundings {
  /// Of this process.
  static var process: Surroundings {
    let names = [
      "HOME", "KUBECONFIG", "KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT", "PATH",
    ]
    let environment = names.compactMap { name in POSIX.variable(name).map { (name, $0) } }
    return Surroundings(
      environment: Dictionary(uniqueKeysWithValues: environment),
      read: { path throws(Unreadable) in try SmallFile.read(path) },
      now: { Timestamp(seconds: POSIX.seconds) },
      wait: { time in
        // Cancelled means that nobody waits any more.
        do { try await Task.sleep(for: time) } catch { return }
      })
  }
}

/// The time that a process lives in: that of the simulated world as long as all its clusters are
/// simulated, and real time as soon as one is not. A simulated world beside a real one then follows
/// real time as well.
final class SessionClock: Clock {
  private let world: WorldFile
  private let virtual: VirtualClock
  private let kinds = Mutex((isReal: false, isMixed: false))

  init(_ world: WorldFile) {
    self.world = world
    virtual = VirtualClock(world)
  }

  /// Takes note of what the process has to do with.
  func note(_ clusters: [ClusterSpec]) {
    let isReal = clusters.contains(where: \.isReal)
    let isSimulated = clusters.contains(where: \.isSimulated)
    kinds.withLock { kinds in
      kinds.isReal = kinds.isReal || isReal
      kinds.isMixed = kinds.isReal && (kinds.isMixed || isSimulated)
    }
  }

  func now() async -> Timestamp {
    let kinds = kinds.withLock { $0 }
    guard kinds.isReal else { return await virtual.now() }
    let now = Timestamp(seconds: POSIX.seconds)
    if kinds.isMixed { follow(now) }
    return now
  }

  func wait(until moment: Timestamp) async {
    guard kinds.withLock({ $0.isReal }) else { return await virtual.wait(until: moment) }
    let seconds = (moment - Timestamp(seconds: POSIX.seconds)).count
    // Cancelled means that nobody waits any more.
    do { try await Task.sleep(for: .seconds(max(0, seconds))) } catch { return }
  }

  private func follow(_ now: Timestamp) {
    do throws(Failure) {
      try world.change { world in if world.now < now { world.advance(to: now) } }
    } catch {
      // The world stands still where its file can't be written, and its own calls say why.
      return
    }
  }
}

extension ClusterSpec {
  /// Whether what happens there happens whether or not anybody looks.
  var isReal: Bool { !isSimulated || prometheus != nil }

  var isSimulated: Bool {
    switch provider {
    case .simulated: true
    case .slurm, .kubernetes: false
    }
  }
}
