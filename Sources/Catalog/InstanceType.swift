public import Model

/// A kind of node as a cloud sells it.
public struct InstanceType: Hashable, Sendable {
  public var name: String
  /// As advertised.
  public var vCPUs: Int
  /// As advertised.
  public var memoryBytes: Int64
  /// What replicas can use, after the share of the system and of the node's own agents. Storage is
  /// that of the local disks which come with the type; network is what it sustains. Both are 0
  /// where unknown, and a replica that asks for either then does not fit: better than a promise
  /// that nobody gave.
  public var capacity: NodeCapacity

  /// `amounts.cpuMilli` and `amounts.memoryBytes` of a node whose maker does not say what is left
  /// of them follow from `Overhead`.
  public init(
    name: String, vCPUs: Int, memoryBytes: Int64, allocatable: Resources? = nil,
    storageBytes: Int64 = 0, networkBitsPerSecond: Int64 = 0, accelerators: Accelerators? = nil
  ) {
    self.name = name
    self.vCPUs = vCPUs
    self.memoryBytes = memoryBytes
    let cpuMilli = Int64(vCPUs).multipliedSaturated(by: 1000)
    let left = allocatable ?? Overhead.allocatable(cpuMilli: cpuMilli, memoryBytes: memoryBytes)
    capacity = NodeCapacity(
      amounts: Resources(
        cpuMilli: left.cpuMilli, memoryBytes: left.memoryBytes, storageBytes: storageBytes,
        networkBitsPerSecond: networkBitsPerSecond),
      accelerators: accelerators)
  }

  /// Whether a pool with these requirements buys this type. They speak of what is advertised, as
  /// people do. A pool that asks for no accelerator gets none: nobody wants to pay for idle
  /// devices.
  public func meets(_ requirements: InstanceRequirements) -> Bool {
    meetsAccelerators(requirements)
      && requirements.cpuMilli?.contains(Int64(vCPUs).multipliedSaturated(by: 1000)) ?? true
      && requirements.memoryBytes?.contains(memoryBytes) ?? true
  }

  private func meetsAccelerators(_ requirements: InstanceRequirements) -> Bool {
    let models = requirements.accelerators
    guard let accelerators = capacity.accelerators else {
      return models.isEmpty && requirements.acceleratorCount?.contains(0) ?? true
    }
    if models.isEmpty && requirements.acceleratorCount == nil { return false }
    return (models.isEmpty || models.contains(accelerators.model))
      && requirements.acceleratorCount?.contains(Int64(accelerators.count)) ?? true
  }
}
