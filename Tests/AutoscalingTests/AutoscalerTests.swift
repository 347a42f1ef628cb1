import Autoscaling
import Model
import TestSupport
import Testing

/// A service whose load is told every 15 seconds, and what its autoscaler makes of it.
struct Following {
  var autoscaler: Autoscaler
  var replicas: Int
  var now = Timestamp(seconds: 0)
  var decisions: [ScaleDecision] = []

  /// One that measures something; values are told in replicas, so that the target does not matter.
  static let measuring = AutoscalePolicy(metrics: [MetricTarget(query: "load", targetMilli: 1000)])

  init(_ policy: AutoscalePolicy = measuring, bounds: CountRange, replicas: Int) {
    autoscaler = Autoscaler(policy, bounds: bounds, interval: Seconds(15))
    self.replicas = replicas
  }

  @discardableResult
  mutating func hear(_ need: Double?) -> ScaleDecision {
    let decision = autoscaler.decide(need: need, current: replicas, at: now)
    replicas = decision.replicas
    decisions.append(decision)
    now = now + Seconds(15)
    return decision
  }

  mutating func hear(_ need: Double?, for time: Seconds) {
    let end = now + time
    while now < end { hear(need) }
  }

  /// How often the number changed.
  var changeCount: Int {
    zip(decisions, decisions.dropFirst()).count { $0.replicas != $1.replicas }
  }
}

@Suite struct AutoscalerTests {
  @Test func tenTimesTheLoadIsFollowedAtOnce() {
    var service = Following(bounds: CountRange(1, 100), replicas: 2)
    service.hear(2, for: .hours(1))
    #expect(service.replicas == 2)
    let decision = service.hear(20)
    #expect(decision.replicas == 20)
    #expect(decision.reason == .needed)
    #expect(decision.needMilli == 20_000)
  }

  @Test func fewerComeOnlyWhenFewerHaveSufficedForAWhile() {
    var service = Following(bounds: CountRange(1, 100), replicas: 20)
    service.hear(20, for: .hours(1))
    let ended = service.now
    while service.replicas == 20, service.now < ended + .hours(1) { service.hear(4) }
    #expect(service.now - ended >= Seconds(150))
    #expect(service.now - ended <= Seconds(180))
    #expect(service.replicas == 4)
    #expect(service.decisions.dropLast().last?.reason == .held)
    #expect(service.decisions.last?.reason == .spare)
  }

