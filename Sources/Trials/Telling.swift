import Model
import Planning
import Scheduling

/// What a plan saw and chose, for those who look for the cause of a finding.
enum Telling {
  static func lines(of plan: Plan, _ input: PlanningInput) -> [String] {
    ["  a plan:"] + wanted(input.desired) + seen(input.observed) + chosen(plan)
  }

  private static func wanted(_ desired: DesiredState) -> [String] {
    desired.workloads.map { workload in
      let rollout = workload.rollout
      return "    wants \(workload.name) \(workload.type) \(workload.replicas)"
        + " priority \(workload.priority) clusters \(workload.clusters.map(\.text))"
        + " \(workload.resources.amounts.cpuMilli)m"
        + " \(workload.resources.accelerator?.milliDevices ?? 0)m devices"
        + " revision \(workload.revision) surge \(rollout.maxSurge)"
        + " unavailable \(rollout.maxUnavailable)"
    }
      + desired.nodePools.map {
        "    pool \($0.name) \($0.instanceTypes) \($0.capacity) \($0.nodes)"
          + " budget \($0.disruption.budget)"
      }
  }

  private static func seen(_ observed: ObservedState) -> [String] {
    observed.observations.map { "    sees \($0.cluster) whole \($0.isComplete)" }
      + observed.unseen.map { "    misses \($0.cluster)" }
      + observed.nodes.map {
        "    node \($0.id) \($0.instanceType) \($0.phase) \($0.capacity.amounts.cpuMilli)m"
      }
      + observed.replicas.map {
        "    there \($0.id) on \($0.node) \($0.devices) \($0.revision) #\($0.incarnation)"
          + " \($0.phase) \($0.resources.amounts.cpuMilli)m"
      }
  }

  private static func chosen(_ plan: Plan) -> [String] {
    plan.target.nodes.map { "    target node \($0.id) \($0.instanceType)" }
      + plan.target.replicas.map {
        "    target \($0.id) on \($0.node) \($0.devices) \($0.revision) #\($0.incarnation)"
      }
      + plan.target.surge.map {
        "    surge \($0.id) on \($0.node) \($0.devices) \($0.revision) #\($0.incarnation)"
      }
      + plan.actions.map { "    action \($0.id): \($0.cause) waits \($0.waits)" }
      + plan.pending.map { "    pending \($0.workload) \($0.ordinals)" }
      + plan.report.map { "    report \($0)" }
  }
}
