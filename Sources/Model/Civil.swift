/// The Gregorian calendar, counted in years that begin in March, so that a leap day ends its year.
enum Civil {
  private static let daysIn400Years: Int64 = 146_097
  /// From 1 March of the year 0 to 1 January 1970.
  private static let epoch: Int64 = 719_468

  static func days(in month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  static func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
    let marchYear = month > 2 ? year : year - 1
    let monthsSinceMarch = (month + 9) % 12
    let leapDays =
      marchYear.dividedDown(by: 4) - marchYear.dividedDown(by: 100)
      + marchYear.dividedDown(by: 400)
    let daysBeforeMonth = (153 * monthsSinceMarch + 2) / 5
    return marchYear * 365 + leapDays + daysBeforeMonth + day - 1 - epoch
  }

  static func date(daysSinceEpoch: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let days = daysSinceEpoch + epoch
    let era = days.dividedDown(by: daysIn400Years)
    let dayOfEra = days - era * daysIn400Years
    // Every 4th year is a day longer, every 100th is not, and the 400th is again.
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / (daysIn400Years - 1)) / 365
    let dayOfYear = dayOfEra - (yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100)
    let monthsSinceMarch = (5 * dayOfYear + 2) / 153
    let month = monthsSinceMarch < 10 ? monthsSinceMarch + 3 : monthsSinceMarch - 9
    let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * monthsSinceMarch + 2) / 5 + 1)
  }

  /// 0 for Sunday. The first day of 1970 was a Thursday.
  static func weekday(daysSinceEpoch: Int64) -> Int64 {
    let days = daysSinceEpoch + 4
    return days - days.dividedDown(by: 7) * 7
  }
}

extension Int64 {
  /// The quotient rounded towards minus infinity.
  func dividedDown(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
