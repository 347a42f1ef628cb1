public import Model

/// Something that is done to the world to see what becomes of it: `lose node h100-1`, `time +30m`.
///
/// A node is named as `cluster/name`, or by its name alone where only one has it.
public enum Drill: Hashable, Sendable {
  case loseNode(String)
  case loseZone(String)
  /// The provider takes the node back, after its notice.
  case reclaim(String)
  /// `p5.48xlarge`, or `p5.48xlarge:spot` for one capacity type.
  case stockOut(String)
  /// Undoes `stockOut`; all of them where none is named. What a manifest says is out of stock stays so.
  case restock(String?)
  /// Replicas of the workload fail whenever they start, until healed.
  case crash(WorkloadName)
  /// Somebody else's work moves in.
  case occupy(node: String, name: String, ReplicaResources)
  /// Listings of the cluster break off halfway, until healed.
  case partial(ClusterName)
  /// The cluster does not answer, until healed.
  case cutOff(ClusterName)
  /// Brings back a lost node, empty, or ends what was done to a workload or a cluster of this name;
  /// somebody else's work of this name moves out.
  case heal(String)
  case time(Seconds)

  /// How each drill is written.
  public static let usage = [
    "lose node NODE", "lose zone ZONE", "reclaim NODE", "stock out TYPE[:spot|:on-demand]",
    "restock [TYPE]", "crash WORKLOAD",
    "occupy NODE NAME [cpu=4] [memory=8Gi] [accelerator=H100:2]",
    "partial CLUSTER", "cut off CLUSTER", "heal NODE|WORKLOAD|CLUSTER|NAME", "time +30m",
  ]

  public static func parse(_ words: [String]) throws(DrillProblem) -> Drill {
    let words = words.map { $0[...] }
    switch (words.first, words.count) {
    case ("lose", 3) where words[1] == "node": return .loseNode(String(words[2]))
    case ("lose", 3) where words[1] == "zone": return .loseZone(String(words[2]))
    case ("reclaim", 2): return .reclaim(String(words[1]))
    case ("stock", 3) where words[1] == "out": return .stockOut(String(words[2]))
    case ("restock", 1): return .restock(nil)
    case ("restock", 2): return .restock(String(words[1]))
    case ("crash", 2): return .crash(WorkloadName(String(words[1])))
    case ("occupy", 3...): return try occupy(words)
    case ("partial", 2): return .partial(ClusterName(String(words[1])))
    case ("cut", 3) where words[1] == "off": return .cutOff(ClusterName(String(words[2])))
    case ("heal", 2): return .heal(String(words[1]))
    case ("time", 2): return .time(try time(words[1]))
    default:
      let given = words.joined(separator: " ")
      throw DrillProblem("'\(given)' is no drill; drills are: " + usage.joined(separator: ", "))
    }
  }

  private static func time(_ word: Substring) throws(DrillProblem) -> Seconds {
    do {
      return try Seconds.parse(String(word.hasPrefix("+") ? word.dropFirst() : word))
    } catch {
      throw DrillProblem("'\(word)' is no length of time; write it as +30m or +1h30m")
    }
  }

  private static func occupy(_ words: [Substring]) throws(DrillProblem) -> Drill {
    var resources = ReplicaResources()
    for word in words.dropFirst(3) {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      do {
        switch (parts.first, parts.count) {
        case ("cpu", 2): resources.amounts.cpuMilli = try Quantity.cores.parse(parts[1])
        case ("memory", 2): resources.amounts.memoryBytes = try Quantity.bytes.parse(parts[1])
        case ("accelerator", 2): resources.accelerator = try AcceleratorRequest.parse(parts[1])
        default: throw TextProblem.malformed(help: nil)
        }
      } catch {
        throw DrillProblem("'\(word)' is not cpu=4, memory=8Gi or accelerator=H100:2")
      }
    }
    return .occupy(node: String(words[1]), name: String(words[2]), resources)
  }
}

/// Why a drill could not be read or run, in words for its user.
public struct DrillProblem: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
