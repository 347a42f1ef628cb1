import JSON

/// A partition, as far as it bounds how long a job may run that asks for no time of its own.
struct SlurmPartition: Hashable, Sendable, Blank {
  var name = ""
  /// Minutes; 0 or less where there is none, or no end.
  var defaultMinutes: Int64 = 0
  var minutesMax: Int64 = 0

  /// Seconds; nil where its jobs may run for ever.
  var jobSecondsMax: Int64? {
    let minutes = defaultMinutes > 0 ? defaultMinutes : minutesMax
    return minutes > 0 ? minutes.saturatedTimes(60) : nil
  }
}

extension SlurmPartition {
  /// The answer of slurmrestd; releases after 22.05 nest the limits.
  static func list(_ json: [UInt8]) throws(JSONProblem) -> Listing<SlurmPartition> {
    try Listing(json, member: "partitions") {
      (partition: inout SlurmPartition, name, reader) throws(JSONProblem) in
      switch name {
      case "name": partition.name = try reader.text()
      case "default_time_limit": partition.defaultMinutes = try reader.amount()
      case "max_time_limit": partition.minutesMax = try reader.amount()
      case "defaults": partition.defaultMinutes = try reader.time()
      case "maximums": partition.minutesMax = try reader.time()
      default: break
      }
    } isUsable: {
      !$0.name.isEmpty
    }
  }

  /// What `scontrol --oneliner show partition` says.
  static func list(_ lines: String) -> Listing<SlurmPartition> {
    var listing = Listing<SlurmPartition>()
    for line in lines.split(separator: "\n") where line.hasPrefix("PartitionName=") {
      var partition = SlurmPartition()
      for word in line.split(separator: " ") {
        guard let equals = word.firstIndex(of: "=") else { continue }
        let value = word[word.index(after: equals)...]
        switch word[..<equals] {
        case "PartitionName": partition.name = String(value)
        case "DefaultTime": partition.defaultMinutes = minutes(value)
        case "MaxTime": partition.minutesMax = minutes(value)
        default: break
        }
      }
      listing.elements.append(partition)
    }
    return listing
  }

  /// Of `1-12:30:00`; 0 for `NONE` and `UNLIMITED`.
  private static func minutes(_ text: Substring) -> Int64 {
    let parts = text.split(separator: "-")
    let clock = parts.last?.split(separator: ":").compactMap { Int64($0) } ?? []
    guard clock.count == 3, parts.count <= 2 else { return 0 }
    let days = parts.count == 2 ? Int64(parts[0]) ?? 0 : 0
    return days.saturatedTimes(1440) + clock[0].saturatedTimes(60) + clock[1]
  }
}

extension JSONReader {
  /// Of `{"time": 5}`; 0 where there is none.
  fileprivate mutating func time() throws(JSONProblem) -> Int64 {
    guard try kind() == .object else {
      try skip()
      return 0
    }
    var time: Int64 = 0
    try object { (name, reader) throws(JSONProblem) in
      if name == "time" { time = try reader.amount() }
    }
    return time
  }
}
