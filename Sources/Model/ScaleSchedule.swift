/// At least so many replicas from the moments that `start` means, for a time.
public struct ScaleSchedule: Hashable, Sendable {
  public var start: CronTimes
  /// How long it holds from each of them, by the clock on the wall.
  public var duration: Seconds
  /// Whose clock: a name of the IANA time zone database.
  public var timeZone: String
  public var replicas: Int

  public static let utc = "UTC"
  /// The longest that one may hold.
  public static let durationMax = Seconds.hours(31 * 24)

  public init(
    start: CronTimes, duration: Seconds, timeZone: String = ScaleSchedule.utc, replicas: Int
  ) {
    self.start = start
    self.duration = duration
    self.timeZone = timeZone
    self.replicas = replicas
  }

  /// Whether it holds when the clock on the wall shows `wall`.
  ///
  /// It goes by what the clock shows: where clocks are put forward or back it is that much shorter or
  /// longer, and begins and ends when people expect it to.
  public func holds(at wall: Timestamp) -> Bool { start.hasOne(after: wall, minus: duration) }
}

/// How far a zone's clocks are from UTC, over some time.
public struct ZoneOffsets: Hashable, Sendable {
  public struct Change: Hashable, Sendable {
    public var at: Timestamp
    /// East of UTC, from then on.
    public var offset: Seconds

    public init(at: Timestamp, offset: Seconds) {
      self.at = at
      self.offset = offset
    }
  }

  /// Before the first change.
  public var first: Seconds
  /// By time.
  public var changes: [Change]

  public static let utc = ZoneOffsets(first: .zero)

  public init(first: Seconds, changes: [Change] = []) {
    self.first = first
    self.changes = changes
  }

  /// What the clock on the wall shows, as the moment at which clocks of UTC show the same.
  public func wall(at moment: Timestamp) -> Timestamp {
    moment + (changes.last { $0.at <= moment }?.offset ?? first)
  }
}
