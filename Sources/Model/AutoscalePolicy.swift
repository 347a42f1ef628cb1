/// How the autoscaler moves a service's number of replicas within its range.
public struct AutoscalePolicy: Hashable, Sendable {
  /// The one that asks for most wins. Where there is none, there is a schedule.
  public var metrics: [MetricTarget]
  /// No fewer than what any of them asks for, whatever is measured.
  public var schedules: [ScaleSchedule]
  /// How far above its target a replica may be, in per cent, before there are more of them.
  public var tolerancePercent: Int
  /// In how many of a hundred cases more may come than was provided for.
  public var riskPercent: Int
  /// From the decision for a replica until it is ready: so far ahead is looked.
  public var readyAfter: Seconds
  /// How long fewer must have sufficed before there are fewer.
  public var holdDown: Seconds
  /// The most replicas that are added, or taken away, within one minute; any number where left out.
  public var addedPerMinuteMax: Int?
  public var removedPerMinuteMax: Int?

  public init(
    metrics: [MetricTarget] = [], schedules: [ScaleSchedule] = [], tolerancePercent: Int = 10,
    riskPercent: Int = 6,
    readyAfter: Seconds = .minutes(2), holdDown: Seconds = Seconds(150),
    addedPerMinuteMax: Int? = nil, removedPerMinuteMax: Int? = nil
  ) {
    self.metrics = metrics
    self.schedules = schedules
    self.tolerancePercent = tolerancePercent
    self.riskPercent = riskPercent
    self.readyAfter = readyAfter
    self.holdDown = holdDown
    self.addedPerMinuteMax = addedPerMinuteMax
    self.removedPerMinuteMax = removedPerMinuteMax
  }
}

/// Something that is measured of a service, and how much of it is right for one replica.
public struct MetricTarget: Hashable, Sendable {
  /// In PromQL; it gives one number: what all replicas do together.
  public var query: String
  /// What is right for one replica, in thousandths, above zero.
  public var targetMilli: Int64

  public init(query: String, targetMilli: Int64) {
    self.query = query
    self.targetMilli = targetMilli
  }

  /// The replicas that would be exactly at the target where they do `value` together.
  public func need(_ value: Double) -> Double { value * 1000 / Double(targetMilli) }
}

/// A Prometheus that knows what a cluster's workloads do.
public struct PrometheusSettings: Hashable, Sendable {
  /// `https://host:port/prefix`, without its `/api/v1`.
  public var url: String
  /// The file that holds a token to show; read anew when it changes.
  public var tokenFile: String?
  /// How long an answer may take.
  public var timeout: Seconds

  public init(url: String, tokenFile: String? = nil, timeout: Seconds = Seconds(5)) {
    self.url = url
    self.tokenFile = tokenFile
    self.timeout = timeout
  }
}
