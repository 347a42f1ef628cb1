import Diagnostics

/// Where a text may hold a secret, judged by indentation alone: a problem of the YAML itself leaves no
/// tree to ask, and its line is shown to people and kept in logs.
///
/// That is the line of a field `secrets`, and all below it that is indented further or is an item of its
/// list. Comments count as text: who comments a secret out has it there still.
struct SecretLines {
  private var ranges: [Range<Int>] = []

  init(_ source: SourceText) {
    var start = 0
    var open: (start: Int, indentation: Int)?
    for line in source.bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      defer { start = line.endIndex + 1 }
      let text = line.drop { $0 == 0x20 }
      guard let first = text.first else { continue }
      let indentation = text.startIndex - line.startIndex
      if let field = open {
        let isItem = indentation == field.indentation && first == UInt8(ascii: "-")
        if indentation > field.indentation || isItem { continue }
        ranges.append(field.start..<start)
        open = nil
      }
      if text.contains(Self.field) { open = (start, indentation) }
    }
    if let open { ranges.append(open.start..<source.bytes.count + 1) }
  }

  private static let field = Array("secrets".utf8)

  /// `diagnostic` as it may be shown.
  func hiding(_ diagnostic: Diagnostic) -> Diagnostic {
    guard case .span(let span) = diagnostic.place else { return diagnostic }
    let spans = [span] + diagnostic.notes.map(\.span)
    return spans.contains { span in ranges.contains { $0.overlaps(span.range.widened) } }
      ? .secret(diagnostic) : diagnostic
  }
}

extension Range<Int> {
  /// Not empty, so that it overlaps what it stands in.
  fileprivate var widened: Range { lowerBound..<Swift.max(upperBound, lowerBound + 1) }
}
