import Foundation
import Loopback
import TestSupport
import Testing

/// `advise`: what manifests could say otherwise, planned with, and as a patch that others apply.
@Suite struct AdviseTests {
  /// A service that asks for so much memory that a node holds one replica, where it could hold four.
  static let service = """
    # The lab. Prices are those of a cloud.
    apiVersion: setpoint/v1
    kind: Cluster
    metadata: {name: lab}
    spec:
      provider: simulated
      simulated: {bootTime: 10s, startTime: 5s}
      region: us-east-1
      zones: [us-east-1a]
    ---
    apiVersion: setpoint/v1
    kind: NodePool
    metadata: {name: l4}
    spec: {cluster: lab, instanceTypes: [g6.12xlarge], nodes: 0..20, disruption: {budget: 100%}}
    ---
    apiVersion: setpoint/v1
    kind: Queue
    metadata: {name: team}
    spec: {quota: {accelerators: 16}}   # agreed in spring
    ---
    apiVersion: setpoint/v1
    kind: Workload
    metadata: {name: web}
    spec:
      type: inference
      queue: team
      replicas: 4
      resources: {accelerator: L4:1, cpu: 11, memory: "120Gi"}  # to be sure
      image: registry.example/web:1

    """

  static let usage = """
    apiVersion: setpoint/v1
    kind: Usage
    workloads: [{workload: web, measuredFor: 7d, memoryPeak: 30Gi}]
    queues: [{queue: team, measuredFor: 30d, accelerators: 4}]

    """

  private func shell(_ manifests: String = service, usage: String = usage) throws -> Shell {
    try Shell(["m/web.yaml": manifests, "usage.yaml": usage])
  }

  /// What the manifests cost an hour once they are settled.
  private func price(_ shell: Shell, _ path: String = "m") throws -> Int {
    let run = try shell.run("simulate \(path) --hours 4 -o json")
    #expect(run.status == 0, "\(run.talk)")
    let document = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    let course = try #require((document as? [String: Any])?["course"] as? [String: Any])
    let last = try #require((course["samples"] as? [[String: Any]])?.last)
    return try #require(last["costPerHourMicros"] as? Int)
  }

