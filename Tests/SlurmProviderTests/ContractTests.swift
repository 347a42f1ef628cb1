import Foundation
import Interfaces
import Model
import ProviderContract
import Synchronization
import Testing

@testable import SlurmProvider

/// An empty Slurm: three cloud nodes that are off, and one node that is in no partition.
final class SlurmHarness: ProviderHarness {
  enum Way: CaseIterable { case tools, rest }

  let slurm: RealSlurm
  let provider: any Provider
  let cluster: ClusterSpec
  private let settings: SlurmSettings
  private static let ports = Mutex(19_000)

  init(_ way: Way) throws {
    let port = Self.ports.withLock { port in
      port += 300
      return port
    }
    slurm = try RealSlurm(
      [
        "NODES": "0", "CLOUD": "3", "OUTSIDE": "theirs", "GPUS": "4", "MODEL": "h100",
        "SHARDS": "80", "CPUS": "16", "MEMORY": "65536",
      ], port: port)
    settings = SlurmSettings(
      configuration: slurm.configuration, rest: way == .rest ? slurm.rest : nil,
      partition: "gpu", launcher: ["/bin/sleep", "1000"])
    cluster = Fixture.slurm(settings)
    provider = Self.provider()
  }

  private static func provider() -> SlurmProvider {
    SlurmProvider(
      searchPath: "/usr/bin:/bin", variable: { _ in nil },
      now: { Timestamp(seconds: Int64(Date.now.timeIntervalSince1970)) })
  }

  func settle() async throws {
    try await eventually("all has come to rest") {
      let seen = try await provider.observe(cluster)
      return !seen.nodes.contains { $0.phase == .booting || $0.phase == .deleting }
        && !seen.replicas.contains { $0.phase == .starting || $0.phase == .stopping }
    }
  }

  func restarted() async throws -> any Provider { Self.provider() }

  func add(foreign node: ObservedNode) async throws {
    try slurm.tool("scontrol", "update", "partitionname=gpu", "nodes=c[1-3],\(node.id.name)")
  }

  func occupy(_ node: NodeID, with name: String, _ resources: ReplicaResources) async throws {
    let place = try #require(try await place(of: node))
    let devices = (resources.accelerator?.milliDevices ?? 0) / 1000
    let script = slurm.directory.appending(path: "theirs")
    try Data("#!/bin/sh\nexec sleep 1000\n".utf8).write(to: script)
    let job = try slurm.tool(
      "sbatch", "--parsable", "--job-name=\(name)", "--nodelist=\(place)", "--mem=100",
      "--gres=gpu:\(devices)", "--output=/dev/null", "--chdir=/", "--export=PATH=/usr/bin:/bin",
      script.path)
    let id = job.trimmingCharacters(in: .whitespacesAndNewlines)
    try await eventually("job \(id) runs") {
      try slurm.tool("squeue", "--noheader", "--jobs=\(id)", "--format=%T").contains("RUNNING")
    }
  }

  func lose(_ node: NodeID) async throws {
    let place = try #require(try await place(of: node))
    try slurm.crash(place)
    // What Slurm finds out by itself after `SlurmdTimeout`.
    try slurm.tool("scontrol", "update", "nodename=\(place)", "state=down", "reason=crashed")
  }

  private func place(of node: NodeID) async throws -> String? {
    let tools = SlurmTools(settings, searchPath: "/usr/bin:/bin")
    let scene = Scene(
      cluster, settings, nodes: try await tools.nodes(), jobs: try await tools.jobs(),
      reservations: Listing(), partitions: Listing(), at: Timestamp(seconds: 0))
    return scene.places.first { $0.id == node }?.node.name
  }
}

@Suite(.serialized, .enabled(if: RealSlurm.isWanted)) struct ContractTests {
  @Test(arguments: ProviderRule.allCases, SlurmHarness.Way.allCases)
  func slurmKeeps(_ rule: ProviderRule, by way: SlurmHarness.Way) async throws {
    try await rule.check(SlurmHarness(way))
  }
}
