import Diagnostics
import Model
import YAML

/// Reads the members of one object of a document; members that it is not asked for are left alone.
///
/// The same calls describe the document: over a `SchemaDraft` every question is noted and answered
/// with some value of the right type, so that `init(from:)` is the only place that says what a
/// document holds. What it computes from the answers is checked with `require`, never by itself.
public struct ObjectReader {
  private enum Origin {
    case node(YAMLNode)
    case draft(SchemaDraft)
  }

  private let origin: Origin

  init(_ node: YAMLNode) throws(DocumentProblem) {
    origin = .node(node)
    guard node.kind == .mapping else { throw Self.expected("an object", at: node) }
  }

  init(draft: SchemaDraft) { origin = .draft(draft) }

  // MARK: Members of one value

  func text(_ key: String) throws(DocumentProblem) -> String {
    try member(key, .text, orAs: "") { (node) throws(DocumentProblem) in try Self.text(of: node) }
  }

  func optionalText(_ key: String) throws(DocumentProblem) -> String? {
    try optional(key, .text) { (node) throws(DocumentProblem) in try Self.text(of: node) }
  }

  func int64(_ key: String) throws(DocumentProblem) -> Int64 {
    try member(key, .integer, orAs: 0) { (node) throws(DocumentProblem) in
      try Self.number(of: node)
    }
  }

  func int(_ key: String) throws(DocumentProblem) -> Int { Int(clamping: try int64(key)) }

  func optionalInt64(_ key: String) throws(DocumentProblem) -> Int64? {
    try optional(key, .integer) { (node) throws(DocumentProblem) in try Self.number(of: node) }
  }

  func bool(_ key: String) throws(DocumentProblem) -> Bool {
    try member(key, .boolean, orAs: false) { (node) throws(DocumentProblem) in
      try Self.bool(of: node)
    }
  }

  func optionalBool(_ key: String) throws(DocumentProblem) -> Bool? {
    try optional(key, .boolean) { (node) throws(DocumentProblem) in try Self.bool(of: node) }
  }

  private static func bool(of node: YAMLNode) throws(DocumentProblem) -> Bool {
    switch node.text {
    case "true": return true
    case "false": return false
    default: throw expected("true or false", at: node)
    }
  }

  /// A word that stands for one of the cases of `type`.
  func optionalWord<Word: RawRepresentable<String> & CaseIterable>(
    _ key: String, _ type: Word.Type = Word.self
  ) throws(DocumentProblem) -> Word? {
    try optional(key, .word(Word.allCases.map(\.rawValue))) { (node) throws(DocumentProblem) in
      try Self.word(of: node)
    }
  }

  func word<Word: RawRepresentable<String> & CaseIterable>(
    _ key: String, _ type: Word.Type = Word.self
  ) throws(DocumentProblem) -> Word {
    let words = Word.allCases.map(\.rawValue)
    let word = try member(key, .word(words), orAs: Word?.none) {
      (node) throws(DocumentProblem) in try Self.word(of: node)
    }
    return word ?? Word.allCases[Word.allCases.startIndex]
  }

  /// A value that is written as one word: a time, a duration.
  func form<Form: DescribedForm>(
    _ key: String, _ type: Form.Type = Form.self
  ) throws(DocumentProblem) -> Form {
    try member(key, .form(pattern: Form.pattern), orAs: Form.some) {
      (node) throws(DocumentProblem) in try Self.form(of: node)
    }
  }

  func optionalForm<Form: DescribedForm>(
    _ key: String, _ type: Form.Type = Form.self
  ) throws(DocumentProblem) -> Form? {
    try optional(key, .form(pattern: Form.pattern)) { (node) throws(DocumentProblem) in
      try Self.form(of: node)
    }
  }

  func node(_ key: String) throws(DocumentProblem) -> NodeID {
    try member(key, .form(pattern: "/"), orAs: NodeID(ClusterName(""), "")) {
      (node) throws(DocumentProblem) in try Self.node(of: node)
    }
  }

  func optionalNode(_ key: String) throws(DocumentProblem) -> NodeID? {
    try optional(key, .form(pattern: "/")) { (node) throws(DocumentProblem) in
      try Self.node(of: node)
    }
  }

  func replica(_ key: String) throws(DocumentProblem) -> ReplicaID {
    try member(key, .form(pattern: "/[0-9]+$"), orAs: ReplicaID(WorkloadName(""), 0)) {
      (node) throws(DocumentProblem) in
      let (workload, ordinal) = try Self.halves(of: node)
      guard let ordinal = Int(ordinal) else {
        throw Self.expected("a workload and an ordinal, such as 'train/0'", at: node)
      }
      return ReplicaID(WorkloadName(workload), ordinal)
    }
  }

