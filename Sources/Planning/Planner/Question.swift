import Model
import Scheduling

/// What the scheduler is asked, and what its answer means.
///
/// A demand counts its replicas through from 0. Where some of a workload stay as they are, come what
/// may, it asks for the others alone, and the answer's numbers are not their ordinals.
struct Question {
  var input: SchedulingInput
  /// The ordinals that a workload asks for, in order, where they are not 0 ..< count; and how many of
  /// its replicas stay as they are.
  var ordinals: [WorkloadName: (asked: [Int], staying: Int)] = [:]

  /// The scheduler's answer, in ordinals.
  func answer() -> SchedulingResult {
    var result = Scheduler.schedule(input)
    guard !ordinals.isEmpty else { return result }
    for index in result.placements.indices {
      result.placements[index].replica = meant(result.placements[index].replica)
    }
    for index in result.preemptions.indices {
      result.preemptions[index].replica = meant(result.preemptions[index].replica)
    }
    for index in result.pending.indices {
      let pending = result.pending[index]
      guard let (asked, staying) = ordinals[pending.workload] else { continue }
      result.pending[index].ordinals = pending.ordinals.map { asked[$0] }
      if case .lowerReplicas(let count) = pending.remedy {
        result.pending[index].remedy = .lowerReplicas(to: count.addingSaturated(staying))
      }
    }
    return result
  }

  private func meant(_ replica: ReplicaID) -> ReplicaID {
    guard let asked = ordinals[replica.workload]?.asked else { return replica }
    return ReplicaID(replica.workload, asked[replica.ordinal])
  }
}
