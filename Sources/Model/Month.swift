/// A month of the calendar in UTC, by which money is counted: `2026-11`.
public struct Month: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Months since January of the year 0.
  private let number: Int64

  private init(number: Int64) { self.number = number }

  /// The month that holds `moment`.
  public init(of moment: Timestamp) {
    let date = Civil.date(daysSinceEpoch: moment.seconds.dividedDown(by: 86_400))
    number = date.year * 12 + date.month - 1
  }

  /// Nil for anything but what `description` writes.
  public init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].utf8.count == 4, parts[1].utf8.count == 2,
      parts.joined().utf8.allSatisfy({ (48...57).contains($0) }), let year = Int64(parts[0]),
      let month = Int64(parts[1]), (1...12).contains(month)
    else { return nil }
    number = year * 12 + month - 1
  }

  public var next: Month { Month(number: number + 1) }

  /// Its first second.
  public var start: Timestamp {
    let year = number.dividedDown(by: 12)
    let days = Civil.daysSinceEpoch(year: year, month: number - year * 12 + 1, day: 1)
    return Timestamp(seconds: days * 86_400)
  }

  public static func < (left: Month, right: Month) -> Bool { left.number < right.number }

  public var description: String {
    let year = number.dividedDown(by: 12)
    let month = number - year * 12 + 1
    let digits = String(year)
    return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
      + (month < 10 ? "-0\(month)" : "-\(month)")
  }
}
