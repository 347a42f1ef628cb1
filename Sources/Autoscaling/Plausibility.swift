import Model

/// Whether a value can be: guards against a unit that is wrong by a thousand, and against measuring that
/// broke without saying so.
struct Plausibility {
  /// More than so many times what the greatest number of replicas could do is not believed.
  static let factorMax = 100.0
  /// Below this share of what was usual a value is believed only when it stays. Nothing at all is what a
  /// queue that was worked off says, and is believed at once.
  static let shareMin = 0.01
  static let staysFor = Seconds.minutes(15)

  /// A slow mean of what was believed.
  private var usual = Holt(levelGain: 0.01)
  private var lowSince: Timestamp?
  /// What was believed last.
  private var believed = 0.0

  mutating func judge(_ need: Double, most: Int, at now: Timestamp) -> ScaleReason? {
    guard need.isFinite, need >= 0 else { return .noAmount }
    if need > Self.factorMax * Double(max(1, most)) { return .farTooMuch }
    if let level = usual.level, level >= 1, need > 0, need < believed,
      need < Self.shareMin * level
    {
      let since = lowSince ?? now
      lowSince = since
      if now < since + Self.staysFor { return .farTooLittle }
      usual = Holt(levelGain: 0.01)
    }
    lowSince = nil
    usual.take(need)
    believed = need
    return nil
  }
}
