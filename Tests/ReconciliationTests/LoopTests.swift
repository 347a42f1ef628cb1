import Model
import Planning
import Reconciliation
import Testing

/// The mode that goes on for ever.
@Suite struct LoopTests {
  let one = target([targetNode(1)])

  /// A loop that planned, and stands at its setpoint at second 2.
  func settled() -> Reconciler {
    var subject = reconciler(.forever)
    _ = subject.handle(.watch([us]), at: at(0))
    _ = subject.handle(seen([observedNode(1)]), at: at(1))
    _ = subject.handle(.adopted(Assignment(target: one, desired: .empty)), at: at(2))
    _ = subject.handle(.recorded, at: at(2))
    return subject
  }

  @Test func plansBeforeItActs() {
    var subject = reconciler(.forever)
    _ = subject.handle(.watch([us]), at: at(0))
    _ = subject.handle(.adopted(Assignment(target: one, desired: .empty)), at: at(0))
    let effects = subject.handle(seen(), at: at(1))
    #expect(effects.plan?.reasons == [.start])
    #expect(effects.events.isEmpty)
    let after = subject.handle(.adopted(Assignment(target: one, desired: .empty)), at: at(2))
    #expect(after.events == [.intent])
  }

  @Test func onceOverPlansFirstAndEndsAtTheSetpoint() {
    var subject = reconciler(.planningFirst)
    _ = subject.handle(.watch([us]), at: at(0))
    _ = subject.handle(.adopted(Assignment(target: one, desired: .empty)), at: at(0))
    let effects = subject.handle(seen([observedNode(1), observedNode(2)]), at: at(1))
    #expect(effects.plan?.reasons == [.start])
    #expect(effects.events.isEmpty, "what the plan keeps is not known yet")
    let both = target([targetNode(1), targetNode(2)], parent: one.id)
    _ = subject.handle(.adopted(Assignment(target: both, desired: .empty)), at: at(2))
    #expect(subject.handle(.recorded, at: at(2)).outcome == .converged)
  }

  @Test func restsAtTheSetpoint() {
    var subject = settled()
    #expect(subject.handle(.woke, at: at(10)).deeds.isEmpty)
    #expect(subject.handle(.woke, at: at(31)).deeds == [.observe(us)])
    #expect(subject.handle(seen([observedNode(1)]), at: at(32)).deeds.isEmpty)
  }

  @Test func aClockThatIsSetBackHoldsNothingUp() {
    var subject = settled()
    _ = subject.handle(.woke, at: at(31))
    _ = subject.handle(seen([observedNode(1)]), at: at(32))
    let hour: Int64 = 3600
    #expect(subject.handle(.woke, at: at(62 - hour)).deeds.isEmpty, "no time has passed")
    #expect(subject.handle(.woke, at: at(91 - hour)).deeds == [.observe(us)])
    _ = subject.handle(seen([observedNode(1)]), at: at(91 - hour))
    #expect(subject.handle(.woke, at: at(92 - hour)).plan?.reasons == [.timePassed])
  }

  @Test func whatAFastClockNotedIsNotWaitedFor() {
    var subject = reconciler(.untilConverged)
    let done = JournalEntry(
      key: IdempotencyKey("create us/pool-1"), action: .create(nodeID(1)), target: one.id,
      at: at(3600), event: .done)
    _ = subject.handle(.watch([us]), at: at(0))
    _ = subject.handle(seen(), at: at(1))
    let assignment = Assignment(target: one, desired: .empty, done: [done])
    #expect(subject.handle(.adopted(assignment), at: at(2)).deeds.isEmpty, "it may be late")
    _ = subject.handle(.woke, at: at(62))
    let effects = subject.handle(seen(), at: at(62))
    #expect(effects.plan?.reasons == [.vanished(.create(nodeID(1)))])
  }

  @Test func plansWhenTheWorldChanges() {
    var subject = settled()
    _ = subject.handle(.woke, at: at(31))
    let effects = subject.handle(seen([observedNode(1), observedNode(9)]), at: at(32))
    #expect(effects.plan?.reasons == [.observationChanged])
  }

  @Test func plansWhenTimeHasPassedAndWhenWishesChange() {
    var subject = settled()
    _ = subject.handle(.woke, at: at(31))
    _ = subject.handle(seen([observedNode(1)]), at: at(32))
    #expect(subject.handle(.desiredChanged, at: at(33)).plan?.reasons == [.desiredChanged])
    _ = subject.handle(.adopted(Assignment(target: one, desired: .empty)), at: at(34))
    #expect(subject.handle(.woke, at: at(61)).deeds == [.observe(us)])
    _ = subject.handle(seen([observedNode(1)]), at: at(61))
    #expect(subject.handle(.woke, at: at(94)).plan?.reasons == [.timePassed])
  }

  @Test func aPlanThatCannotBeMadeDoesNotStopTheHealing() {
    var subject = reconciler(.forever)
    _ = subject.handle(.watch([us]), at: at(0))
    _ = subject.handle(.adopted(Assignment(target: one, desired: .empty)), at: at(0))
    _ = subject.handle(seen(), at: at(1))
    let effects = subject.handle(.planFailed("3 errors in manifests"), at: at(2))
    #expect(effects.events == [.intent])
    #expect(effects.progress?.planProblem == "3 errors in manifests")
  }

  @Test func convergedIsSaidOnceAndNotWithEveryPlan() {
    var subject = settled()
    var said = 0
    for tick in 1...20 {
      let now = at(Int64(30 + tick * 31))
      for effect in subject.handle(.woke, at: now) {
        let answer: [Reconciler.Effect]
        switch effect {
        case .observe: answer = subject.handle(seen([observedNode(1)]), at: now)
        case .replan:
          answer = subject.handle(
            .adopted(Assignment(target: one, desired: .empty)), at: now)
        case .record, .apply, .publish, .wake, .report, .finish: answer = []
        }
        for case .record(_, let happenings) in answer { said += happenings.count }
      }
    }
    #expect(said == 0)
  }
}
