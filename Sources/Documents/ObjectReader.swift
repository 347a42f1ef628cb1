import Diagnostics
import Model
import YAML

/// Reads the members of one object of a document; members that it is not asked for are left alone.
public struct ObjectReader {
  private let node: YAMLNode

  init(_ node: YAMLNode) throws(DocumentProblem) {
    self.node = node
    guard node.kind == .mapping else { throw Self.expected("an object", at: node) }
  }

  func text(_ key: String) throws(DocumentProblem) -> String {
    try Self.text(of: required(key))
  }

  func optionalText(_ key: String) throws(DocumentProblem) -> String? {
    guard let node = node[key] else { return nil }
    return try Self.text(of: node)
  }

  func int64(_ key: String) throws(DocumentProblem) -> Int64 {
    try Self.number(of: required(key))
  }

  func int(_ key: String) throws(DocumentProblem) -> Int { Int(clamping: try int64(key)) }

  func optionalInt64(_ key: String) throws(DocumentProblem) -> Int64? {
    guard let node = node[key] else { return nil }
    return try Self.number(of: node)
  }

  func optionalInt(_ key: String) throws(DocumentProblem) -> Int? {
    try optionalInt64(key).map { Int(clamping: $0) }
  }

  func bool(_ key: String) throws(DocumentProblem) -> Bool {
    let node = try required(key)
    switch node.text {
    case "true": return true
    case "false": return false
    default: throw Self.expected("true or false", at: node)
    }
  }

  func texts(_ key: String) throws(DocumentProblem) -> [String] {
    try items(key).map { (item) throws(DocumentProblem) in try Self.text(of: item) }
  }

  func ints(_ key: String) throws(DocumentProblem) -> [Int] {
    try items(key).map { (item) throws(DocumentProblem) in
      Int(clamping: try Self.number(of: item))
    }
  }

  func part<Part: DocumentPart>(
    _ key: String, _ type: Part.Type = Part.self
  ) throws(DocumentProblem) -> Part {
    try Part(from: ObjectReader(required(key)))
  }

  func optionalPart<Part: DocumentPart>(
    _ key: String, _ type: Part.Type = Part.self
  ) throws(DocumentProblem) -> Part? {
    guard let node = node[key] else { return nil }
    return try Part(from: ObjectReader(node))
  }

  func parts<Part: DocumentPart>(
    _ key: String, _ type: Part.Type = Part.self
  ) throws(DocumentProblem) -> [Part] {
    try items(key).map { (item) throws(DocumentProblem) in
      try Part(from: ObjectReader(item))
    }
  }

  /// Of a member that older writers leave out: none then.
  func optionalParts<Part: DocumentPart>(
    _ key: String, _ type: Part.Type = Part.self
  ) throws(DocumentProblem) -> [Part] {
    node[key] == nil ? [] : try parts(key)
  }

  /// A word that stands for one of the cases of `type`.
  func word<Word: RawRepresentable<String> & CaseIterable>(
    _ key: String, _ type: Word.Type = Word.self
  ) throws(DocumentProblem) -> Word {
    guard let word = Word(rawValue: try text(key)) else {
      let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
      throw problem(key, .documentShape, "expected one of \(known)")
    }
    return word
  }

  /// A value that is written as one word: a time, a duration.
  func form<Form: TextForm>(
    _ key: String, _ type: Form.Type = Form.self
  ) throws(DocumentProblem) -> Form {
    guard let value = try optionalForm(key, type) else { throw missing(key) }
    return value
  }

  func optionalForm<Form: TextForm>(
    _ key: String, _ type: Form.Type = Form.self
  ) throws(DocumentProblem) -> Form? {
    guard let text = try optionalText(key) else { return nil }
    do throws(TextProblem) {
      return try Form.parse(text)
    } catch {
      throw problem(key, .documentShape, "'\(text)' is not a value of this member")
    }
  }

  func problem(
    _ key: String, _ code: Code, _ message: String, help: String? = nil
  ) -> DocumentProblem {
    DocumentProblem(
      diagnostic: Diagnostic(code, message, at: .span((node[key] ?? node).span), help: help))
  }

  private func missing(_ key: String) -> DocumentProblem {
    problem(key, .documentShape, "member '\(key)' is missing")
  }

  private func required(_ key: String) throws(DocumentProblem) -> YAMLNode {
    guard let node = node[key] else { throw missing(key) }
    return node
  }

  private func items(_ key: String) throws(DocumentProblem) -> [YAMLNode] {
    let list = try required(key)
    guard list.kind == .sequence else { throw Self.expected("a list", at: list) }
    return Array(list.items)
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

  private static func expected(_ what: String, at node: YAMLNode) -> DocumentProblem {
    DocumentProblem(
      diagnostic: Diagnostic(.documentShape, "expected \(what)", at: .span(node.span)))
  }
}
