import Diagnostics
import Planning

extension ReviewView {
  /// Bytes of a comment: forges count characters and refuse more than 65,536 of them.
  static let commentBytesMax = 65_000

  /// A comment for a pull request: what must be seen stands open, the rest is folded.
  ///
  /// Whatever comes from a file stands in code, where a forge neither lays it out nor calls
  /// anybody. What doesn't fit is cut at a line, and how much is said.
  public var markdown: String {
    let sections = ReviewSections(review: review, style: Style(width: 100)).all
    let frames = sections.map { Fold($0) }
    let head = heading
    let used = frames.reduce(head.utf8.count + Self.footer.utf8.count) { $0 + $1.frameBytes }
    let shares = Self.shares(
      of: Self.commentBytesMax - used, wanted: frames.map(\.bodyBytes))
    let folds = zip(frames, shares).map { $0.text(bytesMax: $1) }
    return head + folds.joined() + Self.footer
  }

  /// By this line a workflow finds the comment that it wrote before, to write over it.
  static let mark = "<!-- setpoint-review -->\n"

  private static let footer =
    "<sub>Both sides are planned on one observation; what the world asks for by itself is in"
    + " neither.</sub>\n"

  private var heading: String {
    let comparison = review.comparison
    var text = Self.mark
    text += "### Setpoint review\n\n"
    text += "\(code(review.title)), observed \(review.at)\n\n"
    text += "**\(PlanSummary(comparison).line)**\n\n"
    let broken = comparison.gates.filter(\.outcome.isBroken)
    for gate in broken.prefix(Self.gatesMax) {
      let findings = gate.outcome.findings.prefix(3).map(Visible.line).joined(separator: "; ")
      text += "- ❌ gate \(code("\(gate.outcome.gate)")) is \(GateWords.verdict(gate)):"
      text += " it \(Gates.text(gate.outcome.rule)). \(code(cut(findings)))"
      let origin = GateWords.origin(gate)
      text += origin.isEmpty ? "\n" : " (\(origin))\n"
    }
    if broken.count > Self.gatesMax { text += "- and \(broken.count - Self.gatesMax) more\n" }
    let holding = comparison.gates.count - broken.count
    if holding > 0 {
      text += "- ✅ \(counted(holding, "gate rule")) \(holding == 1 ? "holds" : "hold")\n"
    }
    for remark in review.remarks { text += "- ⚠️ \(code(cut(remark)))\n" }
    return text + (comparison.gates.isEmpty && review.remarks.isEmpty ? "" : "\n")
  }

  private static let gatesMax = 10
  private static let phraseMax = 300

  private func cut(_ text: String) -> String {
    text.count > Self.phraseMax ? text.prefix(Self.phraseMax) + "…" : text
  }

  /// As literal text within a line.
  private func code(_ text: String) -> String {
    let fence = fence(for: text, atLeast: 1)
    return text.contains("`") ? "\(fence) \(text) \(fence)" : "\(fence)\(text)\(fence)"
  }

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
}

/// More backticks than stand anywhere in the text, so that nothing in it can close the code.
private func fence(for text: String, atLeast count: Int) -> String {
  var (longest, run) = (0, 0)
  for byte in text.utf8 {
    run = byte == UInt8(ascii: "`") ? run + 1 : 0
    longest = max(longest, run)
  }
  return String(repeating: "`", count: max(count, longest + 1))
}

/// A folded section.
private struct Fold {
  let title: String
  let lines: [String]
  let fence: String

  init(_ section: ReviewSections.Section) {
    title = section.title
    // The symbol comes first in the line, where a forge's `diff` looks for it.
    lines = section.lines.map { $0.hasPrefix("  ") ? String($0.dropFirst(2)) : $0 }
    fence = Views.fence(for: lines.joined(separator: "\n"), atLeast: 3)
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
      body += "… \(counted(lines.count - shown, "line")) more in 'setpoint review'\n"
    }
    return before + body + after
  }
}
