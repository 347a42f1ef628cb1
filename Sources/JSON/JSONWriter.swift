/// Writes JSON text, member by member, in the order in which it is told to.
///
/// Two spaces of indentation and one member a line, so that documents can be read and diffed; strings
/// are UTF-8 with only what RFC 8259 requires escaped. The same calls give the same bytes.
public struct JSONWriter {
  public private(set) var bytes: [UInt8] = []
  private var depth = 0
  private var isFirst = true

  public init() {}

  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The text of one object.
  public static func object(_ members: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    writer.object(members)
    writer.append("\n")
    return writer.text
  }

  public mutating func object(_ members: (inout JSONWriter) -> Void) {
    nested("{", "}", members)
  }

  public mutating func array<Element>(
    _ elements: some Sequence<Element>, _ write: (inout JSONWriter, Element) -> Void
  ) {
    nested("[", "]") { writer in
      for element in elements {
        writer.next()
        write(&writer, element)
      }
    }
  }

  public mutating func member(_ key: String, _ write: (inout JSONWriter) -> Void) {
    next()
    string(key)
    append(": ")
    write(&self)
  }

  public mutating func member(_ key: String, _ value: String) { member(key) { $0.string(value) } }

  public mutating func member(_ key: String, _ value: Bool) { member(key) { $0.bool(value) } }

  public mutating func member(_ key: String, _ value: some BinaryInteger) {
    member(key) { $0.number(value) }
  }

  /// Writes the member only where there is a value: absent and null are the same here.
  public mutating func member(_ key: String, ifPresent value: String?) {
    if let value { member(key, value) }
  }

  public mutating func member(_ key: String, ifPresent value: (some BinaryInteger)?) {
    if let value { member(key, value) }
  }

  public mutating func member(_ key: String, _ values: [String]) {
    member(key) { $0.array(values) { $0.string($1) } }
  }

  public mutating func member<Element>(
    _ key: String, objects: some Sequence<Element>, _ write: (inout JSONWriter, Element) -> Void
  ) {
    member(key) { writer in
      writer.array(objects) { writer, element in writer.object { write(&$0, element) } }
    }
  }

  public mutating func bool(_ value: Bool) { append(value ? "true" : "false") }

  public mutating func number(_ value: some BinaryInteger) { append(String(value)) }

  public mutating func string(_ value: String) {
    append("\"")
    if value.utf8.contains(where: { $0 >= 0x80 }) {
      for scalar in value.unicodeScalars { escape(scalar) }
    } else {
      for byte in value.utf8 { escape(byte) }
    }
    append("\"")
  }

  /// Line ends and controls beyond ASCII are escaped as well: readers of YAML refuse or misread them.
  private mutating func escape(_ scalar: Unicode.Scalar) {
    switch scalar.value {
    case ..<0x80: escape(UInt8(scalar.value))
    case 0x80...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF:
      let digits = String(scalar.value, radix: 16)
      append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
    default: append(String(Character(scalar)))
    }
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): append("\\\"")
    case UInt8(ascii: "\\"): append("\\\\")
    case UInt8(ascii: "\n"): append("\\n")
    case UInt8(ascii: "\r"): append("\\r")
    case UInt8(ascii: "\t"): append("\\t")
    case 0..<0x20, 0x7F: append("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
    default: bytes.append(byte)
    }
  }

  private mutating func nested(_ open: String, _ close: String, _ body: (inout JSONWriter) -> Void)
  {
    append(open)
    depth += 1
    isFirst = true
    body(&self)
    depth -= 1
    if !isFirst { newLine() }
    isFirst = false
    append(close)
  }

  private mutating func next() {
    if !isFirst { append(",") }
    isFirst = false
    newLine()
  }

  private mutating func newLine() {
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
}