  /// A schedule asks for a number whatever is measured, and a metric may ask for more.
  @Test func whoAsksForMostWins() {
    var service = Following(bounds: CountRange(1, 10), replicas: 2)
    service.hear(2, for: .hours(1))
    func decide(_ need: Double?, _ scheduled: Int) -> ScaleDecision {
      service.autoscaler.decide(
        need: need, scheduled: scheduled, current: service.replicas, at: service.now)
    }
    #expect(decide(2, 6).replicas == 6)
    #expect(decide(2, 6).reason == .scheduled)
    #expect(decide(8, 6).reason == .needed)
    #expect(decide(nil, 6).reason == .scheduled)
    #expect(
      decide(2, 20)
        == ScaleDecision(replicas: 10, reason: .atMost, needMilli: 2000, expectedMilli: 2000))
    #expect(decide(nil, 0).reason == .unheard)
  }

  @Test func withinTheToleranceNothingIsChanged() {
    var service = Following(bounds: CountRange(1, 100), replicas: 10)
    service.hear(10, for: .hours(1))
    service.hear(10.9, for: .minutes(5))
    #expect(service.replicas == 10)
    service.hear(11.2)
    #expect(service.replicas == 11)
  }

  @Test func whatRisesIsForeseen() {
    var service = Following(bounds: CountRange(1, 1000), replicas: 10)
    var need = 10.0
    var lateCount = 0
    for tick in 0..<960 {
      // Those that are ready now were decided on two minutes ago.
      let ready = tick < 8 ? 10 : service.decisions[tick - 8].replicas
      if tick > 240, need > 1.1 * Double(ready) { lateCount += 1 }
      service.hear(need)
      need += 0.2
    }
    // No more than the risk that was taken.
    #expect(lateCount * 100 <= 6 * 720)
    #expect(service.decisions.contains { $0.reason == .expected })
  }

  @Test func whatHappensEveryDayIsForeseen() {
    // At 9 o'clock each day ten times as much is needed within five minutes, for an hour.
    func need(_ moment: Timestamp) -> Double {
      let second = Double(moment.seconds % 86_400)
      if second < 32_400 || second >= 36_300 { return 3 }
      return second < 32_700 ? 3 + 27 * (second - 32_400) / 300 : 30
    }
    func violations(daysKnown: Int64) -> Int {
      var service = Following(bounds: CountRange(1, 1000), replicas: 3)
      let days = stride(from: Int64(0), to: daysKnown * 86_400, by: 300).map { second in
        (at: Timestamp(seconds: second), need: need(Timestamp(seconds: second)))
      }
      service.autoscaler.recall(days)
      service.now = Timestamp(seconds: daysKnown * 86_400 + 28_800)
      var count = 0
      for tick in 0..<480 {
        let load = need(service.now)
        let ready = tick < 8 ? 3 : service.decisions[tick - 8].replicas
        if load > 1.1 * Double(ready) { count += 1 }
        service.hear(load)
      }
      return count
    }
    #expect(violations(daysKnown: 3) < violations(daysKnown: 0))
  }

  @Test func nobodyIsNeededWhereNothingComesAndSomebodyWhereAnythingDoes() {
    var service = Following(bounds: CountRange(0, 10), replicas: 3)
    service.hear(3, for: .minutes(30))
    service.hear(0, for: .minutes(10))
    #expect(service.replicas == 0)
    service.hear(0.01)
    #expect(service.replicas == 1)
  }

  @Test func boundsHold() {
    var service = Following(bounds: CountRange(2, 8), replicas: 4)
    #expect(service.hear(20).reason == .atMost)
    #expect(service.replicas == 8)
    service.hear(0.5, for: .minutes(10))
    #expect(service.replicas == 2)
    #expect(service.decisions.contains { $0.reason == .atLeast })
  }

  @Test func noMoreAtOnceThanThePolicyAllows() {
    var policy = Following.measuring
    policy.addedPerMinuteMax = 4
    policy.removedPerMinuteMax = 1
    var service = Following(policy, bounds: CountRange(1, 100), replicas: 2)
    service.hear(2, for: .minutes(10))
    service.hear(20, for: .minutes(1))
    #expect(service.replicas == 6)
    service.hear(20, for: .minutes(4))
    #expect(service.replicas == 20)
    service.hear(2, for: .minutes(6))
    let left = service.replicas
    service.hear(2, for: .minutes(1))
    #expect(service.replicas == left - 1)
  }

  @Test func aLoadThatFlapsDoesNotMakeTheNumberFlap() {
    var service = Following(bounds: CountRange(1, 100), replicas: 5)
    for round in 0..<240 { service.hear(round.isMultiple(of: 2) ? 5 : 10) }
    service.decisions.removeFirst(20)
    #expect(service.changeCount == 0)
  }

  @Test(arguments: 0..<20) func neverBelowWhatIsMeasured(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var service = Following(bounds: CountRange(0, 100_000), replicas: 0)
    var need = 10.0
    for _ in 0..<1000 {
      let percent = Int.random(in: 80..<122, using: &random)
      let more = Int.random(in: 0..<3, using: &random)
      need = min(50_000, need * Double(percent) / 100 + Double(more))
      let decision = service.hear(need)
      #expect(1.1 * Double(decision.replicas) >= need - 1e-6)
    }
  }
}

/// Loads that can't be, and loads that nobody tells.
@Suite struct ImplausibleLoadTests {
  private var service: Following {
    var service = Following(bounds: CountRange(0, 32), replicas: 10)
    service.hear(10, for: .hours(1))
    return service
  }

  @Test func whereNothingIsHeardTheNumberStays() {
    var service = service
    let heard = service.now
    service.hear(nil, for: .hours(6))
    #expect(service.replicas == 10)
    #expect(service.decisions.last?.reason == .unheard)
    #expect(service.decisions.last?.moment == Timestamp(seconds: heard.seconds - 15))
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity, -1])
  func whatIsNoAmountChangesNothing(_ need: Double) {
    var service = service
    #expect(service.hear(need).reason == .noAmount)
    #expect(service.replicas == 10)
  }

  @Test func aUnitThatIsWrongByAThousandIsNotBelieved() {
    var service = service
    service.hear(10_000, for: .hours(1))
    #expect(service.replicas == 10)
    #expect(service.decisions.last?.reason == .farTooMuch)
    service.hear(10)
    #expect(service.decisions.last?.reason == .enough)
  }

  @Test func nextToNothingIsBelievedOnlyWhenItStays() {
    var service = service
    service.hear(0.01, for: .minutes(10))
    #expect(service.replicas == 10)
    #expect(service.decisions.last?.reason == .farTooLittle)
    service.hear(0.01, for: .minutes(20))
    #expect(service.replicas == 1)
  }

  @Test func aNumberOutOfItsRangeIsBroughtBackWhileNothingIsHeard() {
    var service = Following(bounds: CountRange(2, 8), replicas: 12)
    #expect(service.hear(nil).replicas == 8)
  }
}
