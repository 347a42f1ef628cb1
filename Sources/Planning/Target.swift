public import Digests
public import Model

/// What was decided, to the last node and name: the planner's choice, made current by adopting it.
///
/// It is neither what people want (`DesiredState`) nor what was seen (`ObservedState`). The `Differ`
/// compares it with what is seen and has no choice left to make.
public struct Target: Hashable, Sendable {
  /// The digest of all the rest.
  public private(set) var id: TargetID
  /// The target that this one was made from; adopting it compares and sets.
  public var parent: TargetID?
  /// Of the desired state that it was made for.
  public var desired: Digest
  /// Sorted by id; only nodes of our pools.
  public var nodes: [TargetNode]
  /// Sorted by replica.
  public var replicas: [TargetReplica]
  /// Replicas above the wanted number that stand in while others are exchanged, sorted by replica;
  /// their ordinals follow those of the workload.
  public var surge: [TargetReplica]
  /// Training runs that are done and not started again, sorted by workload.
  public var finished: [FinishedRun]
  /// Workloads that were stopped since they were idle, and are not started again; sorted by workload.
  public var idled: [FinishedRun]
  /// The next ordinal of a node's name for each pool, sorted by pool: names are never used twice.
  public var nextNodeOrdinals: [NodeOrdinal]
  /// The highest incarnation that was ever given out. It only grows, so that no start of a replica, nor
  /// of one that has the name of an earlier one, repeats the idempotency key of another.
  public var lastIncarnation: Int
  /// What the id is the digest of.
  public private(set) var edition: Edition

  /// Targets keep the id that they were adopted by, so what it stands for is never changed, only added
  /// to.
  public enum Edition: Int, CaseIterable, Hashable, Sendable {
    /// Of nodes, all but what they offer and to whom.
    case first = 1
    /// All of the target.
    case second
  }

  /// `lastIncarnation` is at least that of every replica. Targets of before it was kept do not say
  /// it: nil gives such a target the id that it was adopted by.
  public init(
    parent: TargetID?, desired: Digest, nodes: [TargetNode], replicas: [TargetReplica],
    surge: [TargetReplica] = [], finished: [FinishedRun] = [], idled: [FinishedRun] = [],
    nextNodeOrdinals: [NodeOrdinal], lastIncarnation: Int? = 0, edition: Edition = .second
  ) {
    self.edition = edition
    id = TargetID(Digest(hex: ""))
    self.parent = parent
    self.desired = desired
    self.nodes = nodes.sorted { $0.id < $1.id }
    self.replicas = replicas.sorted { $0.id < $1.id }
    self.surge = surge.sorted { $0.id < $1.id }
    self.finished = finished.sorted { $0.workload < $1.workload }
    self.idled = idled.sorted { $0.workload < $1.workload }
    self.nextNodeOrdinals = nextNodeOrdinals.sorted { $0.pool < $1.pool }
    self.lastIncarnation = (replicas + surge).reduce(lastIncarnation ?? 0) {
      max($0, $1.incarnation)
    }
    let said = lastIncarnation == nil ? [] : ["incarnation \(self.lastIncarnation)"]
    id = TargetID(Digest(of: (canonicalLines + said).joined(separator: "\n")))
  }
}

extension Target {
  /// The same with `change` made, under the id that it has then.
  public func changed(_ change: (inout Target) -> Void) -> Target {
    var other = self
    change(&other)
    return Target(
      parent: other.parent, desired: other.desired, nodes: other.nodes, replicas: other.replicas,
      surge: other.surge, finished: other.finished, idled: other.idled,
      nextNodeOrdinals: other.nextNodeOrdinals, lastIncarnation: other.lastIncarnation)
  }

  /// Whether the same nodes and replicas are decided, whatever it was made for and from.
  public func decides(as other: Target) -> Bool {
    nodes == other.nodes && replicas == other.replicas && surge == other.surge
      && finished == other.finished && idled == other.idled
      && nextNodeOrdinals == other.nextNodeOrdinals
  }

