/// How much is asked of workloads as time goes by: what a simulation drives its demand with.
public struct LoadCurve: Hashable, Sendable {
  /// In the order of the file; each workload once.
  public var workloads: [WorkloadLoad]
  /// How long it is until the curve begins anew; where nil, the last values hold on.
  public var repeatAfter: Seconds?

  public init(workloads: [WorkloadLoad] = [], repeatAfter: Seconds? = nil) {
    self.workloads = workloads
    self.repeatAfter = repeatAfter
  }

  /// What is asked of `workload` so long after the start; nil before its first point, where whatever
  /// its manifest says holds, and for a workload that the curve does not speak of.
  public func load(of workload: WorkloadName, at offset: Seconds) -> Load? {
    guard let points = workloads.first(where: { $0.workload == workload })?.points else {
      return nil
    }
    let (round, rest) = position(of: offset)
    // From the second round on, the end of the last one holds until the first point.
    return points.last { $0.at <= rest }?.load ?? (round > 0 ? points.last?.load : nil)
  }

  /// The next moment after `offset` at which a point stands; nil where there is none.
  public func next(after offset: Seconds) -> Seconds? {
    let moments = workloads.flatMap(\.points).map(\.at)
    guard let first = moments.min() else { return nil }
    let (round, rest) = position(of: offset)
    if let later = moments.filter({ $0 > rest }).min() { return start(of: round) + later }
    return repeatAfter == nil ? nil : start(of: round + 1) + first
  }

  private func position(of offset: Seconds) -> (round: Int64, rest: Seconds) {
    guard let repeatAfter, repeatAfter > .zero else { return (0, offset) }
    let (round, rest) = offset.count.quotientAndRemainder(dividingBy: repeatAfter.count)
    return (round, Seconds(rest))
  }

  private func start(of round: Int64) -> Seconds {
    Seconds((repeatAfter?.count ?? 0).multipliedSaturated(by: round))
  }
}

/// What is asked of one workload over time.
public struct WorkloadLoad: Hashable, Sendable {
  public var workload: WorkloadName
  /// By time, no two at the same; at least one.
  public var points: [LoadPoint]

  public init(workload: WorkloadName, points: [LoadPoint]) {
    self.workload = workload
    self.points = points
  }
}

/// A moment from which on a load holds, until the next one.
public struct LoadPoint: Hashable, Sendable {
  /// Since the start of the curve.
  public var at: Seconds
  public var load: Load

  public init(at: Seconds, load: Load) {
    self.at = at
    self.load = load
  }
}

/// What is asked of a workload at some time.
public enum Load: Hashable, Sendable {
  /// In place of the number of its manifest.
  case range(CountRange)
  /// In place of the demand of its manifest.
  case demand(Demand)
  /// What the metrics of its autoscaler come to, in their order and in thousandths; empty where nothing
  /// is heard.
  case measured([Int64])
}
