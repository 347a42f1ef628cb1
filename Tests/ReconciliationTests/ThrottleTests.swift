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
