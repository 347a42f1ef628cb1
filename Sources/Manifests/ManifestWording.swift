import Diagnostics
import Model
import YAML

/// What to say of a field that always says the same and doesn't here.
enum WordProblem: Sendable {
  case apiVersion, kind
}

/// Every sentence about a single manifest, in one place so that they can be reviewed as text.
///
/// Those that judge a node are nil where the reader of YAML has reported it: one mistake, one report.
extension Diagnostic {
  private init?(
    _ code: Code, _ message: String, _ node: YAMLNode, notes: [Note] = [], help: String?
  ) {
    if node.isRefused { return nil }
    self.init(code, message, at: .span(node.span), notes: notes, help: help)
  }

  // MARK: Fields

  static func unknownField(
    _ key: YAMLNode, meant: String?, known: [String], in owner: String
  ) -> Diagnostic? {
    Diagnostic(
      .unknownField, "unknown field \(quoted(key)) in \(owner)", key,
      help: meant.map { "did you mean '\($0)'?" }
        ?? "its fields are \(known.map { "'\($0)'" }.joined(separator: ", "))")
  }

  static func missingField(_ name: String, _ example: String?, in node: YAMLNode) -> Diagnostic? {
    Diagnostic(
      .missingField, "the field '\(name)' is missing", head(of: node),
      help: "add '\(name): \(example ?? "…")'")
  }

  static func missingChoice(_ names: [String], in node: YAMLNode) -> Diagnostic? {
    let list = names.map { "'\($0)'" }.joined(separator: " or ")
    return Diagnostic(
      .missingField, "the field \(list) is missing", head(of: node), help: "give one of them")
  }

  static func exclusiveFields(_ keys: [YAMLNode], _ names: [String]) -> Diagnostic? {
    guard let last = keys.last, let first = keys.first else { return nil }
    return Diagnostic(
      .exclusiveFields, "\(quoted(last)) beside \(quoted(first)), expected only one of them", last,
      notes: [Note(span: first.span, text: "the other one")], help: "remove one of the two")
  }

  static func settingsOfAnother(_ key: YAMLNode, _ chooser: String, _ chosen: String) -> Diagnostic?
  {
    Diagnostic(
      .exclusiveFields, "\(quoted(key)) beside '\(chooser): \(chosen)', expected only '\(chosen)'",
      key, help: "remove it, or choose '\(chooser): \(quoted(key).dropFirst().dropLast())'")
  }

  /// The place to point to when something is not there: the first key, or all of an empty mapping.
  private static func head(of node: YAMLNode) -> YAMLNode {
    var entries = node.entries
    return entries.next()?.key ?? node
  }

  // MARK: Values

  static func wrongType(_ node: YAMLNode, expected: String) -> Diagnostic? {
    let found =
      switch node.kind {
      case .scalar: node.isNull ? "nothing" : "the text \(quoted(node))"
      case .sequence: "a list"
      case .mapping: "a mapping"
      }
    return Diagnostic(.wrongType, "\(found), expected \(expected)", node, help: nil)
  }

  static func badText(
    _ node: YAMLNode, _ problem: TextProblem, expected: TextShape, _ code: Code
  ) -> Diagnostic? {
    switch problem {
    case .malformed(let help):
      let example = expected.examples.map { "'\($0)'" }.joined(separator: ", ")
      return Diagnostic(
        code, "\(quoted(node)) is not \(expected.noun)", node,
        help: help ?? (example.isEmpty ? nil : "write it like \(example)"))
    case .missingUnit(let help):
      return Diagnostic(.missingUnit, "\(quoted(node)) has no unit", node, help: help)
    case .outOfRange(let bound):
      return Diagnostic(
        .outOfRange, "\(quoted(node)) is out of range, expected \(bound)", node, help: nil)
    }
  }

