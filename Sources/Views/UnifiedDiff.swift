public import Diagnostics
public import Manifests

/// Changes of files as `git apply` and `patch -p1` take them.
///
/// Lines end with LF here and nowhere else, as for those programs: what stands before it, such as a CR,
/// belongs to the line.
public struct UnifiedDiff: Sendable {
  public let text: String

  /// Lines around a change that are shown, so that it is found where others moved it.
  private static let contextLines = 3

  /// Of `sources`, with `edits` made, which don't overlap.
  public init(_ sources: Sources, _ edits: [TextEdit]) {
    let byFile = Dictionary(grouping: edits, by: \.source)
    text = byFile.sorted { $0.key < $1.key }.map { source, edits in
      Self.file(sources[source], edits.inOrder)
    }.joined()
  }

  private static func file(_ source: SourceText, _ edits: [TextEdit]) -> String {
    let path = source.path.hasPrefix("./") ? String(source.path.dropFirst(2)) : source.path
    let rooted = path.hasPrefix("/") ? path : "/" + path
    let old = Lines(source.bytes)
    let changes = changes(old, edits)
    guard !changes.isEmpty else { return "" }
    var text = "--- \(quoted("a" + rooted))\n+++ \(quoted("b" + rooted))\n"
    var shift = 0
    var rest = changes[...]
    while let first = rest.first {
      // Changes whose lines around them meet are shown together.
      var hunk = [first]
      rest = rest.dropFirst()
      while let next = rest.first, let last = hunk.last,
        next.lines.lowerBound - last.lines.upperBound <= 2 * contextLines
      {
        hunk.append(next)
        rest = rest.dropFirst()
      }
      text += Self.hunk(hunk, old, &shift)
    }
    return text
  }

  /// Lines that become others.
  private struct Change {
    var lines: Range<Int>
    var new: [[UInt8]]
  }

  private static func changes(_ old: Lines, _ edits: [TextEdit]) -> [Change] {
    var changes: [Change] = []
    var rest = edits[...]
    while let first = rest.first {
      var together = [first]
      rest = rest.dropFirst()
      var lines = old.lines(of: first.range)
      while let next = rest.first, case let more = old.lines(of: next.range),
        more.lowerBound < lines.upperBound
      {
        lines = lines.lowerBound..<max(lines.upperBound, more.upperBound)
        together.append(next)
        rest = rest.dropFirst()
      }
      let start = old.start(of: lines.lowerBound)
      var bytes = Array(old.bytes[start..<old.start(of: lines.upperBound)])
      for edit in together.reversed() {
        let range = edit.range.lowerBound - start..<edit.range.upperBound - start
        bytes.replaceSubrange(range, with: edit.text.utf8)
      }
      if let change = trimmed(lines, Lines(bytes).all, old) { changes.append(change) }
    }
    return changes
  }

  /// Without lines at either end that stay as they are.
  private static func trimmed(_ lines: Range<Int>, _ new: [[UInt8]], _ old: Lines) -> Change? {
    var (lines, new) = (lines, new[...])
    while let first = new.first, !lines.isEmpty, old.all[lines.lowerBound] == first {
      lines = lines.lowerBound + 1..<lines.upperBound
      new = new.dropFirst()
    }
    while let last = new.last, !lines.isEmpty, old.all[lines.upperBound - 1] == last {
      lines = lines.lowerBound..<lines.upperBound - 1
      new = new.dropLast()
    }
    return lines.isEmpty && new.isEmpty ? nil : Change(lines: lines, new: Array(new))
  }

  private static func hunk(_ changes: [Change], _ old: Lines, _ shift: inout Int) -> String {
    let start = max(0, (changes.first?.lines.lowerBound ?? 0) - contextLines)
    let end = min(old.all.count, (changes.last?.lines.upperBound ?? 0) + contextLines)
    var body = ""
    var next = start
    var added = 0
    func write(_ mark: Character, _ line: [UInt8]) {
      let isWhole = line.last == UInt8(ascii: "\n")
      body += "\(mark)\(String(decoding: line, as: UTF8.self))"
      if !isWhole { body += "\n\\ No newline at end of file\n" }
    }
    for change in changes {
      for line in old.all[next..<change.lines.lowerBound] { write(" ", line) }
      for line in old.all[change.lines] { write("-", line) }
      for line in change.new { write("+", line) }
      added += change.new.count - change.lines.count
      next = change.lines.upperBound
    }
    for line in old.all[next..<end] { write(" ", line) }
    let count = end - start
    defer { shift += added }
    return "@@ -\(start + 1),\(count) +\(start + 1 + shift),\(count + added) @@\n" + body
  }

  /// A path with characters that would end it is quoted as Git does it.
  private static func quoted(_ path: String) -> String {
    let isPlain = path.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C && $0 < 0x7F }
    // A tab ends the name where a space is in it.
    guard !isPlain else { return path.utf8.contains(0x20) ? path + "\t" : path }
    let bytes = path.utf8.map { byte -> String in
      switch byte {
      case 0x22: return "\\\""
      case 0x5C: return "\\\\"
      case 0x20..<0x7F: return String(UnicodeScalar(byte))
      default:
        let digits = String(byte, radix: 8)
        return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
      }
    }
    return "\"\(bytes.joined())\""
  }
}

/// A text as lines with their ends.
private struct Lines {
  let bytes: [UInt8]
  private let starts: [Int]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var starts: [Int] = bytes.isEmpty ? [] : [0]
    for (offset, byte) in bytes.enumerated()
    where byte == UInt8(ascii: "\n") && offset + 1 < bytes.count {
      starts.append(offset + 1)
    }
    self.starts = starts
    all = starts.indices.map { index in
      Array(bytes[starts[index]..<(index + 1 < starts.count ? starts[index + 1] : bytes.count)])
    }
  }

  let all: [[UInt8]]

  func start(of line: Int) -> Int { line < starts.count ? starts[line] : bytes.count }

  /// Those that a range of bytes touches; an empty one touches the line that it stands in.
  func lines(of range: Range<Int>) -> Range<Int> {
    let first = max(0, (starts.firstIndex { $0 > range.lowerBound } ?? starts.count) - 1)
    let end = range.isEmpty ? range.upperBound : range.upperBound - 1
    let last = max(first, (starts.firstIndex { $0 > end } ?? starts.count) - 1)
    return first..<min(last + 1, max(starts.count, first))
  }
}
