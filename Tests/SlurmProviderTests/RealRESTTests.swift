import FaultProxy
import Foundation
import HTTP
import Interfaces
import Loopback
import Model
import Planning
import ProviderContract
import TestSupport
import Testing

@testable import SlurmProvider

/// A real Slurm behind a way on which requests and answers get lost.
@Suite(.serialized, .enabled(if: RealSlurm.isWanted)) final class RealRESTTests {
  private let slurm: RealSlurm
  private let proxy: FaultProxy
  private let settings: SlurmSettings
  private let cluster: ClusterSpec
  private var provider: any Provider

  init() async throws {
    slurm = try RealSlurm(["NODES": "2", "CLOUD": "0", "GPUS": "4", "MODEL": "h100"], port: 18_000)
    var rest = slurm.rest
    proxy = try await FaultProxy(to: rest.address)
    rest.address = proxy.address
    settings = SlurmSettings(
      configuration: slurm.configuration, rest: rest, partition: "gpu",
      launcher: ["/bin/sleep", "1000"], timeout: Seconds(3))
    cluster = Fixture.slurm(settings)
    provider = Self.provider()
  }

  private static func provider(_ searchPath: String = "/usr/bin:/bin") -> any Provider {
    SlurmProvider(
      searchPath: searchPath, variable: { _ in nil },
      now: { Timestamp(seconds: Int64(Date.now.timeIntervalSince1970)) })
  }

  private func apply(_ step: Step) async throws {
    try await provider.apply(step, key: IdempotencyKey(step.id.text), in: cluster)
  }

  private func phases() async throws -> [ObservedReplica.Phase] {
    try await provider.observe(cluster).replicas.map(\.phase)
  }

  /// `name state` of each job that lives.
  private func living() throws -> [String] {
    try slurm.tool("squeue", "--noheader", "--format=%j %T").split(separator: "\n").map(String.init)
      .sorted()
  }

  private func occupy() throws {
    let script = slurm.directory.appending(path: "theirs")
    try Data("#!/bin/sh\nexec sleep 1000\n".utf8).write(to: script)
    try slurm.tool(
      "sbatch", "--job-name=theirs", "--nodelist=n2", "--mem=100", "--output=/dev/null",
      "--chdir=/", "--export=PATH=/usr/bin:/bin", script.path)
  }

  /// A look that was lost or spoiled shows nothing at all, and the next one everything.
  @Test func aSpoiledLookIsNoEmptyCluster() async throws {
    try await apply(Fixture.start(Fixture.workload(), on: "n1"))
    try await eventually("it runs") { try await self.phases() == [.ready] }
    let faults: [Fault] = [
      .dropBefore, .dropAfter, .hold, .answer(503, ""), .answer(401, "Authentication failure"),
      .truncate(bytes: 99), .replace("{}"), .replace(#"{"nodes": [], "jobs": [{"job_id"#),
    ]
    for list in ["nodes", "jobs", "reservations"] {
      for fault in faults {
        // One that has seen nothing before, so that the list of jobs is sent.
        provider = Self.provider()
        proxy.spoil { $0.path.hasSuffix(list) ? fault : nil }
        let said = await failure { _ = try await self.phases() }
        guard case .transient = said else {
          Issue.record("\(list), \(fault): \(String(describing: said))")
          continue
        }
        proxy.spoil { _ in nil }
        #expect(try await phases() == [.ready], "after \(list), \(fault)")
      }
    }
  }

  /// A stop is a note in the job's comment and a cancel; either may get lost on either way. Asked for
  /// again, it is done, and nothing else is.
  @Test func aLostStopIsStoppedOnce() async throws {
    try occupy()
    let workload = Fixture.workload()
    let faults: [Fault] = [
      .dropBefore, .dropAfter, .hold, .answer(503, ""), .answer(401, ""), .truncate(bytes: 9),
      .replace("{"),
    ]
    let kept = Fixture.start(workload, 99, on: "n1")
    try await apply(kept)
    for (ordinal, (method, fault)) in ["POST", "DELETE"].flatMap({ method in
      faults.map { (method, $0) }
    }).enumerated() {
      try await apply(Fixture.start(workload, ordinal, on: "n1"))
      try await eventually("\(ordinal) runs") { try await self.phases() == [.ready, .ready] }
      proxy.spoil { $0.method == method ? fault : nil }
      let stop = Fixture.stop(workload, ordinal, on: "n1")
      #expect(await failure { try await self.apply(stop) } != nil, "\(method), \(fault)")
      proxy.spoil { _ in nil }
      if ordinal % 2 == 0 { provider = Self.provider() }
      try await apply(stop)
      try await eventually("\(ordinal) is gone") { try await self.phases() == [.ready] }
      #expect(
        try living().map { $0.prefix { $0 != "-" } }.sorted() == ["lab.chat", "theirs RUNNING"])
    }
    // No stop that was lost comes late, and hits a later start under the same name.
    try await apply(Fixture.start(workload, 0, on: "n1", incarnation: 2))
    try await eventually("the next one runs") { try await self.phases() == [.ready, .ready] }
  }

  /// A third of all requests get lost or spoiled, half of all submissions have no answer, and Setpoint
  /// dies now and then. Whoever asks until it is told "done" gets what it asked for, once.
  @Test(arguments: [1, 2]) func whateverGetsLost(_ seed: UInt64) async throws {
    try occupy()
    let tools = try FakeTools([
      "sbatch": """
      /usr/bin/sbatch "$@" || exit $?
      count=$(cat \(slurm.directory.path)/count 2>/dev/null || echo 0)
      echo $((count + 1)) >\(slurm.directory.path)/count
      [ $((count % 2)) = 1 ] && exit 0
      echo 'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation' >&2
      exit 1
      """
    ])
    let searchPath = "\(tools.directory.path):/usr/bin:/bin"
    provider = Self.provider(searchPath)
    let faults: [Fault?] = [
      .dropBefore, .dropAfter, .answer(500, "<html>"), .replace("{"), nil, nil, nil, nil, nil, nil,
      nil, nil,
    ]
    proxy.spoil { _, count in
      var random = SeededRandom(seed: seed &* 1000 &+ UInt64(count))
      return faults.randomElement(using: &random) ?? nil
    }
    var random = SeededRandom(seed: seed)
    let workload = Fixture.workload()
    let starts = (0..<4).map { Fixture.start(workload, $0, on: $0 % 2 == 0 ? "n1" : "n2") }
    let stops = (0..<2).map { Fixture.stop(workload, $0, on: $0 % 2 == 0 ? "n1" : "n2") }
    for step in starts + stops {
      try await eventually("\(step.id) is done") {
        if Int.random(in: 0..<4, using: &random) == 0 { provider = Self.provider(searchPath) }
        return await failure { try await self.apply(step) } == nil
      }
    }
    proxy.spoil { _ in nil }
    try await eventually("two of four run, and theirs") {
      try self.living() == [
        "lab.chat-2.1 RUNNING", "lab.chat-3.1 RUNNING", "theirs RUNNING",
      ]
    }
    #expect(proxy.passed.contains { $0.fault == .dropAfter })
  }

  @Test func aTokenRunsOutAndIsRenewed() async throws {
    let file = try #require(slurm.rest.tokenFile)
    func renew(lifespan: Int) throws {
      let token = try slurm.tool("scontrol", "token", "username=root", "lifespan=\(lifespan)")
      try Data(token.utf8).write(to: URL(filePath: file))
    }
    try renew(lifespan: 2)
    #expect(try await provider.observe(cluster).nodes.count == 2)
    var said: Failure?
    try await eventually("the token is over") {
      said = await failure { _ = try await self.phases() }
      return said != nil
    }
    #expect(said?.description.contains("has expired") == true)
    // To a Slurm that has to judge it, it is over as well.
    let door = RESTDoor(
      slurm.rest, secondsMax: 3, variable: { _ in nil }, now: { Timestamp(seconds: 0) })
    try await eventually("Slurm says so as well") {
      said = await failure {
        _ = try await door.answer(.get, "/slurm/v0.0.38/nodes", for: .look)
      }
      return said != nil
    }
    #expect(said?.description.contains("as of a token that is not accepted") == true)
    try renew(lifespan: 600)
    #expect(try await provider.observe(cluster).nodes.count == 2)
  }

  @Test func aControllerThatDoesNotAnswer() async throws {
    #expect(try await phases() == [])
    let process = try String(
      contentsOf: slurm.directory.appending(path: "run/slurmctld.pid"), encoding: .utf8)
    let id = try #require(Int32(process.trimmingCharacters(in: .whitespacesAndNewlines)))
    kill(id, SIGSTOP)
    let said = await failure { _ = try await self.phases() }
    kill(id, SIGCONT)
    guard case .transient(let text) = said else {
      Issue.record("\(String(describing: said))")
      return
    }
    #expect(text.contains("no answer in 3 s"))
    try await eventually("it answers again") {
      await failure { _ = try await self.phases() } == nil
    }
  }

  /// The list of jobs is not sent again while nothing has changed, and is when something has.
  @Test func atRestTheListIsNotSentAgain() async throws {
    try await apply(Fixture.start(Fixture.workload(), on: "n1"))
    try await eventually("it runs") { try await self.phases() == [.ready] }
    let door = RESTDoor(
      slurm.rest, secondsMax: 3, variable: { _ in nil }, now: { Timestamp(seconds: 0) })
    let moment = Int64(Date.now.timeIntervalSince1970) + 2
    let answer = try await door.answer(
      .get, "/slurm/v0.0.38/jobs", query: [.init("update_time", "\(moment)")], for: .look)
    #expect(answer.status == 304 && answer.body.isEmpty)
    for _ in 0..<3 { #expect(try await phases() == [.ready]) }
    let moments = proxy.passed.filter { $0.asked.path.hasSuffix("/jobs") }
      .map { $0.asked.query["update_time"] }
    #expect(moments.first == .some(nil) && !moments.dropFirst().contains(nil))
    try slurm.tool("scancel", "--name=lab.chat-0.1")
    try await eventually("it is gone") { try await self.phases() == [] }
  }
}
