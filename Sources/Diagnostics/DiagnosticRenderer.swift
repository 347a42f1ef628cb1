/// Diagnostics → text for people; the only place that lays an error out.
///
/// ```
/// error[manifest/unknown-field]: unknown field 'gpuss'
///  --> manifests/train.yaml:7:5
///   |
/// 7 |     gpuss: 8
///   |     ^^^^^
///   = help: did you mean 'gpus'?
/// ```
/// The text says the same without colour. Nothing from a source, a message or a path reaches the
/// terminal as a control character.
public struct DiagnosticRenderer: Sendable {
  public let sources: Sources
  /// Whether to use ANSI colours.
  public let colour: Bool
  /// Columns of a source line that are shown, without the line number.
  public let columnsMax: Int

  public init(sources: Sources, colour: Bool = false, columnsMax: Int = 100) {
    self.sources = sources
    self.colour = colour
    self.columnsMax = max(3, columnsMax)
  }

  /// All of them in order, each once, with a blank line between, and the summary; each line ended.
  /// Empty if there is none.
  public func render(_ diagnostics: [Diagnostic]) -> String {
    let ordered = Diagnostic.ordered(diagnostics)
    guard let summary = Self.summary(of: ordered) else { return "" }
    var indices: [SourceID: LineIndex] = [:]
    return ordered.reduce(into: "") { $0 += render($1, &indices) + "\n" } + summary + "\n"
  }

  /// One diagnostic; each line ended.
  public func render(_ diagnostic: Diagnostic) -> String {
    var indices: [SourceID: LineIndex] = [:]
    return render(diagnostic, &indices)
  }

  /// `2 errors, 1 warning`; nil if there is none.
  public static func summary(of diagnostics: [Diagnostic]) -> String? {
    let errors = diagnostics.count { $0.severity == .error }
    let warnings = diagnostics.count - errors
    let parts = [(errors, "error"), (warnings, "warning")].compactMap { count, noun in
      count == 0 ? nil : "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  // MARK: Layout

  /// A place with its line, ready to be laid out.
  private struct Label {
    let location: String
    let line: Int
    let snippet: Snippet
    let text: String
  }

  private func render(
    _ diagnostic: Diagnostic, _ indices: inout [SourceID: LineIndex]
  ) -> String {
    let tone = diagnostic.severity == .error ? Tone.error : .warning
    var labels: [Label] = []
    if case .span(let span) = diagnostic.place { labels.append(label(span, "", &indices)) }
    for note in diagnostic.notes { labels.append(label(note.span, note.text, &indices)) }
    let gutter = String(labels.map(\.line).max() ?? 0).utf8.count

    var text = paint("\(diagnostic.severity.rawValue)[\(diagnostic.code)]", tone)
    text += paint(": \(Visible.line(diagnostic.message))", .strong) + "\n"
    if case .path(let path) = diagnostic.place {
      text += frame("-->", gutter) + " \(Visible.line(path))\n"
    }
    for (index, label) in labels.enumerated() {
      var isMain = index == 0
      if case .span = diagnostic.place {} else { isMain = false }
      text +=
        diagnostic.hidesSource
        ? frame(isMain ? "-->" : ":::", gutter) + " \(label.location)\n"
        : render(label, gutter, isMain ? tone : .note, isMain: isMain)
    }
    if let help = diagnostic.help {
      text += frame(" =", gutter) + paint(" help:", .strong) + " \(Visible.line(help))\n"
    }
    return text
  }

  private func label(
    _ span: Span, _ text: String, _ indices: inout [SourceID: LineIndex]
  ) -> Label {
    let source = sources[span.source]
    let index = indices[span.source] ?? LineIndex(source)
    indices[span.source] = index
    let position = index.position(of: span.range.lowerBound)
    let snippet = Snippet(
      of: span.range, in: index.range(ofLine: position.line), of: source.bytes,
      columnsMax: columnsMax)
    return Label(
      location: "\(Visible.line(source.path)):\(position.line):\(position.column)",
      line: position.line, snippet: snippet, text: Visible.line(text))
  }

  private func render(_ label: Label, _ gutter: Int, _ tone: Tone, isMain: Bool) -> String {
    let number = String(label.line)
    let margin = String(repeating: " ", count: gutter - number.utf8.count)
    let underline = String(repeating: isMain ? "^" : "-", count: label.snippet.length)
    var text = frame(isMain ? "-->" : ":::", gutter) + " \(label.location)\n"
    text += frame(" |", gutter) + "\n"
    text += paint("\(number)\(margin) |", .frame)
    text += (label.snippet.text.isEmpty ? "" : " " + label.snippet.text) + "\n"
    text += frame(" |", gutter) + String(repeating: " ", count: label.snippet.indent + 1)
    text += paint(underline + (label.text.isEmpty ? "" : " " + label.text), tone) + "\n"
    return text
  }

  /// A mark of the frame behind the width of the line numbers.
  private func frame(_ mark: String, _ gutter: Int) -> String {
    String(repeating: " ", count: gutter) + paint(mark, .frame)
  }

  // MARK: Colour

  private enum Tone: String {
    case error = "1;31"
    case warning = "1;33"
    case note = "1;36"
    case frame = "1;34"
    case strong = "1"
  }

  private func paint(_ text: String, _ tone: Tone) -> String {
    colour ? "\u{1B}[\(tone.rawValue)m\(text)\u{1B}[0m" : text
  }
}
