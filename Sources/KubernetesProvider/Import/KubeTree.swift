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

/// An object of which we know no more than that it has a spec.
struct KubeForeign: Hashable, Sendable, KubeObject {
  var meta = Meta()
  /// The controller that made it, such as `CronJob/nightly`.
  var controller: String?
  var annotations: [(String, String)] { tree["annotations"]?.pairs ?? [] }
  private var tree: KubeTree = [:]
  var spec: KubeTree = [:]
  /// Conditions of its status that are `True`.
  var conditions: [String] = []

  var isUsable: Bool { !meta.name.isEmpty && !meta.namespace.isEmpty }

  init() {}

  mutating func read(_ member: String, _ reader: inout JSONReader) throws(JSONProblem) {
    switch member {
    case "metadata":
      var again = reader
      tree = try KubeTree(&again)
      meta = try reader.meta()
      let owner = tree["ownerReferences"]?.items.first { $0["controller"] == true }
      controller = owner.map { "\($0["kind"]?.text ?? "")/\($0["name"]?.text ?? "")" }
    case "spec": spec = try KubeTree(&reader)
    case "status":
      let status = try KubeTree(&reader)
      conditions = (status["conditions"]?.items ?? []).filter { $0["status"] == "True" }
        .compactMap { $0["type"]?.text }
    default: break
    }
  }
}
