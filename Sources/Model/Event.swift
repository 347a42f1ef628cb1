/// Something worth telling later: what happened to which object, and why.
public struct Event: Hashable, Sendable {
  public var at: Timestamp
  /// `Workload/llama-pretrain`, `node research-us/h100-1`, `plan 1f2e3d`
  public var subject: String
  /// A stable word: `Started`, `NodeLost`, `Adopted`.
  public var reason: String
  public var message: String

  public init(at: Timestamp, subject: String, reason: String, message: String) {
    self.at = at
    self.subject = subject
    self.reason = reason
    self.message = message
  }
}
