import Model
import Planning
import Reconciliation
import Testing

/// What is asked of a provider is bounded, whoever asks and however often it fails.
@Suite struct ThrottleTests {
  func many(_ count: Int, in cluster: ClusterName = us) -> [TargetNode] {
    (1...count).map { targetNode($0, in: cluster) }
  }

  func started(
    _ limits: ReconcilerLimits, _ nodes: [TargetNode], recent: [JournalEntry] = [],
    at moment: Int64 = 1
  ) -> (Reconciler, [Reconciler.Effect]) {
    let clusters = Set(nodes.map(\.id.cluster)).sorted()
    var subject = reconciler(limits: limits)
    _ = subject.handle(.watch(clusters), at: at(moment))
    let assignment = Assignment(target: target(nodes), desired: .empty, recent: recent)
    var effects = subject.handle(.adopted(assignment), at: at(moment))
    for cluster in clusters { effects = subject.handle(seen(in: cluster), at: at(moment)) }
    return (subject, effects)
  }

  @Test func callsKeepToTheBucketAndGoOnAsItFills() {
    var limits = ReconcilerLimits()
    limits.callsBurst = 3
    limits.callsPerMinute = 60
    var (subject, effects) = started(limits, many(5))
    #expect(effects.events == [.intent, .intent, .intent])
    #expect(effects.wake == at(2))
    effects = subject.handle(.recorded, at: at(1))
    #expect(effects.applied.count == 3)
    #expect(subject.handle(.woke, at: at(2)).events == [.intent])
  }

  /// A process that dies and starts anew finds the bucket as empty as it left it.
  @Test func theBucketOutlivesTheProcess() {
    var limits = ReconcilerLimits()
    limits.callsBurst = 3
    limits.callsPerMinute = 60
    let recent = (1...3).map { number in
      JournalEntry(
        key: IdempotencyKey("k\(number)"), action: .create(nodeID(number + 10)),
        target: target([]).id, at: at(100), event: .intent)
    }
    let (_, none) = started(limits, many(5), recent: recent, at: 100)
    #expect(none.events == [])
    let (_, some) = started(limits, many(5), recent: recent, at: 102)
    #expect(some.events == [.intent, .intent])
    let (_, all) = started(limits, many(5), recent: recent, at: 1000)
    #expect(all.events.count == 3)
  }

  /// A cluster that bears more, or less, is asked so many steps a minute, six seconds of them at once.
  @Test(arguments: [(6000, 600, 100), (60, 6, 1)])
  func aClusterHasAPaceOfItsOwn(perMinute: Int, atOnce: Int, aSecondLater: Int) {
    var limits = ReconcilerLimits()
    limits.callsMax = 1000
    var subject = reconciler(limits: limits)
    let cluster = ClusterSpec(
      metadata: Metadata(name: "us"), region: "r", zones: ["a"],
      limits: ClusterLimits(callsPerMinute: perMinute))
    _ = subject.handle(.watch([us]), at: at(1))
    let assignment = Assignment(
      target: target(many(1000)), desired: DesiredState(clusters: [cluster]))
    _ = subject.handle(.adopted(assignment), at: at(1))
    #expect(subject.handle(seen([]), at: at(1)).events.count == atOnce)
    _ = subject.handle(.recorded, at: at(1))
    #expect(subject.handle(.woke, at: at(2)).events.count == aSecondLater)
  }

  private func desired(pool: Int? = nil, cluster: Int? = nil) -> DesiredState {
    DesiredState(
      clusters: [
        ClusterSpec(
          metadata: Metadata(name: "us"), region: "r", zones: ["a"],
          limits: ClusterLimits(nodesPerMinute: cluster))
      ],
      nodePools: [
        NodePoolSpec(
          metadata: Metadata(name: "pool"), cluster: us, nodes: CountRange(0, 99),
          limits: PoolLimits(nodesPerMinute: pool))
      ])
  }

  /// Nodes are ordered so many a minute, and what else there is to do is not held up by that.
  @Test(arguments: [(2, nil), (nil, 2), (5, 2)] as [(Int?, Int?)])
  func nodesAreOrderedAtTheirPace(pool: Int?, cluster: Int?) {
    var subject = reconciler()
    _ = subject.handle(.watch([us]), at: at(1))
    let wanted = target(many(5) + [targetNode(6)], [targetReplica(0, on: 6)])
    _ = subject.handle(
      .adopted(Assignment(target: wanted, desired: desired(pool: pool, cluster: cluster))),
      at: at(1))
    let first = subject.handle(seen([observedNode(6)]), at: at(1)).intents
    #expect(first.count { $0.hasPrefix("create") } == 2)
    #expect(first.count { $0.hasPrefix("start") } == 1)
    for key in subject.handle(.recorded, at: at(2)).applied {
      _ = subject.handle(.succeeded(ActionID(key)), at: at(3))
    }
    #expect(subject.handle(.recorded, at: at(4)).intents == [])
    #expect(subject.handle(.recorded, at: at(5)).intents == [])
    #expect(subject.handle(.woke, at: at(60)).intents == [])
    let next = subject.handle(.woke, at: at(61)).intents
    #expect(next.count { $0.hasPrefix("create") } == 2, "\(next)")
  }

