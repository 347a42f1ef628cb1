public import Model
public import Planning
import Synchronization

/// All that one process asks of one place goes over this desk, so that two steps that are decided at
/// once do not both count on the same room, node or key.
///
/// Every step is decided on a look that began after it was asked for; steps that come while a look is
/// under way share the next. What was asked since is laid over what the look saw.
public actor Desk<Place: Site> {
  private let place: Place
  private let now: @Sendable () -> Timestamp
  private var asked: [Asked] = []
  private var next: Task<Result<Look, Failure>, Never>?
  private var current: Task<Result<Look, Failure>, Never>?
  private var looks = 0
  /// The last look that saw something.
  private var lastSeen = 0

  private struct Look: Sendable {
    var seen: Place.Seen
    var at: Timestamp
    /// Which look it was.
    var number: Int
  }

  private struct Asked {
    let id: Int
    var moves: [Place.Scene.Move]
    /// The last look that had begun when the place answered; nil while it has not.
    var answeredIn: Int?
    /// Those who want the same, and do as well or as badly.
    var waiting: [CheckedContinuation<Failure?, Never>] = []
  }

  private var lastAsked = 0
  /// What the last step was decided on, with all that was asked since; the next one mostly needs the
  /// same.
  private var drawn: (look: Int, scene: Place.Scene)?

  /// Whoever decides on an older look than the last must not miss what was asked since.
  private static var looksKept: Int { 8 }

  public init(_ place: Place, now: @escaping @Sendable () -> Timestamp) {
    self.place = place
    self.now = now
  }

  public func observe(_ cluster: ClusterSpec) async throws(Failure) -> Observation {
    try await scene(of: cluster).observation
  }

  public func apply(
    _ step: Step, _ key: IdempotencyKey, in cluster: ClusterSpec
  ) async throws(Failure) {
    let moves = try await scene(of: cluster).moves(for: step, key: key)
    guard !moves.isEmpty else {
      if let failure = await failureOfTwin(step) { throw failure }
      return
    }
    // From here to the first call nothing waits: what was decided is noted before anybody else decides.
    let id = note(moves)
    do throws(Failure) {
      for move in moves { try await place.carryOut(move) }
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
      let index = asked.firstIndex(where: { asked in
        asked.answeredIn == nil && asked.moves.contains { $0.starts(order.replica) }
      })
    else { return nil }
    return await withCheckedContinuation { asked[index].waiting.append($0) }
  }

  // MARK: What was asked

  private func note(_ moves: [Place.Scene.Move]) -> Int {
    lastAsked += 1
    asked.append(Asked(id: lastAsked, moves: moves))
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

  private func scene(of cluster: ClusterSpec) async throws(Failure) -> Place.Scene {
    let look = try await look()
    if let drawn, drawn.look == look.number, drawn.scene.cluster == cluster { return drawn.scene }
    asked.removeAll { $0.answeredIn.map { $0 + Self.looksKept < look.number } ?? false }
    let unseen = asked.filter { ($0.answeredIn ?? .max) >= look.number }
    let scene = place.scene(of: cluster, look.seen, at: look.at).after(unseen.flatMap(\.moves))
    drawn = (look.number, scene)
    return scene
  }

  /// A look that begins after this call.
  private func look() async throws(Failure) -> Look {
    if let next { return try await next.value.get() }
    let before = current
    let task = Task { [self] in
      _ = await before?.value
      return await begin()
    }
    next = task
    return try await task.value.get()
  }

  private func begin() async -> Result<Look, Failure> {
    current = next
    next = nil
    looks += 1
    let number = looks
    // What was answered before is not laid over what this look sees; older ones were seen by now.
    let answered = asked.filter { ($0.answeredIn ?? -1) >= lastSeen }.flatMap(\.moves)
    do throws(Failure) {
      let seen = try await place.look(showing: answered)
      lastSeen = number
      return .success(Look(seen: seen, at: now(), number: number))
    } catch {
      return .failure(error)
    }
  }
}

/// The desks of one process: one for each place, which its settings tell apart.
public final class Desks<Settings: Hashable & Sendable, Place: Site>: Sendable {
  private let desks = Mutex<[Settings: Desk<Place>]>([:])
  private let now: @Sendable () -> Timestamp

  public init(now: @escaping @Sendable () -> Timestamp) { self.now = now }

  /// `place` opens the door where nobody has yet.
  public func desk(_ settings: Settings, _ place: (Settings) -> Place) -> Desk<Place> {
    desks.withLock { desks in
      if let desk = desks[settings] { return desk }
      let desk = Desk(place(settings), now: now)
      desks[settings] = desk
      return desk
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
