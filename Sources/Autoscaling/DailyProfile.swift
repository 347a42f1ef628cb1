import Model

/// What a day usually looks like, as learnt from the days before: the additive season of Holt-Winters
/// (P. R. Winters, 1960) with a day for its period, on a level that follows the last values.
///
/// It says nothing of its own about the level: only by how much the same hours rose and fell before.
struct DailyProfile {
  static let bucketCount = 288
  private static let bucketSeconds = 86_400 / Double(bucketCount)
  /// How much of a day's value is taken on: half of what is known is of the last day.
  private static let dayGain = 0.5

  /// The means of the parts of a day; nil for those that were never seen.
  private var means: [Double?] = Array(repeating: nil, count: bucketCount)
  private var level = Holt(levelGain: 0.3)
  private var current: (bucket: Int, sum: Double, count: Double)?

  mutating func take(_ value: Double, at now: Timestamp) {
    level.take(value)
    let bucket = Int(Self.position(now)) % Self.bucketCount
    if let open = current, open.bucket == bucket {
      current = (bucket, open.sum + value, open.count + 1)
      return
    }
    if let done = current {
      let mean = done.sum / done.count
      means[done.bucket] = means[done.bucket].map { $0 + Self.dayGain * (mean - $0) } ?? mean
    }
    current = (bucket, value, 1)
  }

  /// What is expected `lead` from now; nil before the hours in question were seen once.
  func ahead(_ lead: Seconds, from now: Timestamp) -> Double? {
    guard let level = level.level, let here = mean(at: now), let there = mean(at: now + lead) else {
      return nil
    }
    return max(0, level + there - here)
  }

  /// Between the middles of two parts of the day, on the line between their means.
  private func mean(at moment: Timestamp) -> Double? {
    let position = Self.position(moment) - 0.5
    let whole = Int(position.rounded(.down))
    let share = position - Double(whole)
    let count = Self.bucketCount
    guard let left = means[(whole + count) % count], let right = means[(whole + 1) % count] else {
      return nil
    }
    return left + share * (right - left)
  }

  private static func position(_ moment: Timestamp) -> Double {
    let day = Int64(86_400)
    let second = ((moment.seconds % day) + day) % day
    return Double(second) / bucketSeconds
  }
}
