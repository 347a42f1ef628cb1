import Foundation
import Model
import Planning
import ProviderContract

@testable import SlurmProvider

/// What Slurm 22.05.8 answered once, of two nodes, three cloud nodes and seven jobs.
enum Recorded {
  static func bytes(_ name: String) throws -> [UInt8] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "slurm/recorded/\(name)-22.05.8.json")
    return Array(try Data(contentsOf: file))
  }

  static func nodes() throws -> Listing<SlurmNode> { try SlurmNode.list(bytes("sinfo")) }
  static func jobs() throws -> Listing<SlurmJob> { try SlurmJob.list(bytes("squeue")) }

  static func scene() throws -> Scene {
    Scene(
      Fixture.slurm, SlurmSettings(), nodes: try nodes(), jobs: try jobs(),
      reservations: Listing(), partitions: Listing(), at: at)
  }

  static let at = Timestamp(seconds: 1_795_729_770)
}

extension Fixture {
  static let slurm = slurm(SlurmSettings(launcher: ["/bin/sleep", "1000"]))

  static func slurm(_ settings: SlurmSettings) -> ClusterSpec {
    ClusterSpec(
      metadata: Metadata(name: clusterName.text), provider: .slurm(settings), region: "us-east-1",
      zones: ["us-east-1a", "us-east-1b"])
  }
}

/// A Slurm of a few nodes and jobs, put together by hand.
struct Stage {
  var nodes = Listing<SlurmNode>()
  var jobs = Listing<SlurmJob>()
  var reservations = Listing<SlurmReservation>()
  var partitions = Listing<SlurmPartition>()
  var settings = SlurmSettings(launcher: ["/bin/sleep", "1000"])
  var at = Timestamp(seconds: 1000)

  var scene: Scene {
    Scene(
      Fixture.slurm(settings), settings, nodes: nodes, jobs: jobs, reservations: reservations,
      partitions: partitions, at: at)
  }

  /// With 16 cores, 64 GiB, 4 devices in 10 shares each.
  mutating func add(
    _ name: String, _ states: Set<String> = ["IDLE"], features: [String] = []
  ) {
    var node = SlurmNode()
    node.name = name
    node.states = states
    node.partitions = ["gpu"]
    node.features = features.isEmpty ? ["zone=us-east-1a"] : features
    node.gres = "gpu:h100:4,shard:h100:40"
    node.cpus = 16
    node.memoryMiB = 65_536
    nodes.elements.append(node)
  }

  /// A cloud node that was ordered as `name`.
  mutating func add(
    _ slurmName: String, as name: String, _ states: Set<String> = ["IDLE", "CLOUD"]
  ) {
    add(slurmName, states)
    let tag = NodeTag(
      cluster: Fixture.clusterName, key: IdempotencyKey("create lab/\(name)"),
      order: Fixture.node(name), at: Timestamp(seconds: 500))
    nodes.elements[nodes.elements.count - 1].comment = tag.tag.comment
  }

  mutating func add(
    job id: Int64, _ step: Step, on node: String, _ states: Set<String> = ["RUNNING"],
    stopped key: String? = nil, endedAt end: Int64 = 900
  ) {
    guard case .startReplica(let order) = step else { preconditionFailure("a start") }
    var tag = JobTag(
      cluster: Fixture.clusterName, key: IdempotencyKey(step.id.text), replica: order.replica,
      resources: order.workload.resources, type: order.workload.type)
    tag.stopKey = key.map { IdempotencyKey($0) }
    var job = SlurmJob()
    job.id = id
    job.name = "lab.\(order.workload.name)"
    job.states = states
    job.comment = tag.tag.comment
    if states != ["PENDING"] { job.nodes = node }
    if order.gang.count > 1 { job.leader = id - Int64(order.replica.id.ordinal) }
    job.startTime = 800
    job.endTime = end
    jobs.elements.append(job)
  }

  mutating func add(foreign id: Int64, _ name: String, on node: String, gres: String) {
    var job = SlurmJob()
    job.id = id
    job.name = name
    job.states = ["RUNNING"]
    job.nodes = node
    job.gresDetail = [gres]
    job.allocations = [SlurmJob.Allocation(node: node, cores: 1, memoryMiB: 100)]
    jobs.elements.append(job)
  }
}
