import Balancing
import Model
import Planning
import Reconciliation
import Testing

/// Requests are turned away from a replica before it is stopped.
@Suite struct PublishingTests {
  static let chat = WorkloadName("chat")

  func standing(_ ordinal: Int) -> Standing {
    Standing(ReplicaID(Self.chat, ordinal), on: nodeID(1))
  }

  func desired(drain: Int64 = 30, isPublished: Bool = true) -> DesiredState {
    DesiredState(
      clusters: [
        ClusterSpec(
          metadata: Metadata(name: "us"), region: "r", zones: ["a"],
          haproxy: HAProxySettings(file: "/f", reload: ["reload"]))
      ],
      workloads: [
        WorkloadSpec(
          metadata: Metadata(name: "chat"), type: .inference, replicas: .range(CountRange(0, 4)),
          resources: ReplicaResources(),
          endpoint: isPublished
            ? Endpoint(ports: CountRange(80, 89), drain: Seconds(drain)) : nil)
      ])
  }

  func replica(_ ordinal: Int, _ phase: ObservedReplica.Phase = .ready) -> ObservedReplica {
    var replica = observedReplica(ordinal, on: 1, phase)
    replica.id = ReplicaID(Self.chat, ordinal)
    replica.port = 80 + ordinal
    return replica
  }

  func look(_ replicas: [ObservedReplica], isComplete: Bool = true) -> Reconciler.Event {
    var node = observedNode(1)
    node.address = "10.0.0.1"
    return seen([node], replicas, isComplete: isComplete)
  }

  /// A run toward a target of these replicas, which was told to watch and has looked once.
  func begun(
    _ wanted: [Int], of desired: DesiredState, _ replicas: [ObservedReplica],
    mode: Reconciler.Mode = .untilConverged
  ) -> (Reconciler, [Reconciler.Effect]) {
    var subject = reconciler(mode)
    _ = subject.handle(.watch([us]), at: at(0))
    _ = subject.handle(.adopted(assignment(wanted, desired)), at: at(0))
    let effects = subject.handle(look(replicas), at: at(1))
    return (subject, effects)
  }

  func assignment(_ wanted: [Int], _ desired: DesiredState) -> Assignment {
    let replicas = wanted.map { ordinal in
      var replica = targetReplica(ordinal, on: 1)
      replica.id = ReplicaID(Self.chat, ordinal)
      return replica
    }
    return Assignment(target: target([targetNode(1)], replicas), desired: desired)
  }

  @Test func whoIsToStopDrainsFirst() {
    var (subject, effects) = begun([0], of: desired(), [replica(0), replica(1)])
    #expect(effects.tables.map(\.states) == [["0 ready", "1 drain"]])
    #expect(effects.intents.isEmpty, "nobody was told yet")
    effects = subject.handle(.published(us), at: at(5))
    #expect(effects.intents.isEmpty)
    #expect(effects.told == [.draining(standing(1).replica, on: nodeID(1), Seconds(30))])
    _ = subject.handle(.recorded, at: at(5))
    #expect(subject.handle(look([replica(0), replica(1)]), at: at(34)).intents.isEmpty)
    #expect(subject.handle(.woke, at: at(35)).intents == ["stop chat/1 on us/pool-1 #1"])
  }

  @Test func noTimeToDrainIsStillToBeTold() {
    var (subject, effects) = begun([0], of: desired(drain: 0), [replica(0), replica(1)])
    #expect(effects.intents.isEmpty)
    effects = subject.handle(.published(us), at: at(2))
    #expect(effects.intents == ["stop chat/1 on us/pool-1 #1"])
  }

