/// A JSON value whose objects keep the order in which they were made, so that its text is one text.
public indirect enum JSONValue: Hashable, Sendable {
  case string(String)
  case integer(Int64)
  case boolean(Bool)
  case array([JSONValue])
  case object([Member])

  public struct Member: Hashable, Sendable {
    public let name: String
    public let value: JSONValue

    public init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// An object of those members that have a value.
  public static func members(_ members: (String, JSONValue?)...) -> JSONValue {
    .object(members.compactMap { name, value in value.map { Member(name, $0) } })
  }

  /// A whole JSON Schema of these members, draft 2020-12.
  public static func schema(title: String, _ members: [Member]) -> JSONValue {
    .object(
      [
        Member("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
        Member("title", .string(title)),
      ] + members)
  }

  /// As `JSONWriter` writes it, with a line end.
  public var text: String {
    var writer = JSONWriter()
    writer.value(self)
    return writer.text + "\n"
  }
}

extension JSONWriter {
  public mutating func value(_ value: JSONValue) {
    switch value {
    case .string(let text): string(text)
    case .integer(let integer): number(integer)
    case .boolean(let isTrue): bool(isTrue)
    case .object(let members):
      object { for member in members { $0.member(member.name) { $0.value(member.value) } } }
    case .array(let items):
      let scalars = items.compactMap(\.scalar)
      if scalars.count == items.count {
        scalarArray(scalars)
      } else {
        array(items) { $0.value($1) }
      }
    }
  }
}

extension JSONValue {
  fileprivate var scalar: String? {
    switch self {
    case .string(let text): JSONWriter.quoted(text)
    case .integer(let integer): String(integer)
    case .boolean(let isTrue): isTrue ? "true" : "false"
    case .array, .object: nil
    }
  }
}
