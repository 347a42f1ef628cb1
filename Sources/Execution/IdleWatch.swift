public import Interfaces
public import Model
import Planning

/// Finds workloads that do next to nothing: what is measured of them was low for as long as their
/// manifests say.
///
/// What is not heard, or is no number, is not taken for nothing: whoever is not known to be idle all
/// the while is not idle.
public actor IdleWatch {
  private let metrics: any MetricsSource
  private let clock: any Clock
  private var watched: [WorkloadName: Watched] = [:]

  /// How often they are asked for.
  public static let interval = Seconds.minutes(1)
  /// Of the past as many values are asked for at most.
  private static let pastMax: Int64 = 120
  /// Workloads that are asked for at the same time.
  private static let askedAtOnceMax = 16

  private struct Watched: Sendable {
    let policy: IdlePolicy
    /// Nil where it was busy, or not known, when it was last asked for.
    var lowSince: Timestamp?
  }

  public init(metrics: any MetricsSource, clock: any Clock) {
    self.metrics = metrics
    self.clock = clock
  }

  /// Those that are idle by now, and since when.
  public private(set) var idle: [WorkloadName: Timestamp] = [:]

  /// Looks once at all of `desired` that says when it is idle. Whether any came to be idle, or is not
  /// any more.
  public func look(at desired: DesiredState) async -> Bool {
    let now = await clock.now()
    let workloads = desired.workloads.filter { $0.idle != nil }
    let names = Set(workloads.map(\.name))
    watched = watched.filter { names.contains($0.key) }
    let asked = workloads.compactMap { workload in
      workload.idle.map { policy in
        let before = watched[workload.name].flatMap { $0.policy == policy ? $0 : nil }
        let use = Use(
          policy: policy, clusters: workload.measuredIn(desired), metrics: metrics)
        return (name: workload.name, use: use, before: before)
      }
    }
    let answers = await answers(of: asked, atOnce: Self.askedAtOnceMax) { name, use, before in
      let since = await use.low(since: before?.lowSince, isNew: before == nil, at: now)
      return (name, Watched(policy: use.policy, lowSince: since))
    }
    for (name, entry) in answers { watched[name] = entry }
    var found: [WorkloadName: Timestamp] = [:]
    for (name, entry) in watched {
      if let since = entry.lowSince, since + entry.policy.length <= now { found[name] = since }
    }
    defer { idle = found }
    return Set(found.keys) != Set(idle.keys)
  }

  /// What one workload uses, in all clusters that know of it.
  private struct Use: Sendable {
    let policy: IdlePolicy
    let clusters: [ClusterSpec]
    let metrics: any MetricsSource

    /// Since when it has been low; nil where it is not, or where that is not known.
    func low(since before: Timestamp?, isNew: Bool, at now: Timestamp) async -> Timestamp? {
      guard !clusters.isEmpty else { return nil }
      do throws(Failure) {
        for cluster in clusters {
          guard let value = try await metrics.value(of: policy.query, in: cluster),
            isLow(value)
          else { return nil }
        }
        return isNew ? try await lowInThePast(until: now) : before ?? now
      } catch {
        return nil
      }
    }

    private func isLow(_ value: Double) -> Bool {
      value.isFinite && value * 1000 < Double(policy.belowMilli)
    }

    /// Whoever begins to look asks the past, in all clusters and without gaps.
    private func lowInThePast(until now: Timestamp) async throws(Failure) -> Timestamp {
      let step = Seconds(max(60, policy.length.count / IdleWatch.pastMax))
      let start = Timestamp(seconds: now.seconds - policy.length.count)
      var since = start
      for cluster in clusters {
        let values = try await metrics.values(
          of: policy.query, in: cluster, from: start, to: now, every: step)
        var expected = start
        for value in values {
          // A gap says nothing, and a value that is not low says no.
          if value.at > expected + step || !isLow(value.value) { since = max(since, value.at) }
          expected = value.at
        }
        if values.isEmpty || expected + step + step < now { since = now }
      }
      return since
    }
  }
}

extension WorkloadSpec {
  /// The clusters that know what it does.
  func measuredIn(_ desired: DesiredState) -> [ClusterSpec] {
    desired.clusters.filter { $0.prometheus != nil && mayRun(in: $0.name) }
  }
}