  /// A declared object: `Workload/chat`.
  func object(_ key: String) throws(DocumentProblem) -> ObjectID {
    try member(key, .form(pattern: Self.objectPattern), orAs: ObjectID(.cluster, "")) {
      (node) throws(DocumentProblem) in
      let (kind, name) = try Self.halves(of: node)
      guard let kind = Kind(rawValue: kind) else {
        throw Self.expected("a kind and a name, such as 'Workload/chat'", at: node)
      }
      return ObjectID(kind, name)
    }
  }

  // MARK: Members of many values

  func texts(_ key: String) throws(DocumentProblem) -> [String] {
    try list(key, of: .text) { (node) throws(DocumentProblem) in try Self.text(of: node) }
  }

  func ints(_ key: String) throws(DocumentProblem) -> [Int] {
    try list(key, of: .integer) { (node) throws(DocumentProblem) in
      Int(clamping: try Self.number(of: node))
    }
  }

  func nodes(_ key: String) throws(DocumentProblem) -> [NodeID] {
    try list(key, of: .form(pattern: "/")) { (node) throws(DocumentProblem) in
      try Self.node(of: node)
    }
  }

  // MARK: Parts

  func part<Part: DocumentPart>(
    _ key: String, _ type: Part.Type = Part.self
  ) throws(DocumentProblem) -> Part {
    switch origin {
    case .draft(let draft):
      draft.note(key, try draft.reference(to: type), isRequired: true)
      return try Part(from: ObjectReader(draft: SchemaDraft(parts: draft.parts)))
    case .node(let node): return try Part(from: ObjectReader(required(key, of: node)))
    }
  }

  func optionalPart<Part: DocumentPart>(
    _ key: String, _ type: Part.Type = Part.self
  ) throws(DocumentProblem) -> Part? {
    switch origin {
    case .draft(let draft):
      draft.note(key, try draft.reference(to: type), isRequired: false)
      return nil
    case .node(let node):
      guard let node = node[key] else { return nil }
      return try Part(from: ObjectReader(node))
    }
  }

  func parts<Part: DocumentPart>(
    _ key: String, _ type: Part.Type = Part.self
  ) throws(DocumentProblem) -> [Part] {
    switch origin {
    case .draft(let draft):
      draft.note(key, .list(of: try draft.reference(to: type)), isRequired: true)
      return []
    case .node(let node):
      return try Self.items(of: required(key, of: node)).map { (item) throws(DocumentProblem) in
        try Part(from: ObjectReader(item))
      }
    }
  }

  /// Of a member that older writers leave out: none then.
  func optionalParts<Part: DocumentPart>(
    _ key: String, _ type: Part.Type = Part.self
  ) throws(DocumentProblem) -> [Part] {
    switch origin {
    case .draft(let draft):
      draft.note(key, .list(of: try draft.reference(to: type)), isRequired: false)
      return []
    case .node(let node): return node[key] == nil ? [] : try parts(key)
    }
  }

  func labels(_ key: String) throws(DocumentProblem) -> Labels {
    Labels(try parts(key, Labels.Pair.self).map { ($0.key, $0.value) })
  }

  /// One of several forms of the object, told apart by the word of `key`.
  func oneOf<Value>(_ key: String, _ forms: [Form<Value>]) throws(DocumentProblem) -> Value {
    switch origin {
    case .draft(let draft):
      for form in forms {
        let own = SchemaDraft(parts: draft.parts)
        _ = try form.read(ObjectReader(draft: own))
        draft.note(key, form: form.word, own)
      }
      return try forms[0].read(ObjectReader(draft: SchemaDraft(parts: draft.parts)))
    case .node(let node):
      let word = try Self.text(of: required(key, of: node))
      guard let form = forms.first(where: { $0.word == word }) else {
        let known = forms.map(\.word).joined(separator: ", ")
        throw problem(key, .documentShape, "'\(word)' is none of \(known)")
      }
      return try form.read(self)
    }
  }

  /// One form of `oneOf`: its word, and how its own members are read.
  struct Form<Value>: Sendable {
    let word: String
    let read: @Sendable (ObjectReader) throws(DocumentProblem) -> Value

    init(
      _ word: String, _ read: @escaping @Sendable (ObjectReader) throws(DocumentProblem) -> Value
    ) {
      self.word = word
      self.read = read
    }
  }

  // MARK: What is wrong

