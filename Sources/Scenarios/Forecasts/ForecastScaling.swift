import Autoscaling
import Model
import Planning
import Reconciliation
import Simulation

/// The autoscalers of a forecast, fed with what its load says is measured.
///
/// A service whose load the question does not tell keeps its number, as long as its schedules ask for
/// no more.
struct ForecastScaling {
  private var autoscalers: [WorkloadName: Autoscaler] = [:]
  private(set) var decisions: [WorkloadName: ScaleDecision] = [:]
  /// When they are asked next; nil where there are none.
  private(set) var due: Timestamp?
  private let interval: Seconds
  private let question: Question

  init(_ question: Question) {
    self.question = question
    let isLong = question.length.map { $0 > Self.longTime } ?? false
    interval = isLong ? .minutes(1) : Autoscaler.interval
    for workload in question.desired.workloads {
      guard let policy = workload.autoscale, case .range(let bounds) = workload.replicas,
        question.load.isMeasured(workload.name) || !policy.schedules.isEmpty
      else { continue }
      autoscalers[workload.name] = Autoscaler(policy, bounds: bounds, interval: interval)
    }
    due = autoscalers.isEmpty ? nil : question.now
  }

  /// Beyond it they look once a minute.
  private static let longTime = Seconds.hours(48)

  /// The replicas that would be exactly at their targets, all services together, as last measured; nil
  /// where no load is told.
  var needMilli: Int64? {
    let needs = decisions.values.compactMap(\.needMilli)
    return needs.isEmpty ? nil : needs.reduce(0) { $0.addingSaturated($1) }
  }

  /// Asks them at `now`, where `counts` is how many replicas each service was decided to have. Whether
  /// any is to have another number.
  mutating func decide(at now: Timestamp, _ counts: [WorkloadName: Int]) -> Bool {
    due = now + interval
    var isNews = false
    for workload in question.desired.workloads {
      let name = workload.name
      guard let policy = workload.autoscale, var autoscaler = autoscalers[name] else { continue }
      let current = counts[name] ?? 0
      let decision = autoscaler.decide(
        need: need(of: name, policy, at: now), scheduled: policy.scheduled(at: now, question.zones),
        current: autoscaler.bounds.clamping(current), at: now)
      isNews = isNews || decision.replicas != (decisions[name]?.replicas ?? current)
      autoscalers[name] = autoscaler
      decisions[name] = decision
    }
    return isNews
  }

  /// The metric that asks for most; nil where nothing is heard.
  private func need(
    of workload: WorkloadName, _ policy: AutoscalePolicy, at now: Timestamp
  ) -> Double? {
    guard case .measured(let values)? = question.load.load(of: workload, at: now - question.now)
    else { return nil }
    return zip(policy.metrics, values).map { $0.need(Double($1) / 1000) }.max()
  }
}

extension LoadCurve {
  fileprivate func isMeasured(_ workload: WorkloadName) -> Bool {
    workloads.contains { load in
      load.workload == workload
        && load.points.contains { if case .measured = $0.load { true } else { false } }
    }
  }
}

extension Forecaster {
  /// Has the autoscalers look where it is time to.
  mutating func scale() {
    guard let due = scaling.due, due <= world.now else { return }
    var counts: [WorkloadName: Int] = [:]
    for replica in target?.replicas ?? [] { counts[replica.id.workload, default: 0] += 1 }
    if scaling.decide(at: world.now, counts) { inbox.append(.desiredChanged) }
  }
}
