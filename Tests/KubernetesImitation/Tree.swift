public import JSON

/// JSON as it is changed: an object without order, as the API server has it.
public indirect enum Tree: Hashable, Sendable {
  case null
  case boolean(Bool)
  /// As it was written.
  case number(String)
  case string(String)
  case array([Tree])
  case object([String: Tree])

  public init(_ bytes: [UInt8]) throws(JSONProblem) {
    var reader = JSONReader(bytes)
    self = try Tree(&reader)
    try reader.end()
  }

  init(_ reader: inout JSONReader) throws(JSONProblem) {
    switch try reader.kind() {
    case .null:
      try reader.skip()
      self = .null
    case .boolean: self = .boolean(try reader.boolean())
    case .number: self = .number("\(try reader.integer())")
    case .string: self = .string(try reader.string())
    case .array:
      var items: [Tree] = []
      try reader.array { (reader) throws(JSONProblem) in items.append(try Tree(&reader)) }
      self = .array(items)
    case .object:
      var members: [String: Tree] = [:]
      try reader.object { (name, reader) throws(JSONProblem) in
        members[name] = try Tree(&reader)
      }
      self = .object(members)
    }
  }

  /// On one line, as a watch needs it.
  public var text: String {
    switch self {
    case .null: "null"
    case .boolean(let isTrue): isTrue ? "true" : "false"
    case .number(let text): text
    case .string(let text): JSONWriter.quoted(text)
    case .array(let items): "[" + items.map(\.text).joined(separator: ",") + "]"
    case .object(let members):
      "{"
        + members.sorted { $0.key < $1.key }
        .map { "\(JSONWriter.quoted($0.key)):\($0.value.text)" }.joined(separator: ",") + "}"
    }
  }

  public subscript(name: String) -> Tree? {
    get {
      guard case .object(let members) = self, let member = members[name], member != .null else {
        return nil
      }
      return member
    }
    set {
      var members: [String: Tree] = [:]
      if case .object(let own) = self { members = own }
      members[name] = newValue
      self = .object(members)
    }
  }

  /// Along names; what is missing on the way is made when it is set.
  public subscript(path: [String]) -> Tree? {
    get { path.reduce(Optional(self)) { $0?[$1] } }
    set {
      guard let first = path.first else { return }
      if path.count == 1 {
        self[first] = newValue
      } else {
        var below = self[first] ?? .object([:])
        below[Array(path.dropFirst())] = newValue
        self[first] = below
      }
    }
  }

  public var string: String? { if case .string(let text) = self { text } else { nil } }
  public var integer: Int? { if case .number(let text) = self { Int(text) } else { nil } }
  public var isTrue: Bool { self == .boolean(true) }
  public var items: [Tree] { if case .array(let items) = self { items } else { [] } }

  public var members: [String: Tree] {
    if case .object(let members) = self { members } else { [:] }
  }

  /// RFC 7386.
  public func merged(with patch: Tree) -> Tree {
    guard case .object(let changes) = patch else { return patch }
    var members = members
    for (name, change) in changes {
      members[name] = change == .null ? nil : (members[name] ?? .null).merged(with: change)
    }
    return .object(members)
  }

  /// As server-side apply merges: lists of things that have names are merged by name.
  func applying(_ applied: Tree) -> Tree {
    switch applied {
    case .object(let changes):
      var members = members
      for (name, change) in changes { members[name] = (members[name] ?? .null).applying(change) }
      return .object(members)
    case .array(let changes) where changes.allSatisfy { $0["name"] != nil }:
      var items = items
      for change in changes {
        if let index = items.firstIndex(where: { $0["name"] == change["name"] }) {
          items[index] = items[index].applying(change)
        } else {
          items.append(change)
        }
      }
      return .array(items)
    case .array, .null, .boolean, .number, .string: return applied
    }
  }

  /// The way to each leaf; an array counts as one.
  public var leaves: [[String]: Tree] {
    guard case .object(let members) = self else { return [[]: self] }
    var leaves: [[String]: Tree] = [:]
    for (name, member) in members {
      for (path, leaf) in member.leaves { leaves[[name] + path] = leaf }
    }
    return leaves
  }
}

extension Tree: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(stringLiteral text: String) { self = .string(text) }
  public init(integerLiteral number: Int) { self = .number("\(number)") }
  public init(booleanLiteral isTrue: Bool) { self = .boolean(isTrue) }
  public init(arrayLiteral items: Tree...) { self = .array(items) }
  public init(dictionaryLiteral members: (String, Tree)...) {
    self = .object(Dictionary(members) { $1 })
  }
}
