import Diagnostics
import TestSupport
import Testing
import YAML

@Suite struct TreeTests {
  @Test(
    arguments: [
      ("", ""),
      ("# nothing\n", ""),
      ("---\n---\n", "null | null"),
      ("a: b\nc: [d, {e: f}]\n", "{a: b, c: [d, {e: f}]}"),
      ("- a\n-\n  - b\n  - c: d\n    e: f\n", "[a, [b, {c: d, e: f}]]"),
      ("a: 1\n---\nb: 2\n...\n", "{a: 1} | {b: 2}"),
      ("\u{FEFF}a: b", "{a: b}"),
      ("a: b\r\nc: d\r\n", "{a: b, c: d}"),
      ("%YAML 1.2\n---\na: b\n", "{a: b}"),
      ("{}", "{}"), ("[]", "[]"), ("[[], {}]", "[[], {}]"),
      ("a:\nb: ~\nc: null\nd: NULL\ne: Null\n", "{a: null, b: null, c: null, d: null, e: null}"),
      ("a: ''\nb: 'null'\nc: \"~\"\nd: nULL\n", "{a: \"\", b: \"null\", c: \"~\", d: nULL}"),
      ("a: !!str null\nb: !!str\n", "{a: \"null\", b: \"\"}"),
      ("a: no\nb: 1.10\nc: 0777\nd: 1:30\n", "{a: no, b: 1.10, c: 0777, d: 1:30}"),
      ("a: b\n c\n\n d\n", "{a: b c\nd}"),
      ("a: |\n  b\n  c\nd: >-\n  e\n  f\n", "{a: \"b\nc\n\", d: \"e f\"}"),
      (#"a: "x\0y\u00e9\x41""#, "{a: \"x\0y\u{E9}A\"}"),
      ("a: 'it''s'\n", "{a: \"it's\"}"),
      ("x: &a [1, 2]\ny: *a\n", "{x: [1, 2], y: [1, 2]}"),
      ("&k name: a\nb: *k\n*k : c", "{name: a, b: name}"),
      ("? explicit\n: value\n", "{explicit: value}"),
      ("1: a\n'2': b\n", "{1: a, 2: b}"),
      ("&x é: &y 名\nb: *y\n", "{é: 名, b: 名}"),
    ] as [(String, String)])
  func reads(text: String, tree: String) {
    #expect(outline(read(text).value) == tree)
  }

  @Test(
    arguments: [
      ("a: 1️⃣value2️⃣ # c\n", "a"),
      ("é: '名'\nb: 1️⃣\"🙂\"2️⃣\nc: d", "b"),
      ("\u{FEFF}a: 1️⃣b2️⃣", "a"),
      ("a:\n  1️⃣b: c\n  d: [e, f]2️⃣\n\n# end\ng: h", "a"),
      ("a: 1️⃣[b,\n c]2️⃣\n", "a"),
      ("a: 1️⃣{}2️⃣", "a"),
      ("a:1️⃣2️⃣\nb: c", "a"),
      ("a: 1️⃣&x b2️⃣", "a"),
      ("b: &x c\na: 1️⃣*x2️⃣\n", "a"),
      ("a: 1️⃣b\n  c2️⃣\nd: e", "a"),
    ] as [(String, String)])
  func knowsWhereANodeStands(marked: String, key: String) throws {
    let source = MarkedText(marked)
    let root = try #require(read(source.text).value.documents.first?.root)
    let span = try #require(root[key]?.span)
    #expect(span.range == source.offset("1️⃣")..<source.offset("2️⃣"))
  }

  @Test func anAliasKnowsBothPlaces() throws {
    let source = MarkedText("a: 1️⃣&x {b: c}\nd: 2️⃣*x\n")
    let root = try #require(read(source.text).value.documents.first?.root)
    let alias = try #require(root["d"])
    #expect(alias.span.range.lowerBound == source.offset("2️⃣"))
    #expect(alias.definition?.range.lowerBound == source.offset("1️⃣"))
    #expect(root["a"]?.definition == nil)
    #expect(alias["b"]?.text == "c")
    #expect(alias.count == 1)
  }

  @Test func tellsStylesApart() throws {
    let text = "a: b\nc: 'd'\ne: \"f\"\ng: |\n h\ni: >\n j\nk: [l]\nm:\n- n\n"
    let root = try #require(read(text).value.documents.first?.root)
    let styles = root.entries.map { $0.value.style }
    #expect(styles == [.plain, .singleQuoted, .doubleQuoted, .literal, .folded, .flow, .block])
    #expect(root.entries.map { $0.value.isPlain }.filter { $0 }.count == 1)
  }

  @Test func aNodeAnswersForItsKindOnly() throws {
    let root = try #require(read("a: [b]").value.documents.first?.root)
    #expect(root.text == nil)
    #expect(root.utf8.isEmpty)
    #expect(root.items.map(\.kind) == [])
    #expect(root["a"]?.entries.map(\.name) == [])
    #expect(root["a"]?["b"] == nil)
    #expect(root["z"] == nil)
    #expect(!root.isNull)
    let scalar = try #require(root["a"]?.items.map { $0 }.first)
    #expect(scalar.count == 0 && scalar.hasText("b") && !scalar.hasText("c"))
  }

  @Test func keysAreFoundByTheirBytes() throws {
    let root = try #require(read("caf\u{E9}: 1\ncafe\u{301}: 2\n").value.documents.first?.root)
    #expect(root.count == 2)
    #expect(root["caf\u{E9}"]?.text == "1")
    #expect(root["cafe\u{301}"]?.text == "2")
  }
}
