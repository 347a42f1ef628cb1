import Diagnostics
import TestSupport
import Testing
import YAML

let anySource = SourceID(index: 0)

func read(_ text: String, limits: YAMLLimits = .standard) -> Diagnosed<YAMLFile> {
  YAMLReader.read(SourceText(path: "a.yaml", text: text), id: anySource, limits: limits)
}

func read(bytes: [UInt8], limits: YAMLLimits = .standard) -> Diagnosed<YAMLFile> {
  YAMLReader.read(SourceText(path: "a.yaml", bytes: bytes), id: anySource, limits: limits)
}

/// Reads marked text and expects exactly these codes, each at its mark, in this order.
func check(
  _ marked: String, limits: YAMLLimits = .standard, reports: [(mark: String, code: Code)],
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let source = MarkedText(marked)
  let found = read(source.text, limits: limits).diagnostics.map { diagnostic in
    switch diagnostic.place {
    case .span(let span): "\(span.range.lowerBound) \(diagnostic.code)"
    case .path, .invocation: "- \(diagnostic.code)"
    }
  }
  let expected = reports.map { "\(source.offset($0.mark)) \($0.code)" }
  #expect(found == expected, sourceLocation: sourceLocation)
}

/// The tree as one line: `{key: value}`, `[item]`, texts as they are, documents apart by ` | `.
///
/// It recurses, so it is for small trees only.
func outline(_ file: YAMLFile) -> String {
  file.documents.map { outline($0.root) }.joined(separator: " | ")
}

private func outline(_ node: YAMLNode) -> String {
  switch node.kind {
  case .scalar: node.isNull ? "null" : node.isPlain ? node.text ?? "" : "\"\(node.text ?? "")\""
  case .sequence: "[" + node.items.map(outline).joined(separator: ", ") + "]"
  case .mapping:
    "{"
      + node.entries.map { "\($0.name): \(outline($0.value))" }.joined(separator: ", ") + "}"
  }
}
