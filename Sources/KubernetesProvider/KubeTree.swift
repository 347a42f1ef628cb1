import JSON

/// A part of an object whose members are taken out one by one, so that what nobody understood is left
/// and can be told.
enum KubeTree: Hashable, Sendable {
  case null
  case boolean(Bool)
  /// As it was written.
  case number(String)
  case text(String)
  case list([KubeTree])
  case members([String: KubeTree])

  init(_ reader: inout JSONReader) throws(JSONProblem) {
    switch try reader.kind() {
    case .null:
      try reader.skip()
      self = .null
    case .boolean: self = .boolean(try reader.boolean())
    case .number: self = .number(try reader.numeral())
    case .string: self = .text(try reader.string())
    case .array:
      var items: [KubeTree] = []
      try reader.array { (reader) throws(JSONProblem) in items.append(try KubeTree(&reader)) }
      self = .list(items)
    case .object:
      var members: [String: KubeTree] = [:]
      try reader.object { (name, reader) throws(JSONProblem) in
        members[name] = try KubeTree(&reader)
      }
      self = .members(members)
    }
  }

  /// Takes a member out; nil where there is none, or nothing in it.
  mutating func take(_ name: String) -> KubeTree? {
    guard case .members(var members) = self, let member = members.removeValue(forKey: name)
    else { return nil }
    self = .members(members)
    return member == .null ? nil : member
  }

  mutating func set(_ name: String, _ value: KubeTree) {
    guard case .members(var members) = self else { return }
    members[name] = value
    self = .members(members)
  }

  mutating func takeText(_ name: String) -> String? { take(name)?.text }
  mutating func takeInteger(_ name: String) -> Int64? { take(name)?.integer }
  mutating func takeItems(_ name: String) -> [KubeTree] { take(name)?.items ?? [] }

  /// Those members of a member that are texts, sorted.
  mutating func takePairs(_ name: String) -> [(String, String)] { take(name)?.pairs ?? [] }

  var text: String? { if case .text(let text) = self { text } else { nil } }
  var integer: Int64? { if case .number(let text) = self { Int64(text) } else { nil } }
  var items: [KubeTree] { if case .list(let items) = self { items } else { [] } }

  /// A quantity, which may be written as a number.
  var quantity: String? {
    switch self {
    case .text(let text), .number(let text): text
    case .null, .boolean, .list, .members: nil
    }
  }

  /// Sorted by name.
  var entries: [(name: String, value: KubeTree)] {
    guard case .members(let members) = self else { return [] }
    return members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  var pairs: [(String, String)] {
    entries.compactMap { name, value in value.text.map { (name, $0) } }
  }

  subscript(name: String) -> KubeTree? {
    if case .members(let members) = self { members[name] } else { nil }
  }

  /// Whether it says nothing.
  var isEmpty: Bool {
    switch self {
    case .null: true
    case .list(let items): items.isEmpty
    case .members(let members): members.values.allSatisfy(\.isEmpty)
    case .boolean, .number, .text: false
    }
  }
}

extension KubeTree: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByDictionaryLiteral
{
  init(stringLiteral text: String) { self = .text(text) }
  init(integerLiteral number: Int) { self = .number("\(number)") }
  init(booleanLiteral isTrue: Bool) { self = .boolean(isTrue) }
  init(dictionaryLiteral members: (String, KubeTree)...) {
    self = .members(Dictionary(members) { $1 })
  }
}

extension JSONReader {
  /// A number as a text that says the same.
  fileprivate mutating func numeral() throws(JSONProblem) -> String {
    let before = self
    do { return "\(try integer())" } catch {
      self = before
      return "\(try number())"
    }
  }
}

extension JSONWriter {
  mutating func tree(_ tree: KubeTree) {
    switch tree {
    case .null: null()
    case .boolean(let isTrue): bool(isTrue)
    case .number(let numeral):
      if let integer = Int64(numeral) { number(integer) } else { number(Double(numeral) ?? 0) }
    case .text(let text): string(text)
    case .list(let items): array(items) { $0.tree($1) }
    case .members:
      object { for (name, value) in tree.entries { $0.member(name) { $0.tree(value) } } }
    }
  }
}
