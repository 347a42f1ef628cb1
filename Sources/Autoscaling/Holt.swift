import Model

/// Holt's linear method: a level and its slope, both smoothed exponentially (C. C. Holt, 1957, reprinted
/// in Int. J. Forecasting 20, 2004). Without a slope it is plain exponential smoothing, and with a gain
/// of 1 besides, the last value.
struct Holt {
  /// How much of what is new is taken on with each value, 0 to 1.
  let levelGain: Double
  let slopeGain: Double

  private(set) var level: Double?
  /// By how much the level rises with each value.
  private var slope = 0.0

  init(levelGain: Double, slopeGain: Double = 0) {
    self.levelGain = levelGain
    self.slopeGain = slopeGain
  }

  mutating func take(_ value: Double) {
    guard let old = level else {
      level = value
      return
    }
    let expected = old + slope
    let new = expected + levelGain * (value - expected)
    slope += slopeGain * (new - old - slope)
    level = new
  }

  /// What is expected so many values from now; never below zero. Nil before the first value.
  func ahead(_ count: Double) -> Double? { level.map { max(0, $0 + slope * count) } }
}
