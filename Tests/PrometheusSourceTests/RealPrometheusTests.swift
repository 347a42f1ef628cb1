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
}
