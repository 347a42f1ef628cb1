import Diagnostics
import TestSupport
import Testing
import YAML

@Suite struct RefusalTests {
  @Test func keysThatStandTwice() {
    check(
      "a: 1\nb: 2\n1️⃣a: 3\n2️⃣\"a\": 4\n",
      reports: [
        ("1️⃣", .yamlDuplicateKey), ("2️⃣", .yamlDuplicateKey),
      ])
    check("- {a: 1, 1️⃣a: 2}\n- {a: 1}\n", reports: [("1️⃣", .yamlDuplicateKey)])
    check("1: a\n1️⃣'1': b\n", reports: [("1️⃣", .yamlDuplicateKey)])
    check("&k a: 1\n1️⃣*k : 2\n", reports: [("1️⃣", .yamlDuplicateKey)])
    check("a: {b: 1}\nc: {b: 1}\nb: 2\n", reports: [])
    check("\u{E9}: 1\ne\u{301}: 2\n", reports: [])
  }

  @Test func keysThatStandTwiceAmongMany() {
    let keys = (0..<200).map { "k\($0): 1\n" }.joined()
    check(
      keys + "1️⃣k7: 2\n2️⃣'k199': 3\n3️⃣k7: 4\n",
      reports: [
        ("1️⃣", .yamlDuplicateKey), ("2️⃣", .yamlDuplicateKey), ("3️⃣", .yamlDuplicateKey),
      ])
    check(keys, reports: [])
  }

  @Test func theFirstOfTwoKeysCounts() {
    let result = read("a: 1\nb: 2\na: 3\n")
    #expect(outline(result.value) == "{a: 1, b: 2}")
    #expect(result.diagnostics.first?.notes.first?.span.range == 0..<1)
  }

  @Test func keysThatAreNoText() {
    check("1️⃣{a: b}: c\n", reports: [("1️⃣", .yamlKeyNotScalar)])
    check("? 1️⃣[a, b]\n: c\n", reports: [("1️⃣", .yamlKeyNotScalar)])
    check("a: &x {b: c}\n1️⃣*x : d\n", reports: [("1️⃣", .yamlKeyNotScalar)])
    check("?1️⃣\n: a\n", reports: [("1️⃣", .yamlEmptyKey)])
    check("'': a\n", reports: [])
    check("name: {1️⃣{ .Values.name }}\n", reports: [("1️⃣", .yamlKeyNotScalar)])
    #expect(outline(read("{a: b}: c\nd: e\n").value) == "{d: e}")
  }

  @Test func mergeKeys() {
    check("x: &a {b: c}\ny: {1️⃣<<: *a, d: e}\n", reports: [("1️⃣", .yamlMergeKey)])
    check("'<<': a\n\"<<\\x3c\": b\n", reports: [])
  }

  @Test func tagsButStr() {
    check(
      "a: 1️⃣!!int 5\nb: 2️⃣!custom x\nc: 3️⃣! y\nd: !!str 6\n",
      reports: [
        ("1️⃣", .yamlTag), ("2️⃣", .yamlTag), ("3️⃣", .yamlTag),
      ])
    check("a: 1️⃣!!python/object/apply:os.system [ls]\n", reports: [("1️⃣", .yamlTag)])
    check("1️⃣!!map {a: b}\n", reports: [("1️⃣", .yamlTag)])
    check("a: 1️⃣!<tag:yaml.org,2002:int> 5\n", reports: [("1️⃣", .yamlTag)])
  }

  @Test func aliases() {
    check("a: 1️⃣*nope\n", reports: [("1️⃣", .yamlUndefinedAlias)])
    check("a: &x 1\n---\nb: 1️⃣*x\n", reports: [("1️⃣", .yamlUndefinedAlias)])
    check("a: 1️⃣*x\nb: &x 1\n", reports: [("1️⃣", .yamlUndefinedAlias)])
    check("&x a: {b: &y [1️⃣*y]}\n", reports: [("1️⃣", .yamlRecursiveAlias)])
    check("&x {a: {b: 1️⃣*x}}\n", reports: [("1️⃣", .yamlRecursiveAlias)])
    check("- &x 1\n- &x [2]\n- *x\n", reports: [])
    #expect(outline(read("- &x 1\n- &x [2]\n- *x\n").value) == "[1, [2], [2]]")
    let help = read("a: &base 1\nb: *bse\n").diagnostics.first?.help
    #expect(help == "did you mean '*base'?")
  }

