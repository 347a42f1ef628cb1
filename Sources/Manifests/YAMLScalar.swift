import JSON

/// Text as a YAML scalar that every reader takes for that very text.
enum YAMLScalar {
  /// `text` as it stands where that is safe in any place, and between double quotes otherwise.
  static func text(_ text: String) -> String { isPlain(text) ? text : quoted(text) }

  /// Whether YAML 1.1 and 1.2, in block and in flow style, read `text` as itself.
  private static func isPlain(_ text: String) -> Bool {
    let utf8 = Array(text.utf8)
    guard let first = utf8.first, let last = utf8.last else { return false }
    guard isLetter(first) || first == UInt8(ascii: "/") || first == UInt8(ascii: "_"),
      last != UInt8(ascii: ":"), last != UInt8(ascii: " "), !isWord(text)
    else { return looksLikeNoNumber(utf8) }
    return utf8.allSatisfy(isPlainByte) && !hasSpecialPair(utf8)
  }

  /// A text that starts with a digit may still be plain where no reader takes it for a number or a time:
  /// where it holds a letter that neither has.
  private static func looksLikeNoNumber(_ utf8: [UInt8]) -> Bool {
    guard let first = utf8.first, isDigit(first), utf8.allSatisfy(isPlainByte) else { return false }
    let letters = utf8.map { $0 | 0x20 }.filter(isLetter)
    // Hexadecimal digits, exponents, 0o, 0x, and the T and Z of times.
    let isTelling = { (letter: UInt8) in !"abcdefoxtz".utf8.contains(letter) }
    return letters.contains(where: isTelling) && !utf8.contains(UInt8(ascii: ":"))
  }

  /// The words of both versions that mean something else than text.
  private static func isWord(_ text: String) -> Bool {
    words.contains(text.lowercased())
  }

  private static let words: Set<String> = [
    "y", "n", "yes", "no", "on", "off", "true", "false", "null",
  ]

  /// Bytes that mean nothing anywhere in a plain scalar, spaces and `:`, `#` between others aside.
  private static func isPlainByte(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || "-_./@:+=~$%*|;()<>^#! ".utf8.contains(byte)
  }

  /// A `: ` ends a key, and a ` #` begins a comment.
  private static func hasSpecialPair(_ utf8: [UInt8]) -> Bool {
    zip(utf8, utf8.dropFirst()).contains { first, second in
      (first == UInt8(ascii: ":") && second == UInt8(ascii: " "))
        || (first == UInt8(ascii: " ") && second == UInt8(ascii: "#"))
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private static func quoted(_ text: String) -> String {
    JSONWriter.quoted(text) { isVisible($0) ? nil : escape($0) }
  }

  /// Whether people see it, and the reader lets it in as it stands.
  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: false
    default: true
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let (letter, width) =
      scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
    return "\\" + letter + String(repeating: "0", count: width - digits.count) + digits
  }
}