  private func apply(_ patch: String, in shell: Shell, _ words: [String]) throws -> Int32 {
    try shell.write("advice.patch", patch)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words
    process.currentDirectoryURL = shell.directory
    process.standardInput = try FileHandle(forReadingFrom: shell.path("advice.patch"))
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test func theExampleIsAdvised() throws {
    let shell = try Shell()
    try shell.copyExample("ai-research")
    let usage = Shell.examples.deletingLastPathComponent().appending(
      path: "docs/usage/ai-research.yaml")
    try shell.write("usage.yaml", String(contentsOf: usage, encoding: .utf8))
    let text = try shell.run("advise ai-research --usage usage.yaml")
    #expect(text.status == 0, "\(text.talk)")
    let patch = try shell.run("advise ai-research --usage usage.yaml -o patch")
    expectSnapshot(text.output + "\n" + patch.output, "advise.txt")
  }

  /// The whole way: what it promises is what the patched files cost.
  @Test(arguments: [["git", "apply", "-p1"], ["patch", "-p1"]])
  func thePatchSavesWhatItSays(_ tool: [String]) throws {
    let shell = try shell()
    let run = try shell.run("advise m --usage usage.yaml -o json")
    #expect(run.status == 0, "\(run.talk)")
    let document = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    let fields = try #require(document as? [String: Any])
    #expect(fields["kind"] as? String == "advice")
    let patch = try #require(fields["patch"] as? String)
    #expect(try shell.run("advise m --usage usage.yaml -o patch").output == patch)
    let before = try price(shell)
    #expect(try apply(patch, in: shell, tool) == 0, "\(patch)")
    #expect(try shell.run("validate m").status == 0)
    let after = try price(shell)
    func micros(_ key: String) throws -> Int {
      let text = try #require(fields[key] as? String)
      return Int((try #require(Double(text.dropFirst())) * 1e6).rounded())
    }
    #expect(try micros("perHour") == before)
    #expect(try micros("perHourAfter") == after)
    #expect(try micros("savingPerHour") > 4_000_000)
    // Nothing else has changed, and nothing more is to be said.
    let text = String(decoding: try shell.bytes("m/web.yaml"), as: UTF8.self)
    #expect(text.contains("memory: \"36Gi\"}  # to be sure"), "\(text)")
    #expect(text.contains("{quota: {accelerators: 5}}   # agreed in spring"), "\(text)")
    #expect(text.contains("# The lab. Prices are those of a cloud."))
    #expect(try shell.run("advise m --usage usage.yaml -o patch").output == "")
  }

  /// A field that is left out is put where it is usually written, and what spot nodes that are taken back
  /// cost is taken off.
  @Test func checkpointsLetAPoolBuySpot() throws {
    let manifests = """
      apiVersion: setpoint/v1
      kind: Cluster
      metadata: {name: lab}
      spec:
        provider: simulated
        simulated: {bootTime: 4m, startTime: 1m, spotLifetime: 100h}
        region: us-east-1
        zones: [us-east-1a]
      ---
      apiVersion: setpoint/v1
      kind: NodePool
      metadata: {name: a100}
      spec:
        cluster: lab
        instanceTypes:
          - p4d.24xlarge   # with EFA

        # as many as we ever had
        nodes: 0..4
      ---
      apiVersion: setpoint/v1
      kind: Workload
      metadata: {name: tune}
      spec:
        type: training
        replicas: 2
        resources: {accelerator: A100:8, cpu: 80, memory: 800Gi}
        checkpoint: {every: 30m}

      """
    let shell = try shell(manifests)
    let run = try shell.run("advise m")
    #expect(run.output.contains("tune saves its state every 30m"), "\(run.output)")
    #expect(run.output.contains("; interruptions cost $"), "\(run.output)")
    let patch = try shell.run("advise m -o patch").output
    #expect(try apply(patch, in: shell, ["git", "apply"]) == 0, "\(patch)")
    #expect(
      String(decoding: try shell.bytes("m/web.yaml"), as: UTF8.self)
        == manifests.replacing(
          "  nodes: 0..4", with: "  capacity: [spot, on-demand]\n  nodes: 0..4"))
    // Where nobody says how long such nodes live, that is said.
    try shell.write("m/web.yaml", manifests.replacing(", spotLifetime: 100h", with: ""))
    let unknown = try shell.run("advise m")
    #expect(unknown.output.contains("interruptions are not counted"), "\(unknown.output)")
    let said = try shell.run("advise m --spot-lifetime 39m")
    #expect(said.output.contains("tune would be interrupted before it gets"), "\(said.output)")
    try shell.write("m/web.yaml", manifests.replacing("  checkpoint: {every: 30m}\n", with: ""))
    #expect(try shell.run("advise m -o patch").output == "")
  }

  /// What runs already is moved together, as `run` would do it.
  @Test func whatRunsIsSettledFromWhereItIs() throws {
    let shell = try shell()
    try #require(try shell.run("apply m --yes").status == 0)
    _ = try shell.run("drill time +1h")
    let run = try shell.run("advise m --usage usage.yaml")
    #expect(run.status == 0, "\(run.talk)")
    #expect(run.output.contains("resources.memory  120Gi → 36Gi"), "\(run.output)")
    #expect(run.output.contains("m/web.yaml:28:51"), "\(run.output)")
    #expect(run.output.contains("pending\n"), "\(run.output)")
    #expect(try shell.run("plan m --detailed-exitcode").status == 0, "nothing was done")
  }

  /// What queues held is known from what was decided.
  @Test func quotasAreComparedWithWhatWasDecided() throws {
    let shell = try shell()
    try #require(try shell.run("apply m --yes").status == 0)
    #expect(
      try !shell.run("advise m -o patch").output.contains("accelerators: 5"), "it was just applied")
    _ = try shell.run("drill time +200h")
    let run = try shell.run("advise m")
    #expect(run.output.contains("quota.accelerators  16 → 5"), "\(run.output)\(run.talk)")
    #expect(run.output.contains("4 accelerators were held at the most, in 7d"), "\(run.output)")
    let later = try shell.run("advise m --since 1h")
    #expect(!later.output.contains("quota"), "an hour is too short\n\(later.output)")
  }

  @Test func whatSharesAnAnchorIsLeftToPeople() throws {
    let anchored = Self.service.replacing(
      "queue: team", with: "env: {M: &m \"120Gi\"}\n  queue: team"
    )
    .replacing("memory: \"120Gi\"", with: "memory: *m")
    let alias = try shell(anchored).run("advise m --usage usage.yaml -o patch")
    #expect(alias.output.contains("+  resources: {accelerator: L4:1, cpu: 11, memory: 36Gi}"))
    let defining = Self.service.replacing("\"120Gi\"", with: "&m 120Gi")
      .replacing("image: registry", with: "env: {M: *m}\n  image: registry")
    let run = try shell(defining).run("advise m --usage usage.yaml")
    #expect(run.output.contains("Workload/web spec.env.M would change with it"), "\(run.output)")
    #expect(!run.output.contains("120Gi → 36Gi  m/web.yaml:28:51\n    memory"), "\(run.output)")
    let patch = try shell(defining).run("advise m --usage usage.yaml -o patch").output
    #expect(!patch.contains("36Gi"), "\(patch)")
  }

  @Test func whyNothingIsKnownIsSaid() throws {
    let shell = try shell(usage: Self.usage.replacing("measuredFor: 7d", with: "measuredFor: 5h"))
    let short = try shell.run("advise m --usage usage.yaml")
    #expect(short.output.contains("web: measured for 5h, and 3d are needed"), "\(short.output)")
    let modest = try Shell(["m/web.yaml": Small.service()])
    let none = try modest.run("advise m")
    #expect(
      none.output.contains("web: no cluster that it may use has a 'prometheus'"), "\(none.output)")
    #expect(none.output.contains("Advice: nothing to change"), "\(none.output)")
    let patch = try modest.run("advise m -o patch")
    #expect(patch.status == 0 && patch.output == "")
    #expect(patch.talk.contains("There is nothing to change."))
  }

