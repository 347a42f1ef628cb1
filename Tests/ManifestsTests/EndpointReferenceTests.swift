import Diagnostics
import Manifests
import TestSupport
import Testing

/// Whoever takes requests can be reached, and holds no plan up for long.
@Suite struct EndpointReferenceProblems {
  func service(_ endpoint: String, type: String = "inference", replicas: String = "2..3") -> String
  {
    workload("type: \(type)\nreplicas: \(replicas)\n\(endpoint)\nresources: {cpu: 1}")
  }

  @Test func endpoints() {
    check(fleet + service("endpoint: {port: 8080}"), has: [])
    check(fleet + service("endpoint: {port: 8000..8003, health: /healthz, drain: 10m}"), has: [])
    check(
      fleet + service("1️⃣endpoint: {port: 8080}", type: "training", replicas: "2"),
      has: [problem("1️⃣", .uselessEndpoint)])
    // Three, and one more while they are exchanged.
    check(
      fleet + service("endpoint: {port: 1️⃣8000..8002}"), has: [problem("1️⃣", .uselessEndpoint)])
    check(
      fleet + service("endpoint: {port: 8080, drain: 1️⃣11m}"),
      has: [problem("1️⃣", .uselessEndpoint)])
  }

  @Test func aLoadIsMeasuredAndObeyed() {
    let load = service("endpoint: {port: 8080, load: 1️⃣up}")
    check(fleet + load, has: [problem("1️⃣", .uselessEndpoint)])
    let whole = fleet.replacing(
      "us-east-1b]",
      with: "us-east-1b]\n  prometheus: {url: 'http://p:9090'}\n  haproxy: {file: /f, reload: [r]}")
    check(whole + load.replacing("1️⃣", with: ""), has: [])
  }

  @Test func whatStandsInALineOfAnotherProgram() {
    for path in ["healthz", "'/a b'", "'/a\"b'", "'/a#b'", "/a\\b"] {
      check(
        fleet + service("endpoint: {port: 8080, health: 1️⃣\(path)}"),
        has: [problem("1️⃣", .invalidName)])
    }
  }

  @Test func aFileBelongsToOneCluster() {
    func cluster(_ name: String, _ mark: String, _ file: String) -> String {
      """
      apiVersion: setpoint/v1
      kind: Cluster
      metadata: {name: \(name)}
      spec:
        provider: simulated
        region: us-east-1
        zones: [us-east-1a]
        haproxy: {file: \(mark)\(file), reload: [reload]}
      ---

      """
    }
    let one = cluster("a", "", "/etc/haproxy/a.cfg")
    check(one + cluster("b", "", "/etc/haproxy/b.cfg"), has: [])
    check(
      one + cluster("b", "1️⃣", "/etc/haproxy/a.cfg"), has: [problem("1️⃣", .sharedFile)])
  }
}
