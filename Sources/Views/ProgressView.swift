/// How far an apply is.
public struct ProgressView: Hashable, Sendable {
  public var done: Int
  public var total: Int
  /// What it is at, in words.
  public var current: String

  public init(done: Int, total: Int, current: String) {
    self.done = done
    self.total = total
    self.current = current
  }

  /// One line that is drawn again and again: `[████████░░░░░░░░]  8 of 16  start chat/0`.
  public func bar(in style: Style) -> String {
    let width = 24
    let filled = total == 0 ? width : min(max(done, 0) * width / total, width)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    let digits = columns(of: "\(total)")
    let count = "\(spaces(digits - columns(of: "\(done)")))\(done) of \(total)"
    let text = "[\(bar)]  \(count)  \(current)"
    // A line that is longer than the terminal can't be drawn over.
    return columns(of: text) < style.width ? text : String(text.prefix(style.width - 2)) + "…"
  }
}
