import Model
import Planning

/// All that one process asks of one Slurm goes over this desk, so that two steps that are decided at
/// once do not both count on the same room, node or key.
///
/// Every step is decided on a look that began after it was asked for; steps that come while a look is
/// under way share the next. What was asked of Slurm since is laid over what the look saw.
actor Desk {
  private let controller: any Controller
  private let now: @Sendable () -> Timestamp
  private var asked: [Asked] = []
  private var forgotten: Set<Int64> = []
  private var next: Task<Result<Seen, Failure>, Never>?
  private var current: Task<Result<Seen, Failure>, Never>?
  private var looks = 0

  struct Seen: Sendable {
    var nodes: Listing<SlurmNode>
    var jobs: Listing<SlurmJob>
    var reservations: Listing<SlurmReservation>
    var partitions: Listing<SlurmPartition>
    var at: Timestamp
    /// Which look it was.
    var look: Int
  }

  private struct Asked {
    let id: Int
    var moves: [Move]
    /// The last look that had begun when Slurm answered; nil while it has not.
    var answeredIn: Int?
    /// Those who want the same, and do as well or as badly.
    var waiting: [CheckedContinuation<Failure?, Never>] = []

    func starts(_ replica: TargetReplica) -> Bool {
      moves.contains {
        guard case .submit(let submission) = $0 else { return false }
        return submission.parts.contains { $0.tag.replica == replica }
      }
    }
  }

  private var lastAsked = 0
  /// What the last step was decided on, with all that was asked since; the next one mostly needs the
  /// same.
  private var drawn: (look: Int, scene: Scene)?

  /// Whoever decides on an older look than the last must not miss what was asked since.
  private static let looksKept = 8

  init(_ controller: any Controller, now: @escaping @Sendable () -> Timestamp) {
    self.controller = controller
    self.now = now
  }

  func observe(_ cluster: ClusterSpec, _ settings: SlurmSettings) async throws(Failure)
    -> Observation
  {
    try await scene(cluster, settings).observation
  }

  func apply(
    _ step: Step, _ key: IdempotencyKey, in cluster: ClusterSpec, _ settings: SlurmSettings
  ) async throws(Failure) {
    let moves = try await scene(cluster, settings).moves(for: step, key: key)
    guard !moves.isEmpty else {
      if let failure = await failureOfTwin(step) { throw failure }
      return
    }
    // From here to the first call nothing waits: what was decided is noted before anybody else decides.
    let id = note(moves)
    do throws(Failure) {
      for move in moves { try await controller.carryOut(move) }
      answered(id, nil)
    } catch {
      answered(id, error)
      throw error
    }
  }

  /// Where the replica is being started by another call right now, alone or with its gang: what becomes
  /// of that.
  private func failureOfTwin(_ step: Step) async -> Failure? {
    guard case .startReplica(let order) = step,
      let index = asked.firstIndex(where: {
        $0.answeredIn == nil && $0.starts(order.replica)
      })
    else { return nil }
    return await withCheckedContinuation { asked[index].waiting.append($0) }
  }

  // MARK: What was asked

  private func note(_ moves: [Move]) -> Int {
    lastAsked += 1
    asked.append(Asked(id: lastAsked, moves: moves))
    for case .forget(let job) in moves { forgotten.insert(job) }
    for move in moves { drawn?.scene.take(move) }
    return lastAsked
  }

  private func answered(_ id: Int, _ failure: Failure?) {
    guard let index = asked.firstIndex(where: { $0.id == id }) else { return }
    for twin in asked[index].waiting { twin.resume(returning: failure) }
    asked[index].waiting = []
    if failure?.mayHaveHappened ?? true {
      asked[index].answeredIn = looks
    } else {
      asked.remove(at: index)
      drawn = nil
    }
  }

  // MARK: Looking

  private func scene(
    _ cluster: ClusterSpec, _ settings: SlurmSettings
  ) async throws(Failure) -> Scene {
    let seen = try await look()
    if let drawn, drawn.look == seen.look, drawn.scene.cluster == cluster { return drawn.scene }
    asked.removeAll { $0.answeredIn.map { $0 + Self.looksKept < seen.look } ?? false }
    var scene = Scene(
      cluster, settings, nodes: seen.nodes, jobs: seen.jobs, reservations: seen.reservations,
      partitions: seen.partitions, at: seen.at)
    forgotten.formIntersection(scene.jobs.map(\.id))
    scene.forgotten = forgotten
    let unseen = asked.filter { ($0.answeredIn ?? .max) >= seen.look }
    scene = scene.after(unseen.flatMap(\.moves))
    drawn = (seen.look, scene)
    return scene
  }

  /// A look that begins after this call.
  private func look() async throws(Failure) -> Seen {
    if let next { return try await next.value.get() }
    let before = current
    let task = Task { [self] in
      _ = await before?.value
      return await begin()
    }
    next = task
    return try await task.value.get()
  }

  private func begin() async -> Result<Seen, Failure> {
    current = next
    next = nil
    looks += 1
    let look = looks
    do throws(Failure) {
      // Nodes first: a job that is seen stands on a node that was there.
      let nodes = try await controller.nodes()
      let jobs = try await controller.jobs()
      let reservations = try await controller.reservations()
      let at = now()
      // How long jobs may run matters only before a reservation begins.
      let isBefore = reservations.elements.contains { $0.startTime > at.seconds }
      let partitions = isBefore ? try await controller.partitions() : Listing()
      return .success(
        Seen(
          nodes: nodes, jobs: jobs, reservations: reservations, partitions: partitions, at: at,
          look: look))
    } catch {
      return .failure(error)
    }
  }
}

extension Failure {
  fileprivate var mayHaveHappened: Bool {
    switch self {
    case .unknown: true
    case .transient, .conflict, .terminal, .outOfStock: false
    }
  }
}
