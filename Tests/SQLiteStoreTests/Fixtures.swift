import Digests
import Foundation
import Interfaces
import Model
import Planning
import SQLiteStore

/// A directory of its own for one test, gone afterwards.
struct Scratch: ~Copyable {
  let directory: URL
  var path: String { directory.appending(path: ".setpoint/state.db").path }

  init() throws {
    directory = FileManager.default.temporaryDirectory.appending(
      path: "setpoint-store-\(ProcessInfo.processInfo.processIdentifier)-\(UUID())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  func bytes() throws -> Data { try Data(contentsOf: URL(filePath: path)) }

  /// What a process that dies now leaves behind: the file and its log, as they are on disk.
  func copy(as name: String) throws -> String {
    let copy = directory.appending(path: name)
    try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
    for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: path + suffix) {
      try FileManager.default.copyItem(
        atPath: path + suffix, toPath: copy.appending(path: "state.db" + suffix).path)
    }
    return copy.appending(path: "state.db").path
  }
}

func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds) }

let node = NodeID(ClusterName("us"), "pool-1")

func target(_ word: String = "desired", parent: Target? = nil) -> Target {
  Target(
    parent: parent?.id, desired: Digest(of: word),
    nodes: [
      TargetNode(
        id: node, pool: PoolName("pool"), instanceType: "p5.48xlarge", zone: "a",
        capacityType: .spot, pricePerHour: Money(micros: 39_328_000),
        capacity: NodeCapacity(
          amounts: Resources(cpuMilli: 192_000, memoryBytes: 1 << 41),
          accelerators: Accelerators(
            model: AcceleratorModel("H100"), count: 8, memoryBytes: 80 << 30)),
        labels: Labels([("fabric", "ib")]), taints: [Taint(key: "gpu")])
    ],
    replicas: [
      TargetReplica(
        id: ReplicaID(WorkloadName("train"), 0), node: node, devices: [0, 1],
        revision: Revision("r1"), incarnation: 1)
    ], nextNodeOrdinals: [NodeOrdinal(pool: PoolName("pool"), next: 2)])
}

func adoption(_ target: Target, _ summary: String = "Plan: 1 to create") -> Adoption {
  Adoption(
    target: target, plan: PlanID(Digest(of: summary)), manifests: "kind: Workload\n# \(summary)\n",
    summary: summary, at: at(1_800_000_000))
}

func entry(
  _ event: JournalEntry.Event, of target: Target, action: ActionID = .create(node),
  at seconds: Int64 = 5
) -> JournalEntry {
  JournalEntry(
    key: IdempotencyKey(action.text), action: action, target: target.id, at: at(seconds),
    event: event)
}
