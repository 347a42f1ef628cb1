import Digests
import Execution
import Interfaces
import Model
import Planning
import Reconciliation

let us = ClusterName("us")
let spec = ClusterSpec(metadata: Metadata(name: "us"), region: "us-east-1", zones: ["a"])

func target(nodes: ClosedRange<Int>, parent: TargetID? = nil) -> Target {
  Target(
    parent: parent, desired: Digest(of: "desired"), nodes: nodes.map { targetNode($0) },
    replicas: [], nextNodeOrdinals: [])
}

func targetNode(_ number: Int) -> TargetNode {
  TargetNode(
    id: NodeID(us, "pool-\(number)"), pool: PoolName("pool"), instanceType: "p5.48xlarge",
    zone: "a", capacityType: .spot, pricePerHour: .zero, capacity: NodeCapacity(amounts: .zero),
    labels: .none, taints: [])
}

/// Time that passes only by waiting for it.
actor JumpingClock: Clock {
  private var moment = Timestamp(seconds: 0)

  func now() async -> Timestamp { moment }

  func wait(until moment: Timestamp) async {
    await Task.yield()
    self.moment = max(self.moment, moment)
  }
}

/// A provider's world in memory: nodes that boot for 90 seconds.
actor TwinProvider: Provider {
  enum Mood: Sendable {
    case well
    /// It takes effect, and the answer is lost.
    case forgetful
    /// It never answers, nor heeds being cancelled.
    case silent
    case throttled
  }

  private let clock: JumpingClock
  /// Yields for every call that begins not to answer.
  let silences: AsyncStream<Void>
  private let silence: AsyncStream<Void>.Continuation
  private var readyAt: [NodeID: Timestamp] = [:]
  private var keys: Set<IdempotencyKey> = []
  private var moods: [Mood]
  private(set) var created: [NodeID] = []
  private(set) var calls = 0

  /// The mood of each call; of those after them, well.
  init(_ clock: JumpingClock, moods: [Mood] = []) {
    self.clock = clock
    self.moods = moods
    (silences, silence) = AsyncStream.makeStream()
  }

  var nodes: [NodeID] { readyAt.keys.sorted() }

  func lose(_ node: NodeID) { readyAt[node] = nil }

  func observe(_ cluster: ClusterSpec) async throws(Failure) -> Observation {
    let now = await clock.now()
    return Observation(
      cluster: cluster.name, at: now,
      nodes: readyAt.map { id, moment in
        ObservedNode(
          id: id, pool: PoolName("pool"), instanceType: "p5.48xlarge", zone: "a",
          capacityType: .spot, labels: .none, capacity: NodeCapacity(amounts: .zero),
          phase: moment <= now ? .ready : .booting, createdAt: now)
      })
  }

  func apply(_ step: Step, key: IdempotencyKey, in cluster: ClusterSpec) async throws(Failure) {
    calls += 1
    let mood = moods.isEmpty ? .well : moods.removeFirst()
    if mood == .throttled { throw .transient("throttled") }
    let now = await clock.now()
    if keys.insert(key).inserted {
      switch step {
      case .createNode(let node):
        created.append(node.id)
        readyAt[node.id] = now + Seconds(90)
      case .deleteNode(let node): readyAt[node] = nil
      case .drainNode, .startReplica, .stopReplica: break
      }
    }
    switch mood {
    case .well, .throttled: return
    case .forgetful: throw .unknown("connection lost")
    case .silent:
      silence.yield()
      unsafe await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
    }
  }
}

/// What `StateStore` promises, in memory.
actor TwinStore: StateStore {
  private var state = StoredState()
  private var journal: [JournalEntry] = []
  private(set) var told: [Event] = []
  private var refusals: Int

  /// Refuses so many records for want of room.
  init(_ target: Target?, refusals: Int = 0) {
    state.target = target
    self.refusals = refusals
  }

  func current() async throws(StoreError) -> StoredState {
    var current = state
    let latest = Dictionary(journal.map { ($0.key, $0.event) }) { $1 }
    current.openIntents = journal.filter { $0.event == .intent && latest[$0.key] == .intent }
    let wanted = Set((state.target?.nodes ?? []).map { ActionID.create($0.id) })
    current.done = journal.filter { $0.event == .done && wanted.contains($0.action) }
    return current
  }

  func adopt(_ adoption: Adoption) async throws(StoreError) -> AdoptionOutcome {
    guard state.target?.id == adoption.target.parent else {
      return .stale(current: state.target?.id)
    }
    state.target = adoption.target
    return .adopted
  }

  func record(_ entries: [JournalEntry], events: [Event]) async throws(StoreError) {
    if refusals > 0 {
      refusals -= 1
      throw .diskFull(path: "state.db")
    }
    if entries.contains(where: { $0.event == .intent && $0.target != state.target?.id }) {
      throw .superseded(by: state.target?.id)
    }
    journal += entries
    told += events
  }

  func events(limit: Int) async throws(StoreError) -> [Event] { told.suffix(limit) }

  func history(limit: Int) async throws(StoreError) -> [RevisionRecord] { [] }

  func claim(_ lease: Lease, at now: Timestamp) async throws(StoreError) -> LeaseOutcome {
    .granted
  }

  func release() async throws(StoreError) {}

  var entries: [JournalEntry.Event] { journal.map(\.event) }
}

/// Never speaks.
func silence() -> AsyncStream<Void> { AsyncStream { _ in } }
