/// A JSON value whose objects keep the order in which they were made, so that its text is one text.
indirect enum JSON: Hashable, Sendable {
  case string(String)
  case integer(Int64)
  case boolean(Bool)
  case array([JSON])
  case object([Member])

  struct Member: Hashable, Sendable {
    let name: String
    let value: JSON
  }

  static func members(_ members: (String, JSON?)...) -> JSON {
    .object(members.compactMap { name, value in value.map { Member(name: name, value: $0) } })
  }

  /// With two spaces a level and a line end; short arrays of scalars on one line.
  var text: String { lines(indent: 0) + "\n" }

  private func lines(indent: Int) -> String {
    let outer = String(repeating: " ", count: indent)
    let inner = outer + "  "
    switch self {
    case .string, .integer, .boolean: return scalar
    case .array(let items):
      let line = "[" + items.map(\.scalar).joined(separator: ", ") + "]"
      let isShort = items.allSatisfy(\.isScalar) && line.utf8.count + indent <= 90
      if isShort { return line }
      return "[\n" + items.map { inner + $0.lines(indent: indent + 2) }.joined(separator: ",\n")
        + "\n\(outer)]"
    case .object(let members):
      if members.isEmpty { return "{}" }
      let lines = members.map {
        inner + Self.quoted($0.name) + ": " + $0.value.lines(indent: indent + 2)
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
    }
  }

  private var isScalar: Bool {
    switch self {
    case .string, .integer, .boolean: true
    case .array, .object: false
    }
  }

  private var scalar: String {
    switch self {
    case .string(let text): Self.quoted(text)
    case .integer(let number): String(number)
    case .boolean(let isTrue): isTrue ? "true" : "false"
    case .array, .object: ""
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      default:
        let digits = String(scalar.value, radix: 16)
        quoted +=
          scalar.value < 0x20
          ? "\\u" + String(repeating: "0", count: 4 - digits.count) + digits : String(scalar)
      }
    }
    return quoted + "\""
  }
}
