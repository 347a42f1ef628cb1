import Foundation
import Testing

/// From manifests to the file of a balancer, and what becomes of it.
@Suite struct EndpointTests {
  let shell: Shell

  init() throws {
    shell = try Shell()
    try write(replicas: 2)
  }

  /// A service of so many replicas, whose balancer is told by a script.
  func write(replicas: Int, reload: String = "date >> reloads") throws {
    let file = shell.path("lab.cfg").path()
    let manifest = Small.service(replicas: replicas)
      .replacing("startTime: 5s", with: "startTime: 5s, address: 127.0.0.1")
      .replacing(
        "zones: [us-east-1a]",
        with: "zones: [us-east-1a]\n  haproxy: {file: '\(file)', reload: [sh, -c, '\(reload)']}"
      )
      .replacing(
        "  image:", with: "  endpoint: {port: 8000..8009, health: /healthz, drain: 45s}\n  image:")
    try shell.write("web.yaml", manifest)
  }

  func apply(exit: Int32 = 0, location: SourceLocation = #_sourceLocation) throws {
    let run = try shell.run("apply web.yaml --yes")
    #expect(run.status == exit, "\(run.output)\(run.talk)", sourceLocation: location)
  }

  func servers() throws -> [String] {
    String(decoding: try shell.bytes("lab.cfg"), as: UTF8.self).split(separator: "\n")
      .filter { $0.contains(" server ") }.map { $0.trimmingCharacters(in: .whitespaces) }
  }

  @Test func whatRunsIsPublished() throws {
    try apply()
    #expect(
      try servers() == [
        "server 0-l4-1 127.0.0.1:8000 weight 100", "server 1-l4-2 127.0.0.1:8001 weight 100",
      ])
    let listed = try shell.run("get endpoints").output
    #expect(
      listed == """
        SERVICE  CLUSTER  REPLICA  NODE  ADDRESS         WEIGHT  STATE
        web      lab      web/0    l4-1  127.0.0.1:8000     100  ready
        web      lab      web/1    l4-2  127.0.0.1:8001     100  ready

        """)
    let json = try shell.run("get endpoints -o json").output
    #expect(json.contains("\"address\": \"127.0.0.1:8001\""), "\(json)")
    let reloads = try shell.bytes("reloads")
    try #require(try shell.run("run --once").status == 0)
    #expect(try shell.bytes("reloads") == reloads, "nothing is new")
  }

  @Test func whoGoesDrainsBefore() throws {
    try apply()
    try write(replicas: 1)
    try apply()
    #expect(try servers() == ["server 0-l4-1 127.0.0.1:8000 weight 100"])
    let events = try JSONSerialization.jsonObject(
      with: Data(try shell.run("events -o json").output.utf8))
    let items = try #require((events as? [String: Any])?["items"] as? [[String: Any]])
    func moment(_ reason: String) throws -> Date {
      let item = try #require(items.last { $0["reason"] as? String == reason }, "\(items)")
      return try Date(try #require(item["time"] as? String), strategy: .iso8601)
    }
    let drained = try moment("ReplicaDraining")
    #expect(try moment("ReplicaStopped").timeIntervalSince(drained) >= 45)
  }

  /// The replica goes all the same, some time later, and people are told.
  @Test func aBalancerThatDoesNotAnswerIsACondition() throws {
    try apply()
    try write(replicas: 1, reload: "echo no such service >&2; exit 1")
    try apply()
    let events = try shell.run("events").output
    #expect(events.contains("EndpointsNotPublished"), "\(events)")
    #expect(events.contains("no such service"), "\(events)")
    #expect(events.contains("ReplicaNotDrained"), "\(events)")
    #expect(try servers().count == 2, "the file is as it was")
    let status = try shell.run("status").output
    #expect(status.contains("EndpointsNotPublished since"), "\(status)")
    try write(replicas: 1)
    try apply()
    #expect(try servers().count == 1)
  }

  @Test func whatCanNotBeSeenKeepsItsEndpoints() throws {
    try apply()
    let before = try shell.bytes("lab.cfg")
    try #require(try shell.run("drill cut off lab").status == 0)
    #expect(try shell.run("run --once").status == 1)
    #expect(try shell.bytes("lab.cfg") == before)
  }
}
