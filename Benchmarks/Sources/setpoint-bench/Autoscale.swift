import Autoscaling
import Glibc
import Model

/// Setpoint's autoscaler beside target tracking as Kubernetes documents it, on the same curves: how
/// often replicas are above their target by more than the tolerance that both are given, what that costs
/// against a clairvoyant who has exactly what is needed, and how often the number changes.
func benchmarkAutoscale(_ arguments: Arguments) {
  let days = max(1, arguments.number("days", 4))
  let lead = arguments.number("lead", 110)
  var figures: [(name: String, value: Double, places: Int)] = []
  for curve in NeedCurve.all(days: days, seed: UInt64(arguments.number("seed", 1))) {
    let start = Race.cpuSeconds()
    let ours = Course(curve, lead: lead, Setpoint(lead: lead))
    let seconds = Race.cpuSeconds() - start
    let theirs = Course(curve, lead: lead, TargetTracking())
    for (name, course) in [("setpoint", ours), ("targetTracking", theirs)] {
      figures.append(("\(curve.name)/\(name)/violationsPercent", course.violationsPercent, 3))
      figures.append(("\(curve.name)/\(name)/costRatio", course.costRatio, 3))
      figures.append(("\(curve.name)/\(name)/actionsPerHour", course.actionsPerHour, 2))
    }
    figures.append(
      ("\(curve.name)/microsPerDecision", 1e6 * seconds / Double(curve.values.count), 2))
  }
  report(figures, asJSON: arguments.isJSON)
}

private protocol Controller {
  mutating func replicas(need: Double, ready: Int, current: Int, at second: Int) -> Int
}

private struct Setpoint: Controller {
  var autoscaler: Autoscaler

  init(lead: Int) {
    autoscaler = Autoscaler(
      AutoscalePolicy(
        metrics: [MetricTarget(query: "load", targetMilli: 1000)],
        readyAfter: Seconds(Int64(lead))), bounds: CountRange(1, 1000),
      interval: Seconds(Int64(NeedCurve.interval)))
  }

  mutating func replicas(need: Double, ready: Int, current: Int, at second: Int) -> Int {
    autoscaler.decide(need: need, current: current, at: Timestamp(seconds: Int64(second))).replicas
  }
}

/// The Horizontal Pod Autoscaler's documented rule with its defaults: ceil(ready × ratio), nothing within a
/// tenth of the target, at most twice as many or four more in 15 s, and the most that was recommended in
/// the last 300 s before there are fewer.
private struct TargetTracking: Controller {
  private var recommended: [(at: Int, replicas: Int)] = []

  mutating func replicas(need: Double, ready: Int, current: Int, at second: Int) -> Int {
    var wanted = current
    if ready > 0, abs(need / Double(ready) - 1) > 0.1 { wanted = Int((need - 1e-9).rounded(.up)) }
    recommended.removeAll { $0.at + 300 <= second }
    recommended.append((second, wanted))
    if wanted < current {
      return max(1, min(current, recommended.reduce(0) { max($0, $1.replicas) }))
    }
    return max(1, min(wanted, max(2 * current, current + 4)))
  }
}

/// What became of a service on a curve.
private struct Course {
  var violations = 0
  var replicaTicks = 0
  var clairvoyantTicks = 0
  var actions = 0
  let ticks: Int

  init(_ curve: NeedCurve, lead: Int, _ controller: some Controller) {
    var controller = controller
    ticks = curve.values.count
    var ready = max(1, Int((curve.values.first ?? 1).rounded(.up)))
    var current = ready
    var starting: [Int] = []
    for (tick, need) in curve.values.enumerated() {
      let second = tick * NeedCurve.interval
      let started = starting.prefix { $0 <= second }.count
      starting.removeFirst(started)
      ready += started
      let wanted = controller.replicas(need: need, ready: ready, current: current, at: second)
      if wanted != current { actions += 1 }
      if wanted > current {
        starting += Array(repeating: second + lead, count: wanted - current)
      } else {
        let cancelled = min(starting.count, current - wanted)
        starting.removeLast(cancelled)
        ready -= current - wanted - cancelled
      }
      current = wanted
      replicaTicks += current
      clairvoyantTicks += max(1, Int((need - 1e-9).rounded(.up)))
      if need > 1.1 * Double(ready) + 1e-9 { violations += 1 }
    }
  }

  var violationsPercent: Double { 100 * Double(violations) / Double(ticks) }
  var costRatio: Double { Double(replicaTicks) / Double(clairvoyantTicks) }
  var actionsPerHour: Double { Double(actions) * 3600 / Double(ticks * NeedCurve.interval) }
}
