/// When a workload counts as idle, and what comes of it.
public struct IdlePolicy: Hashable, Sendable {
  /// In PromQL; it gives one number.
  public var query: String
  /// In thousandths: less than this is next to nothing.
  public var belowMilli: Int64
  /// How long it must have been so, without a gap.
  public var length: Seconds
  public var action: Action

  public enum Action: String, CaseIterable, Hashable, Sendable {
    /// Plans and events say so.
    case flag
    /// Its replicas are stopped, and stay so until its manifest says otherwise.
    case stop
  }

  public init(
    query: String, belowMilli: Int64, length: Seconds = .hours(2), action: Action = .flag
  ) {
    self.query = query
    self.belowMilli = belowMilli
    self.length = length
    self.action = action
  }
}
