public import Model
import Scenarios
import Simulation

/// All that happens in a trial besides what Setpoint does: enough to repeat it to the byte.
public struct Script: Hashable, Sendable {
  /// Something that befalls the world or the processes at a moment.
  public enum Happening: Hashable, Sendable {
    /// Somebody applies the wishes of this number.
    case apply(Int)
    /// A drill; `@3` stands for the fourth node there is by then, counted round.
    case drill(String)
    /// One more `run` starts.
    case second
    /// This process stands still for so long.
    case pause(Int, Seconds)
    /// This process's clock jumps.
    case skew(Int, Seconds)
    /// The state file is lost, and every process with it.
    case loseState
  }

  public struct Entry: Hashable, Sendable {
    public var at: Seconds
    public var happening: Happening

    public init(_ at: Seconds, _ happening: Happening) {
      self.at = at
      self.happening = happening
    }
  }

  /// Draws the desired states.
  public var wishes: UInt64
  /// Whether time alone asks for something, such as nodes to be given back.
  public var isTimed: Bool
  /// Whether some gangs grow and shrink.
  public var isElastic: Bool
  /// Draws how long answers take; without one, each takes a second.
  public var jitter: UInt64?
  /// Sorted by time.
  public var entries: [Entry]
  /// By the number of the effect, counted from 1 over all processes.
  public var faults: [Int: Fault]

  public init(
    wishes: UInt64, isTimed: Bool = false, isElastic: Bool = false, jitter: UInt64? = nil,
    entries: [Entry] = [], faults: [Int: Fault] = [:]
  ) {
    self.wishes = wishes
    self.isTimed = isTimed
    self.isElastic = isElastic
    self.jitter = jitter
    self.entries = entries
    self.faults = faults
  }
}

extension Script: CustomStringConvertible {
  /// As `init(_:)` reads it.
  public var description: String {
    var lines = ["wishes \(wishes)\(isTimed ? " timed" : "")\(isElastic ? " elastic" : "")"]
    if let jitter { lines.append("jitter \(jitter)") }
    lines += entries.map { "+\($0.at.count) \($0.happening)" }
    lines += faults.keys.sorted().map { "#\($0) \(faults[$0]?.rawValue ?? "")" }
    return lines.map { $0 + "\n" }.joined()
  }

  /// Nil where a line is not understood.
  public init?(_ text: String) {
    self.init(wishes: 0)
    for line in text.split(separator: "\n") where !line.hasPrefix("//") {
      let words = line.split(separator: " ").map(String.init)
      guard let first = words.first, words.count > 1 else { return nil }
      switch (first, first.first) {
      case ("wishes", _):
        guard let seed = UInt64(words[1]) else { return nil }
        wishes = seed
        isTimed = words.contains("timed")
        isElastic = words.contains("elastic")
      case ("jitter", _): jitter = UInt64(words[1])
      case (_, "+"):
        guard let seconds = Int64(first.dropFirst()), let what = Happening(words.dropFirst())
        else { return nil }
        entries.append(Entry(Seconds(seconds), what))
      case (_, "#"):
        guard let number = Int(first.dropFirst()), let fault = Fault(rawValue: words[1]) else {
          return nil
        }
        faults[number] = fault
      default: return nil
      }
    }
  }
}

extension Script.Happening: CustomStringConvertible {
  public var description: String {
    switch self {
    case .apply(let number): "apply \(number)"
    case .drill(let text): "drill \(text)"
    case .second: "second run"
    case .pause(let process, let length): "pause \(process) \(length.count)"
    case .skew(let process, let jump): "skew \(process) \(jump.count)"
    case .loseState: "lose state"
    }
  }

  init?(_ words: ArraySlice<String>) {
    let words = Array(words)
    switch (words.first, words.count) {
    case ("apply", 2): self = .apply(Int(words[1]) ?? 0)
    case ("drill", 2...): self = .drill(words.dropFirst().joined(separator: " "))
    case ("second", 2): self = .second
    case ("lose", 2): self = .loseState
    case ("pause", 3), ("skew", 3):
      guard let process = Int(words[1]), let count = Int64(words[2]) else { return nil }
      self = words[0] == "pause" ? .pause(process, Seconds(count)) : .skew(process, Seconds(count))
    default: return nil
    }
  }
}
