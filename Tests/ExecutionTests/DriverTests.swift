import Digests
import Execution
import Interfaces
import Model
import Planning
import Reconciliation
import Synchronization
import Testing

/// The driver between a reconciler, a provider and a store, in memory and without waiting.
@Suite struct DriverTests {
  let scope = Scope(desired: .empty, digest: Digest(of: "desired"), clusters: [spec])

  struct Bench {
    let clock = JumpingClock()
    let store: TwinStore
    let provider: TwinProvider

    init(_ target: Target?, moods: [TwinProvider.Mood] = [], refusals: Int = 0) {
      store = TwinStore(target, refusals: refusals)
      provider = TwinProvider(clock, moods: moods)
    }

    /// Calls have an hour, for a busy machine must not look like a provider that keeps silent.
    func driver(applyTimeout: Duration = .seconds(3600)) -> Driver {
      var limits = DriverLimits()
      limits.applyTimeout = applyTimeout
      return Driver(store: store, provider: provider, clock: clock, limits: limits)
    }
  }

  /// One plan after another: gives every node that is gone a successor.
  func successors(_ request: PlanRequest, _ stored: StoredState) -> Decision {
    let there = Set(request.observed.nodes.map(\.id))
    let done = Set(stored.done.map(\.action))
    var number = 100
    let nodes = (stored.target?.nodes ?? [targetNode(1)]).map { node in
      guard done.contains(.create(node.id)), !there.contains(node.id) else { return node }
      number += 1
      return targetNode(number)
    }
    let target = Target(
      parent: stored.target?.id, desired: Digest(of: "desired"), nodes: nodes, replicas: [],
      nextNodeOrdinals: [])
    return Decision(
      plan: Plan(PlanContent(target: target)), manifests: "", summary: "", scope: scope)
  }

  @Test func convergesAndTellsHowFarItIs() async throws {
    let bench = Bench(target(nodes: 1...5))
    let reports = Mutex<[Progress]>([])
    let outcome = await bench.driver().converge(scope, stop: silence()) { report in
      reports.withLock { $0.append(report) }
    }
    #expect(outcome == .converged)
    #expect(await bench.provider.nodes.count == 5)
    #expect(await bench.store.entries.filter { $0 == .done }.count == 5)
    #expect(await bench.store.told.map(\.reason).last == "Converged")
    let last = reports.withLock { $0.last }
    #expect(last?.done == 5 && last?.total == 5)
  }

  @Test(arguments: [TwinProvider.Mood.forgetful, .silent, .throttled])
  func whatGoesWrongInACallMakesNothingTwice(mood: TwinProvider.Mood) async {
    let bench = Bench(target(nodes: 1...3), moods: [mood, mood])
    let driver = bench.driver(applyTimeout: .milliseconds(40))
    let outcome = await driver.converge(scope, stop: silence()) { _ in }
    #expect(outcome == .converged)
    #expect(await bench.provider.created.count == 3)
    #expect(Set(await bench.provider.created).count == 3)
  }

  @Test func recoversWhenTheDiskHasRoomAgain() async {
    let bench = Bench(target(nodes: 1...2), refusals: 2)
    #expect(await bench.driver().converge(scope, stop: silence()) { _ in } == .converged)
  }

  @Test func endsWhereTheDiskStaysFull() async {
    let bench = Bench(target(nodes: 1...2), refusals: .max)
    let outcome = await bench.driver().converge(scope, stop: silence()) { _ in }
    #expect(outcome == .storeFailed("no space left for state.db"))
    #expect(await bench.provider.calls == 0, "nothing is done that can't be recorded")
  }

  @Test func leavesWhenAskedAndGoesOnNextTime() async {
    let bench = Bench(target(nodes: 1...40))
    let (stop, request) = AsyncStream.makeStream(of: Void.self)
    let hasAsked = Atomic(false)
    let outcome = await bench.driver().converge(scope, stop: stop) { report in
      if !report.running.isEmpty, !hasAsked.exchange(true, ordering: .relaxed) { request.yield() }
    }
    #expect(outcome == .interrupted)
    let entries = await bench.store.entries
    #expect(entries.filter { $0 == .intent }.count == entries.filter { $0 != .intent }.count)
    #expect(await bench.driver().converge(scope, stop: silence()) { _ in } == .converged)
    #expect(await bench.provider.created.count == 40)
  }

  @Test func aSecondRequestLeavesWithoutWaiting() async {
    let bench = Bench(target(nodes: 1...1), moods: [.silent])
    let driver = bench.driver()
    let (stop, request) = AsyncStream.makeStream(of: Void.self)
    async let outcome = driver.converge(scope, stop: stop) { _ in }
    for await _ in bench.provider.silences { break }
    request.yield()
    request.yield()
    #expect(await outcome == .interrupted)
    #expect(await bench.store.entries == [.intent], "to be settled by looking")
    #expect(await bench.driver().converge(scope, stop: silence()) { _ in } == .converged)
    #expect(await bench.provider.created.count == 1)
  }

