public import Model
public import Planning

/// A made-up place where nodes boot and die and replicas start and fail, on virtual time.
///
/// The world only behaves: it decides nothing and knows no plan. What is asked of it goes through
/// `apply`, as with any provider; what befalls it goes through `run(_:)`; in between `advance(to:)`
/// lets time pass. The same seed and the same calls give the same world.
///
/// There is no queue of events: each thing carries the moment at which it changes by itself, so that a
/// world can be stored and read again between any two calls without losing what is under way.
public struct World: Hashable, Sendable {
  /// Where virtual time starts unless told otherwise: 2026-01-01T00:00:00Z.
  public static let epoch = Timestamp(seconds: 1_767_225_600)

  public var now: Timestamp
  /// Of all clusters; sorted by id.
  public var nodes: Nodes
  /// Replicas that ran to completion. They outlive their nodes, as a record of what was done, until
  /// they are stopped or started anew. Sorted by id and node.
  public var finished: [ObservedReplica]
  /// Training runs that end some day; sorted by workload.
  public var runs: [TrainingRun]
  /// What was carried out.
  public var receipts: Receipts
  public var faults: Faults

  public init(
    now: Timestamp = World.epoch, nodes: [Node] = [], finished: [ObservedReplica] = [],
    runs: [TrainingRun] = [], receipts: Receipts = Receipts(), faults: Faults = Faults()
  ) {
    self.now = now
    self.nodes = Nodes(nodes.sorted { $0.id < $1.id })
    self.finished = finished.sorted { ($0.id, $0.node) < ($1.id, $1.node) }
    self.runs = runs.sorted { $0.workload < $1.workload }
    self.receipts = receipts
    self.faults = faults
  }

  /// What there is of `cluster`, or `transient` while it is cut off.
  ///
  /// A partial listing breaks off halfway through the nodes, and says so.
  public func observe(_ cluster: ClusterName) throws(Failure) -> Observation {
    try refuseWhenCutOff(cluster)
    var nodes = nodes.filter { $0.id.cluster == cluster }[...]
    let isComplete = !faults.partial.contains(cluster)
    if !isComplete { nodes = nodes.prefix(nodes.count / 2) }
    let finished = isComplete ? finished.filter { $0.node.cluster == cluster } : []
    return Observation(
      cluster: cluster, at: now, isComplete: isComplete, nodes: nodes.map(\.observed),
      replicas: nodes.flatMap { $0.replicas.map(\.observed) } + finished,
      occupants: nodes.flatMap(\.occupants))
  }

  func refuseWhenCutOff(_ cluster: ClusterName) throws(Failure) {
    guard !faults.cutOff.contains(cluster) else {
      throw .transient("cluster '\(cluster)' does not answer")
    }
  }
}

extension World {
  /// Whether something was changed since `forgetChanges`, where the rest besides nodes and receipts was
  /// `rest` then.
  public func isChanged(from rest: Rest) -> Bool {
    !nodes.touched.isEmpty || !receipts.added.isEmpty || !receipts.forgotten.isEmpty
      || self.rest != rest
  }

  public mutating func forgetChanges() {
    nodes.forgetTouched()
    receipts.forgetChanges()
  }

  /// All of a world but nodes and receipts.
  public struct Rest: Equatable, Sendable {
    fileprivate var now: Timestamp
    fileprivate var finished: [ObservedReplica]
    fileprivate var runs: [TrainingRun]
    fileprivate var faults: Faults
  }

  public var rest: Rest { Rest(now: now, finished: finished, runs: runs, faults: faults) }
}

extension World {
  /// A node with what stands on it.
  public struct Node: Hashable, Sendable {
    public var observed: ObservedNode
    /// When its phase changes by itself.
    public var due: Timestamp?
    /// When the provider will ask for it back.
    public var noticeAt: Timestamp?
    /// Sorted by id.
    public var replicas: [Replica]
    /// What others run here; sorted by name.
    public var occupants: [Occupant]

    public init(
      _ observed: ObservedNode, due: Timestamp? = nil, noticeAt: Timestamp? = nil,
      replicas: [Replica] = [], occupants: [Occupant] = []
    ) {
      self.observed = observed
      self.due = due
      self.noticeAt = noticeAt
      self.replicas = replicas
      self.occupants = occupants
    }

    public var id: NodeID { observed.id }
  }

  /// A replica on its node.
  public struct Replica: Hashable, Sendable {
    public var observed: ObservedReplica
    /// When its phase changes by itself.
    public var due: Timestamp?
    /// From its start until it is ready.
    public var startTime: Seconds

    public init(_ observed: ObservedReplica, due: Timestamp?, startTime: Seconds) {
      self.observed = observed
      self.due = due
      self.startTime = startTime
    }

    public var id: ReplicaID { observed.id }
  }

  /// A gang on its way to the end of its training.
  ///
  /// It is done when the whole gang has been ready for `duration`. What an interruption loses is the
  /// time since the last checkpoint; all of it where there are none.
  public struct TrainingRun: Hashable, Sendable {
    public var workload: WorkloadName
    public var revision: Revision
    public var replicaCount: Int
    public var duration: Seconds
    public var checkpointEvery: Seconds?
    /// What checkpoints have kept of earlier stretches.
    public var saved: Seconds
    /// Since when the whole gang is ready.
    public var runningSince: Timestamp?

    public init(
      workload: WorkloadName, revision: Revision, replicaCount: Int, duration: Seconds,
      checkpointEvery: Seconds?, saved: Seconds = .zero, runningSince: Timestamp? = nil
    ) {
      self.workload = workload
      self.revision = revision
      self.replicaCount = replicaCount
      self.duration = duration
      self.checkpointEvery = checkpointEvery
      self.saved = saved
      self.runningSince = runningSince
    }
  }

  /// What drills have brought about and `heal` and `restock` undo. Lists are sorted.
  public struct Faults: Hashable, Sendable {
    /// Instance types that can't be had, as `SimulatedSettings.outOfStock` has them.
    public var outOfStock: [String]
    /// Workloads whose replicas fail whenever they start.
    public var crashing: [WorkloadName]
    /// Clusters whose listings break off.
    public var partial: [ClusterName]
    /// Clusters that do not answer.
    public var cutOff: [ClusterName]

    public init(
      outOfStock: [String] = [], crashing: [WorkloadName] = [], partial: [ClusterName] = [],
      cutOff: [ClusterName] = []
    ) {
      self.outOfStock = outOfStock.sorted()
      self.crashing = crashing.sorted()
      self.partial = partial.sorted()
      self.cutOff = cutOff.sorted()
    }
  }
}
