public import Model

/// Exactly the observed facts that a plan depends on. It may be applied as long as they hold, whatever
/// else has changed.
public struct ReadSet: Hashable, Sendable {
  public enum Fact: Hashable, Sendable {
    case room(Room)
    /// No node has this name.
    case absent(NodeID)
    /// The node takes no replicas: it is lost, on its way out, or not there.
    case lost(NodeID)
    /// Nothing is on the node but what the plan itself takes away, and these occupants.
    case idle(NodeID, besides: [String])
    /// The replica holds room on these nodes and on no other; sorted.
    case runs(ReplicaID, on: [NodeID])
    /// What a node of this kind costs in this cluster.
    case price(ClusterName, instanceType: String, CapacityType, perHour: Money)
    /// Replicas that are not in the plan leave this queue, with those below it, at least so many
    /// thousandths of devices under its limit: of this model, or of all together.
    case quota(QueueName, AcceleratorModel?, milliDevices: Int64)
  }

  /// The node is there and takes replicas; with those gone that the plan takes away, it has at least
  /// this much free.
  public struct Room: Hashable, Sendable {
    public var node: NodeID
    public var amounts: Resources
    /// Sorted by index.
    public var devices: [Device]
    /// Those of its labels that the arriving replicas ask for.
    public var labels: Labels
    public var taints: [Taint]

    public init(
      node: NodeID, amounts: Resources, devices: [Device] = [], labels: Labels = .none,
      taints: [Taint] = []
    ) {
      self.node = node
      self.amounts = amounts
      self.devices = devices
      self.labels = labels
      self.taints = taints
    }
  }

  /// A device of a node by its index, and how much of it is wanted, in thousandths.
  public struct Device: Hashable, Sendable {
    public var index: Int
    public var milli: Int64

    public init(index: Int, milli: Int64) {
      self.index = index
      self.milli = milli
    }
  }

  /// Sorted by what they are about, for the same plan always in the same order.
  public var facts: [Fact]

  public init(_ facts: [Fact] = []) { self.facts = facts }
}

/// A fact of a read set that does not hold any more.
public struct BrokenFact: Hashable, Sendable {
  /// What is found instead.
  public enum Found: Hashable, Sendable {
    /// The cluster can't be seen, or not wholly.
    case unseen(ClusterName)
    /// There is no such node.
    case nothing
    /// The node is there, in this phase.
    case node(ObservedNode.Phase)
    case amounts(Resources)
    case device(index: Int, freeMilli: Int64)
    case labels(Labels)
    case taints([Taint])
    /// A replica or an occupant by its name.
    case inhabitant(String)
    case runs(on: [NodeID])
    /// Nil where it is not for sale any more.
    case price(Money?)
    case quota(milliDevices: Int64)
  }

  public var fact: ReadSet.Fact
  public var found: Found

  public init(_ fact: ReadSet.Fact, found: Found) {
    self.fact = fact
    self.found = found
  }
}