  /// The creations and starts that it asks for.
  public var asked: [ActionID] {
    nodes.map { .create($0.id) } + (replicas + surge).map { .start($0) }
  }
}

/// The identity of a target by its content.
public struct TargetID: Hashable, Sendable, CustomStringConvertible {
  public let digest: Digest

  public init(_ digest: Digest) { self.digest = digest }

  public var description: String { digest.short }
}

/// A node that is to exist.
public struct TargetNode: Hashable, Sendable {
  public var id: NodeID
  public var pool: PoolName
  public var instanceType: String
  public var zone: String
  public var capacityType: CapacityType
  public var pricePerHour: Money
  public var capacity: NodeCapacity
  public var labels: Labels
  public var taints: [Taint]

  public init(
    id: NodeID, pool: PoolName, instanceType: String, zone: String, capacityType: CapacityType,
    pricePerHour: Money, capacity: NodeCapacity, labels: Labels, taints: [Taint]
  ) {
    self.id = id
    self.pool = pool
    self.instanceType = instanceType
    self.zone = zone
    self.capacityType = capacityType
    self.pricePerHour = pricePerHour
    self.capacity = capacity
    self.labels = labels
    self.taints = taints.sorted()
  }
}

/// A replica that is to run, and where.
public struct TargetReplica: Hashable, Sendable {
  public var id: ReplicaID
  public var node: NodeID
  public var devices: [Int]
  public var revision: Revision
  /// Which decision to start it this is; see `Target.lastIncarnation`.
  public var incarnation: Int

  public init(
    id: ReplicaID, node: NodeID, devices: [Int], revision: Revision, incarnation: Int
  ) {
    self.id = id
    self.node = node
    self.devices = devices
    self.revision = revision
    self.incarnation = incarnation
  }
}

/// A training run that ran to completion.
public struct FinishedRun: Hashable, Sendable {
  public var workload: WorkloadName
  public var revision: Revision

  public init(workload: WorkloadName, revision: Revision) {
    self.workload = workload
    self.revision = revision
  }
}

/// How far the names of a pool's nodes have been used up.
public struct NodeOrdinal: Hashable, Sendable {
  public var pool: PoolName
  public var next: Int

  public init(pool: PoolName, next: Int) {
    self.pool = pool
    self.next = next
  }
}

extension Target {
  /// One line for each fact, in order: what the id is the digest of.
  private var canonicalLines: [String] {
    var lines = [
      "target \(edition.rawValue)", "parent \(parent?.digest.hex ?? "-")", "desired \(desired.hex)",
    ]
    lines += nodes.map { $0.canonicalLine(edition) }
    lines += replicas.map {
      "replica \($0.id) \($0.node) \($0.devices) \($0.revision) \($0.incarnation)"
    }
    lines += surge.map {
      "surge \($0.id) \($0.node) \($0.devices) \($0.revision) \($0.incarnation)"
    }
    lines += finished.map { "finished \($0.workload) \($0.revision)" }
    lines += idled.map { "idled \($0.workload) \($0.revision)" }
    lines += nextNodeOrdinals.map { "next \($0.pool) \($0.next)" }
    return lines
  }
}

extension TargetNode {
  fileprivate func canonicalLine(_ edition: Target.Edition) -> String {
    let line =
      "node \(id) \(pool) \(instanceType) \(zone) \(capacityType.rawValue)"
      + " \(pricePerHour.micros)"
    switch edition {
    case .first: return line
    case .second:
      let amounts = capacity.amounts
      let devices = capacity.accelerators.map { "\($0.model) \($0.count) \($0.memoryBytes)" }
      return line + " \(amounts.cpuMilli) \(amounts.memoryBytes) \(amounts.storageBytes)"
        + " \(amounts.networkBitsPerSecond) \(devices ?? "-")"
        + labels.pairs.map { " \([$0.key, $0.value])" }.joined()
        + taints.map { " \([$0.key, $0.value, $0.effect.rawValue])" }.joined()
    }
  }
}
