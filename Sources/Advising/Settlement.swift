public import Model

/// What manifests come to once everything that they ask for has been done, as far as it can be: what the
/// planner and the loop of `run` make of them.
public struct Settlement: Hashable, Sendable {
  public struct Node: Hashable, Sendable {
    public var id: NodeID
    /// Nil for a node that is not ours; such a one is here only where something of ours stands on it.
    public var pool: PoolName?
    public var instanceType: String
    public var zone: String
    public var capacityType: CapacityType
    /// Nothing for a node that is not ours.
    public var pricePerHour: Money
    public var capacity: NodeCapacity
    /// How many of each workload stand on it.
    public var replicas: [WorkloadName: Int]

    public init(
      id: NodeID, pool: PoolName?, instanceType: String, zone: String, capacityType: CapacityType,
      pricePerHour: Money, capacity: NodeCapacity, replicas: [WorkloadName: Int] = [:]
    ) {
      self.id = id
      self.pool = pool
      self.instanceType = instanceType
      self.zone = zone
      self.capacityType = capacityType
      self.pricePerHour = pricePerHour
      self.capacity = capacity
      self.replicas = replicas
    }
  }

  /// Why nothing can be concluded from it.
  public enum Trouble: Hashable, Sendable {
    /// A gate refuses a plan on the way.
    case refused(String)
    /// It did not come to rest within a day.
    case restless
  }

  /// Sorted by id.
  public var nodes: [Node]
  public var costPerHour: Money
  /// Replicas that have no place; workloads whose replicas all have one are not in it.
  public var pending: [WorkloadName: Int]
  /// Replicas that were stopped for others on the way.
  public var preempted: Int
  /// Nodes that no price is known of.
  public var unpriced: Int
  public var trouble: Trouble?

  public init(
    nodes: [Node] = [], costPerHour: Money = .zero, pending: [WorkloadName: Int] = [:],
    preempted: Int = 0, unpriced: Int = 0, trouble: Trouble? = nil
  ) {
    self.nodes = nodes
    self.costPerHour = costPerHour
    self.pending = pending
    self.preempted = preempted
    self.unpriced = unpriced
    self.trouble = trouble
  }

  public var pendingCount: Int { pending.values.reduce(0, +) }

  /// Replicas that have a place.
  func count(of workload: WorkloadName) -> Int {
    nodes.reduce(0) { $0 + ($1.replicas[workload] ?? 0) }
  }
}
