import Model
import Planning
import ProviderDesk
import Synchronization

/// One Slurm, as the desk has it.
final class SlurmSite: Site {
  private let controller: any Controller
  private let settings: SlurmSettings
  private let now: @Sendable () -> Timestamp
  /// Jobs whose record is of no interest any more; what Slurm has forgotten itself is not kept.
  private let forgotten = Mutex<Set<Int64>>([])

  init(
    _ controller: any Controller, _ settings: SlurmSettings,
    now: @escaping @Sendable () -> Timestamp
  ) {
    self.controller = controller
    self.settings = settings
    self.now = now
  }

  /// What one look at a Slurm showed.
  struct Seen: Sendable {
    var nodes: Listing<SlurmNode>
    var jobs: Listing<SlurmJob>
    var reservations: Listing<SlurmReservation>
    var partitions: Listing<SlurmPartition>
    var forgotten: Set<Int64>
  }

  /// Slurm shows what it has done at once.
  func look(showing moves: [Move]) async throws(Failure) -> Seen {
    // Nodes first: a job that is seen stands on a node that was there.
    let nodes = try await controller.nodes()
    let jobs = try await controller.jobs()
    let reservations = try await controller.reservations()
    // How long jobs may run matters only before a reservation begins.
    let time = now().seconds
    let isBefore = reservations.elements.contains { $0.startTime > time }
    let partitions = isBefore ? try await controller.partitions() : Listing()
    let forgotten = forgotten.withLock { forgotten in
      forgotten.formIntersection(jobs.elements.map(\.id))
      return forgotten
    }
    return Seen(
      nodes: nodes, jobs: jobs, reservations: reservations, partitions: partitions,
      forgotten: forgotten)
  }

  func scene(of cluster: ClusterSpec, _ seen: Seen, at moment: Timestamp) -> Scene {
    var scene = Scene(
      cluster, settings, nodes: seen.nodes, jobs: seen.jobs, reservations: seen.reservations,
      partitions: seen.partitions, at: moment)
    scene.forgotten = seen.forgotten
    return scene
  }

  func carryOut(_ move: Move) async throws(Failure) {
    if case .forget(let job) = move { forgotten.withLock { _ = $0.insert(job) } }
    try await controller.carryOut(move)
  }
}
