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
    var at: Timestamp
    /// Which look it was.
    var look: Int
  }

  private struct Asked {
    let id: Int
    var moves: [Move]
    /// The last look that had begun when Slurm answered; nil while it has not.
    var answeredIn: Int?
  }

  private var lastAsked = 0

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
    guard !moves.isEmpty else { return }
    // From here to the first call nothing waits: what was decided is noted before anybody else decides.
    let id = note(moves)
    do throws(Failure) {
      for move in moves { try await controller.carryOut(move) }
      answered(id, keeping: true)
    } catch {
      answered(id, keeping: error.mayHaveHappened)
      throw error
    }
  }

  // MARK: What was asked

  private func note(_ moves: [Move]) -> Int {
    lastAsked += 1
    asked.append(Asked(id: lastAsked, moves: moves))
    for case .forget(let job) in moves { forgotten.insert(job) }
    return lastAsked
  }

  private func answered(_ id: Int, keeping isKept: Bool) {
    guard let index = asked.firstIndex(where: { $0.id == id }) else { return }
    if isKept { asked[index].answeredIn = looks } else { asked.remove(at: index) }
  }

  // MARK: Looking

  private func scene(
    _ cluster: ClusterSpec, _ settings: SlurmSettings
  ) async throws(Failure) -> Scene {
    let seen = try await look()
    asked.removeAll { $0.answeredIn.map { $0 + Self.looksKept < seen.look } ?? false }
    var scene = Scene(cluster, settings, nodes: seen.nodes, jobs: seen.jobs, at: seen.at)
    forgotten.formIntersection(scene.jobs.map(\.id))
    scene.forgotten = forgotten
    let unseen = asked.filter { ($0.answeredIn ?? .max) >= seen.look }
    return scene.after(unseen.flatMap(\.moves))
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
      return .success(Seen(nodes: nodes, jobs: jobs, at: now(), look: look))
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