  /// A process that is started anew has not forgotten what it ordered a moment ago.
  @Test func thePaceOutlivesTheProcess() {
    let recent = [1, 2].map { number in
      JournalEntry(
        key: IdempotencyKey("k\(number)"), action: .create(nodeID(number)), target: target([]).id,
        at: at(100), event: .intent)
    }
    func orders(at moment: Int64) -> Int {
      var subject = reconciler()
      _ = subject.handle(.watch([us]), at: at(moment))
      let assignment = Assignment(
        target: target(many(5)), desired: desired(pool: 3), recent: recent)
      _ = subject.handle(.adopted(assignment), at: at(moment))
      let there = seen([observedNode(1), observedNode(2)])
      return subject.handle(there, at: at(moment)).intents.count
    }
    #expect(orders(at: 120) == 1)
    #expect(orders(at: 160) == 3)
  }

  @Test func aProviderThatFailsIsLeftAloneAndOthersAreNot() {
    var limits = ReconcilerLimits()
    limits.breakerFailuresMin = 2
    limits.breakerPauseMin = Seconds(100)
    limits.callsMax = 2
    var (subject, effects) = started(limits, many(4) + many(4, in: eu))
    func fail(_ effects: [Reconciler.Effect], at moment: Int64) -> [Reconciler.Effect] {
      var effects = effects
      for key in effects.applied {
        let isUs = key.contains(" us/")
        effects = subject.handle(
          isUs ? .failed(ActionID(key), .transient("down")) : .succeeded(ActionID(key)),
          at: at(moment))
      }
      return effects
    }
    var asked: [String] = []
    for round in 0..<12 {
      let moment = Int64(2 + round)
      effects = subject.handle(.recorded, at: at(moment))
      asked += effects.applied
      effects = fail(effects, at: moment)
    }
    // The third was on its way when the second failed.
    #expect(asked.filter { $0.contains(" us/") }.count <= 3, "\(asked)")
    #expect(asked.filter { $0.contains(" eu/") }.count == 4, "\(asked)")
  }

  /// One call tries, and what comes of it decides.
  @Test func afterThePauseOneCallTries() {
    var limits = ReconcilerLimits()
    limits.breakerFailuresMin = 1
    limits.breakerPauseMin = Seconds(10)
    var (subject, effects) = started(limits, many(4))
    effects = subject.handle(.recorded, at: at(1))
    #expect(effects.applied.count == 4)
    for key in effects.applied {
      _ = subject.handle(.failed(ActionID(key), .transient("down")), at: at(1))
    }
    _ = subject.handle(.recorded, at: at(1))
    _ = subject.handle(.recorded, at: at(1))
    #expect(!subject.handle(seen(), at: at(2)).events.contains(.intent))
    #expect(subject.handle(.woke, at: at(500)).events == [.intent], "one and no more")
    effects = subject.handle(.recorded, at: at(500))
    #expect(effects.applied.count == 1)
    effects = subject.handle(.succeeded(ActionID(effects.applied[0])), at: at(500))
    #expect(effects.events == [.done, .intent, .intent, .intent])
  }

  /// A call that was to try, and whose intent is not on disk, is never made: the next one tries.
  @Test func aTryThatIsNotMadeHoldsUpNoOther() {
    var limits = ReconcilerLimits()
    limits.breakerFailuresMin = 1
    limits.breakerPauseMin = Seconds(10)
    let recent = [JournalEntry.Event.intent, .failed(.transient("down"))].map { event in
      JournalEntry(
        key: IdempotencyKey("k"), action: .create(nodeID(9)), target: target([]).id, at: at(100),
        event: event)
    }
    var (subject, effects) = started(limits, many(2), recent: recent, at: 500)
    #expect(effects.events == [.intent], "one and no more")
    effects = subject.handle(.recordFailed("busy"), at: at(500))
    #expect(effects.events == [])
    #expect(subject.handle(.woke, at: at(900)).events == [.intent])
  }

  /// Everything fails for a long time; afterwards all is there within a bound, and meanwhile no more was
  /// asked than budgets allow.
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func afterAnOverloadAllIsNormalAgain(seed: UInt64) {
    var faults = Play.Faults()
    faults.before = 100
    faults.until = 1800
    let nodes = (1...40).map { targetNode($0) }
    var play = Play(target(nodes), seed: seed, faults: faults, mode: .forever)
    play.run(until: 1800)
    let calls = play.calls
    // Pauses of each object alone would allow for more than six hundred.
    #expect(calls <= 60, "\(calls) calls")
    play.run(until: 1800 + 900)
    #expect(play.readyAt.count == 40)
    #expect(play.violations == [])
  }

  @Test func anActionSaysWhereItIsDone() {
    let replica = targetReplica(0, on: 1)
    let order = ReplicaOrder(replica: replica, workload: train, replicaCount: 1)
    let steps: [Step] = [
      .createNode(targetNode(1)), .drainNode(nodeID(1)), .deleteNode(nodeID(1)),
      .startReplica(order), .stopReplica(replica.id, on: nodeID(1)),
    ]
    for step in steps { #expect(step.id.cluster == us, "\(step.id)") }
    #expect(ActionID("x").cluster == nil)
  }
}
