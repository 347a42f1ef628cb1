/// Writes JSON text, member by member, in the order in which it is told to.
///
/// Two spaces of indentation and one member a line, so that documents can be read and diffed; a short
/// array of texts or numbers stands on one line. Strings are UTF-8 with only that escaped which
/// RFC 8259 requires, or which nobody sees. The same calls give the same bytes.
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
    member(key) { $0.scalarArray(values.map { Self.quoted($0) }) }
  }

  public mutating func member(_ key: String, _ values: [some BinaryInteger]) {
    member(key) { $0.scalarArray(values.map { String($0) }) }
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

  /// `value` is finite: JSON has no other numbers.
  public mutating func number(_ value: Double) {
    precondition(value.isFinite, "a number that JSON does not have")
    append("\(value)")
  }

  public mutating func null() { append("null") }

  public mutating func string(_ value: String) { append(Self.quoted(value)) }

  private static let columnsMax = 90

  /// An array of elements that are JSON already, on one line where they fit into it.
  mutating func scalarArray(_ elements: [String]) {
    let line = "[" + elements.joined(separator: ", ") + "]"
    guard line.utf8.count + depth * 2 > Self.columnsMax else { return append(line) }
    array(elements) { $0.append($1) }
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
