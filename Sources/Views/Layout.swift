/// A text with its colour, before it is padded.
struct Cell: Hashable, Sendable {
  var text: String
  var ink: Ink

  init(_ text: String, _ ink: Ink = .plain) {
    self.text = text
    self.ink = ink
  }
}

extension Cell: ExpressibleByStringInterpolation {
  init(stringLiteral value: String) { self.init(value) }
}

/// Columns that a terminal gives to a text; what views print is one column a character, and names from
/// outside that are not only cost a crooked line.
func columns(of text: String) -> Int { text.unicodeScalars.count }

func spaces(_ count: Int) -> String { String(repeating: " ", count: max(count, 0)) }

func padded(_ text: String, to width: Int) -> String { text + spaces(width - columns(of: text)) }

/// The words of a text in lines of at most `width` columns; a longer word has a line of its own.
func wrapped(_ text: String, width: Int) -> [String] {
  var lines: [String] = []
  var line = ""
  for word in text.split(separator: " ") {
    if !line.isEmpty, columns(of: line) + 1 + columns(of: String(word)) > width {
      lines.append(line)
      line = ""
    }
    line += (line.isEmpty ? "" : " ") + word
  }
  if !line.isEmpty { lines.append(line) }
  return lines
}

/// A text after an indentation, wrapped; the lines after the first one stand two columns further in.
func paragraph(_ text: String, indent: Int, in style: Style) -> [String] {
  let lines = wrapped(text, width: style.width - indent - 2)
  return lines.enumerated().map { index, line in
    spaces(index == 0 ? indent : indent + 2) + line
  }
}

/// `1 node`, `3 nodes`.
func counted(_ count: Int, _ singular: String, _ plural: String? = nil) -> String {
  count == 1 ? "1 \(singular)" : "\(count) \(plural ?? singular + "s")"
}
