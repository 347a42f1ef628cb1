import Foundation
import Loopback
import Model
import Planning
import ProviderContract
import ProviderDesk
import Synchronization
import Testing

@testable import SlurmProvider

/// A slurmrestd that says what a test tells it, with tools beside it that do nothing.
final class FakeRestd: Sendable {
  private let server: Loopback
  private let script: Script
  let tools: FakeTools
  let settings: SlurmSettings
  let controller: Slurmrestd

  private final class Script: Sendable {
    struct State {
      var replies: [String: Loopback.Reply] = [:]
      var asked: [Loopback.Asked] = []
    }
    let state = Mutex(State())
  }

  /// Replies by method and path; others get what 22.05 says where nothing is.
  init(
    _ replies: [String: Loopback.Reply], token: String = "abc", now: Int64 = 1000
  ) async throws {
    let script = Script()
    script.state.withLock { $0.replies = replies }
    self.script = script
    server = try await Loopback { asked in
      script.state.withLock { state in
        state.asked.append(asked)
        return state.replies["\(asked.method) \(asked.path)"]
          ?? .text(404, "Unable find requested URL. Please view /openapi/v3 for API reference.")
      }
    }
    tools = try FakeTools([
      "sbatch": "echo sbatch >> \"$(dirname \"$0\")/ran\"",
      "scontrol": "echo scontrol >> \"$(dirname \"$0\")/ran\"",
    ])
    let file = tools.directory.appending(path: "token").path
    let rest = SlurmREST(
      address: "http://127.0.0.1:\(server.port)", user: "ops", tokenFile: file)
    settings = SlurmSettings(rest: rest, launcher: ["/bin/true"], timeout: Seconds(2))
    controller = Slurmrestd(
      RESTDoor(rest, secondsMax: 2, variable: { _ in nil }, now: { Timestamp(seconds: now) }),
      tools: SlurmTools(settings, searchPath: "\(tools.directory.path):/usr/bin:/bin"))
    try renew(token)
  }

  func renew(_ token: String) throws {
    try Data(token.utf8).write(to: tools.directory.appending(path: "token"))
  }

  func says(_ what: String, _ reply: Loopback.Reply?) {
    script.state.withLock { $0.replies[what] = reply }
  }

  var asked: [Loopback.Asked] { script.state.withLock { $0.asked } }

