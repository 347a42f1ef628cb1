public import Model

/// Something that happened, as it is told.
public struct ToldEvent: Hashable, Sendable {
  public var at: Timestamp
  public var subject: String
  public var reason: String
  public var message: String

  public init(at: Timestamp, subject: String, reason: String, message: String) {
    self.at = at
    self.subject = subject
    self.reason = reason
    self.message = message
  }
}

/// One adoption of a target, as it is told.
public struct ToldRevision: Hashable, Sendable {
  /// Counts from 1.
  public var number: Int
  public var at: Timestamp
  /// Short.
  public var plan: String
  public var target: String
  public var summary: String

  public init(number: Int, at: Timestamp, plan: String, target: String, summary: String) {
    self.number = number
    self.at = at
    self.plan = plan
    self.target = target
    self.summary = summary
  }
}

/// What happened, in order.
public enum Chronicle {
  public static func events(_ events: [ToldEvent]) -> Listing {
    var listing = Listing(
      "events",
      [.init("time"), .init("subject"), .init("reason"), .init("message")])
    for event in events {
      listing.add(
        .text("\(event.at)"), .text(event.subject), .text(event.reason), .text(event.message))
    }
    return listing
  }

  public static func history(_ revisions: [ToldRevision]) -> Listing {
    var listing = Listing(
      "revisions",
      [
        .init("number", title: "REV", isNumber: true), .init("time"), .init("plan"),
        .init("target"), .init("summary"),
      ])
    for revision in revisions {
      listing.add(
        .number(revision.number), .text("\(revision.at)"), .text(revision.plan),
        .text(revision.target), .text(revision.summary))
    }
    return listing
  }
}
