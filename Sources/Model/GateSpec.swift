/// Rules over a plan's effects that must hold before it is applied.
public struct GateSpec: Hashable, Sendable {
  public var metadata: Metadata
  /// A plan with any of these effects is refused.
  public var deny: [GatePredicate]
  /// A plan without all of these is refused.
  public var require: [GateRequirement]

  public init(metadata: Metadata, deny: [GatePredicate] = [], require: [GateRequirement] = []) {
    self.metadata = metadata
    self.deny = deny
    self.require = require
  }

  public var name: GateName { GateName(metadata.name) }
}

/// An effect of a plan that a gate can refuse.
public enum GatePredicate: Hashable, Sendable {
  /// A replica of a workload with all of these labels is preempted; any workload where none is given.
  case preempts(Labels)
  case costIncreaseAbove(perHour: Money)
  /// In per cent of the cost before; any increase from nothing counts as above.
  case costIncreaseAbovePercent(Int)
  case costAbove(perHour: Money)
  /// A replica stays pending.
  case pending
  /// More than this share of the objects of `kind` (of all, where left out) is deleted.
  case deletes(kind: Kind?, moreThan: Share)
  /// A workload's replicas are replaced.
  case replaces
  /// More than this number of running replicas change their node.
  case movesMoreThan(Int)
  /// A node is bought for a pool that is not among these.
  case nodesOutside([PoolName])
  /// A protected object is changed or deleted, or a node of a protected cluster or pool goes.
  case touchesProtected
}

/// A property that the fleet must have after a plan.
public enum GateRequirement: Hashable, Sendable {
  /// A gang of this many devices, one node's worth each, could still be placed on free capacity or on
  /// nodes that pools may still buy. It tolerates every taint.
  case schedulableGang(AcceleratorModel, devices: Int)
  /// Once the plan is carried out, planning again comes to rest: no plan undoes another.
  case settles
  /// Whatever stands would find a home again if any one zone, rack or node were lost.
  case survives(TopologyLevel)
}
