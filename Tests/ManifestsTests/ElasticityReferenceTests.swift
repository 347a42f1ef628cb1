import Diagnostics
import Manifests
import Model
import TestSupport
import Testing

/// What follows a load, a clock or a pool's limits goes by things that are there.
@Suite struct ElasticityReferenceProblems {
  @Test func autoscalers() {
    let cluster = """
      kind: Cluster
      apiVersion: setpoint/v1
      metadata: {name: c}
      spec: {provider: simulated, region: us-east-1, zones: [us-east-1a]}
      ---

      """
    let measured = cluster.replacing(
      "zones: [us-east-1a]", with: "zones: [us-east-1a], prometheus: {url: 'http://p:9090'}")
    func scaled(_ head: String, _ policy: String = "{query: q, target: 5}") -> String {
      workload("\(head)\n1️⃣autoscale: {metrics: [\(policy)]}\nresources: {cpu: 1}")
    }
    let range = "type: inference\nreplicas: 2..8"
    check(measured + scaled(range).replacing("1️⃣", with: ""), has: [])
    for head in ["type: inference\nreplicas: 8", "type: training\nreplicas: 2..8"] {
      check(measured + scaled(head), has: [problem("1️⃣", .uselessAutoscale)])
    }
    check(cluster + scaled(range), has: [problem("1️⃣", .uselessAutoscale)])
    let zero = scaled(range, "{query: q, target: 2️⃣0}").replacing("1️⃣", with: "")
      .replacing("2️⃣", with: "1️⃣")
    check(measured + zero, has: [problem("1️⃣", .uselessAutoscale)])
  }

  @Test func whoIsToBeFoundIdleIsMeasured() {
    let text = workload(
      "type: training\nreplicas: 1\n1️⃣idle: {query: q, below: 5}\nresources: {cpu: 1}")
    check(fleet + text, has: [problem("1️⃣", .uselessAutoscale)])
    let measured = fleet.replacing(
      "us-east-1b]", with: "us-east-1b]\n  prometheus: {url: 'http://p:9090'}")
    check(measured + text.replacing("1️⃣", with: ""), has: [])
  }

  /// A schedule needs nothing that measures.
  @Test func schedules() {
    func scheduled(_ schedule: String) -> String {
      workload(
        "type: inference\nreplicas: 2..8\nautoscale: {schedules: [\(schedule)]}\nresources: {cpu: 1}"
      )
    }
    check(fleet + scheduled("{start: 0 8 * * *, for: 10h, replicas: 4}"), has: [])
    for wrong in [
      "{start: 0 8 * * *, for: 1️⃣0s, replicas: 4}", "{start: 0 8 * * *, for: 1️⃣32d, replicas: 4}",
      "{start: 0 8 * * *, for: 10h, replicas: 1️⃣9}",
    ] {
      check(fleet + scheduled(wrong), has: [problem("1️⃣", .uselessAutoscale)])
    }
  }

  @Test func nodesThatAreGivenBackBeforeTheyBoot() {
    func pool(_ limits: String) -> String {
      manifest(
        "NodePool", "cluster: c\ninstanceTypes: [p5.48xlarge]\nnodes: 0..4\nlimits: {\(limits)}")
    }
    func cluster(_ boot: String) -> String {
      manifest(
        "Cluster", name: "c",
        "provider: simulated\nsimulated: {bootTime: \(boot)}\nregion: us-east-1\nzones: [us-east-1a]"
      )
        + "---\n"
    }
    check(cluster("20m") + pool("readyWithin: 1️⃣20m"), has: [problem("1️⃣", .neverReady)])
    check(cluster("20m") + pool("readyWithin: 21m"), has: [])
    check(cluster("20h") + pool("readyWithin: never"), has: [])
    check(cluster("29m") + pool("cost: $5/h"), has: [])
  }

  @Test func timeZones() throws {
    let text = workload(
      """
      type: inference
      replicas: 2..8
      autoscale:
        schedules:
          - {start: 0 8 * * *, for: 1h, replicas: 4}
          - {start: 0 8 * * *, for: 1h, timeZone: 1️⃣Europe/Berlim, replicas: 4}
          - {start: 0 9 * * *, for: 1h, timeZone: Europe/Berlin, replicas: 4}
      """)
    let marked = MarkedText(text)
    let read = ManifestReader.read(Sources([SourceText(path: "m.yaml", text: marked.text)]))
    let found = TimeZones.check(read.value, known: ["Asia/Tokyo", "Europe/Berlin"])
    #expect(found.map(\.code) == [.unknownTimeZone])
    #expect(found.first?.help == "did you mean 'Europe/Berlin'?")
    guard case .span(let span)? = found.first?.place else {
      Issue.record("no place")
      return
    }
    #expect(span.range.lowerBound == marked.offset("1️⃣"))
  }
}
