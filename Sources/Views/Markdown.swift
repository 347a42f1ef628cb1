import Diagnostics

/// Text for a forge's comments. Whatever comes from a file stands in code, where a forge neither lays it
/// out nor calls anybody.
enum Markdown {
  /// Bytes of a comment: forges count characters and refuse more than 65,536 of them.
  static let commentBytesMax = 65_000

  /// `head`, the sections folded, and `footer`; what doesn't fit is cut at a line of its section, and
  /// how much is said, with where the rest is to be seen.
  static func comment(
    _ head: String, _ sections: [Section], _ footer: String, restIn command: String
  ) -> String {
    let frames = sections.map { Fold($0, restIn: command) }
    let used = frames.reduce(head.utf8.count + footer.utf8.count) { $0 + $1.frameBytes }
    let shares = Self.shares(of: commentBytesMax - used, wanted: frames.map(\.bodyBytes))
    return head + zip(frames, shares).map { $0.text(bytesMax: $1) }.joined() + footer
  }

  /// As literal text within a line.
  static func code(_ text: String) -> String {
    let fence = fence(for: text, atLeast: 1)
    return text.contains("`") ? "\(fence) \(text) \(fence)" : "\(fence)\(text)\(fence)"
  }

  /// At most so long that a list of such phrases can be read.
  static func cut(_ text: String) -> String {
    text.count > phraseMax ? text.prefix(phraseMax) + "…" : text
  }

  /// The first lines of a list, and how many there are more.
  static func list<Item>(_ items: [Item], _ line: (Item) -> String) -> String {
    items.prefix(itemsMax).map { line($0) + "\n" }.joined()
      + (items.count > itemsMax ? "- and \(items.count - itemsMax) more\n" : "")
  }

  /// What a gate found, in one line of literal text.
  static func findings(_ findings: [String]) -> String {
    code(cut(findings.prefix(3).map(Visible.line).joined(separator: "; ")))
  }

  private static let phraseMax = 300
  private static let itemsMax = 10

  /// What each gets of `total` bytes: all that it wants where that is less than an equal share, and
  /// of what these leave again an equal share.
  static func shares(of total: Int, wanted: [Int]) -> [Int] {
    var shares = Array(repeating: 0, count: wanted.count)
    var rest = max(total, 0)
    let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
    for (taken, index) in order.enumerated() {
      shares[index] = min(wanted[index], rest / (wanted.count - taken))
      rest -= shares[index]
    }
    return shares
  }

  /// More backticks than stand anywhere in the text, so that nothing in it can close the code.
  fileprivate static func fence(for text: String, atLeast count: Int) -> String {
    var (longest, run) = (0, 0)
    for byte in text.utf8 {
      run = byte == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    return String(repeating: "`", count: max(count, longest + 1))
  }
}

/// A part of a view under its title.
struct Section {
  var title: String
  var lines: [String]
}

/// A folded section.
private struct Fold {
  let title: String
  let lines: [String]
  let fence: String
  let command: String

  init(_ section: Section, restIn command: String) {
    title = section.title
    // The symbol comes first in the line, where a forge's `diff` looks for it.
    lines = section.lines.map { $0.hasPrefix("  ") ? String($0.dropFirst(2)) : $0 }
    fence = Markdown.fence(for: lines.joined(separator: "\n"), atLeast: 3)
    self.command = command
  }

  private var before: String { "<details><summary>\(title)</summary>\n\n\(fence)diff\n" }
  private var after: String { "\(fence)\n\n</details>\n\n" }

  /// Of a line that says how much is left out.
  private static let cutBytesMax = 80

  var frameBytes: Int { before.utf8.count + after.utf8.count + Self.cutBytesMax }

  var bodyBytes: Int { lines.reduce(0) { $0 + $1.utf8.count + 1 } }

  func text(bytesMax: Int) -> String {
    var body = ""
    var bytes = 0
    var shown = 0
    for line in lines {
      bytes += line.utf8.count + 1
      guard bytes <= bytesMax else { break }
      body += line + "\n"
      shown += 1
    }
    if shown < lines.count {
      body += "… \(counted(lines.count - shown, "line")) more in 'setpoint \(command)'\n"
    }
    return before + body + after
  }
}
