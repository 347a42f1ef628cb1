/// Text from outside made safe to print: what a terminal would obey or hide is written out.
///
/// Names and values come from files that anyone may have written. Escape sequences could recolour
/// or erase what stands before them, and bidirectional controls could show another text than is
/// meant.
public enum Visible {
  /// One line: control, format and separator characters appear as `\u{…}`.
  public static func line(_ text: String) -> String {
    guard !text.unicodeScalars.allSatisfy({ isPrintable($0) }) else { return text }
    return text.unicodeScalars.reduce(into: "") { $0 += Visible.scalar($1) }
  }

  /// One character, or its escape.
  static func scalar(_ scalar: Unicode.Scalar) -> String {
    guard !isPrintable(scalar) else { return String(Character(scalar)) }
    return "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
  }

  /// A byte that is not part of any character.
  static func byte(_ byte: UInt8) -> String {
    "\\x{\(String(byte, radix: 16, uppercase: true))}"
  }

  static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7F }
    return switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned,
      .privateUse:
      false
    default: true
    }
  }

  /// Columns that a terminal gives to a character that is printed: 0, 1 or 2.
  static func columns(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: return wide.contains { $0 ~= scalar.value } ? 2 : 1
    }
  }

  /// The blocks that terminals draw two columns wide (Unicode's East Asian Width W and F, rounded
  /// to blocks), with the emoji.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
    0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
    0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
  ]
}
