/// RFC 4648: bytes as text.
public enum Base64: Sendable {
  /// Section 4, as files and most APIs write it.
  case standard
  /// Section 5, as JSON Web Tokens are written.
  case url

  /// nil for what is none. White space is passed over, and padding may be left out, but not be wrong.
  public func decoded(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    var padding = 0
    for byte in text where byte > 0x20 {
      if byte == UInt8(ascii: "=") {
        padding += 1
        continue
      }
      guard padding == 0, let value = value(of: byte) else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 1
      switch count % 4 {
      case 0: bytes.append(UInt8(truncatingIfNeeded: bits))
      case 2: bytes.append(UInt8(truncatingIfNeeded: bits >> 4))
      case 3: bytes.append(UInt8(truncatingIfNeeded: bits >> 2))
      default: break
      }
    }
    guard count % 4 != 1, padding == 0 || padding == (4 - count % 4) % 4 else { return nil }
    return bytes
  }

  private func value(of byte: UInt8) -> UInt8? {
    switch (self, byte) {
    case (_, UInt8(ascii: "A")...UInt8(ascii: "Z")): byte - UInt8(ascii: "A")
    case (_, UInt8(ascii: "a")...UInt8(ascii: "z")): byte - UInt8(ascii: "a") + 26
    case (_, UInt8(ascii: "0")...UInt8(ascii: "9")): byte - UInt8(ascii: "0") + 52
    case (.standard, UInt8(ascii: "+")), (.url, UInt8(ascii: "-")): 62
    case (.standard, UInt8(ascii: "/")), (.url, UInt8(ascii: "_")): 63
    default: nil
    }
  }
}
