/// A length of time in whole seconds.
public struct Seconds: Hashable, Comparable, Sendable {
  public var count: Int64

  public static let zero = Seconds(0)

  public init(_ count: Int64) { self.count = count }

  public static func minutes(_ count: Int64) -> Seconds {
    Seconds(count.multipliedSaturated(by: 60))
  }

  public static func hours(_ count: Int64) -> Seconds {
    Seconds(count.multipliedSaturated(by: 3600))
  }

  public static func < (left: Seconds, right: Seconds) -> Bool { left.count < right.count }

  public static func + (left: Seconds, right: Seconds) -> Seconds {
    Seconds(left.count.addingSaturated(right.count))
  }
}

/// A moment: whole seconds since 1970-01-01T00:00:00Z. Above the line, time only ever comes in as one.
public struct Timestamp: Hashable, Comparable, Sendable {
  public var seconds: Int64

  public init(seconds: Int64) { self.seconds = seconds }

  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.seconds < right.seconds }

  public static func + (left: Timestamp, right: Seconds) -> Timestamp {
    Timestamp(seconds: left.seconds.addingSaturated(right.count))
  }

  public static func - (left: Timestamp, right: Timestamp) -> Seconds {
    Seconds(left.seconds.subtractingSaturated(right.seconds))
  }
}
