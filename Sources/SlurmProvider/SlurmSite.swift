import Model
import Planning
import ProviderDesk
import Synchronization

/// One Slurm, as the desk has it.
final class SlurmSite: Site {
  private let controller: any Controller
  private let settings: SlurmSettings
  private let now: @Sendable () -> Timestamp
  private let answering = Answering()
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
    /// Jobs of services that have not answered yet.
    var silent: Set<Int64>
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
      forgotten: forgotten,
      silent: await answering.silent(among: Self.questions(jobs.elements, nodes.elements)))
  }

  /// Where services are asked for their health that say where they answer.
  private static func questions(
    _ jobs: [SlurmJob], _ nodes: [SlurmNode]
  ) -> [Answering.Question] {
    let addresses = Dictionary(nodes.map { ($0.name, $0.address) }) { first, _ in first }
    return jobs.compactMap { job in
      guard job.holdsNodes, let tag = job.order, tag.stopKey == nil, let port = tag.port,
        let path = tag.health, let address = addresses[job.nodes], !address.isEmpty
      else { return nil }
      return Answering.Question(job: job.id, address: address, port: port, path: path)
    }
  }

  func scene(of cluster: ClusterSpec, _ seen: Seen, at moment: Timestamp) -> Scene {
    var scene = Scene(
      cluster, settings, nodes: seen.nodes, jobs: seen.jobs, reservations: seen.reservations,
      partitions: seen.partitions, at: moment)
    scene.forgotten = seen.forgotten
    scene.silent = seen.silent
    return scene
  }

  func carryOut(_ move: Move) async throws(Failure) {
    if case .forget(let job) = move { forgotten.withLock { _ = $0.insert(job) } }
    try await controller.carryOut(move)
  }
}