  /// Lists as 22.05 gave them once.
  static func recorded() throws -> [String: Loopback.Reply] {
    [
      "GET /slurm/v0.0.38/ping": .text(200, "{}"),
      "GET /slurm/v0.0.38/diag": .text(200, #"{"statistics": {"req_time": 17}}"#),
      "GET /slurm/v0.0.38/nodes": .answer(200, try Recorded.bytes("sinfo")),
      "GET /slurm/v0.0.38/jobs": .answer(200, try Recorded.bytes("squeue")),
      "GET /slurm/v0.0.38/partitions": .text(
        200, #"{"errors": [], "partitions": [{"name": "gpu", "max_time_limit": -1}]}"#),
      "GET /slurm/v0.0.38/reservations": .text(
        200,
        """
        {"errors": [], "reservations": [{"name": "week", "node_list": "n[1-2]", "flags": ["MAINT"],
          "start_time": 1795757766, "end_time": 1795761366, "users": "root"}]}
        """),
    ]
  }
}

func failure(_ body: () async throws -> Void) async -> Failure? {
  do {
    try await body()
    return nil
  } catch {
    return error as? Failure
  }
}

/// What is asked of a slurmrestd, and made of what it says.
@Suite struct RESTTests {
  @Test func listsAsRecorded() async throws {
    let restd = try await FakeRestd(FakeRestd.recorded())
    #expect(try await restd.controller.nodes().elements == Recorded.nodes().elements)
    #expect(try await restd.controller.jobs().elements == Recorded.jobs().elements)
    let reservations = try await restd.controller.reservations().elements
    #expect(reservations.map(\.nodes) == ["n[1-2]"] && reservations.map(\.name) == ["week"])
    #expect(reservations.map(\.endTime) == [1_795_761_366])
    #expect(try await restd.controller.partitions().elements.map(\.name) == ["gpu"])
    for asked in restd.asked {
      #expect(asked["x-slurm-user-name"] == "ops")
      #expect(asked["x-slurm-user-token"] == "abc")
    }
  }

  /// As long as nothing changes, the long list of jobs is not sent again; the moment is told by the
  /// controller's clock, and is that before the list was asked for.
  @Test func whatHasNotChanged() async throws {
    let restd = try await FakeRestd(FakeRestd.recorded())
    let first = try await restd.controller.jobs()
    restd.says("GET /slurm/v0.0.38/diag", .text(200, #"{"statistics": {"req_time": 23}}"#))
    restd.says("GET /slurm/v0.0.38/jobs", .raw("HTTP/1.1 304 NOT MODIFIED\r\n\r\n"))
    #expect(try await restd.controller.jobs().elements == first.elements)
    restd.says("GET /slurm/v0.0.38/jobs", .text(200, #"{"jobs": []}"#))
    #expect(try await restd.controller.jobs().elements == [])
    restd.says("GET /slurm/v0.0.38/jobs", .raw("HTTP/1.1 304 NOT MODIFIED\r\n\r\n"))
    #expect(try await restd.controller.jobs().elements == [])
    let moments = restd.asked.filter { $0.path.hasSuffix("/jobs") }.map { $0.query["update_time"] }
    #expect(moments == [nil, "17", "17", "23"])
  }

  /// Releases from 23.02 on: states as lists, numbers as objects, partitions and features as lists.
  @Test func laterVersions() async throws {
    let restd = try await FakeRestd([
      "GET /slurm/v0.0.40/ping": .text(200, "{}"),
      "GET /slurm/v0.0.40/nodes": .text(
        200,
        """
        {"nodes": [{"name": "n1", "state": ["IDLE", "RESERVED"], "partitions": ["gpu"],
          "active_features": ["zone=a"], "gres": "gpu:h100:8", "cpus": 8, "real_memory": 100,
          "boot_time": {"set": true, "infinite": false, "number": 17}}],
         "last_update": {"set": true, "infinite": false, "number": 20},
         "meta": {"slurm": {"version": {"major": "23"}}}, "errors": [], "warnings": []}
        """),
      "GET /slurm/v0.0.40/jobs": .text(
        200,
        """
        {"jobs": [{"job_id": 7, "job_state": ["PENDING"], "state_reason": "Resources",
          "nodes": "", "het_job_id": {"set": true, "infinite": false, "number": 6},
          "end_time": {"set": true, "infinite": true, "number": 0}}], "errors": []}
        """),
      "GET /slurm/v0.0.40/reservations": .text(
        200,
        """
        {"reservations": [{"name": "week", "node_list": "n1",
          "start_time": {"set": true, "infinite": false, "number": 10},
          "end_time": {"set": true, "infinite": false, "number": 30}}], "errors": []}
        """),
      "DELETE /slurm/v0.0.40/job/7": .text(200, #"{"errors": [], "status": []}"#),
    ])
    #expect(try await restd.controller.nodes().elements.map(\.states) == [["IDLE", "RESERVED"]])
    let jobs = try await restd.controller.jobs().elements
    #expect(jobs.map(\.leader) == [6] && jobs.map(\.endTime) == [0] && jobs[0].isPending)
    #expect(try await restd.controller.reservations().elements.map(\.endTime) == [30])
    try await restd.controller.carryOut(.signal(job: 7, "USR1"))
    let asked = restd.asked.map { "\($0.method) \($0.path)" }
    #expect(
      asked.filter { $0.hasSuffix("ping") } == [
        "GET /slurm/v0.0.38/ping", "GET /slurm/v0.0.39/ping", "GET /slurm/v0.0.40/ping",
      ])
    #expect(restd.asked.last?.query == ["signal": "USR1", "flags": "FULL_JOB"])
    #expect(restd.asked.allSatisfy { $0.query["update_time"] == nil })
  }

  @Test func noVersionThatIsKnown() async throws {
    let restd = try await FakeRestd(["GET /slurm/v0.0.36/ping": .text(200, "{}")])
    let said = await failure { _ = try await restd.controller.nodes() }
    #expect(
      said
        == .terminal(
          "slurmrestd serves none of v0.0.38 to v0.0.44, which setpoint knows: start it with "
            + "`-s openapi/v0.0.38` or a later one"))
  }

  /// Slurm was upgraded while Setpoint ran.
  @Test func aVersionThatIsGone() async throws {
    let restd = try await FakeRestd(FakeRestd.recorded())
    _ = try await restd.controller.nodes()
    for name in ["ping", "nodes"] { restd.says("GET /slurm/v0.0.38/\(name)", nil) }
    restd.says("GET /slurm/v0.0.41/ping", .text(200, "{}"))
    restd.says("GET /slurm/v0.0.41/nodes", .text(200, #"{"nodes": []}"#))
    let said = await failure { _ = try await restd.controller.nodes() }
    #expect(said == .transient("slurmrestd has no v0.0.38/nodes any more"))
    #expect(try await restd.controller.nodes().elements == [])
  }

  // MARK: Changes

  @Test func whatIsAskedOfJobs() async throws {
    let restd = try await FakeRestd(FakeRestd.recorded())
    for what in ["POST /slurm/v0.0.38/job/7", "DELETE /slurm/v0.0.38/job/7"] {
      restd.says(what, .text(200, #"{"errors": []}"#))
    }
    var stage = Stage()
    stage.add("n1")
    stage.add(job: 7, Fixture.start(Fixture.workload(), on: "n1"), on: "n1")
    let tag = try #require(stage.jobs.elements[0].order)
    try await restd.controller.carryOut(.mark(job: 7, tag))
    let body = String(decoding: restd.asked.last?.body ?? [], as: UTF8.self)
    #expect(body.contains(#""comment": "\#(tag.tag.comment)""#))
    try await restd.controller.carryOut(.signal(job: 7, "USR1"))
    #expect(restd.asked.last?.query == ["signal": "USR1"])
    try await restd.controller.carryOut(.cancel(jobs: [7]))
    #expect(restd.asked.last?.method == "DELETE" && restd.asked.last?.query == [:])
    let count = restd.asked.count
    try await restd.controller.carryOut(.forget(job: 7))
    #expect(restd.asked.count == count)
  }

  /// What REST v0.0.38 can't do goes by the tools: pin a job, drain a node, power it.
  @Test func whatTheToolsDo() async throws {
    let restd = try await FakeRestd([:])
    var stage = Stage()
    stage.add("n1")
    let start = Fixture.start(Fixture.workload(), on: "n1")
    for move in try stage.scene.moves(for: start, key: IdempotencyKey("k")) {
      try await restd.controller.carryOut(move)
    }
    for move in [.drain(node: "n1"), .powerDown(node: "n1", isLost: false)] as [Move] {
      try await restd.controller.carryOut(move)
    }
    let ran = try String(
      contentsOf: restd.tools.directory.appending(path: "ran"), encoding: .utf8)
    #expect(ran == "sbatch\nscontrol\nscontrol\n")
    #expect(restd.asked.isEmpty)
  }

  @Test(arguments: [
    #"{"errors": [{"error": "Invalid job id specified", "error_number": 2017}]}"#,
    #"{"errors": [{"error": "Job has already finished", "error_number": 2084}]}"#,
  ])
  func whatIsGoneIsGone(_ body: String) async throws {
    let restd = try await FakeRestd(FakeRestd.recorded())
    for status in [200, 404, 500] {
      restd.says("DELETE /slurm/v0.0.38/job/7", .text(status, body))
      try await restd.controller.carryOut(.cancel(jobs: [7]))
    }
  }
}
