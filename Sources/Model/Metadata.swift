/// What every object has besides its spec.
public struct Metadata: Hashable, Sendable {
  public var name: String
  public var labels: Labels
  /// The ownership set; prune happens only inside it.
  public var set: SetName
  /// Whether prune and node deletion must leave this object alone.
  public var isProtected: Bool

  public init(
    name: String, labels: Labels = .none, set: SetName = SetName("default"),
    isProtected: Bool = false
  ) {
    self.name = name
    self.labels = labels
    self.set = set
    self.isProtected = isProtected
  }
}
