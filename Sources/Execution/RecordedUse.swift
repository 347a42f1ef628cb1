public import Interfaces
public import Model
import Planning

/// What metrics recorded of workloads.
///
/// Each amount is one query that gives one number: the greatest of all replicas. What is no number, is
/// below zero, or differs in its length from what was asked for, is told and not used.
public struct RecordedUse: Sendable {
  private let metrics: any MetricsSource
  private let since: Seconds
  private let queries: UsageQueries

  /// Workloads that are asked for at the same time.
  private static let askedAtOnceMax = 16
  /// Seconds that a time may be too long by, since it is told in steps.
  private static let roundedBy: Double = 600

  /// - Parameters:
  ///   - since: how far it is looked back.
  ///   - queries: go before those that the provider's names come to.
  public init(metrics: any MetricsSource, since: Seconds, queries: UsageQueries = .init()) {
    self.metrics = metrics
    self.since = since
    self.queries = queries
  }

  public enum Answer: Hashable, Sendable {
    case measured(WorkloadUsage)
    /// Why nothing is known, in words.
    case unknown(String)
  }

  /// Of each of `workloads`, sorted by name.
  public func usage(
    of workloads: [WorkloadSpec], in desired: DesiredState
  ) async -> [(workload: WorkloadName, answer: Answer)] {
    let asked = workloads.map { (workload: $0, clusters: $0.measuredIn(desired)) }
    let answers = await answers(of: asked, atOnce: Self.askedAtOnceMax) { workload, clusters in
      (workload: workload.name, answer: await answer(for: workload, clusters))
    }
    return answers.sorted { $0.workload < $1.workload }
  }

  /// The greatest of all clusters that know it; it was measured as long as where that was longest.
  private func answer(for workload: WorkloadSpec, _ clusters: [ClusterSpec]) async -> Answer {
    guard !clusters.isEmpty else {
      return .unknown("no cluster that it may use has a 'prometheus'")
    }
    var usage = WorkloadUsage(workload: workload.name, measuredFor: .zero)
    do throws(NotKnown) {
      for cluster in clusters {
        let queries = self.queries.over(.standard(for: cluster)).of(workload.name, since: since)
        guard let length = try await ask(queries.measuredFor, "measuredFor", cluster) else {
          continue
        }
        guard length <= Double(since.count) * 1.01 + Self.roundedBy else {
          throw NotKnown(
            "'measuredFor' gives \(length) s, more than the \(since) that were asked for")
        }
        usage.measuredFor = max(usage.measuredFor, Seconds(min(since.count, Int64(length))))
        func most(_ path: WritableKeyPath<WorkloadUsage, Int64?>, _ value: Double?) {
          guard let value else { return }
          usage[keyPath: path] = max(usage[keyPath: path] ?? 0, Int64(value.rounded(.up)))
        }
        most(\.cpuMilliPeak, try await ask(queries.cpuPeak, "cpuPeak", cluster, times: 1000))
        most(\.cpuMilliP99, try await ask(queries.cpuP99, "cpuP99", cluster, times: 1000))
        most(\.memoryBytesPeak, try await ask(queries.memoryPeak, "memoryPeak", cluster))
        most(
          \.deviceMilliPeak,
          try await ask(queries.deviceUsePeak, "deviceUsePeak", cluster, times: 1000))
        most(
          \.deviceMemoryBytesPeak,
          try await ask(queries.deviceMemoryPeak, "deviceMemoryPeak", cluster))
        if let count = try await ask(queries.devicesPeak, "devicesPeak", cluster) {
          usage.devicesPeak = max(usage.devicesPeak ?? 0, Int(count.rounded(.up)))
        }
      }
    } catch {
      return .unknown(error.reason)
    }
    guard usage.measuredFor > .zero else {
      return .unknown(
        queries.measuredFor == nil && clusters.allSatisfy { !$0.hasStandardNames }
          ? "its provider has no names of its own for what is measured: say 'queries' in --usage"
          : "nothing was measured of it in \(since)")
    }
    return .measured(usage)
  }

  private struct NotKnown: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
  }

  /// Nil where there is no such query, or nothing is known by it.
  private func ask(
    _ query: String?, _ name: String, _ cluster: ClusterSpec, times factor: Double = 1
  ) async throws(NotKnown) -> Double? {
    guard let query else { return nil }
    let answer: Double?
    do throws(Failure) { answer = try await metrics.value(of: query, in: cluster) } catch {
      throw NotKnown("\(error)")
    }
    guard let answer else { return nil }
    guard answer.isFinite, answer >= 0, answer * factor < 9e18 else {
      throw NotKnown("'\(name)' gives \(answer), which is no amount")
    }
    return answer * factor
  }
}

extension UsageQueries {
  /// What pods of ours come to in the metrics that a Kubernetes usually has: those of cAdvisor, which
  /// each kubelet serves, and of NVIDIA's DCGM exporter. A pod is called after its workload, its ordinal
  /// and eight hexadecimal digits.
  public static func standard(for cluster: ClusterSpec) -> UsageQueries {
    guard case .kubernetes(let settings) = cluster.provider else { return UsageQueries() }
    let pods = #"namespace="\#(settings.namespace)",pod=~"$workload-[0-9]+-[0-9a-f]{8}""#
    let memory = #"container_memory_working_set_bytes{\#(pods),container!=""}"#
    let cores =
      #"sum by (pod) (rate(container_cpu_usage_seconds_total{\#(pods),container!=""}[5m]))"#
    let use = "DCGM_FI_DEV_GPU_UTIL{\(pods)}"
    var queries = UsageQueries()
    queries.measuredFor = "count_over_time(count(\(memory))[$since:5m]) * 300"
    queries.memoryPeak = "max(sum by (pod) (max_over_time(\(memory)[$since])))"
    queries.cpuPeak = "max(max_over_time(\(cores)[$since:1m]))"
    queries.cpuP99 = "max(quantile_over_time(0.99, \(cores)[$since:1m]))"
    queries.devicesPeak = "max(count by (pod) (max_over_time(\(use)[$since]) > 0))"
    queries.deviceUsePeak = "max(max_over_time(\(use)[$since])) / 100"
    queries.deviceMemoryPeak =
      "max(max_over_time(DCGM_FI_DEV_FB_USED{\(pods)}[$since])) * 1048576"
    return queries
  }

  /// These, and those of `others` where there is none.
  fileprivate func over(_ others: UsageQueries) -> UsageQueries {
    var queries = others
    for path in Self.all { queries[keyPath: path] = self[keyPath: path] ?? others[keyPath: path] }
    return queries
  }

  fileprivate func of(_ workload: WorkloadName, since: Seconds) -> UsageQueries {
    var queries = self
    for path in Self.all {
      queries[keyPath: path] = self[keyPath: path]?
        .replacing("$workload", with: workload.text).replacing("$since", with: "\(since)")
    }
    return queries
  }

  private static var all: [WritableKeyPath<UsageQueries, String?>] {
    [
      \.measuredFor, \.cpuPeak, \.cpuP99, \.memoryPeak, \.devicesPeak, \.deviceUsePeak,
      \.deviceMemoryPeak,
    ]
  }
}

extension ClusterSpec {
  fileprivate var hasStandardNames: Bool {
    switch provider {
    case .kubernetes: true
    case .simulated, .slurm: false
    }
  }
}
