import Diagnostics
import TestSupport
import Testing
import YAML

/// An input made to cost far more than its size, known in a log by its name and not by its megabyte.
private struct Costly: CustomTestStringConvertible {
  let name: String
  let text: String

  var testDescription: String { name }

  init(_ name: String, _ text: String) {
    self.name = name
    self.text = text
  }
}

/// Inputs made to cost far more than their size, and inputs that are noise.
@Suite(.timeLimit(.minutes(1))) struct HostileTests {
  private static func times(_ count: Int, _ text: String) -> String {
    String(repeating: text, count: count)
  }

  private static func each(_ count: Int, _ text: (Int) -> String) -> String {
    (0..<count).map(text).joined()
  }

  private static let costly = [
    Costly("brackets", times(1 << 20, "[")),
    Costly("braces", times(1 << 20, "{")),
    Costly("dashes", times(1 << 19, "- ")),
    Costly("question marks", times(1 << 19, "? ")),
    Costly("TAG lines", times(49_000, "%TAG !a! tag:a,2000:\n")),
    Costly("anchors", times(140_000, "- &a b\n")),
    Costly("other anchors", each(60_000) { "- &a\($0) b\n" }),
    Costly("aliases", "- &a b\n" + times(170_000, "- *a\n")),
    Costly("keys", "{" + each(90_000) { "k\($0):," } + "}"),
    Costly("the same key", "{" + times(300_000, "k:,") + "}"),
    Costly("long keys", each(1_000) { times(1_000, "x") + "\($0): a\n" }),
    Costly("a long line", "a: " + times(130_000, "x ")),
    Costly("a line beyond ASCII", "[" + times(90_000, "é,") + "]"),
    Costly("quotes", times(1 << 18, "\"\" ")),
    Costly("documents", times(170_000, "--- a\n")),
    Costly("comments", times(1 << 19, "#\n")),
    Costly("percent signs", times(1 << 20, "%")),
  ]

  @Test(arguments: costly)
  private func costsNoMoreThanItsSize(_ input: Costly) {
    let result = read(input.text)
    #expect(result.diagnostics.count <= YAMLLimits.standard.problemsMax + 1)
    expectSound(result, input.text.utf8.count, input.name)
  }

  private static let seeds = [
    "a: b\nc: [d, {e: f}]\n---\n- g\n- 'h'\n- \"\\x41\"\n- |\n  i\n- >-\n  j\n",
    "x: &a {b: c}\ny: *a\n? k\n: v\n%YAML 1.2\n--- !!str z\n...\n",
    "é: 名\n\u{1F642}: [\u{2028}]\nkey: &n !t 'it''s'\n# comment\n<<: *n\n",
  ]

  @Test(arguments: 0..<40 as Range<UInt64>)
  func noiseIsReadWithoutHarm(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<100 {
      var bytes = Array(Self.seeds.randomElement(using: &random, or: "").utf8)
      for _ in 0..<Int.random(in: 1...8, using: &random) { mutate(&bytes, &random) }
      let result = read(bytes: bytes)
      expectSound(result, bytes.count, "seed \(seed): \(bytes)")
      #expect(result.diagnostics == read(bytes: bytes).diagnostics, "seed \(seed)")
    }
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
    let marks = Array("[]{}:,-?&*!|>'\"%#\n\t <~\0\u{80}\u{FF}".utf8)
    let index = Int.random(in: 0...bytes.count, using: &random)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: bytes.insert(marks[Int.random(in: 0..<marks.count, using: &random)], at: index)
    case 1: bytes.removeSubrange(index..<min(bytes.count, index + 2))
    case 2 where index < bytes.count: bytes[index] = UInt8.random(in: 0...255, using: &random)
    default: bytes.insert(contentsOf: bytes[index..<min(bytes.count, index + 9)], at: index)
    }
  }
}

/// What holds for every result: places within the bytes, children within their parents, counts
/// right.
private func expectSound(
  _ result: Diagnosed<YAMLFile>, _ byteCount: Int, _ comment: String = ""
) {
  for diagnostic in result.diagnostics {
    guard case .span(let span) = diagnostic.place else { continue }
    #expect(span.range.lowerBound >= 0 && span.range.upperBound <= byteCount, "\(comment)")
  }
  for document in result.value.documents {
    var open = [document.root]
    var visited = 0
    while let node = open.popLast(), visited < 200_000 {
      visited += 1
      let inside = (node.definition ?? node.span).range
      let children = node.items.map { $0 } + node.entries.flatMap { [$0.key, $0.value] }
      let isOrdered = children.allSatisfy {
        inside.lowerBound <= $0.span.range.lowerBound && $0.span.range.upperBound <= byteCount
      }
      if !isOrdered { Issue.record("a child outside of its parent; \(comment)") }
      if node.kind == .sequence, node.count != children.count {
        Issue.record("\(node.count) items, \(children.count) found; \(comment)")
      }
      open += children
    }
  }
}

extension Collection {
  fileprivate func randomElement(
    using random: inout SeededRandom, or other: Element
  ) -> Element { randomElement(using: &random) ?? other }
}
