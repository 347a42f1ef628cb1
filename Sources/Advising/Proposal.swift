public import Catalog
public import Manifests
public import Model

/// A change of the manifests that something speaks for.
public struct Proposal: Hashable, Sendable {
  public var edits: [FieldEdit]
  public var ground: Ground

  public init(_ edits: [FieldEdit], _ ground: Ground) {
    self.edits = edits
    self.ground = ground
  }

  /// What speaks for it.
  public enum Ground: Hashable, Sendable {
    /// A workload asks for more than it was found to use.
    case overAsked(WorkloadUsage, [Excess])
    /// A pool could buy a type that costs less for what stands there.
    case cheaperType(String)
    /// What stands on a pool's nodes can lose one now and then.
    case spot([Tolerance])
    /// A queue is guaranteed more than it was found to hold.
    case unusedQuota(QueueUsage)
  }

  /// One amount that is asked for and was not used.
  public struct Excess: Hashable, Sendable {
    public enum Amount: String, CaseIterable, Hashable, Sendable {
      case cpu, memory
      /// A share of a device.
      case deviceShare
      /// Whole devices.
      case devices
    }

    public var amount: Amount
    /// What counts as used, as text: the peak, or what it is taken from.
    public var used: String

    public init(_ amount: Amount, used: String) {
      self.amount = amount
      self.used = used
    }
  }

  /// Why a workload can stand on nodes that are taken back.
  public struct Tolerance: Hashable, Sendable {
    public enum Why: Hashable, Sendable {
      /// It saves its state that often.
      case checkpoint(every: Seconds)
      /// So many replicas, of which no node holds more than a part.
      case replicas(Int)
    }

    public var workload: WorkloadName
    public var why: Why

    public init(_ workload: WorkloadName, _ why: Why) {
      self.workload = workload
      self.why = why
    }
  }
}

/// What proposals are made from.
public struct Situation: Sendable {
  /// All that is wanted, and what of it stands in files that can be changed.
  public var desired: DesiredState
  public var editable: Set<ObjectID>
  /// What was measured; a workload or a queue that is missing was not.
  public var workloads: [WorkloadName: WorkloadUsage]
  public var queues: [QueueName: QueueUsage]
  public var catalogs: [ClusterName: Catalog]
  /// How long spot nodes live on average, where a cluster does not say it.
  public var spotLifetime: Seconds?
  /// What the manifests come to as they are.
  public var base: Settlement

  public init(
    desired: DesiredState, editable: Set<ObjectID>, usage: Usage = Usage(),
    catalogs: [ClusterName: Catalog] = [:], spotLifetime: Seconds? = nil, base: Settlement
  ) {
    self.desired = desired
    self.editable = editable
    workloads = Dictionary(usage.workloads.map { ($0.workload, $0) }) { first, _ in first }
    queues = Dictionary(usage.queues.map { ($0.queue, $0) }) { first, _ in first }
    self.catalogs = catalogs
    self.spotLifetime = spotLifetime
    self.base = base
  }

  func canEdit(_ kind: Kind, _ name: String) -> Bool { editable.contains(ObjectID(kind, name)) }

  func cluster(_ name: ClusterName) -> ClusterSpec? {
    desired.clusters.first { $0.name == name }
  }
}

/// One reason for which manifests could be better. It only proposes; whether it is better is found out
/// by planning with it.
protocol AdviceRule {
  /// Each with alternatives, of which the first that helps is meant.
  static func proposals(in situation: Situation) -> [[Proposal]]
}