  /// Throws at the member `key` unless `isRight`, which is not asked where a document is described.
  func require(
    _ isRight: @autoclosure () -> Bool, _ key: String, _ message: String,
    code: Code = .documentShape, help: String? = nil
  ) throws(DocumentProblem) {
    if case .draft = origin { return }
    guard isRight() else { throw problem(key, code, message, help: help) }
  }

  func problem(
    _ key: String, _ code: Code, _ message: String, help: String? = nil
  ) -> DocumentProblem {
    switch origin {
    case .draft: DocumentProblem(diagnostic: Diagnostic(code, message, at: .invocation))
    case .node(let node):
      DocumentProblem(
        diagnostic: Diagnostic(code, message, at: .span((node[key] ?? node).span), help: help))
    }
  }
}

extension ObjectReader {
  private func member<Value>(
    _ key: String, _ shape: SchemaDraft.Shape, orAs some: Value,
    _ read: (YAMLNode) throws(DocumentProblem) -> Value
  ) throws(DocumentProblem) -> Value {
    switch origin {
    case .draft(let draft):
      draft.note(key, shape, isRequired: true)
      return some
    case .node(let node): return try read(required(key, of: node))
    }
  }

  private func optional<Value>(
    _ key: String, _ shape: SchemaDraft.Shape,
    _ read: (YAMLNode) throws(DocumentProblem) -> Value
  ) throws(DocumentProblem) -> Value? {
    switch origin {
    case .draft(let draft):
      draft.note(key, shape, isRequired: false)
      return nil
    case .node(let node):
      guard let node = node[key] else { return nil }
      return try read(node)
    }
  }

  private func list<Value>(
    _ key: String, of element: SchemaDraft.Shape,
    _ read: (YAMLNode) throws(DocumentProblem) -> Value
  ) throws(DocumentProblem) -> [Value] {
    try member(key, .list(of: element), orAs: []) { (node) throws(DocumentProblem) in
      try Self.items(of: node).map { (item) throws(DocumentProblem) in try read(item) }
    }
  }

  private static let objectPattern =
    "^(" + Kind.allCases.map(\.rawValue).joined(separator: "|") + ")/"

  private func required(_ key: String, of node: YAMLNode) throws(DocumentProblem) -> YAMLNode {
    guard let member = node[key] else {
      throw problem(key, .documentShape, "member '\(key)' is missing")
    }
    return member
  }

  private static func items(of node: YAMLNode) throws(DocumentProblem) -> [YAMLNode] {
    guard node.kind == .sequence else { throw expected("a list", at: node) }
    return Array(node.items)
  }

  private static func text(of node: YAMLNode) throws(DocumentProblem) -> String {
    guard let text = node.text else { throw expected("text", at: node) }
    return text
  }

  private static func number(of node: YAMLNode) throws(DocumentProblem) -> Int64 {
    guard let number = try Int64(text(of: node)) else {
      throw expected("a whole number", at: node)
    }
    return number
  }

  private static func word<Word: RawRepresentable<String> & CaseIterable>(
    of node: YAMLNode
  ) throws(DocumentProblem) -> Word {
    guard let word = Word(rawValue: try text(of: node)) else {
      let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
      throw expected("one of \(known)", at: node)
    }
    return word
  }

  private static func form<Form: DescribedForm>(
    of node: YAMLNode
  ) throws(DocumentProblem) -> Form {
    let text = try text(of: node)
    do throws(TextProblem) {
      return try Form.parse(text)
    } catch {
      throw expected("something like '\(Form.some)'", at: node)
    }
  }

  private static func node(of node: YAMLNode) throws(DocumentProblem) -> NodeID {
    let (cluster, name) = try halves(of: node)
    return NodeID(ClusterName(cluster), name)
  }

  private static func halves(of node: YAMLNode) throws(DocumentProblem) -> (String, String) {
    let text = try text(of: node)
    guard let slash = text.firstIndex(of: "/") else {
      throw expected("two names with a '/' between them", at: node)
    }
    return (String(text[..<slash]), String(text[text.index(after: slash)...]))
  }

  private static func expected(_ what: String, at node: YAMLNode) -> DocumentProblem {
    DocumentProblem(
      diagnostic: Diagnostic(.documentShape, "expected \(what)", at: .span(node.span)))
  }
}

/// A text form that documents hold, with what a schema says of it.
protocol DescribedForm: TextForm {
  static var some: Self { get }
  /// A regular expression that every text of it matches.
  static var pattern: String { get }
}

extension Timestamp: DescribedForm {
  static var some: Timestamp { Timestamp(seconds: 1_767_225_600) }
  static var pattern: String { "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$" }
}
