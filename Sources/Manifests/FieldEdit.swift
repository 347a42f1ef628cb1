public import Diagnostics
public import Model

/// One field of one object, as it is to stand in the file that declares it.
public struct FieldEdit: Hashable, Sendable {
  public enum Value: Hashable, Sendable {
    /// A scalar of this text.
    case scalar(String)
    /// A list of these texts.
    case list([String])
    /// A number of accelerators, the models left as they are: `4`, `500m`.
    case devices(String)
  }

  public var object: ObjectID
  /// From the top of the manifest: `["spec", "resources", "memory"]`.
  public var path: [String]
  public var value: Value
  /// What holds now and what is to hold, as canonical text has them.
  public var before: String
  public var after: String

  public init(
    _ object: ObjectID, _ path: [String], _ value: Value, before: String, after: String
  ) {
    self.object = object
    self.path = path
    self.value = value
    self.before = before
    self.after = after
  }

  /// Whether a change that `FieldDiff` tells of is this one.
  public func isMeant(by change: FieldChange) -> Bool {
    let name = path.joined(separator: ".")
    let key = path.dropLast().joined(separator: ".") + "['\(path.last ?? "")']"
    return change.path == name || change.path == key || change.path == name + ".count"
  }
}

/// A piece of a file that is to become another one.
public struct TextEdit: Hashable, Sendable {
  public var source: SourceID
  /// In bytes; empty where something is only put in.
  public var range: Range<Int>
  public var text: String

  public init(_ source: SourceID, _ range: Range<Int>, _ text: String) {
    self.source = source
    self.range = range
    self.text = text
  }
}

/// Why a field can't be changed where it is declared.
public enum UneditableField: Error, Hashable, Sendable {
  /// No file that was read declares the object.
  case notDeclared
  /// It stands in what an anchor shares with others.
  case shared
  /// It is written in a way that would be lost, such as a text over several lines.
  case unusual
}
