/// What a name may be made of.
public enum NameRule: Hashable, Sendable, CaseIterable {
  /// DNS-1123: lower-case letters, digits and hyphens, 1 to 63, no hyphen at either end.
  case object
  /// A label's key as in Kubernetes: a name of 1 to 63, before it a DNS domain and `/` if wanted.
  case labelKey
  /// A label's value as in Kubernetes: at most 63 letters, digits, `-`, `_` and `.`, or nothing.
  case labelValue
  /// An environment variable: letters, digits and `_`, no digit first.
  case variable
  /// What others name, such as a zone, an instance type or a secret: 1 to 253 letters, digits and
  /// `.`, `_`, `-`, `:`, `/`, a letter or digit first.
  case foreign

  public func accepts(_ text: String) -> Bool { accepts(Array(text.utf8)[...]) }

  public func accepts(_ utf8: ArraySlice<UInt8>) -> Bool {
    switch self {
    case .object:
      return Self.isBounded(utf8, max: 63, by: Self.isLowerOrDigit) { $0 == UInt8(ascii: "-") }
    case .labelKey: return Self.isLabelKey(utf8)
    case .labelValue: return utf8.isEmpty || Self.isQualified(utf8)
    case .variable:
      guard let first = utf8.first, utf8.count <= 253 else { return false }
      return !Self.isDigit(first)
        && utf8.allSatisfy { Self.isLetter($0) || Self.isDigit($0) || $0 == UInt8(ascii: "_") }
    case .foreign:
      guard let first = utf8.first, utf8.count <= 253 else { return false }
      return (Self.isLetter(first) || Self.isDigit(first)) && utf8.allSatisfy(Self.isForeign)
    }
  }

  /// As part of `expected …`.
  public var expectation: String {
    switch self {
    case .object: "1 to 63 lower-case letters, digits and '-', a letter or digit at both ends"
    case .labelKey:
      "1 to 63 letters, digits, '-', '_' and '.', a letter or digit at both ends, "
        + "if wanted after a domain and '/'"
    case .labelValue:
      "at most 63 letters, digits, '-', '_' and '.', a letter or digit at both ends"
    case .variable: "letters, digits and '_', no digit first"
    case .foreign: "letters, digits and '.', '_', '-', ':', '/', a letter or digit first"
    }
  }

  /// The rule as a regular expression that every dialect reads alike.
  public var pattern: String {
    switch self {
    case .object: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"
    case .labelKey:
      "^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$"
    case .labelValue: "^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$"
    case .variable: "^[A-Za-z_][A-Za-z0-9_]{0,252}$"
    case .foreign: "^[A-Za-z0-9][A-Za-z0-9._:/-]{0,252}$"
    }
  }

  private static func isLabelKey(_ utf8: ArraySlice<UInt8>) -> Bool {
    guard let slash = utf8.firstIndex(of: UInt8(ascii: "/")) else { return isQualified(utf8) }
    let domain = utf8[..<slash]
    return domain.count <= 253 && isQualified(utf8[(slash + 1)...])
      && domain.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        .allSatisfy { part in
          isBounded(part, max: 253, by: isLowerOrDigit) { $0 == UInt8(ascii: "-") }
        }
  }

  private static func isQualified(_ utf8: ArraySlice<UInt8>) -> Bool {
    isBounded(utf8, max: 63, by: { isLetter($0) || isDigit($0) }) { byte in
      byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    }
  }

  /// Whether `utf8` begins and ends with bytes that `isEnd` likes and has those, or ones that `isInner`
  /// likes, between them.
  private static func isBounded(
    _ utf8: ArraySlice<UInt8>, max: Int, by isEnd: (UInt8) -> Bool, _ isInner: (UInt8) -> Bool
  ) -> Bool {
    guard let first = utf8.first, let last = utf8.last, utf8.count <= max else { return false }
    return isEnd(first) && isEnd(last) && utf8.allSatisfy { isEnd($0) || isInner($0) }
  }

  private static func isLowerOrDigit(_ byte: UInt8) -> Bool {
    (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")) || isDigit(byte)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private static func isForeign(_ byte: UInt8) -> Bool {
    if isLetter(byte) || isDigit(byte) { return true }
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: ":"),
      UInt8(ascii: "/"):
      return true
    default: return false
    }
  }
}
