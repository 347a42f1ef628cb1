import Model
import Planning
import Reconciliation
import Synchronization
import Testing

/// What is left to do is compared again where that can change it, and nowhere else: a comparison costs
/// as much as the whole fleet.
@Suite struct AgendaTests {
  /// A reconciler whose comparisons are counted, and which may make one call a second.
  struct Counted {
    final class Count: Sendable { let value = Mutex(0) }

    let count = Count()
    var subject: Reconciler
    var comparisons: Int { count.value.withLock { $0 } }

    init() {
      var limits = ReconcilerLimits()
      limits.callsBurst = 1
      limits.callsPerMinute = 60
      subject = Reconciler(mode: .untilConverged, limits: limits) { [count] in
        count.value.withLock { $0 += 1 }
        return smallDiff($0, $1, $2)
      }
    }
  }

  static let wanted = target(
    (1...20).map { targetNode($0) }, [targetReplica(0, on: 1), targetReplica(1, on: 2)])

  /// Two nodes, one of them booting, a replica that starts, and a node and a replica that nobody wants.
  static let first = Scene(
    nodes: [observedNode(1), observedNode(2, .booting), observedNode(50)],
    replicas: [observedReplica(0, on: 1, .starting), observedReplica(9, on: 1)])

  struct Scene {
    var nodes: [ObservedNode]
    var replicas: [ObservedReplica]
    var isComplete = true
    var occupants: [Occupant] = []

    var event: Reconciler.Event {
      .observed(
        Observation(
          cluster: us, at: at(0), isComplete: isComplete, nodes: nodes, replicas: replicas,
          occupants: occupants))
    }
  }

  struct Change: CustomTestStringConvertible {
    let testDescription: String
    let make: @Sendable (inout Scene) -> Void

    init(_ words: String, _ make: @escaping @Sendable (inout Scene) -> Void) {
      testDescription = words
      self.make = make
    }
  }

  private func comparisons(after change: Change) -> Int {
    var counted = Counted()
    _ = counted.subject.handle(.watch([us]), at: at(0))
    _ = counted.subject.handle(
      .adopted(Assignment(target: Self.wanted, desired: .empty)), at: at(0))
    let effects = counted.subject.handle(Self.first.event, at: at(1))
    #expect(effects.keys.count == 1)
    _ = counted.subject.handle(.recorded, at: at(1))
    _ = counted.subject.handle(.woke, at: at(6))
    let before = counted.comparisons
    var scene = Self.first
    change.make(&scene)
    _ = counted.subject.handle(scene.event, at: at(6))
    return counted.comparisons - before
  }

  @Test(arguments: [
    Change("nothing") { _ in },
    Change("a node of the target is ready") { $0.nodes[1].phase = .ready },
    Change("another one boots") { $0.nodes.append(observedNode(3, .booting)) },
    Change("another one is ready already") { $0.nodes.append(observedNode(3)) },
    Change("a replica is ready") { $0.replicas[0].phase = .ready },
    Change("a node is empty") { $0.nodes[1].emptySince = at(3) },
    Change("something failed and was started again") { $0.replicas[1].restarts = 2 },
  ]) func whatIsOnItsWayIsNotComparedAgain(change: Change) {
    #expect(comparisons(after: change) == 0)
  }

