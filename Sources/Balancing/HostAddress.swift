/// Where a host is: an IP address, or a name that somebody else resolves.
public struct HostAddress: Hashable, Sendable {
  public enum Kind: Hashable, Sendable { case ip4, ip6, name }

  public let text: String
  public let kind: Kind

  /// Nil for anything else: what providers say is not written into other programs' files unseen.
  public init?(_ text: String) {
    let bytes = text.utf8
    guard (1...253).contains(bytes.count) else { return nil }
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    func isHex(_ byte: UInt8) -> Bool {
      digits.contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }
    if bytes.contains(UInt8(ascii: ":")) {
      guard bytes.allSatisfy({ isHex($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }),
        bytes.count(where: { $0 == UInt8(ascii: ":") }) >= 2
      else { return nil }
      kind = .ip6
    } else if bytes.allSatisfy({ digits.contains($0) || $0 == UInt8(ascii: ".") }) {
      let parts = text.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 4, parts.allSatisfy({ UInt8($0) != nil }) else { return nil }
      kind = .ip4
    } else {
      let isFine = bytes.allSatisfy {
        letters.contains($0 | 0x20) || digits.contains($0) || "-._".utf8.contains($0)
      }
      guard isFine, let first = bytes.first,
        letters.contains(first | 0x20) || digits.contains(first)
      else { return nil }
      kind = .name
    }
    self.text = text
  }
}
