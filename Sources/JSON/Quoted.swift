extension JSONWriter {
  /// `text` between double quotes, as JSON, and YAML with it, reads it.
  public static func quoted(_ text: String) -> String {
    quoted(text) { scalar in isPlain(scalar) ? nil : escape(scalar) }
  }

  /// The same with other escapes for what is neither a quote, a backslash, a line end nor a tab:
  /// nil stands for the scalar itself.
  public static func quoted(
    _ text: String, escaping escape: (Unicode.Scalar) -> String?
  ) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      default:
        if let escaped = escape(scalar) {
          quoted += escaped
        } else {
          quoted.unicodeScalars.append(scalar)
        }
      }
    }
    return quoted + "\""
  }

  /// Line ends and controls beyond ASCII are escaped as well: readers of YAML refuse or misread them.
  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case ..<0x20, 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: false
    default: true
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}