  @Test(arguments: [
    Change("a node of the target is gone") { $0.nodes.removeFirst() },
    Change("it is lost") { $0.nodes[0].phase = .lost },
    Change("it is on its way out") { $0.nodes[0].phase = .draining },
    Change("it is another one") {
      $0.nodes[0].capacity = NodeCapacity(amounts: Resources(cpuMilli: 1))
    },
    Change("it boots again") { $0.nodes[0].phase = .booting },
    Change("a node that nobody wants comes") { $0.nodes.append(observedNode(51)) },
    Change("a node that nobody wants goes by itself") { $0.nodes.removeLast() },
    Change("a replica of the target is gone") { $0.replicas.removeFirst() },
    Change("it is stopping") { $0.replicas[0].phase = .stopping },
    Change("it fails") { $0.replicas[0].phase = .crashLooping },
    Change("it is another start") { $0.replicas[0].incarnation = 7 },
    Change("it is elsewhere") { $0.replicas[0].node = nodeID(2) },
    Change("a replica goes that nobody has stopped") { $0.replicas.removeLast() },
    Change("a replica stops that nobody has stopped") { $0.replicas[1].phase = .stopping },
    Change("a replica comes that nobody wants") { $0.replicas.append(observedReplica(8, on: 2)) },
    Change("others move in") {
      $0.occupants = [Occupant(name: "x", node: nodeID(1), resources: ReplicaResources())]
    },
    Change("not all is seen") { $0.isComplete = false },
  ]) func whatNobodyForesawIsComparedAtOnce(change: Change) {
    #expect(comparisons(after: change) == 1)
  }

  /// What was told to go may go; the step that waited for it is found when the agenda has run out.
  @Test func whatWasToldToGoGoes() {
    var counted = Counted()
    let nodes = (10...14).map { observedNode($0) }
    _ = counted.subject.handle(.watch([us]), at: at(0))
    _ = counted.subject.handle(.adopted(Assignment(target: target([]), desired: .empty)), at: at(0))
    _ = counted.subject.handle(seen(nodes), at: at(1))
    _ = counted.subject.handle(.recorded, at: at(1))
    _ = counted.subject.handle(.succeeded(ActionID("delete us/pool-10")), at: at(1))
    _ = counted.subject.handle(.recorded, at: at(1))
    let before = counted.comparisons
    _ = counted.subject.handle(.woke, at: at(6))
    _ = counted.subject.handle(seen([observedNode(10, .deleting)] + nodes.dropFirst()), at: at(6))
    #expect(counted.comparisons == before)
    _ = counted.subject.handle(.recorded, at: at(6))
    _ = counted.subject.handle(.woke, at: at(11))
    _ = counted.subject.handle(seen(Array(nodes.dropFirst())), at: at(11))
    #expect(counted.comparisons == before)
    _ = counted.subject.handle(.woke, at: at(16))
    _ = counted.subject.handle(seen(Array(nodes.dropFirst().dropLast())), at: at(16))
    #expect(counted.comparisons == before + 1, "nobody had told this one")
  }

  /// A failing look makes all that was seen there doubtful, and the first good one clears it.
  @Test func sightThatIsLostAndComesBackIsCompared() {
    var counted = Counted()
    _ = counted.subject.handle(.watch([us]), at: at(0))
    _ = counted.subject.handle(
      .adopted(Assignment(target: Self.wanted, desired: .empty)), at: at(0))
    _ = counted.subject.handle(Self.first.event, at: at(1))
    let before = counted.comparisons
    _ = counted.subject.handle(.observationFailed(us, .transient("busy")), at: at(6))
    #expect(counted.comparisons == before + 1)
    _ = counted.subject.handle(.observationFailed(us, .transient("busy")), at: at(9))
    #expect(counted.comparisons == before + 1)
    _ = counted.subject.handle(Self.first.event, at: at(20))
    #expect(counted.comparisons == before + 2)
  }

  /// Many small calls: looks come at their pace and not after each call, and few of them are compared.
  @Test func aLargeTargetIsComparedFewTimes() {
    let nodes = (1...300).map { targetNode($0) }
    let replicas = (0..<300).map { targetReplica($0, on: $0 + 1) }
    var play = Play(target(nodes, replicas))
    play.run()
    #expect(play.outcome == .converged)
    #expect(play.violations == [])
    #expect(play.created.count == 300 && play.running.count == 300)
    #expect(play.comparisons < play.looks / 2, "\(play.comparisons) of \(play.looks)")
    // 600 calls at 600 a minute, and the time that nodes take to boot.
    #expect(play.now < 60 + 95 + 10)
    #expect(play.looks < 60, "\(play.looks)")
  }
}
