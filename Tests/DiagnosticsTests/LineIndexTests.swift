import Diagnostics
import TestSupport
import Testing

@Suite struct LineIndexTests {
  @Test(arguments: [
    ("1️⃣", 1, 1), ("a1️⃣", 1, 2), ("a\n1️⃣", 2, 1), ("a\r\n1️⃣b", 2, 1), ("a\r1️⃣b", 2, 1),
    ("a\n\n\n  1️⃣b", 4, 3), ("é名🙂1️⃣", 1, 4), ("\u{FEFF}a1️⃣", 1, 2), ("a\u{2028}b1️⃣", 1, 4),
  ])
  func countsLinesAndScalarsFromOne(marked: String, line: Int, column: Int) {
    let source = MarkedText(marked)
    let index = LineIndex(SourceText(path: "a", text: source.text))
    let position = index.position(of: source.offset("1️⃣"))
    #expect((position.line, position.column) == (line, column))
  }

  @Test func offsetsOutsideCountAsTheNearestEnd() {
    let index = LineIndex(SourceText(path: "a", text: "ab\ncd"))
    #expect(index.position(of: -5).column == 1)
    #expect(index.position(of: 99).column == 3)
    #expect(index.position(of: 99).line == 2)
  }
}
