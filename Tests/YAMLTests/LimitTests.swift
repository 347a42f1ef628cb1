import Diagnostics
import TestSupport
import Testing
import YAML

private func limits(_ change: (inout YAMLLimits) -> Void) -> YAMLLimits {
  var limits = YAMLLimits.standard
  change(&limits)
  return limits
}

private func codes(_ text: String, _ limits: YAMLLimits = .standard) -> [Code] {
  read(text, limits: limits).diagnostics.map(\.code)
}

/// Each limit at the limit, and one beyond.
@Suite struct LimitTests {
  @Test func bytesOfAFile() {
    let fair = "a: " + String(repeating: "# ", count: (1 << 19) - 2) + "b"
    #expect(fair.utf8.count == 1 << 20)
    #expect(codes(fair) == [])
    #expect(codes(fair + " ") == [.yamlTooLarge])
    #expect(read(fair + " ").diagnostics.first?.place == .path("a.yaml"))
  }

  @Test func documents() {
    let three = limits { $0.documentsMax = 3 }
    check("a\n---\nb\n---\nc\n", limits: three, reports: [])
    check(
      "a\n---\nb\n---\nc\n1️⃣---\nd\n", limits: three,
      reports: [("1️⃣", .yamlTooManyDocuments)])
    #expect(outline(read("a\n---\nb\n---\nc\n---\nd\n", limits: three).value) == "a | b | c")
    #expect(codes(String(repeating: "---\n", count: 1_000)) == [])
    #expect(codes(String(repeating: "---\n", count: 1_001)) == [.yamlTooManyDocuments])
  }

  @Test func events() {
    // The stream's start, a document's start and end, a sequence's start and end, and three items.
    let text = "[a, b, c]"
    #expect(codes(text, limits { $0.eventsMax = 8 }) == [])
    #expect(codes(text, limits { $0.eventsMax = 7 }) == [.yamlTooManyEvents])
  }

  @Test func depth() {
    func nest(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(codes(nest(64)) == [])
    #expect(codes(nest(65)) == [.yamlTooDeep])
    #expect(codes(nest(50_000)) == [.yamlTooDeep])
    #expect(codes(String(repeating: "- ", count: 64) + "a") == [])
    #expect(codes(String(repeating: "- ", count: 65) + "a") == [.yamlTooDeep])
    check("[[1️⃣[]]]", limits: limits { $0.depthMax = 2 }, reports: [("1️⃣", .yamlTooDeep)])
  }

  @Test func depthThroughAliases() {
    let four = limits { $0.depthMax = 4 }
    check("- &a [[x]]\n- [*a]\n", limits: four, reports: [])
    check("- &a [[x]]\n- [[1️⃣*a]]\n", limits: four, reports: [("1️⃣", .yamlTooDeep)])
    check(
      "- &a [x]\n- &b [*a]\n- &c [*b]\n- [1️⃣*c]\n", limits: four,
      reports: [("1️⃣", .yamlTooDeep)])
  }

  @Test func bytesOfAScalar() {
    let fair = String(repeating: "x", count: 256 << 10)
    for (open, close) in [("", ""), ("'", "'"), ("\"", "\""), ("|\n ", "")] {
      #expect(codes("a: \(open)\(fair)\(close)") == [])
      #expect(codes("a: \(open)\(fair)y\(close)") == [.yamlScalarTooLarge])
    }
    let two = limits { $0.scalarBytesMax = 2 }
    check("a: é\nb: 1️⃣éx\n", limits: two, reports: [("1️⃣", .yamlScalarTooLarge)])
  }

  @Test func aliases() {
    let text = "a: &x 1\nb: [" + Array(repeating: "*x", count: 100).joined(separator: ", ")
    #expect(codes(text + "]") == [])
    #expect(codes(text + ", *x]") == [.yamlTooManyAliases])
    let one = limits { $0.aliasesMax = 1 }
    check(
      "- &a 1\n- *a\n---\n- &a 1\n- 1️⃣*a\n", limits: one,
      reports: [("1️⃣", .yamlTooManyAliases)])
  }

  @Test func nodes() {
    let five = limits { $0.nodesMax = 5 }
    check("{a: b, c: d}", limits: five, reports: [])
    check("{a: b, c: d, 1️⃣e: f}", limits: five, reports: [("1️⃣", .yamlTooManyNodes)])
    check("[a, b, c, d, 1️⃣[]]", limits: five, reports: [("1️⃣", .yamlTooManyNodes)])
    let items = String(repeating: "- a\n", count: 99_999)
    #expect(codes(items) == [])
    #expect(codes(items + "- a\n") == [.yamlTooManyNodes])
  }

  @Test func nodesThroughAliases() {
    let nine = limits { $0.nodesMax = 9 }
    check("- &a [x, y]\n- *a\n- b\n- c\n", limits: nine, reports: [])
    check(
      "- &a [x, y]\n- *a\n- b\n- c\n- 1️⃣d\n", limits: nine,
      reports: [("1️⃣", .yamlTooManyNodes)])
    check("- &a [x, y]\n- *a\n- 1️⃣*a\n", limits: nine, reports: [("1️⃣", .yamlTooManyNodes)])
  }

  @Test func aBillionLaughs() {
    var text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
    for level in 1...9 {
      let inner = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(inner)]\n"
    }
    #expect(codes(text) == [.yamlTooManyNodes])
    // Nine levels would be 3.9e8 nodes: too many even for what programs write.
    #expect(codes(text, limits { $0.nodesMax = 10_000_000 }) == [.yamlTooManyNodes])
  }

  @Test func problems() {
    let two = limits { $0.problemsMax = 2 }
    check("[1️⃣!a x, 2️⃣!a y]", limits: two, reports: [("1️⃣", .yamlTag), ("2️⃣", .yamlTag)])
    check(
      "[1️⃣!a x, 2️⃣!a y, 3️⃣!a z, !a w]", limits: two,
      reports: [("1️⃣", .yamlTag), ("2️⃣", .yamlTag), ("3️⃣", .yamlTooManyProblems)])
    #expect(codes(String(repeating: "\u{1}", count: 1 << 20)).count == 101)
    #expect(codes(String(repeating: "- !a x\n", count: 10_000)).count == 101)
  }

  @Test func filesAndBytesOfASet() {
    let limits = YAMLLimits.standard
    #expect(limits.refusal(files: 10_000, bytes: 16 << 20, of: "m") == nil)
    #expect(limits.refusal(files: 10_001, bytes: 0, of: "m")?.code == .yamlTooManyFiles)
    #expect(limits.refusal(files: 1, bytes: 16 << 20 + 1, of: "m")?.code == .yamlSetTooLarge)
  }

  @Test func limitsBeyondOurOwnArithmeticAreCut() {
    let endless = limits {
      $0.fileBytesMax = .max
      $0.eventsMax = .max
      $0.nodesMax = .max
      $0.scalarBytesMax = .max
      $0.aliasesMax = .max
      $0.depthMax = .max
      $0.documentsMax = .max
      $0.problemsMax = .max
    }
    var text = "a0: &a0 [x, x]\n"
    for level in 1...100 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    #expect(codes(text, endless) == [.yamlTooManyNodes])
  }

  @Test func deepTreesAreReleasedWithoutAStack() {
    let deep = limits { $0.depthMax = 20_000 }
    let text = String(repeating: "[", count: 20_000) + String(repeating: "]", count: 20_000)
    let result = read(text, limits: deep)
    #expect(result.diagnostics == [])
    #expect(result.value.documents.first?.root.count == 1)
  }
}
