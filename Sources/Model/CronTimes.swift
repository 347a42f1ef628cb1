/// Minutes of a clock on the wall, as POSIX crontab(5) writes them: `0 8 * * 1-5`.
///
/// As there, a day matches by its date or by its weekday where both are restricted.
public struct CronTimes: Hashable, Sendable {
  /// What people wrote, in lower case and with single spaces.
  public let description: String
  /// One bit for each value that matches.
  private let minutes: UInt64
  private let hours: UInt64
  private let days: UInt64
  private let months: UInt64
  /// Sunday is 0.
  private let weekdays: UInt64
  private let isAnyDay: Bool
  private let isAnyWeekday: Bool

  /// Midnight of each day.
  public static let daily = CronTimes(
    "0 0 * * *", [1, 1, CronField.day.all, CronField.month.all, CronField.weekday.all],
    isAnyDay: true, isAnyWeekday: true)

  /// `bits` has those of minutes, hours, days, months and weekdays.
  fileprivate init(_ text: String, _ bits: [UInt64], isAnyDay: Bool, isAnyWeekday: Bool) {
    description = text
    (minutes, hours, days, months, weekdays) = (bits[0], bits[1], bits[2], bits[3], bits[4])
    self.isAnyDay = isAnyDay
    self.isAnyWeekday = isAnyWeekday
  }

  /// Whether one of them is later than `length` before `wall`, and not later than it.
  func hasOne(after wall: Timestamp, minus length: Seconds) -> Bool {
    let latest = wall.seconds.dividedDown(by: 60)
    let earliest = (wall.seconds - length.count).dividedDown(by: 60) + 1
    guard earliest <= latest else { return false }
    let minutesOfDay: Int64 = 1440
    let lastDay = latest.dividedDown(by: minutesOfDay)
    let firstDay = earliest.dividedDown(by: minutesOfDay)
    for day in stride(from: lastDay, through: firstDay, by: -1) where matches(day: day) {
      let from = day == firstDay ? earliest - day * minutesOfDay : 0
      let to = day == lastDay ? latest - day * minutesOfDay : minutesOfDay - 1
      if hasMinute(from...to) { return true }
    }
    return false
  }

  private func matches(day: Int64) -> Bool {
    let date = Civil.date(daysSinceEpoch: day)
    guard months.has(date.month) else { return false }
    let isDate = days.has(date.day)
    let isWeekday = weekdays.has(Civil.weekday(daysSinceEpoch: day))
    return isAnyDay || isAnyWeekday ? isDate && isWeekday : isDate || isWeekday
  }

  private func hasMinute(_ range: ClosedRange<Int64>) -> Bool {
    let (first, last) = (range.lowerBound / 60, range.upperBound / 60)
    for hour in first...last where hours.has(hour) {
      let from = hour == first ? range.lowerBound % 60 : 0
      let to = hour == last ? range.upperBound % 60 : 59
      if (from...to).contains(where: { minutes.has($0) }) { return true }
    }
    return false
  }

  /// Whether any day can match at all: the 30th of February never comes.
  fileprivate var isPossible: Bool {
    guard isAnyWeekday || isAnyDay else { return true }
    return (1...12).contains { month in
      months.has(Int64(month))
        && (1...Civil.days(in: Int64(month), of: 2000)).contains { days.has($0) }
    }
  }
}

extension UInt64 {
  fileprivate func has(_ value: Int64) -> Bool { self & (1 << UInt64(value)) != 0 }
}

extension CronTimes: TextForm {
  public static func parse(_ utf8: ArraySlice<UInt8>) throws(TextProblem) -> CronTimes {
    let text = String(decoding: utf8, as: UTF8.self).lowercased()
    let words = text.split { $0 == " " || $0 == "\t" }
    guard words.count == CronField.allCases.count else {
      throw .malformed(
        help: "write five fields: minute, hour, day of the month, month, day of the week")
    }
    var bits: [UInt64] = []
    for (field, word) in zip(CronField.allCases, words) { bits.append(try field.bits(of: word)) }
    let times = CronTimes(
      words.joined(separator: " "), bits, isAnyDay: words[2].hasPrefix("*"),
      isAnyWeekday: words[4].hasPrefix("*"))
    guard times.isPossible else { throw .malformed(help: "there is no such day in any year") }
    return times
  }
}

/// One of the five.
private enum CronField: CaseIterable {
  case minute, hour, day, month, weekday

  var values: ClosedRange<Int> {
    switch self {
    case .minute: 0...59
    case .hour: 0...23
    case .day: 1...31
    case .month: 1...12
    // Sunday may be written as 7, too.
    case .weekday: 0...7
    }
  }

  var all: UInt64 { Self.bits(values, by: 1) & (self == .weekday ? ~(1 << 7) : .max) }

  private var noun: String {
    switch self {
    case .minute: "minutes"
    case .hour: "hours"
    case .day: "days of the month"
    case .month: "months"
    case .weekday: "days of the week"
    }
  }

  private var names: [String] {
    switch self {
    case .minute, .hour, .day: []
    case .month:
      ["", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    case .weekday: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
    }
  }

  /// A list of `*`, values and ranges, each but single values with a step where one is given.
  func bits(of word: Substring) throws(TextProblem) -> UInt64 {
    var bits: UInt64 = 0
    for part in word.split(separator: ",", omittingEmptySubsequences: false) {
      let halves = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      let range = try range(of: halves[0], hasStep: halves.count == 2)
      var step = 1
      if halves.count == 2 {
        guard let number = Self.number(halves[1]), number > 0 else { throw problem(of: part) }
        step = number
      }
      bits |= Self.bits(range, by: step)
    }
    guard self == .weekday, bits.has(7) else { return bits }
    return (bits | 1) & ~(1 << 7)
  }

  private func range(of text: Substring, hasStep: Bool) throws(TextProblem) -> ClosedRange<Int> {
    if text == "*" { return values }
    let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = ends.first.flatMap(value), let last = ends.last.flatMap(value),
      first <= last, ends.count == 2 || !hasStep
    else { throw problem(of: text) }
    return first...last
  }

  private func value(_ text: Substring) -> Int? {
    if let index = names.firstIndex(of: String(text)), !text.isEmpty { return index }
    return Self.number(text).flatMap { values.contains($0) ? $0 : nil }
  }

  private func problem(of text: Substring) -> TextProblem {
    .malformed(
      help: "'\(text)' names no \(noun) from \(values.lowerBound) to \(values.upperBound),"
        + " such as '*', '\(values.lowerBound)', '*/5' or '1-5'")
  }

  private static func number(_ text: Substring) -> Int? {
    guard (1...2).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) })
    else { return nil }
    return Int(text)
  }

  private static func bits(_ range: ClosedRange<Int>, by step: Int) -> UInt64 {
    stride(from: range.lowerBound, through: range.upperBound, by: step)
      .reduce(0) { $0 | 1 << UInt64($1) }
  }
}