  @Test func whoTakesNoRequestsIsStoppedAtOnce() {
    let stop = ["stop chat/1 on us/pool-1 #1"]
    #expect(
      begun([0], of: desired(isPublished: false), [replica(0), replica(1)]).1.intents == stop)
    #expect(begun([0], of: desired(), [replica(0), replica(1, .starting)]).1.intents == stop)
    var unheard = replica(1)
    unheard.port = nil
    #expect(begun([0], of: desired(), [replica(0), unheard]).1.intents == stop)
    var noBalancer = desired()
    noBalancer.clusters[0].haproxy = nil
    let effects = begun([0], of: noBalancer, [replica(0), replica(1)]).1
    #expect(effects.intents == stop && effects.tables.isEmpty)
  }

  /// What is not wanted at all any more drains as long as is usual.
  @Test func aServiceThatIsDeletedDrains() {
    var gone = desired()
    gone.workloads = []
    var (subject, effects) = begun([], of: gone, [replica(1)])
    #expect(effects.tables.map(\.states) == [["1 drain"]])
    effects = subject.handle(.published(us), at: at(2))
    #expect(effects.told == [.draining(standing(1).replica, on: nodeID(1), Seconds(30))])
  }

  @Test func whoIsWantedAgainGetsRequestsAgain() {
    var (subject, _) = begun([0], of: desired(), [replica(0), replica(1)], mode: .forever)
    _ = subject.handle(.adopted(assignment([0], desired())), at: at(1))
    _ = subject.handle(.published(us), at: at(2))
    _ = subject.handle(.recorded, at: at(2))
    var effects = subject.handle(.adopted(assignment([0, 1], desired())), at: at(10))
    #expect(effects.tables.map(\.states) == [["0 ready", "1 ready"]])
    _ = subject.handle(.published(us), at: at(11))
    _ = subject.handle(.recorded, at: at(11))
    // And drains anew, as long as ever.
    effects = subject.handle(.adopted(assignment([0], desired())), at: at(20))
    #expect(effects.tables.map(\.states) == [["0 ready", "1 drain"]])
    _ = subject.handle(.published(us), at: at(21))
    _ = subject.handle(.recorded, at: at(21))
    #expect(subject.handle(.woke, at: at(50)).intents.isEmpty)
    #expect(!subject.handle(.woke, at: at(51)).intents.isEmpty)
  }

  @Test func theRunEndsWhenAllIsPublished() {
    var (subject, effects) = begun([0], of: desired(), [replica(0)])
    #expect(effects.tables.count == 1)
    #expect(effects.outcome == nil)
    effects = subject.handle(.published(us), at: at(2))
    _ = effects
    #expect(subject.handle(.recorded, at: at(2)).outcome == .converged)
  }

  @Test func aBalancerThatCanNotBeToldHoldsUpNothingForEver() {
    var (subject, effects) = begun([0], of: desired(), [replica(0), replica(1)])
    effects = subject.handle(.publishFailed(us, .transient("no such file")), at: at(2))
    guard case .notPublished(us, .transient("no such file"), let next)? = effects.told.first else {
      Issue.record("\(effects)")
      return
    }
    #expect(next > at(2))
    _ = subject.handle(.recorded, at: at(2))
    #expect(subject.handle(.woke, at: next).tables.count == 1, "it is tried again")
    effects = subject.handle(.publishFailed(us, .transient("no such file")), at: next)
    #expect(effects.told.isEmpty, "that is known")
    #expect(subject.handle(look([replica(0), replica(1)]), at: at(100)).intents.isEmpty)
    effects = subject.handle(look([replica(0), replica(1)]), at: at(121))
    #expect(effects.told == [.undrained(standing(1).replica, on: nodeID(1))])
    #expect(effects.intents == ["stop chat/1 on us/pool-1 #1"])
  }

  @Test func whatCanNotBeSeenKeepsItsTable() {
    var (subject, effects) = begun([0], of: desired(), [replica(0)], mode: .forever)
    _ = effects
    effects = subject.handle(.adopted(assignment([0], desired())), at: at(2))
    #expect(effects.tables.map(\.states) == [["0 ready"]])
    _ = subject.handle(.published(us), at: at(2))
    _ = subject.handle(.recorded, at: at(2))
    #expect(subject.handle(look([], isComplete: false), at: at(40)).tables.isEmpty)
    #expect(
      subject.handle(.observationFailed(us, .transient("down")), at: at(50)).tables.isEmpty)
  }

  /// While a plan is wanted nobody knows who stays, and nobody who drains is taken back.
  @Test func aLoopTellsNothingBeforeItHasPlanned() {
    let (_, effects) = begun([0], of: desired(), [replica(0), replica(1)], mode: .forever)
    #expect(effects.plan != nil)
    #expect(effects.tables.isEmpty)
  }

  @Test func whoHasMoreToDoGetsLess() {
    var (subject, _) = begun([0, 1], of: desired(), [replica(0), replica(1)])
    _ = subject.handle(.published(us), at: at(2))
    let loads = ["10.0.0.1:80": 30.0, "10.0.0.1:81": 10.0]
    let heard = EndpointLoads(cluster: us, services: [Self.chat: loads])
    let effects = subject.handle(.measured(heard), at: at(20))
    let weights = effects.tables.first?.services[0].servers.map(\.weight)
    #expect(weights.map { $0[0] < 80 && $0[1] == 100 } ?? false, "\(effects.tables)")
    _ = subject.handle(.published(us), at: at(21))
    #expect(
      subject.handle(.measured(EndpointLoads(cluster: eu, services: [:])), at: at(22)).tables
        .isEmpty)
  }

  @Test func tablesFollowOneAnotherAtADistance() {
    var (subject, _) = begun([0, 1], of: desired(), [replica(0), replica(1, .starting)])
    _ = subject.handle(.published(us), at: at(2))
    #expect(subject.handle(look([replica(0), replica(1)]), at: at(3)).tables.isEmpty)
    let effects = subject.handle(.woke, at: at(4))
    #expect(effects.tables.map(\.states) == [["0 ready", "1 ready"]])
  }
}

extension EndpointTable {
  /// `0 ready`
  fileprivate var states: [String] {
    services.flatMap(\.servers).map { "\($0.standing.replica.ordinal) \($0.state.rawValue)" }
  }
}

extension [Reconciler.Effect] {
  fileprivate var tables: [EndpointTable] {
    compactMap { if case .publish(let table) = $0 { table } else { nil } }
  }

  /// What is told of endpoints.
  fileprivate var told: [Happening] {
    flatMap { effect -> [Happening] in
      guard case .record(_, let happenings) = effect else { return [] }
      return happenings.filter {
        switch $0 {
        case .draining, .undrained, .published, .notPublished: true
        case .took, .failed, .gaveUp, .lostSight, .sees, .converged: false
        }
      }
    }
  }
}
