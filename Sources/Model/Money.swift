/// An exact amount of US dollars in millionths, so that sums of prices are sums and not estimates.
///
/// Arithmetic saturates. Prices per hour are a `Money` in a field whose name ends in `PerHour`.
public struct Money: Hashable, Comparable, Sendable {
  public var micros: Int64

  public static let zero = Money(micros: 0)

  @inlinable
  public init(micros: Int64) { self.micros = micros }

  public static func < (left: Money, right: Money) -> Bool { left.micros < right.micros }

  public static func + (left: Money, right: Money) -> Money {
    Money(micros: left.micros.addingSaturated(right.micros))
  }

  public static func - (left: Money, right: Money) -> Money {
    Money(micros: left.micros.subtractingSaturated(right.micros))
  }

  public static func += (left: inout Money, right: Money) { left = left + right }

  public static func * (left: Money, right: Int64) -> Money {
    Money(micros: left.micros.multipliedSaturated(by: right))
  }

  /// The cost of `duration` at this price per hour, rounded half up to a millionth.
  public func over(_ duration: Seconds) -> Money {
    let exact = Int128(micros) * Int128(duration.count)
    return Money(micros: Int64(clamping: (exact + 1800) / 3600))
  }
}
