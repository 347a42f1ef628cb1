public import Model

/// How many replicas there should be, and why.
public struct ScaleDecision: Hashable, Sendable {
  public var replicas: Int
  public var reason: ScaleReason
  /// How many replicas would have been exactly at their target, as last measured, in thousandths.
  public var needMilli: Int64?
  /// What is provided for: what is expected by the time that replicas of now are ready, with its margin.
  public var expectedMilli: Int64?
  /// Since when nothing was heard, or until when a number is held at the latest.
  public var moment: Timestamp?

  public init(
    replicas: Int, reason: ScaleReason, needMilli: Int64? = nil, expectedMilli: Int64? = nil,
    moment: Timestamp? = nil
  ) {
    self.replicas = replicas
    self.reason = reason
    self.needMilli = needMilli
    self.expectedMilli = expectedMilli
    self.moment = moment
  }
}

public enum ScaleReason: String, CaseIterable, Hashable, Sendable {
  /// As many as there are suffice, and fewer would not.
  case enough
  /// More are needed as measured now.
  case needed
  /// More are expected to be needed by the time that they are ready.
  case expected
  /// Fewer have sufficed for as long as the policy asks for.
  case spare
  /// Fewer would suffice, but not for long enough yet.
  case held
  /// More would be needed than there may be.
  case atMost
  /// Fewer would suffice than there must be.
  case atLeast
  /// A schedule asks for so many.
  case scheduled
  /// No schedule asks for more, and nothing is measured by which there could be.
  case unscheduled
  /// Nothing was heard: as many as there are stay.
  case unheard
  /// What was heard is not a number, or less than nothing: as many as there are stay.
  case noAmount
  /// So many times what the greatest number of replicas could do, that the unit may be wrong: as many as
  /// there are stay.
  case farTooMuch
  /// Next to nothing of what was usual, so that the measuring may be broken: as many as there are stay,
  /// until it has been so for a while.
  case farTooLittle
}