  @Test func aNodeThatWasReportedSaysSo() throws {
    let root = try #require(read("a: *x\nb: !t 1\nc: 2\n").value.documents.first?.root)
    #expect(root.entries.map { $0.value.isRefused } == [true, true, false])
  }

  @Test func directives() {
    check("1️⃣%TAG ! tag:x,2000:\n---\na: b\n", reports: [("1️⃣", .yamlDirective)])
    check("1️⃣%YAML 1.3\n---\na: b\n", reports: [("1️⃣", .yamlDirective)])
    check("1️⃣%YAML\n---\n2️⃣%FOO\n", reports: [("1️⃣", .yamlDirective), ("2️⃣", .yamlDirective)])
    check("%YAML 1.1 # old\n---\na: 5%\n", reports: [])
    check("a: %b\n".replacing("%b", with: "'%b'"), reports: [])
    check("a: b\r1️⃣%TAG ! x\n", reports: [("1️⃣", .yamlDirective)])
  }

  @Test(arguments: [
    "\0", "\u{1}", "\u{8}", "\u{B}", "\u{1B}", "\u{7F}", "\u{80}", "\u{9F}",
    "\u{FEFF}", "\u{FFFE}", "\u{FFFF}",
  ])
  func charactersThatCannotBeSeen(character: String) {
    let control: [(String, Code)] = [("1️⃣", .yamlControlCharacter)]
    check("key: value 1️⃣\(character)\n", reports: control)
    check("# a comment that is longer than the lanes 1️⃣\(character)\n", reports: control)
    check("a: '1️⃣\(character)'\n", reports: control)
  }

  @Test(arguments: ["\u{85}", "\u{2028}", "\u{2029}"])
  func charactersThatEndALineUnseen(character: String) {
    check("a: b1️⃣\(character)c: d\n", reports: [("1️⃣", .yamlLineSeparator)])
    check("a: \"b1️⃣\(character)\"\n", reports: [("1️⃣", .yamlLineSeparator)])
  }

  @Test func allOfThemAreShown() {
    check(
      "a: 1️⃣\u{1}\nb: 2️⃣\u{2028}\n3️⃣%TAG\n",
      reports: [
        ("1️⃣", .yamlControlCharacter), ("2️⃣", .yamlLineSeparator), ("3️⃣", .yamlDirective),
      ])
  }

  @Test(
    arguments: [
      ([0xFF, 0xFE, 0x61, 0x00], 0), ([0xFE, 0xFF, 0x00, 0x61], 0), ([0x61, 0x00, 0x3A, 0x00], 0),
      ([0x00, 0x00, 0x00, 0x61], 0), ([0x61, 0xFF], 1), ([0x61, 0xC3], 1), ([0xC0, 0x80], 0),
      ([0xED, 0xA0, 0x80], 0), ([0xF4, 0x90, 0x80, 0x80], 0), ([0x61, 0x80, 0x62], 1),
    ] as [([UInt8], Int)])
  func encodingsButUTF8(bytes: [UInt8], offset: Int) {
    let first = read(bytes: bytes).diagnostics.first
    #expect(first?.code == .yamlEncoding)
    guard case .span(let span) = first?.place else { Issue.record("no place"); return }
    #expect(span.range.lowerBound == offset)
  }

  @Test func brokenSyntaxKeepsTheDocumentsBefore() {
    check("a: b\n---\nc: [d\n1️⃣---\ne: f\n", reports: [("1️⃣", .yamlSyntax)])
    #expect(outline(read("a: b\n---\nc: [d\n---\ne: f\n").value) == "{a: b}")
    check("a: b\n1️⃣\tc: d\n", reports: [("1️⃣", .yamlSyntax)])
    check("é: 名\nb: c1️⃣: d\n", reports: [("1️⃣", .yamlSyntax)])
    check("a: 'b1️⃣", reports: [("1️⃣", .yamlSyntax)])
    check("a: \"1️⃣\\q\"", reports: [("1️⃣", .yamlSyntax)])
  }
}
