import Model

/// One way to tell what will be needed when replicas that are asked for now are ready, with a record of
/// how far it was off: the margin that would have sufficed lately is what is kept on top of it.
///
/// That is split conformal prediction for a series (V. Vovk et al., 2005; I. Gibbs and E. Candès, 2021):
/// whatever the model is worth, its own errors say how far it can be trusted.
struct Outlook {
  enum Model {
    case holt(Holt)
    case daily(DailyProfile)
  }

  /// A jump is what is off by more than this share of what was expected. No margin would have been
  /// prepared for it, and none is learnt from it.
  static let jumpShare = 0.4
  /// Errors of an hour, where values come every 15 s.
  private static let errorCountMax = 240
  /// With fewer errors than this, nothing is known of a model.
  private static let errorCountMin = 20

  private var model: Model
  private let lead: Seconds
  /// What was said, and for when.
  private var said: [(due: Timestamp, value: Double)] = []
  private var errors: [Double] = []
  private var oldestError = 0
  private(set) var expected: Double?

  init(_ model: Model, lead: Seconds) {
    self.model = model
    self.lead = lead
  }

  /// Only what usually happens in a day is learnt from a value of days ago.
  mutating func recall(_ value: Double, at moment: Timestamp) {
    guard case .daily(var profile) = model else { return }
    profile.take(value, at: moment)
    model = .daily(profile)
  }

  mutating func take(_ value: Double, at now: Timestamp, every interval: Seconds) {
    settle(value, at: now, interval)
    switch model {
    case .holt(var holt):
      holt.take(value)
      model = .holt(holt)
      expected = holt.ahead(Double(lead.count) / Double(max(1, interval.count)))
    case .daily(var profile):
      profile.take(value, at: now)
      model = .daily(profile)
      expected = profile.ahead(lead, from: now)
    }
    if let expected { said.append((now + lead, expected)) }
  }

  /// Compares what came with what was said of this moment; what was said of moments that nothing was
  /// heard of is dropped.
  private mutating func settle(_ value: Double, at now: Timestamp, _ interval: Seconds) {
    var matched: Double?
    var count = 0
    while count < said.count, said[count].due <= now {
      if (now - said[count].due).count < max(1, interval.count) { matched = said[count].value }
      count += 1
    }
    said.removeFirst(count)
    guard let matched else { return }
    if errors.count < Self.errorCountMax {
      errors.append(value - matched)
    } else {
      errors[oldestError] = value - matched
      oldestError = (oldestError + 1) % Self.errorCountMax
    }
  }

  /// What to keep on top so that more comes only in `risk` of all cases, jumps apart; nil where too
  /// little is known.
  func margin(risk: Double) -> Double? {
    guard let expected, errors.count >= Self.errorCountMin else { return nil }
    let jump = Self.jumpShare * max(1, expected)
    let usual = errors.filter { abs($0) <= jump }.sorted()
    guard usual.count >= Self.errorCountMin / 2 else { return nil }
    return usual[min(usual.count - 1, Int((1 - risk) * Double(usual.count)))]
  }

  /// How badly it did with that margin: the mean quantile loss (R. Koenker and G. Bassett, 1978), which
  /// weighs what was missing against what was not needed as `risk` asks for.
  func loss(risk: Double) -> Double? {
    guard let margin = margin(risk: risk) else { return nil }
    let sum = errors.reduce(0) { sum, error in
      sum + (error > margin ? (1 - risk) * (error - margin) : risk * (margin - error))
    }
    return sum / Double(errors.count)
  }

  /// The mean of its errors without their sign, in replicas; nil where too little is known.
  var meanError: Double? {
    guard errors.count >= Self.errorCountMin else { return nil }
    return errors.reduce(0) { $0 + abs($1) } / Double(errors.count)
  }
}
