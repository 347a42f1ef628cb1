/// What happens to one declared object, field by field.
public struct ObjectChange: Hashable, Sendable {
  public enum Action: String, CaseIterable, Hashable, Sendable {
    case create
    case update
    /// An update that running replicas or nodes can't follow in place.
    case replace
    case delete
  }

  public var object: ObjectID
  public var action: Action
  /// In the order of the kind's field table; empty for `create` and `delete`.
  public var fields: [FieldChange]
  /// Whether it was protected until now.
  public var wasProtected: Bool

  public init(
    object: ObjectID, action: Action, fields: [FieldChange] = [], wasProtected: Bool = false
  ) {
    self.object = object
    self.action = action
    self.fields = fields
    self.wasProtected = wasProtected
  }
}

/// One field with its text before and after; nil where it is not set.
public struct FieldChange: Hashable, Sendable {
  /// What the change of a field asks of what runs already.
  public enum Effect: String, CaseIterable, Hashable, Sendable {
    case inPlace
    /// Replicas must be started anew.
    case restartsReplicas
    /// Nodes must be replaced to follow it.
    case replacesNodes
  }

  /// `spec.resources.cpu`
  public var path: String
  public var before: String?
  public var after: String?
  public var effect: Effect

  public init(path: String, before: String?, after: String?, effect: Effect) {
    self.path = path
    self.before = before
    self.after = after
    self.effect = effect
  }
}
