/// Reads JSON text (RFC 8259) value by value, without building a tree of it: whoever asks takes what it
/// knows, and the rest is checked and passed over. So an answer of many megabytes costs its own size.
///
///     var reader = JSONReader(bytes)
///     try reader.object { (name, reader) throws(JSONProblem) in
///       if name == "jobs" { try reader.array { (reader) throws(JSONProblem) in … } }
///     }
///     try reader.end()
///
/// A member that the closure leaves alone is passed over. Of names that stand twice, both are told.
public struct JSONReader {
  private let bytes: [UInt8]
  /// Of the next byte that was not read.
  public private(set) var offset = 0
  private var depth = 0
  private let depthMax: Int

  /// `depthMax` bounds how far values may be nested: deeper ones are refused, so that no text can
  /// exhaust the stack.
  public init(_ bytes: [UInt8], depthMax: Int = 64) {
    self.bytes = bytes
    self.depthMax = depthMax
  }

  public enum Kind: Hashable, Sendable {
    case object, array, string, number, boolean, null
  }

  /// Of the next value; nothing is read.
  public mutating func kind() throws(JSONProblem) -> Kind {
    skipSpace()
    guard let peek else { throw problem("a value") }
    switch peek {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
    case UInt8(ascii: "n"): return .null
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
    default: throw problem("a value")
    }
  }

  public mutating func object(
    _ member: (String, inout JSONReader) throws(JSONProblem) -> Void
  ) throws(JSONProblem) {
    try sequence(from: "{", to: "}") { (reader) throws(JSONProblem) in
      let name = try reader.string()
      reader.skipSpace()
      try reader.expect(":")
      reader.skipSpace()
      let start = reader.offset
      try member(name, &reader)
      if reader.offset == start { try reader.skip() }
    }
  }

  public mutating func array(
    _ element: (inout JSONReader) throws(JSONProblem) -> Void
  ) throws(JSONProblem) {
    try sequence(from: "[", to: "]") { (reader) throws(JSONProblem) in
      reader.skipSpace()
      let start = reader.offset
      try element(&reader)
      if reader.offset == start { try reader.skip() }
    }
  }

  private mutating func sequence(
    from open: Unicode.Scalar, to close: Unicode.Scalar,
    _ element: (inout JSONReader) throws(JSONProblem) -> Void
  ) throws(JSONProblem) {
    skipSpace()
    try expect(open)
    guard depth < depthMax else { throw problem("at most \(depthMax) levels") }
    depth += 1
    skipSpace()
    if peek == UInt8(ascii: close) {
      offset += 1
    } else {
      while true {
        skipSpace()
        try element(&self)
        skipSpace()
        if peek == UInt8(ascii: ",") {
          offset += 1
          continue
        }
        try expect(close)
        break
      }
    }
    depth -= 1
  }

  /// A number without fraction or exponent, from -2^63 to 2^63 - 1.
  public mutating func integer() throws(JSONProblem) -> Int64 {
    let (text, isInteger) = try numberText()
    guard isInteger, let value = Int64(text) else { throw problem("a whole number") }
    return value
  }

  /// Any number, as near as a floating-point one comes to it.
  public mutating func number() throws(JSONProblem) -> Double {
    guard let value = Double(try numberText().0), value.isFinite else {
      throw problem("a number within bounds")
    }
    return value
  }

  public mutating func boolean() throws(JSONProblem) -> Bool {
    skipSpace()
    if peek == UInt8(ascii: "t") {
      try expect(word: "true")
      return true
    }
    try expect(word: "false")
    return false
  }

  /// Checks one value and passes over it.
  public mutating func skip() throws(JSONProblem) {
    switch try kind() {
    case .object: try object { (_, _) throws(JSONProblem) in }
    case .array: try array { (_) throws(JSONProblem) in }
    case .string: _ = try string()
    case .number: _ = try numberText()
    case .boolean: _ = try boolean()
    case .null: try expect(word: "null")
    }
  }

  /// Nothing but white space may follow.
  public mutating func end() throws(JSONProblem) {
    skipSpace()
    guard offset == bytes.count else { throw problem("the end of the text") }
  }

  // MARK: Bytes

  private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      offset += 1
    }
  }

  private mutating func expect(_ scalar: Unicode.Scalar) throws(JSONProblem) {
    guard peek == UInt8(ascii: scalar) else { throw problem("'\(scalar)'") }
    offset += 1
  }

  private mutating func expect(word: StaticString) throws(JSONProblem) {
    let word = Array(word.description.utf8)
    guard bytes[offset...].starts(with: word) else { throw problem("a value") }
    offset += word.count
  }

  private func problem(_ expected: String) -> JSONProblem {
    JSONProblem(offset: offset, expected: expected)
  }

  private mutating func numberText() throws(JSONProblem) -> (String, isInteger: Bool) {
    skipSpace()
    let start = offset
    var isInteger = true
    if peek == UInt8(ascii: "-") { offset += 1 }
    if peek == UInt8(ascii: "0") { offset += 1 } else { try digits() }
    if peek == UInt8(ascii: ".") {
      isInteger = false
      offset += 1
      try digits()
    }
    if let byte = peek, byte | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      offset += 1
      if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { offset += 1 }
      try digits()
    }
    return (String(decoding: bytes[start..<offset], as: UTF8.self), isInteger)
  }

  private mutating func digits() throws(JSONProblem) {
    let start = offset
    while let byte = peek, (0x30...0x39).contains(byte) { offset += 1 }
    guard offset > start else { throw problem("a digit") }
  }

  public mutating func string() throws(JSONProblem) -> String {
    skipSpace()
    try expect("\"")
    var text: [UInt8] = []
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else { throw problem("UTF-8") }
        offset += 1
        return string
      case UInt8(ascii: "\\"):
        offset += 1
        try escape(&text)
      case 0..<0x20: throw problem("no control character")
      default:
        text.append(byte)
        offset += 1
      }
    }
    throw problem("the end of a string")
  }

  private mutating func escape(_ text: inout [UInt8]) throws(JSONProblem) {
    let escaped = peek
    offset += 1
    switch escaped {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escaped ?? 0)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): text.append(contentsOf: Array(String(try unicode()).utf8))
    default:
      offset -= 1
      throw problem("an escape")
    }
  }

  private mutating func unicode() throws(JSONProblem) -> Unicode.Scalar {
    let first = try hexQuad()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard (0xD800..<0xDC00).contains(first) else { throw problem("a pair of surrogates") }
    try expect("\\")
    try expect("u")
    let second = try hexQuad()
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x1_0000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw problem("a pair of surrogates") }
    return scalar
  }

  private mutating func hexQuad() throws(JSONProblem) -> UInt32 {
    guard offset + 4 <= bytes.count,
      bytes[offset..<(offset + 4)].allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }),
      let value = UInt32(String(decoding: bytes[offset..<(offset + 4)], as: UTF8.self), radix: 16)
    else { throw problem("four hexadecimal digits") }
    offset += 4
    return value
  }
}

/// Where a text stops being JSON, or being what was asked for.
public struct JSONProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// In bytes from the start.
  public let offset: Int
  /// In words for people: `a whole number`.
  public let expected: String

  public init(offset: Int, expected: String) {
    self.offset = offset
    self.expected = expected
  }

  public var description: String { "expected \(expected) at byte \(offset)" }
}
