import Diagnostics
import Foundation
import Manifests
import Testing

@testable import Views

/// Patches that other programs take.
@Suite struct UnifiedDiffTests {
  /// The diff of replacing each of `changes`, which come once in the text.
  private func diff(_ text: String, _ changes: [(String, String)], path: String = "m/a.yaml")
    -> String
  {
    let sources = Sources([SourceText(path: path, text: text)])
    let bytes = Array(text.utf8)
    let edits = changes.map { old, new in
      let wanted = Array(old.utf8)
      let start = bytes.indices.first { bytes[$0...].starts(with: wanted) } ?? -1
      return TextEdit(SourceID(index: 0), start..<start + wanted.count, new)
    }
    return UnifiedDiff(sources, edits).text
  }

  private static let ten = (1...20).map { "line \($0)\n" }.joined()

  @Test func aChangeStandsBetweenThreeLinesOfEachSide() {
    #expect(
      diff(Self.ten, [("line 9\n", "nine\n")]) == """
        --- a/m/a.yaml
        +++ b/m/a.yaml
        @@ -6,7 +6,7 @@
         line 6
         line 7
         line 8
        -line 9
        +nine
         line 10
         line 11
         line 12

        """)
  }

  @Test func changesThatAreNearStandTogetherAndLaterOnesAreCountedOn() {
    let near = diff(Self.ten, [("line 2\n", "two\nand more\n"), ("line 9\n", "nine\n")])
    #expect(near.components(separatedBy: "@@ -").count == 2)
    #expect(near.contains("@@ -1,12 +1,13 @@\n"))
    let far = diff(Self.ten, [("line 2\n", "two\nand more\n"), ("line 16", "sixteen")])
    #expect(far.contains("@@ -1,5 +1,6 @@\n") && far.contains("@@ -13,7 +14,7 @@\n"), "\(far)")
  }

  @Test func twoChangesOfALineAreOne() {
    #expect(
      diff("a: {x: 1, y: 2}\n", [("1", "3"), ("2", "4")]) == """
        --- a/m/a.yaml
        +++ b/m/a.yaml
        @@ -1,1 +1,1 @@
        -a: {x: 1, y: 2}
        +a: {x: 3, y: 4}

        """)
  }

  @Test func aLineThatIsOnlyPutInIsNotTakenOut() {
    let sources = Sources([SourceText(path: "a.yaml", text: "a: 1\n  b: 2\n")])
    let edit = TextEdit(SourceID(index: 0), 7..<7, "n: 0\n  ")
    #expect(
      UnifiedDiff(sources, [edit]).text == """
        --- a/a.yaml
        +++ b/a.yaml
        @@ -1,2 +1,3 @@
         a: 1
        +  n: 0
           b: 2

        """)
  }

  @Test func theEndWithoutANewLineIsSaid() {
    let text = diff("a: 1\nb: 2", [("2", "3")])
    #expect(
      text.hasSuffix(
        "-b: 2\n\\ No newline at end of file\n+b: 3\n\\ No newline at end of file\n"), "\(text)")
  }

  @Test func carriageReturnsBelongToTheirLines() {
    #expect(diff("a: 1\r\nb: 2\r\n", [("2", "3")]).contains("-b: 2\r\n+b: 3\r\n"))
  }

  @Test(arguments: [
    ("./m/a.yaml", "--- a/m/a.yaml\n"), ("/tmp/a.yaml", "--- a/tmp/a.yaml\n"),
    ("my files/a.yaml", "--- a/my files/a.yaml\t\n"),
    ("ä\"\n.yaml", "--- \"a/\\303\\244\\\"\\012.yaml\"\n"),
  ])
  func pathsAreWrittenAsGitReadsThem(_ path: String, _ line: String) {
    #expect(diff("a: 1\n", [("1", "2")], path: path).hasPrefix(line))
  }

  @Test func nothingIsNoPatch() {
    #expect(diff("a: 1\n", []) == "")
    #expect(diff("a: 1\n", [("1", "1")]) == "")
  }
}
