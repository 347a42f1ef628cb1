import Model
import Planning
import Reconciliation
import Testing

/// Event → expected effects, one rule at a time.
@Suite struct ReconcilerTests {
  let one = target([targetNode(1)], [targetReplica(0, on: 1)])

  /// A reconciler that has just been told to bring `target` about, and has seen `first`.
  func started(
    _ mode: Reconciler.Mode = .untilConverged, _ target: Target? = nil,
    seeing first: Reconciler.Event = seen()
  ) -> (Reconciler, [Reconciler.Effect]) {
    var subject = reconciler(mode)
    _ = subject.handle(.watch([us]), at: at(0))
    _ = subject.handle(.adopted(Assignment(target: target ?? one, desired: .empty)), at: at(0))
    let effects = subject.handle(first, at: at(1))
    return (subject, effects)
  }

  @Test func looksBeforeAnythingElse() {
    var subject = reconciler()
    #expect(subject.handle(.watch([us]), at: at(0)).deeds == [.observe(us)])
    let effects = subject.handle(.adopted(Assignment(target: one, desired: .empty)), at: at(0))
    #expect(effects.deeds.isEmpty)
  }

  @Test func recordsTheIntentBeforeTheCallAndTheOutcomeAfterIt() {
    var (subject, effects) = started()
    #expect(effects.events == [.intent])
    #expect(effects.applied.isEmpty)
    effects = subject.handle(.recorded, at: at(1))
    #expect(effects.applied == ["create us/pool-1"])
    effects = subject.handle(.succeeded(ActionID("create us/pool-1")), at: at(2))
    #expect(effects.events == [.done])
    #expect(
      effects.deeds.last
        == .record(
          [
            JournalEntry(
              key: IdempotencyKey("create us/pool-1"), action: ActionID("create us/pool-1"),
              target: one.id, at: at(2), event: .done)
          ], [.took(Action(step: .createNode(targetNode(1)), cause: .wanted))]))
  }

  @Test func convergesOnceEverythingIsThereAndReady() {
    var (subject, effects) = started(
      seeing: seen([observedNode(1)], [observedReplica(0, on: 1, .starting)]))
    #expect(effects.outcome == nil)
    #expect(effects.progress?.underWay == [.starting(replicaID(0), on: nodeID(1))])
    _ = subject.handle(.woke, at: at(7))
    effects = subject.handle(seen([observedNode(1)], [observedReplica(0, on: 1)]), at: at(7))
    #expect(effects.deeds == [.record([], [.converged(one.id)])])
    #expect(subject.handle(.recorded, at: at(7)).outcome == .converged)
  }

  @Test func whatIsLeavingIsWaitedFor() {
    let going = seen(
      [observedNode(1), observedNode(2, .deleting)],
      [observedReplica(0, on: 1), observedReplica(1, on: 1, .stopping)])
    let settled = seen([observedNode(1)], [observedReplica(0, on: 1)])
    var (subject, effects) = started(seeing: going)
    #expect(effects.outcome == nil)
    #expect(
      effects.progress?.underWay == [.stopping(replicaID(1), on: nodeID(1)), .deleting(nodeID(2))])
    _ = subject.handle(.woke, at: at(7))
    effects = subject.handle(settled, at: at(7))
    #expect(effects.events.isEmpty)
    #expect(subject.handle(.recorded, at: at(7)).outcome == .converged)
  }

  @Test func tellsWhatItWaitsFor() {
    let (_, effects) = started(seeing: seen([observedNode(1, .booting)]))
    #expect(
      effects.progress?.waiting == [
        WaitingAction(
          action: ActionID("start train/0 on us/pool-1 #1"), waits: [.nodeReady(nodeID(1))])
      ])
    #expect(effects.progress?.phase == .waiting)
  }

  @Test func transientFailuresAreTriedAgainLaterUnderTheSameKey() {
    var (subject, effects) = started()
    _ = subject.handle(.recorded, at: at(1))
    effects = subject.handle(
      .failed(ActionID("create us/pool-1"), .transient("throttled")), at: at(2))
    #expect(effects.events == [.failed(.transient("throttled"))])
    #expect(effects.progress?.retrying.map(\.failure) == [.transient("throttled")])
    _ = subject.handle(.recorded, at: at(2))
    _ = subject.handle(seen(), at: at(2))
    #expect(subject.handle(.woke, at: at(4)).events == [.intent])
    #expect(subject.handle(.recorded, at: at(4)).applied == ["create us/pool-1"])
  }

  @Test func afterAnUnknownOutcomeItLooksFirst() {
    var (subject, effects) = started()
    _ = subject.handle(.recorded, at: at(1))
    effects = subject.handle(.failed(ActionID("create us/pool-1"), .unknown("lost")), at: at(2))
    #expect(effects.events.isEmpty, "nobody knows, so nothing is said")
    #expect(effects.deeds.contains(.observe(us)))
    _ = subject.handle(.recorded, at: at(2))
    #expect(subject.handle(.woke, at: at(100)).events.isEmpty, "not before the look")
    effects = subject.handle(seen([observedNode(1)]), at: at(101))
    #expect(effects.events == [.done, .intent] || effects.events == [.intent, .done])
  }

  @Test func conflictsAskForAPlanOnAFreshLook() {
    var (subject, effects) = started()
    _ = subject.handle(.recorded, at: at(1))
    effects = subject.handle(.failed(ActionID("create us/pool-1"), .conflict("taken")), at: at(2))
    #expect(effects.deeds.contains(.observe(us)))
    #expect(effects.plan == nil)
    _ = subject.handle(.recorded, at: at(2))
    effects = subject.handle(seen(), at: at(3))
    #expect(effects.plan?.reasons == [.conflict(ActionID("create us/pool-1"))])
    #expect(effects.events.isEmpty, "nothing is started while a plan is made")
  }

  @Test func outOfStockAsksForAPlanWithoutTheOffer() {
    var (subject, effects) = started()
    _ = subject.handle(.recorded, at: at(1))
    _ = subject.handle(
      .failed(
        ActionID("create us/pool-1"),
        .outOfStock(instanceType: "p5.48xlarge", .spot, zone: "a")), at: at(2))
    _ = subject.handle(.recorded, at: at(2))
    effects = subject.handle(seen(), at: at(3))
    #expect(
      effects.plan?.outOfStock == [
        StockOut(cluster: us, instanceType: "p5.48xlarge", capacityType: .spot, zone: "a")
      ])
  }

  @Test func carriesOutExactlyThePlanWhereItMayNotPlan() {
    var (subject, effects) = started(.exactly)
    _ = subject.handle(.recorded, at: at(1))
    _ = subject.handle(.failed(ActionID("create us/pool-1"), .conflict("taken")), at: at(2))
    _ = subject.handle(.recorded, at: at(2))
    effects = subject.handle(seen(), at: at(3))
    #expect(effects.outcome == .needsPlan([.conflict(ActionID("create us/pool-1"))]))
  }

  @Test func terminalFailuresDoNotHoldUpTheOthers() {
    let two = target([targetNode(1), targetNode(2)], [targetReplica(0, on: 1)])
    var (subject, effects) = started(.untilConverged, two)
    _ = subject.handle(.recorded, at: at(1))
    _ = subject.handle(.succeeded(ActionID("create us/pool-2")), at: at(2))
    _ = subject.handle(.failed(ActionID("create us/pool-1"), .terminal("no quota")), at: at(2))
    _ = subject.handle(.recorded, at: at(2))
    _ = subject.handle(.recorded, at: at(2))
    effects = subject.handle(seen([observedNode(2)]), at: at(3))
    #expect(
      effects.outcome
        == .failed(
          [FailedAction(action: ActionID("create us/pool-1"), failure: .terminal("no quota"))],
          unobserved: []))
  }

  @Test func whatVanishedAfterItWasMadeNeedsAPlan() {
    var (subject, effects) = started()
    _ = subject.handle(.recorded, at: at(1))
    _ = subject.handle(.succeeded(ActionID("create us/pool-1")), at: at(2))
    _ = subject.handle(.recorded, at: at(2))
    #expect(subject.handle(seen(), at: at(3)).plan == nil, "it may be late")
    #expect(subject.handle(.woke, at: at(62)).deeds == [.observe(us)])
    effects = subject.handle(seen(), at: at(62))
    #expect(effects.plan?.reasons == [.vanished(ActionID("create us/pool-1"))])
  }

  /// Under the old key a provider would do nothing, for as long as it remembers it.
  @Test func whatIsThereAgainIsTakenAwayUnderAnotherKey() {
    var (subject, effects) = started(.untilConverged, target([]), seeing: seen([observedNode(1)]))
    var moment: Int64 = 1
    for key in ["", " again 1", " again 2"] {
      #expect(effects.keys == ["delete us/pool-1" + key])
      _ = subject.handle(.recorded, at: at(moment))
      _ = subject.handle(.succeeded(ActionID("delete us/pool-1")), at: at(moment))
      _ = subject.handle(.recorded, at: at(moment))
      effects = subject.handle(seen([observedNode(1, .lost)]), at: at(moment))
      #expect(effects.keys.isEmpty, "it may be late")
      moment += 60
      _ = subject.handle(.woke, at: at(moment))
      effects = subject.handle(seen([observedNode(1, .lost)]), at: at(moment))
    }
  }

  @Test func aNodeOfTheTargetThatIsLostNeedsAPlan() {
    let (_, effects) = started(
      seeing: seen([observedNode(1, .lost)], [observedReplica(0, on: 1, .lost)]))
    #expect(effects.plan?.reasons == [.nodeLost(nodeID(1))])
  }

  @Test func nothingIsDoneInAClusterThatWasNotSeenAsAWhole() {
    let (_, effects) = started(seeing: seen(isComplete: false))
    #expect(effects.deeds.isEmpty)
  }

  @Test func aClusterThatDoesNotAnswerHoldsUpNoOther() {
    var subject = reconciler()
    _ = subject.handle(.watch([us, eu]), at: at(0))
    let both = target([targetNode(1), targetNode(2, in: eu)])
    _ = subject.handle(.adopted(Assignment(target: both, desired: .empty)), at: at(0))
    _ = subject.handle(.observationFailed(us, .terminal("no such credentials")), at: at(1))
    _ = subject.handle(seen(in: eu), at: at(1))
    #expect(subject.handle(.recorded, at: at(1)).applied == ["create eu/pool-2"])
    _ = subject.handle(.succeeded(ActionID("create eu/pool-2")), at: at(1))
    _ = subject.handle(.recorded, at: at(1))
    let effects = subject.handle(seen([observedNode(2, in: eu)], in: eu), at: at(2))
    #expect(
      effects.outcome
        == .failed(
          [],
          unobserved: [
            UnobservedCluster(cluster: us, failure: .terminal("no such credentials"))
          ]))
  }

  @Test func openIntentsOfAnEarlierRunAreSettledByLooking() {
    var subject = reconciler()
    let open = JournalEntry(
      key: IdempotencyKey("create us/pool-1"), action: ActionID("create us/pool-1"),
      target: one.id, at: at(0), event: .intent)
    _ = subject.handle(.watch([us]), at: at(5))
    _ = subject.handle(
      .adopted(Assignment(target: one, desired: .empty, openIntents: [open])), at: at(5))
    let effects = subject.handle(
      seen([observedNode(1)], [observedReplica(0, on: 1)]), at: at(6))
    #expect(effects.events == [.done])
  }

  @Test func keepsWithinTheCallsThatMayBeInFlight() {
    var limits = ReconcilerLimits()
    limits.callsMax = 2
    var subject = reconciler(.untilConverged, limits: limits)
    _ = subject.handle(.watch([us]), at: at(0))
    let many = target((1...5).map { targetNode($0) })
    _ = subject.handle(.adopted(Assignment(target: many, desired: .empty)), at: at(0))
    #expect(subject.handle(seen(), at: at(1)).events == [.intent, .intent])
    #expect(subject.handle(.recorded, at: at(1)).applied.count == 2)
    let effects = subject.handle(.succeeded(ActionID("create us/pool-1")), at: at(1))
    #expect(effects.events == [.done, .intent])
  }

  @Test func stopsWithoutStartingAnythingMore() {
    var (subject, effects) = started()
    effects = subject.handle(.stopRequested, at: at(1))
    #expect(effects.outcome == nil, "the intent is being recorded")
    effects = subject.handle(.recorded, at: at(1))
    #expect(effects.applied.isEmpty)
    #expect(effects.events == [.failed(.transient("stopped before the call"))])
    #expect(subject.handle(.recorded, at: at(1)).outcome == .interrupted)
  }

  @Test func stoppingWaitsForWhatIsInFlight() {
    var (subject, effects) = started()
    _ = subject.handle(.recorded, at: at(1))
    #expect(subject.handle(.stopRequested, at: at(1)).outcome == nil)
    effects = subject.handle(.succeeded(ActionID("create us/pool-1")), at: at(2))
    #expect(effects.events == [.done])
    #expect(subject.handle(.recorded, at: at(2)).outcome == .interrupted)
  }

  @Test func aSecondRequestToStopWaitsForNothing() {
    var (subject, _) = started()
    _ = subject.handle(.recorded, at: at(1))
    _ = subject.handle(.stopRequested, at: at(1))
    #expect(subject.handle(.stopRequested, at: at(1)).outcome == .interrupted)
  }

  @Test func aDiskWithoutRoomStopsEffectsAndThenTheRun() {
    var (subject, effects) = started()
    var moment = Int64(1)
    for _ in 0..<8 where effects.outcome == nil {
      effects = subject.handle(.recordFailed("no space left"), at: at(moment))
      #expect(effects.applied.isEmpty)
      guard effects.outcome == nil else { break }
      moment += 10
      effects = subject.handle(.woke, at: at(moment))
    }
    #expect(effects.outcome == .storeFailed("no space left"))
  }

  @Test func anotherTargetEndsTheRun() {
    var (subject, _) = started()
    #expect(subject.handle(.superseded, at: at(1)).outcome == .superseded)
  }

  @Test func stallsWithTheListOfWhatItWaitedFor() {
    var (subject, effects) = started(seeing: seen([observedNode(1, .booting)]))
    var moment = Int64(2)
    while effects.outcome == nil && moment < 2000 {
      moment = max(moment + 1, effects.wake?.seconds ?? 0)
      effects = subject.handle(.woke, at: at(moment))
      if effects.deeds == [.observe(us)] {
        effects = subject.handle(seen([observedNode(1, .booting)]), at: at(moment))
      }
    }
    #expect(
      effects.outcome
        == .stalled(
          waiting: [
            WaitingAction(
              action: ActionID("start train/0 on us/pool-1 #1"), waits: [.nodeReady(nodeID(1))])
          ], underWay: [.booting(nodeID(1))]))
    #expect((900...920).contains(moment))
  }

  @Test func doesNotWaitForAReplicaThatKeepsCrashing() {
    let (_, effects) = started(
      seeing: seen([observedNode(1)], [observedReplica(0, on: 1, .crashLooping, restarts: 3)]))
    #expect(
      effects.outcome
        == .stalled(
          waiting: [], underWay: [.starting(replicaID(0), on: nodeID(1))]))
  }

  @Test func aReplicaIsStoppedUnderAKeyOfItsOwnLife() {
    let (_, first) = started(
      .untilConverged, target([]), seeing: seen([], [observedReplica(0, on: 1, incarnation: 3)]))
    guard case .record(let entries, _)? = first.deeds.first else {
      Issue.record("no intent")
      return
    }
    #expect(entries.map(\.key.text) == ["stop train/0 on us/pool-1 #3"])
  }
}