  static func notBoolean(_ node: YAMLNode) -> Diagnostic? {
    guard node.kind == .scalar else { return wrongType(node, expected: "true or false") }
    let word = (node.text ?? "").lowercased()
    let meant =
      ["yes", "y", "on", "true"].contains(word)
      ? "true" : ["no", "n", "off", "false"].contains(word) ? "false" : nil
    return Diagnostic(
      .invalidBoolean, "\(quoted(node)) is not true or false", node,
      help: meant.map { "write '\($0)'" })
  }

  static func unknownValue(_ node: YAMLNode, known: [String]) -> Diagnostic? {
    let list = known.map { "'\($0)'" }.joined(separator: ", ")
    guard node.kind == .scalar else { return wrongType(node, expected: "one of \(list)") }
    return Diagnostic(
      .unknownValue, "\(quoted(node)), expected \(known.count > 1 ? "one of " : "")\(list)", node,
      help: NearestName.suggest(node.text ?? "", among: known).map { "did you mean '\($0)'?" })
  }

  static func badKey(_ key: YAMLNode, _ rule: NameRule) -> Diagnostic? {
    let noun = rule == .variable ? "an environment variable's name" : "a label's key"
    return Diagnostic(
      rule.code, "\(quoted(key)) is not \(noun)", key, help: "expected \(rule.expectation)")
  }

  static func emptyList(_ node: YAMLNode) -> Diagnostic? {
    Diagnostic(.emptyList, "an empty list, expected at least one item", node, help: nil)
  }

  static func repeatedItem(_ item: YAMLNode, first: YAMLNode) -> Diagnostic? {
    Diagnostic(
      .repeatedItem, "the item \(quoted(item)) a second time", item,
      notes: [Note(span: first.span, text: "first given here")], help: "keep one of the two")
  }

  // MARK: Documents

  static func not(_ word: String, _ node: YAMLNode, _ problem: WordProblem) -> Diagnostic? {
    switch problem {
    case .apiVersion:
      Diagnostic(
        .apiVersion, "the version \(quoted(node)), expected '\(word)'", node,
        help: "write 'apiVersion: \(word)'")
    case .kind: unknownKind(node)
    }
  }

  static func unknownKind(_ node: YAMLNode) -> Diagnostic? {
    let known = Kind.allCases.map(\.rawValue) + [Table.kindName]
    return Diagnostic(
      .unknownKind, "unknown kind \(quoted(node))", node,
      help: NearestName.suggest(node.text ?? "", among: known).map { "did you mean '\($0)'?" }
        ?? "kinds are \(known.map { "'\($0)'" }.joined(separator: ", "))")
  }

  static func unsupportedProvider(_ node: YAMLNode) -> Diagnostic? {
    Diagnostic(
      .unsupportedProvider, "the provider \(quoted(node)) is not part of this release", node,
      help: "write 'simulated', 'slurm' or 'kubernetes', which are")
  }

  /// The same of something that may be a secret: neither its line nor a value is repeated.
  static func secret(_ diagnostic: Diagnostic) -> Diagnostic {
    let namesFieldsOnly = [Code.missingField, .unknownField, .yamlSyntax].contains(diagnostic.code)
    var hidden = Diagnostic(
      diagnostic.code,
      namesFieldsOnly ? diagnostic.message : "what stands here is no reference to a secret",
      at: diagnostic.place,
      help:
        "write {name: hf-token, key: token, env: HF_TOKEN}: the value of a secret never stands in"
        + " a manifest, and one that did is to be changed")
    hidden.hidesSource = true
    return hidden
  }

  /// Characters of a text that a message repeats; the rest is in the source that is shown below it.
  private static let quotedMax = 60

  /// The text of a scalar on one line, without anything that would do something to a terminal.
  private static func quoted(_ node: YAMLNode) -> String {
    guard let text = node.text else { return "'…'" }
    var shown = ""
    for scalar in text.unicodeScalars.prefix(quotedMax) {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: shown += "\u{FFFD}"
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return "'\(shown)\(text.unicodeScalars.count > quotedMax ? "…" : "")'"
  }
}
