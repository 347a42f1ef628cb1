public import Advising
import Model
import Planning
import Scheduling

extension Question {
  /// What everything comes to once it is done, whatever happens to it later: nothing finishes, no spot
  /// node is taken back, no load changes, and nodes are given back as soon as they may be at all, as
  /// many at once as may go. Only how long that takes is shorter: each plan of a large fleet is dear.
  public var settled: Question {
    var question = self
    question.desired = desired.timeless
    question.before = before.timeless
    question.losses = []
    question.load = .init()
    question.length = nil
    return question
  }
}

extension Forecaster {
  /// What the question comes to, which should be `settled`.
  public mutating func settle() -> Settlement {
    let forecast = run()
    var settlement = Settlement(
      nodes: Self.nodes(of: forecast),
      costPerHour: forecast.samples.last?.costPerHour ?? .zero,
      preempted: forecast.plans.reduce(0) { $0 + $1.plan.placements.count(where: \.isPreemption) },
      unpriced: forecast.unpriced.count)
    for entry in forecast.pending {
      settlement.pending[entry.workload, default: 0] += entry.ordinals.count
    }
    if let refusal = forecast.events.last(where: { $0.kind == .refused }) {
      settlement.trouble = .refused("\(refusal.subject): \(refusal.detail)")
    } else if forecast.quietAt == nil {
      settlement.trouble = .restless
    }
    return settlement
  }

  /// Those of ours, and others on which something of ours stands.
  private static func nodes(of forecast: Forecast) -> [Settlement.Node] {
    var standing: [NodeID: [WorkloadName: Int]] = [:]
    for replica in forecast.after?.replicas ?? [] {
      standing[replica.node, default: [:]][replica.id.workload, default: 0] += 1
    }
    let ours = (forecast.after?.nodes ?? []).map { node in
      Settlement.Node(
        id: node.id, pool: node.pool, instanceType: node.instanceType, zone: node.zone,
        capacityType: node.capacityType, pricePerHour: node.pricePerHour,
        capacity: node.capacity, replicas: standing[node.id] ?? [:])
    }
    let known = Set(ours.map(\.id))
    let others = forecast.observed.nodes.filter {
      !known.contains($0.id) && standing[$0.id] != nil
    }.map { node in
      Settlement.Node(
        id: node.id, pool: nil, instanceType: node.instanceType, zone: node.zone,
        capacityType: node.capacityType, pricePerHour: .zero, capacity: node.capacity,
        replicas: standing[node.id] ?? [:])
    }
    return (ours + others).sorted { $0.id < $1.id }
  }
}

extension DesiredState {
  /// The same, where time alone changes nothing.
  fileprivate var timeless: DesiredState {
    var state = self
    for index in state.workloads.indices {
      state.workloads[index].duration = nil
      state.workloads[index].autoscale = nil
    }
    for index in state.clusters.indices {
      guard case .simulated(var settings) = state.clusters[index].provider else { continue }
      settings.spotLifetime = nil
      state.clusters[index].provider = .simulated(settings)
    }
    for index in state.nodePools.indices {
      let disruption = state.nodePools[index].disruption
      state.nodePools[index].disruption.consolidateAfter = disruption.consolidateAfter.map {
        min($0, .minutes(1))
      }
      state.nodePools[index].disruption.expireAfter = nil
      state.nodePools[index].disruption.budget = .percent(100)
    }
    return state
  }
}
