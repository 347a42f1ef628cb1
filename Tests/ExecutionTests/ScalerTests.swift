import Autoscaling
import Execution
import Interfaces
import Model
import Planning
import Synchronization
import Testing

/// Loads as a test wants them, by query and cluster.
private final class Loads: MetricsSource {
  private let loads = Mutex<[String: Result<Double?, Failure>]>([:])
  private let past = Mutex<[Measurement]>([])
  private let asked = Mutex(0)

  func set(_ query: String, in cluster: String = "lab", _ load: Result<Double?, Failure>) {
    loads.withLock { $0["\(cluster) \(query)"] = load }
  }

  func set(past values: [Measurement]) { past.withLock { $0 = values } }

  var pastAskedCount: Int { asked.withLock { $0 } }

  func value(of query: String, in cluster: ClusterSpec) async throws(Failure) -> Double? {
    let load = loads.withLock { $0["\(cluster.name) \(query)"] }
    return try load?.get()
  }

  func values(
    of query: String, in cluster: ClusterSpec, from start: Timestamp, to end: Timestamp,
    every interval: Seconds
  ) async throws(Failure) -> [Measurement] {
    asked.withLock { $0 += 1 }
    return past.withLock { $0 }.filter { $0.at >= start && $0.at < end }
  }
}

private final class Ticks: Clock {
  private let second = Mutex(Int64(1_000_000))

  func now() async -> Timestamp { Timestamp(seconds: second.withLock { $0 }) }
  func wait(until moment: Timestamp) async { second.withLock { $0 = moment.seconds } }
}

/// From loads to numbers of replicas.
@Suite struct ScalerTests {
  private let loads = Loads()
  private let clock = Ticks()
  private let noZones: @Sendable (DesiredState, Timestamp, Seconds) -> [String: ZoneOffsets] = {
    _, _, _ in [:]
  }
  private let chat = WorkloadName("chat")

  private func desired(
    _ metrics: [MetricTarget] = [MetricTarget(query: "rps", targetMilli: 50_000)],
    clusters: [String] = ["lab"], bounds: CountRange = CountRange(1, 32)
  ) -> DesiredState {
    DesiredState(
      clusters: (clusters + ["mute"]).map {
        ClusterSpec(
          metadata: Metadata(name: $0), region: "r", zones: ["z"],
          prometheus: $0 == "mute" ? nil : PrometheusSettings(url: "http://\($0)"))
      },
      workloads: [
        WorkloadSpec(
          metadata: Metadata(name: "chat"), type: .inference, replicas: .range(bounds),
          resources: ReplicaResources(), autoscale: AutoscalePolicy(metrics: metrics)),
        WorkloadSpec(
          metadata: Metadata(name: "other"), type: .inference,
          replicas: .range(CountRange(1, 5)), resources: ReplicaResources()),
      ])
  }

  @Test func aLoadBecomesANumber() async {
    let scaler = Scaler(metrics: loads, clock: clock, zones: noZones)
    loads.set("rps", .success(400))
    #expect(await scaler.look(at: desired(), counts: [chat: 2]))
    let decisions = await scaler.decisions
    #expect(decisions.map(\.key) == [chat])
    #expect(decisions[chat]?.replicas == 8)
    #expect(await scaler.look(at: desired(), counts: [chat: 8]) == false)
  }

  @Test func theMetricThatAsksForMostWinsAndClustersAreAddedUp() async {
    let scaler = Scaler(metrics: loads, clock: clock, zones: noZones)
    let metrics = [
      MetricTarget(query: "rps", targetMilli: 50_000),
      MetricTarget(query: "queue", targetMilli: 10_000),
    ]
    loads.set("rps", .success(100))
    loads.set("rps", in: "far", .success(50))
    loads.set("queue", .success(60))
    loads.set("queue", in: "far", .success(40))
    _ = await scaler.look(at: desired(metrics, clusters: ["lab", "far"]), counts: [chat: 1])
    #expect(await scaler.decisions[chat]?.needMilli == 10_000)
  }

  @Test func whatOneClusterDoesNotTellIsNotTakenForNothing() async {
    let scaler = Scaler(metrics: loads, clock: clock, zones: noZones)
    loads.set("rps", .success(100))
    loads.set("rps", in: "far", .success(nil))
    let isNews = await scaler.look(at: desired(clusters: ["lab", "far"]), counts: [chat: 9])
    #expect(isNews == false)
    #expect(await scaler.decisions[chat]?.reason == .unheard)
    #expect(await scaler.troubles[chat] == "a query gives nothing")
  }

