public import Autoscaling
public import Interfaces
public import Model
import Planning

/// Asks for the load of autoscaled services, again and again, and has their autoscalers decide.
///
/// It only asks and remembers: what is decided is a function of what was heard, and what becomes of it
/// is the planner's. At its first look at a service it has the past told, so that it is no worse
/// for having been started anew.
public actor Scaler {
  private let metrics: any MetricsSource
  private let clock: any Clock
  private let zones: @Sendable (DesiredState, Timestamp, Seconds) -> [String: ZoneOffsets]
  private var scalings: [WorkloadName: Scaling] = [:]
  /// What was decided last, for those whose number is the autoscaler's.
  public private(set) var decisions: [WorkloadName: ScaleDecision] = [:]
  /// What kept a load from being known, in words.
  public private(set) var troubles: [WorkloadName: String] = [:]

  private static let lastHour = Seconds.hours(1)
  private static let lastDays = Seconds.hours(72)
  /// What is told of days is told in steps as long as the parts of a day that are told apart.
  private static let dayInterval = Seconds.minutes(5)
  /// Services whose loads are asked for at the same time.
  private static let askedAtOnceMax = 16

  private struct Scaling {
    let policy: AutoscalePolicy
    let bounds: CountRange
    var autoscaler: Autoscaler
  }

  /// `zones` gives the offsets of all time zones that schedules name from a moment on for a time; those
  /// that there are not are missing.
  public init(
    metrics: any MetricsSource, clock: any Clock,
    zones: @escaping @Sendable (DesiredState, Timestamp, Seconds) -> [String: ZoneOffsets]
  ) {
    self.metrics = metrics
    self.clock = clock
    self.zones = zones
  }

  /// Looks once at all of `desired` that is autoscaled, where `counts` is how many replicas each was
  /// decided to have. Whether any is to have another number now.
  public func look(at desired: DesiredState, counts: [WorkloadName: Int]) async -> Bool {
    let scaled = desired.workloads.filter { $0.autoscale != nil }
    let known = Set(scaled.map(\.name))
    for name in decisions.keys where !known.contains(name) { forget(name) }
    let now = await clock.now()
    let asked = scaled.map { workload in
      (
        name: workload.name, load: Load(of: workload, in: desired, metrics),
        isNew: !isKnown(workload)
      )
    }
    let answers = await answers(of: asked, atOnce: Self.askedAtOnceMax) { name, load, isNew in
      (name, await load.heard(at: now, withPast: isNew))
    }
    let heard = Dictionary(answers) { first, _ in first }
    let furthest = scaled.compactMap(\.autoscale?.readyAfter).max() ?? .zero
    let zones = zones(desired, now, furthest)
    var isNews = false
    for workload in scaled {
      guard let heard = heard[workload.name] else { continue }
      let current = counts[workload.name] ?? 0
      let decision = decide(workload, heard, current, zones, at: now)
      isNews = isNews || decision.replicas != current
    }
    return isNews
  }

  private func isKnown(_ workload: WorkloadSpec) -> Bool {
    guard let scaling = scalings[workload.name] else { return false }
    return scaling.policy == workload.autoscale && scaling.bounds == workload.bounds
  }

  private func forget(_ name: WorkloadName) {
    scalings[name] = nil
    decisions[name] = nil
    troubles[name] = nil
  }

  private func decide(
    _ workload: WorkloadSpec, _ heard: Heard, _ current: Int, _ zones: [String: ZoneOffsets],
    at now: Timestamp
  ) -> ScaleDecision {
    let name = workload.name
    if !isKnown(workload) {
      let policy = workload.autoscale ?? AutoscalePolicy()
      var autoscaler = Autoscaler(policy, bounds: workload.bounds, interval: Autoscaler.interval)
      autoscaler.recall(heard.days)
      for (moment, need) in heard.hour {
        _ = autoscaler.decide(need: need, current: current, at: moment)
      }
      scalings[name] = Scaling(
        policy: policy, bounds: workload.bounds, autoscaler: autoscaler)
    }
    troubles[name] = heard.trouble
    let bounded = workload.bounds.clamping(current)
    let scheduled = scheduled(workload, zones, at: now)
    let decision =
      scalings[name]?.autoscaler.decide(
        need: heard.need, scheduled: scheduled, current: bounded, at: now)
      ?? ScaleDecision(replicas: bounded, reason: .unheard)
    decisions[name] = decision
    return decision
  }

  /// What its schedules ask for; a time zone that is not known here is a trouble.
  private func scheduled(
    _ workload: WorkloadSpec, _ zones: [String: ZoneOffsets], at now: Timestamp
  ) -> Int {
    guard let policy = workload.autoscale else { return 0 }
    if let name = policy.schedules.map(\.timeZone).filter({ zones[$0] == nil }).max() {
      troubles[workload.name] = "the time zone '\(name)' is not known on this machine"
    }
    return policy.scheduled(at: now, zones)
  }

  /// What is known of one service's load.
  struct Heard: Sendable {
    var need: Double?
    var days: [(at: Timestamp, need: Double)] = []
    var hour: [(at: Timestamp, need: Double)] = []
    var trouble: String?
  }

  /// One service's load, over all clusters that know of it: the metric that asks for most counts.
  private struct Load {
    let policy: AutoscalePolicy
    let clusters: [ClusterSpec]
    let metrics: any MetricsSource

    init(of workload: WorkloadSpec, in desired: DesiredState, _ metrics: any MetricsSource) {
      policy = workload.autoscale ?? AutoscalePolicy()
      clusters = workload.measuredIn(desired)
      self.metrics = metrics
    }

    func heard(at now: Timestamp, withPast: Bool) async -> Heard {
      var heard = Heard()
      guard !policy.metrics.isEmpty else { return heard }
      do throws(Failure) {
        if withPast {
          let hour = Timestamp(seconds: now.seconds - Scaler.lastHour.count)
          let days = Timestamp(seconds: now.seconds - Scaler.lastDays.count)
          heard.days = try await past(from: days, to: hour, every: Scaler.dayInterval)
          heard.hour = try await past(from: hour, to: now, every: Autoscaler.interval)
        }
        heard.need = try await needed()
        if heard.need == nil { heard.trouble = "a query gives nothing" }
      } catch {
        heard = Heard(trouble: "\(error)")
      }
      return heard
    }

    /// Nil where one metric is not known in one cluster: what is not known may be the larger part.
    private func needed() async throws(Failure) -> Double? {
      var most: Double?
      for metric in policy.metrics {
        var sum = 0.0
        for cluster in clusters {
          guard let value = try await metrics.value(of: metric.query, in: cluster) else {
            return nil
          }
          sum += metric.need(value)
        }
        // What is no number must not be hidden by a larger one.
        if most.map({ $0 < sum || sum.isNaN }) ?? true { most = sum }
      }
      return most
    }

    private func past(
      from start: Timestamp, to end: Timestamp, every interval: Seconds
    ) async throws(Failure) -> [(at: Timestamp, need: Double)] {
      var needs: [Timestamp: Double] = [:]
      for metric in policy.metrics {
        var sums: [Timestamp: Double] = [:]
        for cluster in clusters {
          let values = try await metrics.values(
            of: metric.query, in: cluster, from: start, to: end, every: interval)
          for value in values { sums[value.at, default: 0] += metric.need(value.value) }
        }
        for (moment, sum) in sums { needs[moment] = max(needs[moment] ?? 0, sum) }
      }
      return needs.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
  }
}

extension WorkloadSpec {
  /// Where the autoscaler moves its number.
  fileprivate var bounds: CountRange {
    switch replicas {
    case .range(let range): range
    case .demand: CountRange(0)
    }
  }
}
