import Model
import Planning

/// One thing that is asked of Slurm.
enum Move: Hashable, Sendable {
  case submit(Submission)
  /// Lays a new comment over a job's.
  case mark(job: Int64, JobTag)
  case signal(job: Int64, String)
  case cancel(jobs: [Int64])
  /// Nothing but our own memory: the record of a job that has ended counts no more.
  case forget(job: Int64)
  case powerUp(node: String, NodeTag, fromDrain: Bool)
  case powerDown(node: String, isLost: Bool)
  case drain(node: String)
}

/// A job to be submitted.
struct Submission: Hashable, Sendable {
  var tag: JobTag
  /// As Slurm names it.
  var node: String
  var partition: String
  var cpus: Int64
  var memoryMiB: Int64
  /// `gpu:a100:2`, `shard:4`; nil where none is asked for.
  var gres: String?
  /// Words of the script: `NAME=value` for each variable, then the command.
  var environment: [String]
  var command: [String]

  /// A name that only a second submission under the same key shares.
  var name: String {
    "\(tag.cluster).\(tag.replica.id.workload)-\(tag.replica.id.ordinal).\(tag.replica.incarnation)"
  }
}

extension Scene {
  /// What Slurm will show once it has done `moves`.
  func after(_ moves: [Move]) -> Scene {
    var scene = self
    for move in moves { scene.take(move) }
    return scene
  }

  private mutating func take(_ move: Move) {
    switch move {
    case .submit(let submission):
      guard !ours.contains(where: { $0.tag.key == submission.tag.key }) else { return }
      var job = SlurmJob()
      job.id = (jobs.map(\.id).max() ?? 0) + 1
      job.name = submission.name
      job.states = ["PENDING"]
      job.comment = submission.tag.tag.comment
      job.requiredNodes = submission.node
      jobs.append(job)
    case .mark(let id, let tag): changeJob(id) { $0.comment = tag.tag.comment }
    case .signal: break
    case .cancel(let ids):
      for id in ids {
        changeJob(id) { $0.states = $0.holdsNodes ? ["CANCELLED", "COMPLETING"] : ["CANCELLED"] }
      }
    case .forget(let id): forgotten.insert(id)
    case .powerUp(let name, let tag, _):
      changeNode(name) {
        $0.comment = tag.tag.comment
        $0.states.insert("POWER_UP")
        $0.states.remove("DRAIN")
      }
    case .powerDown(let name, _): changeNode(name) { $0.states.insert("POWER_DOWN") }
    case .drain(let name): changeNode(name) { $0.states.insert("DRAIN") }
    }
  }

  private mutating func changeJob(_ id: Int64, _ change: (inout SlurmJob) -> Void) {
    guard let index = jobs.firstIndex(where: { $0.id == id }) else { return }
    change(&jobs[index])
  }

  private mutating func changeNode(_ name: String, _ change: (inout SlurmNode) -> Void) {
    guard let index = nodes.firstIndex(where: { $0.name == name }) else { return }
    change(&nodes[index])
  }
}
