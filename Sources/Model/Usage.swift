/// What workloads and queues were found to use, whoever measured it.
public struct Usage: Hashable, Sendable {
  /// In the order of the file; each workload once.
  public var workloads: [WorkloadUsage]
  /// In the order of the file; each queue once.
  public var queues: [QueueUsage]
  /// How what is not told here is asked of Prometheus.
  public var queries: UsageQueries

  public init(
    workloads: [WorkloadUsage] = [], queues: [QueueUsage] = [],
    queries: UsageQueries = UsageQueries()
  ) {
    self.workloads = workloads
    self.queues = queues
    self.queries = queries
  }
}

/// What one workload was found to use. Each amount is that of the replica that used most of it; nil
/// where nobody measured it, which is not zero.
public struct WorkloadUsage: Hashable, Sendable {
  public var workload: WorkloadName
  /// How long it was measured in all, without the gaps.
  public var measuredFor: Seconds
  /// Thousandths of a core.
  public var cpuMilliPeak: Int64?
  /// What it stayed below for 99 of 100 moments.
  public var cpuMilliP99: Int64?
  public var memoryBytesPeak: Int64?
  /// Devices that did anything at all, at the same time.
  public var devicesPeak: Int?
  /// Of one device, in thousandths of its time.
  public var deviceMilliPeak: Int64?
  /// Of one device.
  public var deviceMemoryBytesPeak: Int64?

  public init(
    workload: WorkloadName, measuredFor: Seconds, cpuMilliPeak: Int64? = nil,
    cpuMilliP99: Int64? = nil, memoryBytesPeak: Int64? = nil, devicesPeak: Int? = nil,
    deviceMilliPeak: Int64? = nil, deviceMemoryBytesPeak: Int64? = nil
  ) {
    self.workload = workload
    self.measuredFor = measuredFor
    self.cpuMilliPeak = cpuMilliPeak
    self.cpuMilliP99 = cpuMilliP99
    self.memoryBytesPeak = memoryBytesPeak
    self.devicesPeak = devicesPeak
    self.deviceMilliPeak = deviceMilliPeak
    self.deviceMemoryBytesPeak = deviceMemoryBytesPeak
  }
}

/// What the workloads of one queue, and of those below it, held at the same time.
public struct QueueUsage: Hashable, Sendable {
  public struct Entry: Hashable, Sendable {
    public var model: AcceleratorModel
    /// Thousandths of a device.
    public var milliDevicesPeak: Int64

    public init(_ model: AcceleratorModel, _ milliDevicesPeak: Int64) {
      self.model = model
      self.milliDevicesPeak = milliDevicesPeak
    }
  }

  public var queue: QueueName
  public var measuredFor: Seconds
  /// Of all models together, in thousandths of a device.
  public var milliDevicesPeak: Int64
  /// Of single models, sorted; nil where nobody told them apart. A model that is missing was not used.
  public var byModel: [Entry]?

  public init(
    queue: QueueName, measuredFor: Seconds, milliDevicesPeak: Int64, byModel: [Entry]? = nil
  ) {
    self.queue = queue
    self.measuredFor = measuredFor
    self.milliDevicesPeak = milliDevicesPeak
    self.byModel = byModel?.sorted { $0.model < $1.model }
  }
}

/// PromQL that gives one number each: what `WorkloadUsage` says, in cores, bytes, devices, parts of one
/// device, and seconds. `$workload` stands for the workload's name and `$since` for the time that is
/// looked back, such as `7d`. Nil where what the provider's names come to is asked.
public struct UsageQueries: Hashable, Sendable {
  public var measuredFor: String?
  public var cpuPeak: String?
  public var cpuP99: String?
  public var memoryPeak: String?
  public var devicesPeak: String?
  public var deviceUsePeak: String?
  public var deviceMemoryPeak: String?

  public init() {}
}
