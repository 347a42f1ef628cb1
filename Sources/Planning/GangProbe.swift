import Model
import Scheduling

/// Asks the scheduler whether a gang would still fit after a plan.
struct GangProbe {
  let fits: Bool

  /// The gang's pieces are as large as the largest node of that model that exists or is on offer. It
  /// tolerates every taint: the question is whether there is room, not who may have it.
  init(
    _ model: AcceleratorModel, devices: Int, _ target: Target, _ standing: Standing,
    _ input: PlanningInput
  ) {
    var question = Fleet([], on: target.nodes, standing, input).question([:]).input
    question.place(target.replicas + target.surge, of: input.desired, standing)
    let sizes =
      question.nodes.map(\.capacity) + question.offers.map(\.capacity)
    let piece = sizes.compactMap(\.accelerators).filter { $0.model == model }.map(\.count).max()
    guard let piece, piece > 0, devices > 0 else {
      fits = devices <= 0
      return
    }
    let size = min(piece, devices)
    let count = (devices + size - 1) / size
    let taints = question.nodes.flatMap(\.taints) + question.offers.flatMap(\.taints)
    question.demands = [
      ReplicaDemand(
        workload: WorkloadName("gate-probe"), count: count, isGang: true, priority: 0,
        resources: ReplicaResources(
          accelerator: AcceleratorRequest(models: [model], milliDevices: Int64(size) * 1000)),
        rules: PlacementRules(tolerations: taints.map { Toleration(key: $0.key) }))
    ]
    question.queues = []
    fits = Scheduler.schedule(question).placements.count == count
  }
}

extension SchedulingInput {
  /// Puts replicas on their nodes as occupants, so that only what is left is asked about:
  /// each as it runs, or as it is to be started.
  fileprivate mutating func place(
    _ replicas: [TargetReplica], of desired: DesiredState, _ standing: Standing
  ) {
    let resources = Dictionary(
      uniqueKeysWithValues: desired.workloads.map { ($0.name, $0.resources) })
    let byNode = Dictionary(grouping: replicas, by: \.node)
    for index in nodes.indices {
      for replica in byNode[nodes[index].id] ?? [] {
        let live = standing.live(replica.id).first { $0.follows(replica) }
        guard let resources = live?.resources ?? resources[replica.id.workload] else { continue }
        nodes[index].occupants.append(Occupancy(resources: resources, devices: replica.devices))
      }
    }
  }
}
