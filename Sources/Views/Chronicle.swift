public import Model
public import Planning

/// What happened, in order.
public enum Chronicle {
  public static func events(_ events: [Event]) -> Listing {
    var listing = Listing(
      "events",
      [.init("time"), .init("subject"), .init("reason"), .init("message")])
    for event in events {
      listing.add(
        .text("\(event.at)"), .text(event.subject), .text(event.reason), .text(event.message))
    }
    return listing
  }

  public static func history(_ revisions: [RevisionRecord]) -> Listing {
    var listing = Listing(
      "revisions",
      [
        .init("number", title: "REV", isNumber: true), .init("time"), .init("plan"),
        .init("target"), .init("summary"),
      ])
    for revision in revisions {
      listing.add(
        .number(revision.number), .text("\(revision.at)"), .text("\(revision.plan)"),
        .text("\(revision.target)"), .text(revision.summary))
    }
    return listing
  }
}
