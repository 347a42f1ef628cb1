import Model
import Planning
import ProviderDesk

/// One thing that is asked of Slurm.
enum Move: Hashable, SiteMove {
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

  func starts(_ replica: TargetReplica) -> Bool {
    guard case .submit(let submission) = self else { return false }
    return submission.parts.contains { $0.tag.replica == replica }
  }
}

/// What is submitted at once: one replica, or a whole gang, whose parts Slurm starts all together or not
/// at all (as a heterogeneous job) and ends together.
struct Submission: Hashable, Sendable {
  /// At least one; those of a gang by ordinal, each on a node of its own.
  var parts: [Part]
  /// Of each part.
  var cpus: Int64
  var memoryMiB: Int64
  var account: String?
  var qos: String?
  /// `NAME=value` for each variable.
  var environment: [String]
  /// Words that stand before the command and start it in its image.
  var launcher: [String]
  var command: [String]

  struct Part: Hashable, Sendable {
    var tag: JobTag
    /// As Slurm names it.
    var node: String
    var partition: String
    /// `gpu:a100:2`, `shard:4`; nil where none is asked for.
    var gres: String?

    /// A name that only a second submission under the same key shares.
    var name: String {
      let replica = tag.replica
      return "\(tag.cluster).\(replica.id.workload)-\(replica.id.ordinal).\(replica.incarnation)"
    }
  }

  /// Slurm takes no more parts.
  static let partsMax = 128
}

extension Scene {
  mutating func take(_ move: Move) {
    switch move {
    case .submit(let submission):
      let first = submission.parts[0].tag
      guard !jobs.contains(where: { $0.order?.key == first.key && !$0.isRefused }) else { return }
      let id = (jobs.map(\.id).max() ?? 0) + 1
      for (index, part) in submission.parts.enumerated() {
        var job = SlurmJob()
        job.id = id + Int64(index)
        job.leader = submission.parts.count > 1 ? id : nil
        job.name = part.name
        job.states = ["PENDING"]
        job.comment = part.tag.tag.comment
        job.requiredNodes = part.node
        jobs.append(job)
      }
    case .mark(let id, let tag): changeJob(id) { $0.comment = tag.tag.comment }
    case .signal: break
    case .cancel(let ids):
      for job in jobs where ids.contains(job.leader ?? job.id) || ids.contains(job.id) {
        changeJob(job.id) {
          $0.states = $0.holdsNodes ? ["CANCELLED", "COMPLETING"] : ["CANCELLED"]
        }
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
