/// What Setpoint writes into the comment of a node or a job to know it again: Slurm gives things names
/// of its own, so the comment holds ours, and the key under which the thing was made.
///
/// `setpoint/1 c=lab n=a100-1 …`: one line of printable ASCII, values percent-encoded.
struct Tag: Hashable, Sendable {
  private(set) var pairs: [Pair] = []

  struct Pair: Hashable, Sendable {
    let key: String
    let value: String
  }

  static let mark = "setpoint/1"

  init(_ pairs: [(String, String?)]) {
    for (key, value) in pairs { self[key] = value }
  }

  /// nil for a comment that is not ours.
  init?(_ comment: String) {
    let words = comment.split(separator: " ")
    guard words.first == Self.mark[...] else { return nil }
    for word in words.dropFirst() {
      guard let equals = word.firstIndex(of: "="),
        let value = Self.decoded(word[word.index(after: equals)...])
      else { return nil }
      self[String(word[..<equals])] = value
    }
  }

  subscript(key: String) -> String? {
    get { pairs.first { $0.key == key }?.value }
    set {
      pairs.removeAll { $0.key == key }
      if let newValue { pairs.append(Pair(key: key, value: newValue)) }
    }
  }

  func integer(_ key: String) -> Int64? { self[key].flatMap { Int64($0) } }

  var comment: String {
    ([Self.mark] + pairs.map { "\($0.key)=\(Self.encoded($0.value))" }).joined(separator: " ")
  }

  // MARK: Lists within a value

  static func joined(_ items: [String]) -> String {
    items.map(encoded).joined(separator: ",")
  }

  static func split(_ text: String) -> [String] {
    text.split(separator: ",").compactMap(decoded)
  }

  private static func encoded(_ text: String) -> String {
    var encoded: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "/"), UInt8(ascii: ":"):
        encoded.append(byte)
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        encoded += Array("%\(digits.count == 1 ? "0" : "")\(digits)".utf8)
      }
    }
    return String(decoding: encoded, as: UTF8.self)
  }

  /// nil where it is not what `encoded` writes.
  private static func decoded(_ text: Substring) -> String? {
    var decoded: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        decoded.append(byte)
        continue
      }
      guard rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      else { return nil }
      decoded.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: decoded, as: UTF8.self)
  }
}
