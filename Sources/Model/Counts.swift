/// A number of replicas or nodes: fixed where both bounds agree, else left to the autoscaler between
/// them, which then owns the number: it is never diffed and never reset by apply.
public struct CountRange: Hashable, Sendable {
  public let min: Int
  public let max: Int

  /// `min` must not exceed `max`; manifests are checked where they are read.
  public init(_ min: Int, _ max: Int) {
    precondition(min <= max, "a range runs from its lower to its upper bound")
    self.min = min
    self.max = max
  }

  public init(_ exactly: Int) { self.init(exactly, exactly) }

  public var isFixed: Bool { min == max }

  public func clamping(_ count: Int) -> Int { Swift.min(Swift.max(count, min), max) }
}

/// A share of a group: a number of its members or a percentage.
public enum Share: Hashable, Sendable {
  case count(Int)
  /// 0 to 100.
  case percent(Int)

  /// The number of members out of `total` that this allows: a percentage rounds down, but to at least
  /// one where it is above zero, so that a small group can still make progress.
  public func of(_ total: Int) -> Int {
    switch self {
    case .count(let count): count
    case .percent(let percent):
      percent == 0 || total == 0 ? 0 : max(1, total.multipliedSaturated(by: percent) / 100)
    }
  }
}