  /// What a gate would refuse is no advice; where it refuses what the manifests say already, there is
  /// nothing to compare with.
  @Test func gatesHold() throws {
    func gate(_ rule: String) -> String {
      "---\napiVersion: setpoint/v1\nkind: Gate\nmetadata: {name: calm}\n"
        + "spec: {deny: [{\(rule)}]}\n"
    }
    let shell = try shell(Self.service + gate("replaces: true"))
    try #require(try shell.run("apply m --yes").status == 0)
    let run = try shell.run("advise m --usage usage.yaml")
    #expect(run.output.contains("a gate would refuse it: calm: "), "\(run.output)")
    #expect(!run.output.contains("gates were left aside"))
    let dear = try self.shell(Self.service + gate("costAbove: $1/h"))
    let aside = try dear.run("advise m --usage usage.yaml")
    #expect(aside.output.contains("gates were left aside"), "\(aside.output)")
    #expect(aside.output.contains("120Gi → 36Gi"))
  }

  @Test(arguments: [
    (
      "web, measuredFor: 7d, memoryPeak: 30Gi", "wbe, measuredFor: 7d, memoryPeak: 30Gi",
      "error[usage/unknown]", "usage.yaml:3:24", "did you mean 'web'?"
    ),
    (
      "memoryPeak: 30Gi", "memoryPeak: 30Ti", "error[usage/implausible]", "usage.yaml:3:58",
      "30Ti of memory, and no node has more than"
    ),
    (
      "memoryPeak: 30Gi", "memoryPeak: NaN", "error[manifest/invalid-quantity]", "usage.yaml:3:58",
      ""
    ),
    (
      "memoryPeak: 30Gi", "memoryPeak: -1Gi", "error[manifest/invalid-quantity]", "usage.yaml:3:58",
      ""
    ),
    (
      "memoryPeak: 30Gi", "devicesPeak: 2", "error[usage/implausible]", "usage.yaml:3:59",
      "2 accelerators, and it asks for 1"
    ),
    (
      "queue: team", "queue: teem", "error[usage/unknown]", "usage.yaml:4:18",
      "did you mean 'team'?"
    ),
    ("kind: Usage", "kind: Load", "error[manifest/unknown-kind]", "usage.yaml:2:7", ""),
  ])
  func badUsageHasAPlace(
    _ old: String, _ new: String, _ code: String, _ place: String, _ words: String
  ) throws {
    let run = try shell(usage: Self.usage.replacing(old, with: new))
      .run("advise m --usage usage.yaml")
    #expect(run.status == 1)
    #expect(run.output == "")
    #expect(run.talk.contains(code) && run.talk.contains(place), "\(run.talk)")
    #expect(words.isEmpty || run.talk.contains(words), "\(run.talk)")
  }

