import Diagnostics
import TestSupport
import Testing

extension Code {
  fileprivate static let sample = Code("area", "what")
}

/// One source, one place between the marks 1️⃣ and 2️⃣, as text.
private func render(
  _ marked: String, _ message: String = "no", help: String? = nil, columnsMax: Int = 100
) -> String {
  let source = MarkedText(marked)
  let span = Span(source: SourceID(index: 0), range: source.offset("1️⃣")..<source.offset("2️⃣"))
  let sources = Sources([SourceText(path: "a.yaml", text: source.text)])
  return DiagnosticRenderer(sources: sources, columnsMax: columnsMax)
    .render(Diagnostic(.sample, message, at: .span(span), help: help))
}

@Suite struct RendererTests {
  @Test func showsTheLineTheUnderlineAndAWayOut() {
    let text = render(
      "spec:\n  1️⃣gpuss2️⃣: 8\n", "unknown field 'gpuss'", help: "did you mean 'gpus'?")
    #expect(
      text == """
        error[area/what]: unknown field 'gpuss'
         --> a.yaml:2:3
          |
        2 |   gpuss: 8
          |   ^^^^^
          = help: did you mean 'gpus'?

        """)
  }

  @Test func theGutterIsAsWideAsTheLargestLineNumber() {
    let text = render(String(repeating: "#\n", count: 9) + "1️⃣a2️⃣: b")
    #expect(
      text == """
        error[area/what]: no
          --> a.yaml:10:1
           |
        10 | a: b
           | ^

        """)
  }

  @Test(
    arguments: [
      ("an empty place", "a:1️⃣2️⃣", "a:", "  ^"),
      ("the end of the file", "a: b\n1️⃣2️⃣", "", "^"),
      ("an empty file", "1️⃣2️⃣", "", "^"),
      ("more than one line", "a: 1️⃣b\n  c2️⃣", "a: b", "   ^"),
      ("CRLF", "a: 1️⃣b2️⃣\r\nc: d\r\n", "a: b", "   ^"),
      ("a byte order mark", "\u{FEFF}1️⃣a2️⃣: b", "a: b", "^"),
      ("tabs", "a\tb:\t1️⃣x2️⃣", "a   b:  x", "        ^"),
      ("wide characters", "名: 1️⃣値段2️⃣ 4", "名: 値段 4", "    ^^^^"),
      ("combining characters", "e\u{301}: 1️⃣b2️⃣", "e\u{301}: b", "   ^"),
      ("escape sequences", "a: 1️⃣\u{1B}[2J2️⃣x", "a: \\u{1B}[2Jx", "   ^^^^^^^^^"),
      ("other writing directions", "a: \u{202E}1️⃣b2️⃣", "a: \\u{202E}b", "           ^"),
    ] as [(String, String, String, String)])
  func shows(what: String, marked: String, line: String, underline: String) {
    let lines = render(marked).split(separator: "\n", omittingEmptySubsequences: false)
    let number = marked.hasPrefix("a: b\n") ? "2" : "1"
    #expect(lines[3] == (line.isEmpty ? "\(number) |" : "\(number) | \(line)"), "\(what)")
    #expect(lines[4] == "  | \(underline)", "\(what)")
  }

  @Test func bytesThatAreNoTextAreWrittenOut() {
    let sources = Sources([SourceText(path: "a.yaml", bytes: [0x61, 0xFF, 0xC3, 0x28])])
    let span = Span(source: SourceID(index: 0), range: 1..<2)
    let text = DiagnosticRenderer(sources: sources)
      .render(Diagnostic(.sample, "no", at: .span(span)))
    #expect(text.contains("1 | a\\x{FF}\\x{C3}(\n  |  ^^^^^^\n"))
  }

  @Test func longLinesAreCutAroundThePlace() {
    let far = String(repeating: "x", count: 1_000)
    #expect(
      render("1️⃣a2️⃣: \(far)", columnsMax: 20).contains("1 | a: xxxxxxxxxxxxxxxxx…\n  | ^\n"))
    #expect(
      render("\(far) 1️⃣here2️⃣ \(far)", columnsMax: 20)
        .contains("1 | …xxxxx here xxxxxxxxx…\n  |        ^^^^\n"))
    #expect(
      render("\(far) 1️⃣here2️⃣", columnsMax: 20).contains("1 | …xxxxx here\n  |        ^^^^\n"))
    let line = String(repeating: "x", count: 20)
    #expect(
      render("1️⃣\(far)2️⃣", columnsMax: 20)
        .contains("1 | \(line)…\n  | \(String(repeating: "^", count: 20))\n"))
  }

  @Test func messagesPathsAndHelpCannotSpeakToTheTerminal() {
    let text = DiagnosticRenderer(sources: Sources()).render(
      Diagnostic(.sample, "a\u{1B}[31m\nb", at: .path("x\r\u{7}"), help: "c\u{9B}d"))
    #expect(
      text == """
        error[area/what]: a\\u{1B}[31m\\u{A}b
         --> x\\u{D}\\u{7}
          = help: c\\u{9B}d

        """)
  }

  @Test func otherPlacesFollowWithTheirText() {
    var sources = Sources()
    let first = sources.add(SourceText(path: "a.yaml", text: "name: a\n"))
    let second = sources.add(
      SourceText(path: "b.yaml", text: String(repeating: "\n", count: 11) + "name: a\n"))
    let diagnostic = Diagnostic(
      .sample, "the name 'a' a second time", at: .span(Span(source: second, range: 17..<18)),
      notes: [Diagnostic.Note(span: Span(source: first, range: 6..<7), text: "first used here")],
      help: "rename one", severity: .warning)
    #expect(
      DiagnosticRenderer(sources: sources).render(diagnostic) == """
        warning[area/what]: the name 'a' a second time
          --> b.yaml:12:7
           |
        12 | name: a
           |       ^
          ::: a.yaml:1:7
           |
        1  | name: a
           |       - first used here
           = help: rename one

        """)
  }

  @Test func allAreShownInOrderOnceWithASummary() {
    let sources = Sources([
      SourceText(path: "a.yaml", text: "a: b"), SourceText(path: "b.yaml", text: "c: d"),
    ])
    func at(_ source: Int, _ offset: Int) -> Diagnostic {
      let span = Span(source: SourceID(index: source), range: offset..<offset + 1)
      return Diagnostic(.sample, "place", at: .span(span))
    }
    let diagnostics = [
      at(1, 0), at(0, 3), at(0, 0), at(1, 0),
      Diagnostic(.sample, "path", at: .path("z"), severity: .warning),
      Diagnostic(.sample, "line", at: .invocation),
    ]
    expectSnapshot(DiagnosticRenderer(sources: sources).render(diagnostics), "all.txt")
    expectSnapshot(
      DiagnosticRenderer(sources: sources, colour: true).render(diagnostics), "all-colour.txt")
    #expect(DiagnosticRenderer(sources: sources).render([]) == "")
  }

  @Test func namesThatUnicodeCallsEqualAreStillTwo() {
    let nfc = Diagnostic(.sample, "'\u{E9}'", at: .invocation)
    let nfd = Diagnostic(.sample, "'e\u{301}'", at: .invocation)
    #expect(Diagnostic.ordered([nfc, nfd, nfc]).count == 2)
  }

  @Test(
    arguments: [
      (0, 0, nil), (1, 0, "1 error"), (0, 1, "1 warning"), (2, 1, "2 errors, 1 warning"),
      (3, 2, "3 errors, 2 warnings"),
    ] as [(Int, Int, String?)])
  func sums(errors: Int, warnings: Int, summary: String?) {
    let list =
      Array(repeating: Diagnostic(.sample, "", at: .invocation), count: errors)
      + Array(
        repeating: Diagnostic(.sample, "", at: .invocation, severity: .warning), count: warnings)
    #expect(DiagnosticRenderer.summary(of: list) == summary)
  }
}
