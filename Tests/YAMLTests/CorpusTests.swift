import Diagnostics
import TestSupport
import Testing
import YAML

/// The yaml-test-suite: what libyaml misses is known and frozen, so that any change either way
/// fails, and so is what we refuse beyond it.
@Suite(.enabled(if: Shared.isPresent)) struct CorpusTests {
  struct Case: Decodable {
    let id: String
    let yaml: String
    let events: String
    let error: Bool?
    /// What libyaml 0.2.5 made of it when the corpus was made.
    let libyaml025: String
  }

  struct Scalar: Decodable {
    struct Row: Decodable {
      struct Schema: Decodable { let type: String }
      let `in`: String
      let core: Schema?
    }
    let rows: [Row]
  }

  @Test func theSuiteGivesWhatIsKnown() throws {
    let cases = try Shared.decodeLines(Case.self, "corpora/yaml-test-suite.jsonl")
    #expect(cases.count == 402)
    var ours = ""
    var refused = ""
    for one in cases {
      let result = read(one.yaml)
      let verdict = verdict(one, result)
      if verdict != "ok" { ours += "\(one.id) \(verdict)\n" }
      let codes = result.diagnostics.map(\.code).filter { $0 != .yamlSyntax }
      if !codes.isEmpty {
        let names = Set(codes).sorted().map(\.description).joined(separator: " ")
        refused += "\(one.id) \(one.error == true ? "invalid" : "valid  ") \(names)\n"
      } else {
        // Where we refuse nothing of our own, we and bare libyaml must agree.
        #expect(verdict == one.libyaml025.replacing("ok-err", with: "ok"), "\(one.id)")
      }
    }
    expectSnapshot(ours, "suite-misses.txt")
    expectSnapshot(refused, "suite-refusals.txt")
  }

  private func verdict(_ one: Case, _ result: Diagnosed<YAMLFile>) -> String {
    switch (one.error ?? false, result.hasErrors) {
    case (true, true): return "ok"
    case (true, false): return "ACCEPTS-INVALID"
    case (false, true): return "REJECTS-VALID"
    case (false, false):
      let expected = one.events.split(separator: "\n").map(Self.bare)
      return events(of: result.value) == expected ? "ok" : "WRONG-EVENTS"
    }
  }

  /// An event of the suite without what a tree does not keep: anchors, tags, document markers.
  private static func bare(_ line: Substring) -> String {
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
    guard words[0] == "=VAL" else { return String(words[0]) }
    let text = words.dropFirst().drop { $0.first == "&" || $0.first == "<" }
    return "=VAL " + text.joined(separator: " ")
  }

  private func events(of file: YAMLFile) -> [String] {
    var events = ["+STR"]
    for document in file.documents {
      events.append("+DOC")
      append(document.root, &events)
      events.append("-DOC")
    }
    return events + ["-STR"]
  }

  private func append(_ node: YAMLNode, _ events: inout [String]) {
    if node.definition != nil { return events.append("=ALI") }
    switch node.kind {
    case .scalar: events.append("=VAL \(mark(node.style))\(escaped(node.text ?? ""))")
    case .sequence:
      events.append("+SEQ")
      for item in node.items { append(item, &events) }
      events.append("-SEQ")
    case .mapping:
      events.append("+MAP")
      for entry in node.entries {
        append(entry.key, &events)
        append(entry.value, &events)
      }
      events.append("-MAP")
    }
  }

  private func mark(_ style: YAMLNode.Style) -> String {
    switch style {
    case .plain: ":"
    case .singleQuoted: "'"
    case .doubleQuoted: "\""
    case .literal: "|"
    case .folded: ">"
    case .block, .flow: ""
    }
  }

  private func escaped(_ text: String) -> String {
    let names: [Unicode.Scalar: String] = [
      "\\": "\\\\", "\0": "\\0", "\u{8}": "\\b", "\n": "\\n", "\r": "\\r", "\t": "\\t",
    ]
    return text.unicodeScalars.map { names[$0] ?? String($0) }.joined()
  }

  @Test func scalarsKeepTheirText() throws {
    let rows = try Shared.decode(Scalar.self, "corpora/yaml-schema-scalars.json").rows
    #expect(rows.count == 287)
    for row in rows {
      let result = read("- \(row.in)")
      let node = try #require(result.value.documents.first?.root.items.map { $0 }.first)
      let words = row.in.split(separator: " ", maxSplits: 1).map(String.init)
      let isTagged = row.in.hasPrefix("!!")
      let raw = isTagged ? words.dropFirst().first ?? "" : row.in
      #expect(node.text == (raw == "#empty" ? "" : raw))
      #expect(node.isPlain == !row.in.hasPrefix("!!str") || node.isRefused)
      #expect(result.diagnostics.map(\.code) == (isTagged && words[0] != "!!str" ? [.yamlTag] : []))
      if !isTagged { #expect(node.isNull == (row.core?.type == "null"), "\(row.in)") }
    }
  }
}
