import Crypto

/// A SHA-256 digest: the identity of a document by its content.
public struct Digest: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// 64 lower-case hexadecimal digits.
  public let hex: String

  public init(hex: String) { self.hex = hex }

  public init(of bytes: some Sequence<UInt8>) {
    hex = Digest.hex(SHA256.hash(data: Array(bytes)))
  }

  public init(of text: String) { self.init(of: text.utf8) }

  public var description: String { hex }

  /// The first 12 digits: enough to tell documents of one installation apart, short enough to say.
  public var short: String { String(hex.prefix(12)) }

  public static func < (left: Digest, right: Digest) -> Bool { left.hex < right.hex }

  private static func hex(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
