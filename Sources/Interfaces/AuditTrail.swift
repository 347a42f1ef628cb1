/// What a walk over all that was ever recorded came to.
public struct AuditTrail: Hashable, Sendable {
  public var revisions = 0
  public var intents = 0
  public var outcomes = 0
  public var events = 0
  /// Intents that nothing was said of since.
  public var openIntents = 0
  public var head = AuditHead(number: 0, link: "")
  /// What was edited, deleted, inserted or put elsewhere, a sentence each; empty for a whole chain.
  public var problems: [String] = []

  public init() {}
}

/// The end of the chain at some moment: noted elsewhere, it shows whether the chain was cut off or
/// written anew since.
public struct AuditHead: Hashable, Sendable, CustomStringConvertible {
  /// Links up to here.
  public var number: Int
  /// 64 hexadecimal digits.
  public var link: String

  public init(number: Int, link: String) {
    self.number = number
    self.link = link
  }

  /// As `description` writes it; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Int(parts[0]), number >= 0,
      parts[1].utf8.count == (number == 0 ? 0 : 64)
    else { return nil }
    self.init(number: number, link: String(parts[1]))
  }

  public var description: String { "\(number):\(link)" }
}

/// Work that was begun on one input and neither ended nor failed: the process died over it, once for
/// each count, or is still at it.
public struct WorkInFlight: Hashable, Sendable {
  /// Says what the input is, by its digest or revision.
  public var subject: String
  public var count: Int
  /// When it was begun first, as text of a time.
  public var since: String

  public init(subject: String, count: Int, since: String) {
    self.subject = subject
    self.count = count
    self.since = since
  }
}
