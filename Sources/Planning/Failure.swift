public import Model

/// What the world answered when it said no.
public enum Failure: Error, Hashable, Sendable {
  /// It may work later: back off and try again.
  case transient(String)
  /// Somebody else was faster, or what was planned on is not there any more: observe and plan again.
  case conflict(String)
  /// It won't work until a person changes something.
  case terminal(String)
  /// It may have happened: observe before anything else.
  case unknown(String)
  /// The provider has none of what was asked for: plan again without this offer.
  case outOfStock(instanceType: String, CapacityType, zone: String)
}

extension Failure: CustomStringConvertible {
  /// What happened, in words for people; what is to be done about it they are told elsewhere.
  public var description: String {
    switch self {
    case .transient(let detail), .terminal(let detail): detail
    case .conflict(let detail): "conflict: \(detail)"
    case .unknown(let detail): "it may have happened: \(detail)"
    case .outOfStock(let instanceType, let capacityType, let zone):
      "no \(instanceType) (\(capacityType.rawValue)) to be had in \(zone)"
    }
  }
}

/// The key under which a provider carries out an action at most once.
public struct IdempotencyKey: Hashable, Sendable, CustomStringConvertible {
  public let text: String

  public init(_ text: String) { self.text = text }

  public var description: String { text }
}

/// One line of the journal of intents and outcomes: an intent is committed before its call, the outcome
/// after it; an intent without an outcome means that nobody knows, and that observing comes first.
public struct JournalEntry: Hashable, Sendable {
  public enum Event: Hashable, Sendable {
    case intent
    case done
    case failed(Failure)
  }

  public var key: IdempotencyKey
  public var action: ActionID
  public var target: TargetID
  public var at: Timestamp
  public var event: Event

  public init(
    key: IdempotencyKey, action: ActionID, target: TargetID, at: Timestamp, event: Event
  ) {
    self.key = key
    self.action = action
    self.target = target
    self.at = at
    self.event = event
  }
}
