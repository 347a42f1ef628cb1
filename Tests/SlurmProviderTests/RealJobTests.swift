import Foundation
import Model
import Planning
import ProviderContract
import ProviderDesk
import Testing

@testable import SlurmProvider

/// What jobs of a real Slurm are told and given.
@Suite(.serialized, .enabled(if: RealSlurm.isWanted)) final class RealJobTests {
  private let slurm: RealSlurm
  private let settings: SlurmSettings
  private let tools: SlurmTools
  private let cluster: ClusterSpec
  private static let nasty = [
    "", ":", "=", "=a", "a b", "$HOME", "'", "\"", "\\n", "*", "-n", "\n",
  ]

  init() throws {
    slurm = try RealSlurm(["NODES": "2", "CLOUD": "0", "GPUS": "4", "MODEL": "h100"], port: 18_300)
    settings = SlurmSettings(configuration: slurm.configuration, partition: "gpu", launcher: [])
    tools = SlurmTools(settings, searchPath: "/usr/bin:/bin")
    cluster = Fixture.slurm(settings)
  }

  private func scene(_ other: SlurmSettings? = nil) async throws -> Scene {
    Scene(
      cluster, other ?? settings, nodes: try await tools.nodes(), jobs: try await tools.jobs(),
      reservations: try await tools.reservations(),
      partitions: try await tools.partitions(), at: Timestamp(seconds: 0))
  }

  private func carryOut(_ step: Step) async throws {
    for move in try await scene().moves(for: step, key: IdempotencyKey(step.id.text)) {
      try await tools.carryOut(move)
    }
  }

  /// A workload that writes down what it was started with, one file for each replica.
  private func telltale(_ type: WorkloadType) -> WorkloadSpec {
    var workload = Fixture.workload("tell", type: type, milliDevices: 2000)
    let script = """
      file=\(slurm.directory.path)/told.$SETPOINT_ORDINAL
      printf '%s\\0' "$SLURMD_NODENAME" "$SETPOINT_HOSTS" "$CUDA_VISIBLE_DEVICES" "$A" "$@" >$file.new
      mv $file.new $file; exec sleep 1000
      """
    workload.environment = Labels([("A", "x = y : z")])
    workload.command = ["/bin/sh", "-c", script, "sh"] + Self.nasty
    return workload
  }

  private func told(_ ordinal: Int) async throws -> [String] {
    let file = slurm.directory.appending(path: "told.\(ordinal)")
    try await eventually("replica \(ordinal) has said what it was told") {
      FileManager.default.fileExists(atPath: file.path)
    }
    return try Data(contentsOf: file).split(separator: 0, omittingEmptySubsequences: false)
      .dropLast().map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func aServiceIsToldAsItWasMeant() async throws {
    try await carryOut(Fixture.start(telltale(.inference), 3, on: "n2", devices: [0, 1]))
    #expect(try await told(3) == ["n2", "", "0,1", "x = y : z"] + Self.nasty)
  }

  @Test func srunPassesItOn() async throws {
    var settings = settings
    settings.launcher = ["srun"]
    let start = Fixture.start(telltale(.inference), 3, on: "n2", devices: [0, 1])
    for move in try await scene(settings).moves(for: start, key: IdempotencyKey("srun")) {
      try await tools.carryOut(move)
    }
    #expect(try await told(3) == ["n2", "", "0,1", "x = y : z"] + Self.nasty)
  }

  @Test func aGangIsToldAsItWasMeant() async throws {
    let starts = Fixture.gang(telltale(.training), on: ["n2", "n1"], devices: [0, 1])
    try await carryOut(starts[1])
    #expect(try await told(0) == ["n2", "n2,n1", "0,1", "x = y : z"] + Self.nasty)
    #expect(try await told(1) == ["n1", "n2,n1", "0,1", "x = y : z"] + Self.nasty)
  }

  /// Somebody takes the room of one member between the look and the start: none starts until there is
  /// room for all.
  @Test func aGangStartsTogetherOrNotAtAll() async throws {
    let starts = Fixture.gang(telltale(.training), on: ["n1", "n2"], devices: [0, 1])
    let moves = try await scene().moves(for: starts[0], key: IdempotencyKey("late"))
    let script = slurm.directory.appending(path: "theirs")
    try Data("#!/bin/sh\nexec sleep 1000\n".utf8).write(to: script)
    func run(_ name: String, on node: String, devices: Int) throws {
      try slurm.tool(
        "sbatch", "--job-name=\(name)", "--nodelist=\(node)", "--mem=100",
        "--gres=gpu:\(devices)", "--output=/dev/null", "--chdir=/", "--export=PATH=/usr/bin:/bin",
        script.path)
    }
    func states(_ name: String) throws -> [Substring] {
      try slurm.tool("squeue", "--noheader", "--name=\(name)", "--format=%T")
        .split(separator: "\n")
    }
    try run("theirs", on: "n2", devices: 3)
    try await eventually("theirs runs") { try states("theirs") == ["RUNNING"] }
    for move in moves { try await tools.carryOut(move) }
    try await eventually("Slurm has seen that there is no room for all") {
      try await self.scene().jobs.count { $0.reason == "Resources" } == 2
    }
    #expect(try await scene().observation.replicas.map(\.phase) == [.starting, .lost])
    try slurm.tool("scancel", "--name=theirs")
    try await eventually("all of it runs") {
      try await self.scene().observation.replicas.map(\.phase) == [.ready, .ready]
    }
    try slurm.crash("n2")
    try slurm.tool("scontrol", "update", "nodename=n2", "state=down", "reason=crashed")
    try await eventually("none of it runs") {
      try await !self.scene().observation.replicas.contains { $0.phase == .ready }
    }
  }
}
