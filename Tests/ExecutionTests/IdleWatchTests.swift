import Execution
import Interfaces
import Model
import Planning
import Synchronization
import Testing

/// What a test says is measured, now and before.
private final class Use: MetricsSource {
  private let now = Mutex<Result<Double?, Failure>>(.success(nil))
  private let past = Mutex<Result<[Measurement], Failure>>(.success([]))

  func set(_ value: Result<Double?, Failure>) { now.withLock { $0 = value } }
  func set(past values: Result<[Measurement], Failure>) { past.withLock { $0 = values } }

  func value(of query: String, in cluster: ClusterSpec) async throws(Failure) -> Double? {
    let value = now.withLock { $0 }
    return try value.get()
  }

  func values(
    of query: String, in cluster: ClusterSpec, from start: Timestamp, to end: Timestamp,
    every interval: Seconds
  ) async throws(Failure) -> [Measurement] {
    let values = past.withLock { $0 }
    return try values.get().filter { $0.at >= start && $0.at <= end }
  }
}

private final class Hand: Clock {
  private let second = Mutex(Int64(1_000_000))

  func now() async -> Timestamp { Timestamp(seconds: second.withLock { $0 }) }
  func wait(until moment: Timestamp) async { second.withLock { $0 = moment.seconds } }
}

@Suite struct IdleWatchTests {
  private let use = Use()
  private let clock = Hand()
  private let notebook = WorkloadName("notebook")
  private let desired = DesiredState(
    clusters: [
      ClusterSpec(
        metadata: Metadata(name: "lab"), region: "r", zones: ["z"],
        prometheus: PrometheusSettings(url: "http://lab"))
    ],
    workloads: [
      WorkloadSpec(
        metadata: Metadata(name: "notebook"), type: .inference, replicas: .range(CountRange(1)),
        resources: ReplicaResources(),
        idle: IdlePolicy(query: "q", belowMilli: 5000, length: .minutes(10)))
    ])

  /// Looks once a minute for as long; whether any look found it idle.
  private func isIdle(_ watch: IdleWatch, after minutes: Int64) async -> Bool {
    for _ in 0..<minutes {
      _ = await watch.look(at: desired)
      await clock.wait(until: await clock.now() + .minutes(1))
    }
    _ = await watch.look(at: desired)
    return await watch.idle[notebook] != nil
  }

  private func past(_ values: [(Int64, Double)]) -> [Measurement] {
    values.map { Measurement(at: Timestamp(seconds: 1_000_000 - 60 * $0.0), value: $0.1) }
  }

  @Test func whoIsLowForLongEnoughIsIdle() async {
    let watch = IdleWatch(metrics: use, clock: clock)
    use.set(.success(4.9))
    #expect(await isIdle(watch, after: 9) == false)
    #expect(await isIdle(watch, after: 1))
    #expect(await watch.look(at: desired) == false, "it is no news a second time")
    use.set(.success(5))
    #expect(await watch.look(at: desired))
    #expect(await watch.idle == [:])
  }

  @Test(arguments: [Double.nan, -.infinity, .infinity]) func noNumberIsNotNothing(value: Double)
    async
  {
    let watch = IdleWatch(metrics: use, clock: clock)
    use.set(.success(value))
    #expect(await isIdle(watch, after: 20) == false)
  }

  @Test func whatIsNotHeardIsNotNothing() async {
    let watch = IdleWatch(metrics: use, clock: clock)
    #expect(await isIdle(watch, after: 20) == false)
    use.set(.failure(.transient("nobody listens there")))
    #expect(await isIdle(watch, after: 20) == false)
    use.set(.success(0))
    #expect(await isIdle(watch, after: 9) == false)
    use.set(.success(nil))
    #expect(await isIdle(watch, after: 1) == false)
    use.set(.success(0))
    #expect(await isIdle(watch, after: 9) == false, "a gap begins it anew")
    #expect(await isIdle(watch, after: 1))
  }

  /// Who begins to look asks the past, and believes it where it has no gap.
  @Test func thePastCounts() async {
    use.set(.success(0))
    func isIdleAtOnce(_ past: Result<[Measurement], Failure>) async -> Bool {
      use.set(past: past)
      let watch = IdleWatch(metrics: use, clock: clock)
      return await isIdle(watch, after: 0)
    }
    let whole = past((0...10).reversed().map { ($0, 0) })
    #expect(await isIdleAtOnce(.success(whole)))
    var busy = whole
    busy[5].value = 80
    #expect(await isIdleAtOnce(.success(busy)) == false)
    #expect(await isIdleAtOnce(.success(Array(whole[..<2] + whole[5...]))) == false)
    #expect(await isIdleAtOnce(.success(Array(whole.dropLast(4)))) == false)
    #expect(await isIdleAtOnce(.success([])) == false)
    #expect(await isIdleAtOnce(.failure(.transient("away"))) == false)
  }

  @Test func whoSaysNothingOfItIsNotWatched() async {
    let watch = IdleWatch(metrics: use, clock: clock)
    use.set(.success(0))
    #expect(await isIdle(watch, after: 10))
    var other = desired
    other.workloads[0].idle = nil
    #expect(await watch.look(at: other))
    #expect(await watch.idle == [:])
  }
}
