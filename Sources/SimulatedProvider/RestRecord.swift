import Model
import Simulation

/// What the file keeps of the world besides its nodes and receipts.
struct RestRecord: Codable {
  var finished: [ReplicaRecord]
  var runs: [RunRecord]
  var faults: FaultsRecord

  init(_ world: World) {
    finished = world.finished.map(ReplicaRecord.init)
    runs = world.runs.map(RunRecord.init)
    faults = FaultsRecord(world.faults)
  }
}

struct RunRecord: Codable {
  var workload: String
  var revision: String
  var replicaCount: Int
  var duration: Int64
  var checkpointEvery: Int64?
  var saved: Int64
  var runningSince: Int64?

  init(_ run: World.TrainingRun) {
    workload = run.workload.text
    revision = run.revision.text
    replicaCount = run.replicaCount
    duration = run.duration.count
    checkpointEvery = run.checkpointEvery?.count
    saved = run.saved.count
    runningSince = run.runningSince?.seconds
  }

  var value: World.TrainingRun {
    World.TrainingRun(
      workload: WorkloadName(workload), revision: Revision(revision), replicaCount: replicaCount,
      duration: Seconds(duration), checkpointEvery: checkpointEvery.map { Seconds($0) },
      saved: Seconds(saved), runningSince: runningSince.map { Timestamp(seconds: $0) })
  }
}

struct FaultsRecord: Codable {
  var outOfStock: [String]
  var crashing: [String]
  var partial: [String]
  var cutOff: [String]

  init(_ faults: World.Faults) {
    outOfStock = faults.outOfStock
    crashing = faults.crashing.map(\.text)
    partial = faults.partial.map(\.text)
    cutOff = faults.cutOff.map(\.text)
  }

  var value: World.Faults {
    World.Faults(
      outOfStock: outOfStock, crashing: crashing.map { WorkloadName($0) },
      partial: partial.map { ClusterName($0) }, cutOff: cutOff.map { ClusterName($0) })
  }
}
