public import Model

/// Judges what was measured before anything is concluded from it.
public struct Plausibility: Sendable {
  /// The greatest that there is of each where the workload may be.
  public var cpuMilliMax: Int64
  public var memoryBytesMax: Int64
  public var deviceMemoryBytesMax: Int64

  /// `capacities` are those of the nodes that the workload may stand on, and of those that may be
  /// bought.
  public init(_ capacities: [NodeCapacity]) {
    cpuMilliMax = capacities.map(\.amounts.cpuMilli).max() ?? .max
    memoryBytesMax = capacities.map(\.amounts.memoryBytes).max() ?? .max
    deviceMemoryBytesMax = capacities.compactMap { $0.accelerators?.memoryBytes }.max() ?? .max
  }

  /// What can't be, with the name of the field that says it; nil where all of it can.
  public func problem(with usage: WorkloadUsage) -> (field: String, words: String)? {
    if let peak = usage.cpuMilliPeak, peak > cpuMilliMax {
      return (
        "cpuPeak",
        "\(Quantity.decimal.text(peak)) cores, and no node has more than"
          + " \(Quantity.decimal.text(cpuMilliMax))"
      )
    }
    if let p99 = usage.cpuMilliP99, let peak = usage.cpuMilliPeak, p99 > peak {
      return (
        "cpuP99",
        "\(Quantity.decimal.text(p99)) cores for 99 % of the time, and"
          + " \(Quantity.decimal.text(peak)) at the peak"
      )
    }
    if let peak = usage.memoryBytesPeak, peak > memoryBytesMax {
      return (
        "memoryPeak",
        "\(OverAsked.rounded(peak)) of memory, and no node has more than"
          + " \(OverAsked.rounded(memoryBytesMax))"
      )
    }
    if let peak = usage.deviceMilliPeak, peak > 1000 {
      return ("deviceUsePeak", "\(Quantity.decimal.text(peak)) of one accelerator's time")
    }
    if let peak = usage.deviceMemoryBytesPeak, peak > deviceMemoryBytesMax {
      return (
        "deviceMemoryPeak",
        "\(OverAsked.rounded(peak)) of one accelerator's memory, and none"
          + " has more than \(OverAsked.rounded(deviceMemoryBytesMax))"
      )
    }
    return nil
  }

  /// The same for one that holds so many devices.
  public func problem(
    with usage: WorkloadUsage, of workload: WorkloadSpec
  ) -> (field: String, words: String)? {
    let devices = workload.resources.accelerator?.devices ?? 0
    if let peak = usage.devicesPeak, peak > devices {
      return ("devicesPeak", "\(peak) accelerators, and it asks for \(devices)")
    }
    return problem(with: usage)
  }
}
