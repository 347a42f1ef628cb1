import Execution
import Foundation
import HTTP
import Interfaces
import Model
import Planning
import PrometheusSource
import Testing

/// Debian's Prometheus, started and thrown away; it measures itself.
private final class RealPrometheus {
  static let program = "/usr/bin/prometheus"
  let port: Int
  private let process = Process()
  private let directory: URL

  init() throws {
    port = Int.random(in: 20_000..<30_000)
    directory = FileManager.default.temporaryDirectory.appending(path: "prometheus-\(port)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let configuration = directory.appending(path: "prometheus.yml")
    let jobs = """
      global: {scrape_interval: 1s}
      scrape_configs: [{job_name: self, static_configs: [{targets: ['127.0.0.1:\(port)']}]}]
      """
    try Data(jobs.utf8).write(to: configuration)
    process.executableURL = URL(filePath: Self.program)
    process.arguments = [
      "--config.file=\(configuration.path())",
      "--storage.tsdb.path=\(directory.appending(path: "data").path())",
      "--web.listen-address=127.0.0.1:\(port)",
    ]
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
  }

  var cluster: ClusterSpec {
    ClusterSpec(
      metadata: Metadata(name: "lab"), region: "r", zones: ["z"],
      prometheus: PrometheusSettings(url: "http://127.0.0.1:\(port)"))
  }

  deinit {
    process.terminate()
    process.waitUntilExit()
    do { try FileManager.default.removeItem(at: directory) } catch { return }
  }
}

/// With `SETPOINT_TEST_PROMETHEUS=1`, as `make test-prometheus` sets it.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["SETPOINT_TEST_PROMETHEUS"] == "1"))
struct RealPrometheusTests {
  private let source = PrometheusSource { (path) throws(Unreadable) in throw Unreadable(path) }

  @Test func isUnderstood() async throws {
    let prometheus = try RealPrometheus()
    let cluster = prometheus.cluster
    var value: Double?
    let deadline = ContinuousClock.now + .seconds(120)
    while value == nil, ContinuousClock.now < deadline {
      do throws(Failure) { value = try await source.value(of: "sum(up)", in: cluster) } catch {
        // Not up yet.
        guard case .transient = error else { throw error }
      }
      try await Task.sleep(for: .milliseconds(200))
    }
    #expect(value == 1)
    #expect(try await source.value(of: "sum(no_such_metric)", in: cluster) == nil)
    #expect(try await source.value(of: "scalar(vector(7))", in: cluster) == 7)
    #expect(try await source.value(of: "vector(0) / 0", in: cluster)?.isNaN == true)
    await #expect(throws: Failure.self) { try await source.value(of: "sum(", in: cluster) }
    await #expect(throws: Failure.self) {
      try await source.value(of: "{__name__=~\"prometheus_.*\"}", in: cluster)
    }
    let now = Timestamp(seconds: Int64(Date.now.timeIntervalSince1970))
    let past = try await source.values(
      of: "vector(3)", in: cluster, from: Timestamp(seconds: now.seconds - 60), to: now,
      every: Seconds(15))
    #expect(past.count == 5)
    #expect(past.allSatisfy { $0.value == 3 })
  }

  /// What `advise` asks: PromQL of one number each, of which the past is as long as it was measured.
  @Test func usageIsUnderstood() async throws {
    let prometheus = try RealPrometheus()
    let cluster = prometheus.cluster
    var queries = UsageQueries()
    let memory = #"process_resident_memory_bytes{job="$workload"}"#
    queries.measuredFor = "count_over_time(count(\(memory))[$since:1s])"
    queries.memoryPeak = "max(max_over_time(\(memory)[$since]))"
    queries.cpuPeak =
      #"max(max_over_time(sum by (job) (rate(process_cpu_seconds_total{job="$workload"}[10s]))[$since:1s]))"#
    queries.deviceUsePeak = "vector(0) / 0 * 0 + no_such_metric"
    let use = RecordedUse(metrics: source, since: .hours(1), queries: queries)
    let workloads = ["self", "other"].map { name in
      WorkloadSpec(
        metadata: Metadata(name: name), type: .inference, replicas: .range(CountRange(1)),
        resources: ReplicaResources())
    }
    let desired = DesiredState(clusters: [cluster], workloads: workloads)
    let deadline = ContinuousClock.now + .seconds(120)
    var answers: [(workload: WorkloadName, answer: RecordedUse.Answer)] = []
    while ContinuousClock.now < deadline {
      answers = await use.usage(of: workloads, in: desired)
      if case .measured(let usage)? = answers.last?.answer, usage.cpuMilliPeak != nil,
        usage.measuredFor >= Seconds(5)
      {
        break
      }
      try await Task.sleep(for: .milliseconds(200))
    }
    #expect(answers.map(\.workload.text) == ["other", "self"])
    #expect(answers.first?.answer == .unknown("nothing was measured of it in 1h"))
    guard case .measured(let usage)? = answers.last?.answer else {
      Issue.record("\(answers)")
      return
    }
    // A Prometheus of its own takes some megabytes, and no minute has passed.
    let memoryPeak = try #require(usage.memoryBytesPeak)
    #expect((10 << 20..<4 << 30).contains(memoryPeak))
    #expect((Seconds(5)...Seconds(180)).contains(usage.measuredFor))
    #expect(usage.cpuMilliPeak.map { $0 < 16_000 } == true)
    #expect(usage.deviceMilliPeak == nil)
  }

  /// The standard queries are PromQL, whether or not anything of theirs is there.
  @Test func theQueriesOfPodsAreUnderstood() async throws {
    let prometheus = try RealPrometheus()
    var cluster = prometheus.cluster
    cluster.provider = .kubernetes(KubernetesSettings())
    let use = RecordedUse(metrics: source, since: .hours(168))
    let workload = WorkloadSpec(
      metadata: Metadata(name: "chat"), type: .inference, replicas: .range(CountRange(1)),
      resources: ReplicaResources())
    let desired = DesiredState(clusters: [cluster], workloads: [workload])
    let all = UsageQueries.standard(for: cluster)
    let deadline = ContinuousClock.now + .seconds(120)
    var answer: RecordedUse.Answer?
    while ContinuousClock.now < deadline {
      answer = await use.usage(of: [workload], in: desired).first?.answer
      if answer == .unknown("nothing was measured of it in 7d") { break }
      try await Task.sleep(for: .milliseconds(200))
    }
    #expect(answer == .unknown("nothing was measured of it in 7d"))
    for query in [
      all.cpuPeak, all.cpuP99, all.memoryPeak, all.devicesPeak, all.deviceUsePeak,
      all.deviceMemoryPeak,
    ] {
      let text = try #require(query).replacing("$workload", with: "chat")
        .replacing("$since", with: "7d")
      #expect(try await source.value(of: text, in: cluster) == nil, "\(text)")
    }
  }
}
