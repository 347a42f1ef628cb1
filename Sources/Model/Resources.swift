/// Amounts of the four divisible resources. Arithmetic saturates.
public struct Resources: Hashable, Sendable {
  /// Thousandths of a core.
  public var cpuMilli: Int64
  public var memoryBytes: Int64
  public var storageBytes: Int64
  public var networkBitsPerSecond: Int64

  public static let zero = Resources()

  public init(
    cpuMilli: Int64 = 0, memoryBytes: Int64 = 0, storageBytes: Int64 = 0,
    networkBitsPerSecond: Int64 = 0
  ) {
    self.cpuMilli = cpuMilli
    self.memoryBytes = memoryBytes
    self.storageBytes = storageBytes
    self.networkBitsPerSecond = networkBitsPerSecond
  }

  /// Whether no amount here exceeds that of `capacity`.
  public func fits(in capacity: Resources) -> Bool {
    cpuMilli <= capacity.cpuMilli && memoryBytes <= capacity.memoryBytes
      && storageBytes <= capacity.storageBytes
      && networkBitsPerSecond <= capacity.networkBitsPerSecond
  }

  public static func + (left: Resources, right: Resources) -> Resources {
    left.combined(with: right) { $0.addingSaturated($1) }
  }

  public static func - (left: Resources, right: Resources) -> Resources {
    left.combined(with: right) { $0.subtractingSaturated($1) }
  }

  private func combined(with other: Resources, _ combine: (Int64, Int64) -> Int64) -> Resources {
    Resources(
      cpuMilli: combine(cpuMilli, other.cpuMilli),
      memoryBytes: combine(memoryBytes, other.memoryBytes),
      storageBytes: combine(storageBytes, other.storageBytes),
      networkBitsPerSecond: combine(networkBitsPerSecond, other.networkBitsPerSecond))
  }
}

/// A model of accelerator as manifests and catalogues write it: `H100`, `A100-80GB`.
public struct AcceleratorModel: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let text: String

  public init(_ text: String) { self.text = text }

  public var description: String { text }

  public static func < (left: AcceleratorModel, right: AcceleratorModel) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }
}

/// The accelerators that one replica asks for.
public struct AcceleratorRequest: Hashable, Sendable {
  /// Any of these models will do; sorted. Empty means any model.
  public var models: [AcceleratorModel]
  /// Thousandths of a device. Less than 1000 is a share of one device; otherwise whole devices.
  public var milliDevices: Int64
  /// The memory that each device must have at least.
  public var memoryBytesMin: Int64

  public init(models: [AcceleratorModel], milliDevices: Int64, memoryBytesMin: Int64 = 0) {
    self.models = models.sorted()
    self.milliDevices = milliDevices
    self.memoryBytesMin = memoryBytesMin
  }

  public var isShare: Bool { milliDevices < 1000 }

  /// Whole devices asked for; a share counts as one.
  public var devices: Int {
    Int(clamping: milliDevices / 1000).addingSaturated(milliDevices % 1000 > 0 ? 1 : 0)
  }
}

/// The accelerators that a node or an instance type has: all of one model.
public struct Accelerators: Hashable, Sendable {
  public var model: AcceleratorModel
  public var count: Int
  /// Memory of each device.
  public var memoryBytes: Int64

  public init(model: AcceleratorModel, count: Int, memoryBytes: Int64) {
    self.model = model
    self.count = count
    self.memoryBytes = memoryBytes
  }

  /// Whether devices of this kind are what `request` asks for, leaving their number aside.
  public func satisfy(_ request: AcceleratorRequest) -> Bool {
    (request.models.isEmpty || request.models.contains(model))
      && memoryBytes >= request.memoryBytesMin
  }
}

/// What one replica needs.
public struct ReplicaResources: Hashable, Sendable {
  public var amounts: Resources
  public var accelerator: AcceleratorRequest?

  public init(amounts: Resources = .zero, accelerator: AcceleratorRequest? = nil) {
    self.amounts = amounts
    self.accelerator = accelerator
  }
}

/// What a node offers to replicas, after the system's own share.
public struct NodeCapacity: Hashable, Sendable {
  public var amounts: Resources
  public var accelerators: Accelerators?

  public init(amounts: Resources, accelerators: Accelerators? = nil) {
    self.amounts = amounts
    self.accelerators = accelerators
  }
}