  @Test func twoDriversOfOneTargetMakeNothingTwice() async {
    let bench = Bench(target(nodes: 1...10))
    async let left = bench.driver().converge(scope, stop: silence()) { _ in }
    async let right = bench.driver().converge(scope, stop: silence()) { _ in }
    #expect(await [left, right] == [.converged, .converged])
    #expect(await bench.provider.created.count == 10)
  }

  /// Its manifests would say what belongs where, and they are not those that the target was made for.
  @Test func aTargetForOtherWishesIsNotCarriedOut() async {
    let bench = Bench(target(nodes: 1...2))
    let other = Scope(desired: .empty, digest: Digest(of: "other"), clusters: [spec])
    #expect(await bench.driver().converge(other, stop: silence()) { _ in } == .superseded)
    #expect(await bench.provider.calls == 0)
    let outcome = await bench.driver().converge(
      other,
      replan: { request, stored, _ throws(PlanningRefusal) in successors(request, stored) },
      plansFirst: true, stop: silence()
    ) { _ in }
    #expect(outcome == .converged, "who plans first makes a target of its own")
  }

  @Test func theLoopReplacesANodeThatIsLost() async {
    let bench = Bench(nil)
    let (stop, request) = AsyncStream.makeStream(of: Void.self)
    let rounds = Mutex(0)
    let provider = bench.provider
    let outcome = await bench.driver().run(
      scope,
      replan: { request, stored, _ throws(PlanningRefusal) in successors(request, stored) },
      stop: stop
    ) { report in
      guard report.phase == .converged else { return }
      let round = rounds.withLock {
        $0 += 1
        return $0
      }
      if round == 1 { Task { await provider.lose(NodeID(us, "pool-1")) } }
      if report.target != nil, round > 1, report.total == 1 { request.yield() }
    }
    #expect(outcome == .interrupted)
    #expect(await bench.provider.nodes == [NodeID(us, "pool-101")])
    #expect(await bench.provider.created.count == 2)
  }

  @Test func aLargeDeletionGoesThroughInBoundedSteps() async throws {
    let nodes = 400
    let bench = Bench(target(nodes: 1...nodes))
    #expect(await bench.driver().converge(scope, stop: silence()) { _ in } == .converged)
    let current = try await bench.store.current().target
    let nothing = Target(
      parent: current?.id, desired: Digest(of: "nothing"), nodes: [], replicas: [],
      nextNodeOrdinals: [])
    let adoption = Adoption(
      target: nothing, plan: PlanID(Digest(of: "p")), manifests: "", summary: "",
      at: Timestamp(seconds: 0))
    #expect(try await bench.store.adopt(adoption) == .adopted)
    let running = Mutex(0)
    let without = Scope(desired: .empty, digest: nothing.desired, clusters: [spec])
    let outcome = await bench.driver().converge(without, stop: silence()) { report in
      running.withLock { $0 = max($0, report.running.count) }
    }
    #expect(outcome == .converged)
    #expect(await bench.provider.nodes == [])
    #expect(await bench.provider.created.count == nodes)
    #expect(running.withLock { $0 } == DriverLimits().reconciler.callsMax)
    // Every node that was made was drained or deleted once, each with its intent and its outcome.
    let entries = await bench.store.entries
    #expect(entries.filter { $0 == .intent }.count == entries.filter { $0 == .done }.count)
  }

  /// Who carries out one decision plans nothing over what somebody else adopted meanwhile.
  @Test func whoIsOvertakenWhilePlanningSaysSo() async throws {
    let bench = Bench(target(nodes: 1...1))
    #expect(await bench.driver().converge(scope, stop: silence()) { _ in } == .converged)
    await bench.provider.lose(NodeID(us, "pool-1"))
    let store = bench.store
    let other = target(nodes: 7...7, parent: try await store.current().target?.id)
    let outcome = await bench.driver().converge(
      scope,
      replan: { request, stored, _ throws(PlanningRefusal) in
        let adoption = Adoption(
          target: other, plan: PlanID(Digest(of: "p")), manifests: "", summary: "",
          at: Timestamp(seconds: 0))
        do { _ = try await store.adopt(adoption) } catch { throw PlanningRefusal("\(error)") }
        return successors(request, stored)
      }, stop: silence()
    ) { _ in }
    #expect(outcome == .superseded)
    #expect(try await store.current().target == other)
    #expect(await bench.provider.nodes == [])
  }

  @Test func withoutAPlannerItSaysThatItNeedsOne() async {
    let bench = Bench(target(nodes: 1...1))
    #expect(await bench.driver().converge(scope, stop: silence()) { _ in } == .converged)
    await bench.provider.lose(NodeID(us, "pool-1"))
    let outcome = await bench.driver().converge(scope, stop: silence()) { _ in }
    #expect(outcome == .needsPlan([.vanished(.create(NodeID(us, "pool-1")))]))
  }
}
