import Diagnostics

/// Markup in which texts can't become markup: literals stand as they are, and every text that is
/// interpolated is escaped.
///
///     let row: HTML = "<td class=\"\(kind)\">\(name)</td>"
struct HTML: ExpressibleByStringInterpolation {
  private(set) var text: String

  static let nothing: HTML = ""

  init(stringLiteral value: String) { text = value }

  init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

  init(joining parts: [HTML], separator: HTML = .nothing) {
    text = parts.map(\.text).joined(separator: separator.text)
  }

  static func + (left: HTML, right: HTML) -> HTML { HTML(joining: [left, right]) }

  static func += (left: inout HTML, right: HTML) { left.text += right.text }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity * 2)
    }

    mutating func appendLiteral(_ literal: String) { text += literal }

    mutating func appendInterpolation(_ html: HTML) { text += html.text }

    mutating func appendInterpolation(_ number: Int) { text += String(number) }

    /// As one line: what a terminal would obey or hide is hidden from no reader of a page either.
    mutating func appendInterpolation(_ value: String) {
      for scalar in Visible.line(value).unicodeScalars {
        switch scalar {
        case "&": text += "&amp;"
        case "<": text += "&lt;"
        case ">": text += "&gt;"
        case "\"": text += "&quot;"
        case "'": text += "&#39;"
        default: text.unicodeScalars.append(scalar)
        }
      }
    }
  }
}

extension Table {
  /// The same rows as a table of a page; a row's remark and what is told beneath it stand in it
  /// too.
  var html: HTML {
    let body = rows.map { row -> HTML in
      let symbol: HTML = row.symbol.map { "<td class=\"\($0.ink.word)\">\($0.rawValue)</td>" } ?? ""
      let cells = row.cells.enumerated().map { index, cell -> HTML in
        let isNumber = index < alignments.count && alignments[index] == .right
        return "<td class=\"\(cell.ink.word)\(isNumber ? " number" : "")\">\(cell.text)</td>"
      }
      let details = row.details.map { $0.drop { $0 == " " } }.map { "<br>\(String($0))" as HTML }
      return """
        <tr>\(symbol)\(HTML(joining: cells))<td class="quiet">\(row.remark)\
        \(HTML(joining: details))</td></tr>

        """
    }
    let titles = header.enumerated().map { index, title -> HTML in
      "<th class=\"\(alignments[index] == .right ? "number" : "")\">\(title)</th>"
    }
    let head: HTML = titles.isEmpty ? "" : "<tr>\(HTML(joining: titles))</tr>\n"
    return "<table>\n\(head)\(HTML(joining: body))</table>\n"
  }
}

extension Ink {
  /// As a class of a page's style.
  fileprivate var word: String {
    switch self {
    case .plain: "plain"
    case .heading: "heading"
    case .added: "added"
    case .removed: "removed"
    case .changed: "changed"
    case .moved: "moved"
    case .quiet: "quiet"
    case .warning: "warning"
    }
  }
}