  @Test(arguments: [
    ("advise m --usage gone.yaml", 1, "source/unreadable"),
    ("advise nowhere", 1, "source/not-found"),
    ("advise m --since 5m", 64, "--since takes a time from 1h"),
    ("advise m --spot-lifetime 0s", 64, "--spot-lifetime takes a time"),
    ("advise - -o patch", 64, "name files"),
    ("advise m --observed m/web.yaml", 1, "document/shape"),
    ("advise", 64, "Missing expected argument"),
  ])
  func mistakesAreTold(words: String, status: Int32, said: String) throws {
    let run = try shell().run(words)
    #expect(run.status == status, "\(run.talk)")
    #expect(run.talk.contains(said), "\(run.talk)")
  }

  @Test func aSnapshotIsEnough() throws {
    let shell = try shell()
    try #require(try shell.run("apply m --yes").status == 0)
    let here = try shell.run("advise m --usage usage.yaml")
    try shell.write("snapshot.json", try shell.run("snapshot").output)
    try FileManager.default.removeItem(at: shell.path(".setpoint"))
    let there = try shell.run("advise m --usage usage.yaml --observed snapshot.json")
    #expect(there.status == 0, "\(there.talk)")
    #expect(there.output == here.output)
    #expect(!shell.exists(".setpoint"))
  }

  /// Without blocking a thread that the server needs.
  private func run(_ shell: Shell, _ words: String) async throws -> CommandRun {
    let command = try shell.start(words)
    while command.process.isRunning { try await Task.sleep(for: .milliseconds(5)) }
    return try command.end()
  }

  /// What a Prometheus recorded, by queries of one's own.
  @Test func prometheusIsAskedForWhatNoFileSays() async throws {
    let server = try await Loopback { asked in
      let query = asked.query["query"] ?? ""
      let value =
        switch query {
        case "length{app=\"web\"}[3d]": "259200"
        case "memory{app=\"web\"}": "\(30 << 30)"
        default: "NaN"
        }
      return .text(
        200, #"{"status":"success","data":{"resultType":"scalar","result":[1,"\#(value)"]}}"#)
    }
    let measured = Self.service.replacing(
      "zones: [us-east-1a]",
      with: "zones: [us-east-1a]\n  prometheus: {url: \"http://127.0.0.1:\(server.port)\"}")
    let queries = """
      apiVersion: setpoint/v1
      kind: Usage
      queries:
        measuredFor: 'length{app="$workload"}[$since]'
        memoryPeak: 'memory{app="$workload"}'

      """
    let shell = try shell(measured, usage: queries)
    let run = try await self.run(shell, "advise m --usage usage.yaml --since 3d")
    #expect(run.output.contains("resources.memory  120Gi → 36Gi"), "\(run.output)\(run.talk)")
    try shell.write("usage.yaml", queries + "  cpuPeak: cores\n")
    let absurd = try await self.run(shell, "advise m --usage usage.yaml --since 3d")
    #expect(
      absurd.output.contains("web: 'cpuPeak' gives nan, which is no amount"), "\(absurd.output)")
    try await server.close()
  }
}
