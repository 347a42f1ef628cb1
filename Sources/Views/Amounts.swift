import Model

/// Amounts as people compare them.
enum Amounts {
  /// `+$16.40/h`, `−$3.00/h`: a change always carries its sign.
  static func change(_ money: Money) -> String {
    money.micros < 0
      ? "−\((Money.zero - money).perHourText)" : "+\(money.perHourText)"
  }

  /// `$1.20/h → $2.40/h (+$1.20/h)`
  static func change(from before: Money, to after: Money) -> String {
    "\(before.perHourText) → \(after.perHourText) (\(change(after - before)))"
  }

  /// What a price per hour comes to in a month of 730 hours, in whole dollars: `$42,048`; `about
  /// $42,048` where that is not all of it, so that nobody adds up what was rounded.
  static func month(_ perHour: Money) -> String {
    let micros = (perHour * 730).micros
    let whole = "$" + grouped(micros.addingSaturated(500_000) / 1_000_000)
    return micros.isMultiple(of: 1_000_000) ? whole : "about \(whole)"
  }

  /// What a change of a price per hour comes to in such a month: `+$1,200`.
  static func monthChange(_ perHour: Money) -> String {
    let text = month(perHour < .zero ? .zero - perHour : perHour)
    return text.replacing("$", with: perHour < .zero ? "−$" : "+$")
  }

  /// `1,234,567`
  static func grouped(_ number: Int64) -> String {
    let digits = Array(String(number.magnitude))
    var text = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
      text.append(digit)
    }
    return text
  }

  /// Work of devices: `12.5 GPU-hours`; `milliDeviceSeconds` counts 1000 for a device and a second.
  static func deviceHours(_ milliDeviceSeconds: Int64) -> String {
    let tenths = milliDeviceSeconds.addingSaturated(180_000) / 360_000
    if tenths == 0, milliDeviceSeconds > 0 { return "less than 0.1 GPU-hours" }
    let text = tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    return tenths == 10 ? "1 GPU-hour" : "\(text) GPU-hours"
  }

  /// A length of time in its two greatest units: `3d4h`, `12m`, `45s`.
  static func age(_ age: Seconds) -> String {
    let seconds = max(age.count, 0)
    switch seconds {
    case ..<60: return "\(seconds)s"
    case ..<3600: return "\(seconds / 60)m"
    case ..<86_400:
      let minutes = seconds % 3600 / 60
      return minutes == 0 ? "\(seconds / 3600)h" : "\(seconds / 3600)h\(minutes)m"
    default:
      let hours = seconds % 86_400 / 3600
      return hours == 0 ? "\(seconds / 86_400)d" : "\(seconds / 86_400)d\(hours)h"
    }
  }
}
