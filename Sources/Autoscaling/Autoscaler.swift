public import Model

/// Decides how many replicas one service should have, from what it was found to need as time went by.
///
/// Each value is the number of replicas that would have been exactly at their targets. What is wanted
/// is the least number that keeps them within the tolerance, both now and when replicas that are asked
/// for now are ready: several models say what will be needed then, each with the margin that its errors
/// of the last hour show to be due, and the one that would have done best is believed. It is
/// never believed below what is measured. Numbers fall only when fewer have sufficed for a while, and
/// not at all while nothing, or nothing plausible, is heard.
///
/// Everything that it remembers follows from the values that it was given: who gives it the last days'
/// values again has the same autoscaler.
public struct Autoscaler: Sendable {
  /// How often loads are asked for.
  public static let interval = Seconds(15)

  public let policy: AutoscalePolicy
  public let bounds: CountRange
  /// How often values come.
  private let interval: Seconds
  private var outlooks: [Outlook]
  private var believed = 0
  private var takenCount = 0
  private var plausibility = Plausibility()
  /// What would have been wanted lately, at least as far back as numbers are held.
  private var wishes: [Wish] = []
  private var changes: [(at: Timestamp, by: Int)] = []
  private var heardAt: Timestamp?

  /// What would suffice, and above what number some would be too many.
  private struct Wish {
    var at: Timestamp
    var replicas: Int
    var most: Int
  }

  /// How often the models are compared, in values.
  private static let comparedEvery = 4

  /// Moves a number within `bounds`; values come every `interval`.
  public init(_ policy: AutoscalePolicy, bounds: CountRange, interval: Seconds) {
    self.policy = policy
    self.bounds = bounds
    self.interval = interval
    let holts = [
      Holt(levelGain: 1), Holt(levelGain: 0.3), Holt(levelGain: 0.05),
      Holt(levelGain: 0.3, slopeGain: 0.02), Holt(levelGain: 0.1, slopeGain: 0.01),
    ]
    outlooks = holts.map { Outlook(.holt($0), lead: policy.readyAfter) }
    outlooks.append(Outlook(.daily(DailyProfile()), lead: policy.readyAfter))
  }

  /// The mean error of what is believed, in thousandths of a replica; nil where too little is known.
  public var meanErrorMilli: Int64? { outlooks[believed].meanError.map(Self.milli) }

  /// Decides on `need`, the replicas that would have been at their targets; nil where nothing could be
  /// heard. `current` is the number decided on before, `scheduled` what schedules ask for.
  public mutating func decide(
    need: Double?, scheduled: Int = 0, current: Int, at now: Timestamp
  ) -> ScaleDecision {
    var decision = policy.metrics.isEmpty ? idle : wanted(need, current, now)
    if decision.replicas < scheduled {
      decision.replicas = scheduled
      decision.reason = .scheduled
    }
    let bounded = bounds.clamping(decision.replicas)
    if bounded < decision.replicas { decision.reason = .atMost }
    if bounded > decision.replicas { decision.reason = .atLeast }
    decision.replicas = paced(bounded, current, now)
    return decision
  }

  /// Where nothing is measured, only schedules ask for more than the least.
  private var idle: ScaleDecision { ScaleDecision(replicas: bounds.min, reason: .unscheduled) }

  /// What is measured asks for, within no bounds yet.
  private mutating func wanted(
    _ need: Double?, _ current: Int, _ now: Timestamp
  ) -> ScaleDecision {
    guard let need else {
      return ScaleDecision(replicas: bounds.clamping(current), reason: .unheard, moment: heardAt)
    }
    heardAt = now
    if let why = plausibility.judge(need, most: bounds.max, at: now) {
      return ScaleDecision(replicas: bounds.clamping(current), reason: why)
    }
    for index in outlooks.indices { outlooks[index].take(need, at: now, every: interval) }
    if takenCount.isMultiple(of: Self.comparedEvery) { compare() }
    takenCount += 1
    return wanted(need, provision(for: need), current, now)
  }

  /// Takes in how the load went on earlier days, which says nothing of the last hour's errors; in order
  /// of time, and before the first decision.
  public mutating func recall(_ earlier: [(at: Timestamp, need: Double)]) {
    for (moment, need) in earlier where need.isFinite && need >= 0 {
      for index in outlooks.indices { outlooks[index].recall(need, at: moment) }
    }
  }

  private var risk: Double { Double(policy.riskPercent) / 100 }

  private mutating func compare() {
    var least: Double?
    for index in outlooks.indices {
      guard let loss = outlooks[index].loss(risk: risk) else { continue }
      if least.map({ loss < $0 }) ?? true { (least, believed) = (loss, index) }
    }
    if least == nil { believed = 0 }
  }

  /// What is expected with its margin; after a jump only what is measured counts.
  private func provision(for need: Double) -> Double {
    guard let expected = outlooks[believed].expected,
      let margin = outlooks[believed].margin(risk: risk),
      abs(need - expected) <= Outlook.jumpShare * max(1, expected)
    else { return need }
    return max(0, expected + max(margin, -expected / 5))
  }

  private mutating func wanted(
    _ need: Double, _ provided: Double, _ current: Int, _ now: Timestamp
  ) -> ScaleDecision {
    let tolerated = 1 + Double(policy.tolerancePercent) / 100
    let aimed = 1 + Double(policy.tolerancePercent) / 200
    let isAnything = need > 0 ? 1 : 0
    let asMeasured = max(Self.count(need / tolerated), isAnything)
    let least = max(Self.count(provided / tolerated), asMeasured)
    let jumped = asMeasured > current ? Self.count(need / aimed) : 0
    let wish = Wish(
      at: now, replicas: max(least, Self.count(provided / aimed), jumped),
      most: max(least, Self.count(provided)))
    wishes.removeAll { $0.at + policy.holdDown <= now }
    wishes.append(wish)

    var decision = ScaleDecision(
      replicas: current, reason: .enough, needMilli: Self.milli(need),
      expectedMilli: Self.milli(provided))
    if current < least {
      decision.replicas = wish.replicas
      decision.reason = asMeasured > current ? .needed : .expected
    } else if current > wish.most {
      decision.moment = heldUntil(current)
      let held = wishes.reduce(0) { max($0, $1.replicas) }
      decision.reason = decision.moment == nil ? .spare : .held
      if decision.moment == nil { decision.replicas = min(current, held) }
    }
    return decision
  }

  /// Until when so many are held since they were not too many a while ago; nil where they are not.
  private func heldUntil(_ current: Int) -> Timestamp? {
    wishes.last { $0.most >= current }.map { $0.at + policy.holdDown }
  }

  /// No more at once than the rule allows in a minute.
  private mutating func paced(_ wanted: Int, _ current: Int, _ now: Timestamp) -> Int {
    changes.removeAll { $0.at + .minutes(1) <= now }
    let added = changes.reduce(0) { $0 + max(0, $1.by) }
    let removed = changes.reduce(0) { $0 + max(0, -$1.by) }
    var paced = wanted
    if let most = policy.addedPerMinuteMax { paced = min(paced, current + max(0, most - added)) }
    if let most = policy.removedPerMinuteMax {
      paced = max(paced, current - max(0, most - removed))
    }
    if paced != current { changes.append((now, paced - current)) }
    return paced
  }

  /// The least whole number that is not below, but for what is lost in arithmetic.
  private static func count(_ replicas: Double) -> Int { Int((replicas - 1e-9).rounded(.up)) }

  private static func milli(_ replicas: Double) -> Int64 { Int64((replicas * 1000).rounded()) }
}