  @Test func troubleIsToldAndPasses() async {
    let scaler = Scaler(metrics: loads, clock: clock, zones: noZones)
    loads.set("rps", .failure(.transient("nobody listens there")))
    #expect(await scaler.look(at: desired(), counts: [chat: 4]) == false)
    #expect(await scaler.troubles == [chat: "nobody listens there"])
    #expect(await scaler.decisions[chat]?.replicas == 4)
    loads.set("rps", .success(200))
    _ = await scaler.look(at: desired(), counts: [chat: 4])
    #expect(await scaler.troubles == [:])
  }

  @Test func aNumberIsNeverHiddenBehindALargerOne() async {
    let scaler = Scaler(metrics: loads, clock: clock, zones: noZones)
    let metrics = [
      MetricTarget(query: "rps", targetMilli: 50_000),
      MetricTarget(query: "queue", targetMilli: 10_000),
    ]
    for (first, second) in [("rps", "queue"), ("queue", "rps")] {
      loads.set(first, .success(.nan))
      loads.set(second, .success(1000))
      _ = await scaler.look(at: desired(metrics), counts: [chat: 3])
      #expect(await scaler.decisions[chat]?.reason == .noAmount)
    }
  }

  @Test func thePastIsAskedForOnceAndAgainForANewPolicy() async {
    let scaler = Scaler(metrics: loads, clock: clock, zones: noZones)
    loads.set("rps", .success(100))
    _ = await scaler.look(at: desired(), counts: [chat: 2])
    _ = await scaler.look(at: desired(), counts: [chat: 2])
    #expect(loads.pastAskedCount == 2)
    _ = await scaler.look(at: desired(bounds: CountRange(1, 64)), counts: [chat: 2])
    #expect(loads.pastAskedCount == 4)
  }

  /// Whoever is started anew holds a number for as long as who was there all the time.
  @Test func aNewStartForgetsNothing() async {
    loads.set(
      past: (0..<240).map {
        Measurement(at: Timestamp(seconds: 1_000_000 - 3600 + 15 * $0), value: 500)
      })
    loads.set("rps", .success(100))
    let scaler = Scaler(metrics: loads, clock: clock, zones: noZones)
    #expect(await scaler.look(at: desired(), counts: [chat: 10]) == false)
    #expect(await scaler.decisions[chat]?.reason == .held)
  }

  /// 1970-01-12T13:46:40Z is a Monday; a clock an hour to the east shows 14:46:40.
  @Test func aScheduleAsksForSomeInItsTimeZone() async throws {
    let east: @Sendable (DesiredState, Timestamp, Seconds) -> [String: ZoneOffsets] = { _, _, _ in
      ["Here/East": ZoneOffsets(first: .hours(1))]
    }
    func scheduled(_ start: String, _ zone: String) throws -> DesiredState {
      var desired = desired([], clusters: [])
      desired.workloads[0].autoscale?.schedules = [
        ScaleSchedule(
          start: try CronTimes.parse(start), duration: .minutes(10), timeZone: zone, replicas: 8)
      ]
      return desired
    }
    let scaler = Scaler(metrics: loads, clock: clock, zones: east)
    #expect(await scaler.look(at: try scheduled("40 14 * * 1", "Here/East"), counts: [chat: 1]))
    #expect(await scaler.decisions[chat] == ScaleDecision(replicas: 8, reason: .scheduled))
    #expect(await scaler.troubles == [:])
    // It is asked for as early as replicas take to be ready.
    #expect(await scaler.look(at: try scheduled("48 14 * * 1", "Here/East"), counts: [chat: 1]))
    let later = try scheduled("49 14 * * 1", "Here/East")
    #expect(await scaler.look(at: later, counts: [chat: 1]) == false)
    #expect(await scaler.decisions[chat]?.reason == .unscheduled)
    _ = await scaler.look(at: try scheduled("40 14 * * 1", "Nowhere/At_All"), counts: [chat: 4])
    #expect(await scaler.decisions[chat]?.replicas == 1)
    let trouble = await scaler.troubles[chat]
    #expect(trouble == "the time zone 'Nowhere/At_All' is not known on this machine")
  }

  @Test func whoIsNotAutoscaledAnyMoreIsForgotten() async {
    let scaler = Scaler(metrics: loads, clock: clock, zones: noZones)
    loads.set("rps", .success(100))
    _ = await scaler.look(at: desired(), counts: [chat: 2])
    _ = await scaler.look(at: DesiredState(clusters: [], workloads: []), counts: [:])
    #expect(await scaler.decisions == [:])
  }
}
