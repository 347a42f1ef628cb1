extension Seconds: TextForm {
  /// The longest that a text may say: a hundred years, so that sums of times stay far from overflow.
  public static let textMax = Seconds(36_500 * 86_400)

  /// `90s`, `30m`, `1h30m`, `7d`: whole numbers with units, the greater unit first, each once.
  public static func parse(_ utf8: ArraySlice<UInt8>) throws(TextProblem) -> Seconds {
    var scanner = TextScanner(utf8)
    var total = Seconds.zero
    var previous = Int64.max
    repeat {
      guard let count = scanner.digits() else { throw .malformed }
      guard let unit = units.first(where: { scanner.take($0.letter) }) else {
        throw scanner.isAtEnd
          ? .missingUnit(help: "write the unit, such as '\(count)s' or '\(count)m'")
          : .malformed(help: scanner.isNext(".") ? "write whole numbers: '1h30m'" : nil)
      }
      guard unit.seconds < previous else { throw .malformed(help: "write the greater unit first") }
      previous = unit.seconds
      total = total + Seconds(count.multipliedSaturated(by: unit.seconds))
    } while !scanner.isAtEnd
    guard total <= textMax else { throw .outOfRange(bound: "at most \(textMax)") }
    return total
  }

  /// `1h30m`; `0s` for none.
  public var description: String {
    if count < 0 { return "-\(Seconds(Int64(clamping: count.magnitude)))" }
    var rest = count
    var text = ""
    for unit in Self.units where rest >= unit.seconds {
      text += "\(rest / unit.seconds)\(unit.letter)"
      rest %= unit.seconds
    }
    return text.isEmpty ? "0s" : text
  }

  private static let units: [(letter: Unicode.Scalar, seconds: Int64)] = [
    ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1),
  ]
}

extension Timestamp: TextForm {
  /// RFC 3339 in whole seconds: `2026-07-01T12:00:00Z`, `2026-07-01T14:00:00+02:00`.
  public static func parse(_ utf8: ArraySlice<UInt8>) throws(TextProblem) -> Timestamp {
    var scanner = TextScanner(utf8)
    guard let year = scanner.digits(exactly: 4), scanner.take("-"),
      let month = scanner.digits(exactly: 2), scanner.take("-"),
      let day = scanner.digits(exactly: 2), scanner.take("T") || scanner.take("t"),
      let hour = scanner.digits(exactly: 2), scanner.take(":"),
      let minute = scanner.digits(exactly: 2), scanner.take(":"),
      let second = scanner.digits(exactly: 2)
    else { throw .malformed }
    if scanner.isNext(".") { throw .malformed(help: "write whole seconds") }
    guard let offset = offset(&scanner), scanner.isAtEnd else {
      throw .malformed(help: "end it with 'Z' or an offset such as '+02:00'")
    }
    guard (1...12).contains(month), (1...Civil.days(in: month, of: year)).contains(day),
      hour < 24, minute < 60, second < 60
    else { throw .malformed(help: "there is no such moment") }
    let days = Civil.daysSinceEpoch(year: year, month: month, day: day)
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
    // With an offset, the first and the last day of all reach beyond what the text can say in UTC.
    guard printable.contains(seconds) else {
      throw .outOfRange(bound: "the years 0 to 9999 in UTC")
    }
    return Timestamp(seconds: seconds)
  }

  /// Seconds east of UTC.
  private static func offset(_ scanner: inout TextScanner) -> Int64? {
    if scanner.take("Z") || scanner.take("z") { return 0 }
    let isWest = scanner.isNext("-")
    guard scanner.take("-") || scanner.take("+"), let hours = scanner.digits(exactly: 2),
      scanner.take(":"), let minutes = scanner.digits(exactly: 2), hours < 24, minutes < 60
    else { return nil }
    return (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
  }

  /// The years 0 to 9999, which is what the text can say.
  private static let printable: ClosedRange<Int64> = -62_167_219_200...253_402_300_799

  /// `2026-07-01T12:00:00Z`; the nearest moment of the years 0 to 9999.
  public var description: String {
    let seconds = min(max(seconds, Self.printable.lowerBound), Self.printable.upperBound)
    let day = seconds.dividedDown(by: 86_400)
    let date = Civil.date(daysSinceEpoch: day)
    let second = seconds - day * 86_400
    func padded(_ number: Int64, _ width: Int = 2) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
    return "\(padded(date.year, 4))-\(padded(date.month))-\(padded(date.day))"
      + "T\(padded(second / 3600)):\(padded(second / 60 % 60)):\(padded(second % 60))Z"
  }
}
