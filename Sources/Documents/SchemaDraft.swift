import JSON
import Model

/// What a reader asks of an object, noted down: the JSON Schema of a document is what its own
/// `init(from:)` would read, so that neither can say what the other does not.
final class SchemaDraft {
  /// The parts of the whole document, by name, in the order in which they were met.
  final class Parts {
    fileprivate(set) var schemas: [JSONValue.Member] = []
    fileprivate var known: Set<String> = []
  }

  let parts: Parts
  private var properties: [JSONValue.Member] = []
  private var required: [String] = []
  private var forms: [JSONValue] = []

  init(parts: Parts = Parts()) { self.parts = parts }

  func note(_ key: String, _ shape: Shape, isRequired: Bool) {
    properties.append(JSONValue.Member(key, shape.schema))
    if isRequired { required.append(key) }
  }

  /// One of the forms that the object can have, told apart by the word of `key`.
  func note(_ key: String, form word: String, _ draft: SchemaDraft) {
    draft.properties.insert(
      JSONValue.Member(key, .members(("const", .string(word)))), at: 0)
    draft.required.insert(key, at: 0)
    forms.append(.object(draft.members))
  }

  func reference<Part: DocumentPart>(to part: Part.Type) throws(DocumentProblem) -> Shape {
    let name = part.partName
    if parts.known.insert(name).inserted {
      let draft = SchemaDraft(parts: parts)
      _ = try Part(from: ObjectReader(draft: draft))
      parts.schemas.append(JSONValue.Member(name, .object(draft.closed)))
    }
    return .part(name)
  }

  /// The schema of an object that has these members and no others.
  var closed: [JSONValue.Member] {
    [JSONValue.Member("type", .string("object"))] + members
      + [JSONValue.Member("unevaluatedProperties", .boolean(false))]
  }

  private var members: [JSONValue.Member] {
    [JSONValue.Member("properties", .object(properties))]
      + (required.isEmpty
        ? [] : [JSONValue.Member("required", .array(required.map { .string($0) }))])
      + (forms.isEmpty ? [] : [JSONValue.Member("oneOf", .array(forms))])
  }

  /// What a member's value looks like.
  indirect enum Shape {
    case text
    /// A text of this form, as a regular expression.
    case form(pattern: String)
    case integer
    case exactly(Int)
    case boolean
    case word([String])
    case list(of: Shape)
    case part(String)

    fileprivate var schema: JSONValue {
      switch self {
      case .text: .members(("type", .string("string")))
      case .form(let pattern):
        .members(("type", .string("string")), ("pattern", .string(pattern)))
      case .integer: .members(("type", .string("integer")))
      case .exactly(let number): .members(("const", .integer(Int64(number))))
      case .boolean: .members(("type", .string("boolean")))
      case .word(let words): .members(("enum", .array(words.map { .string($0) })))
      case .list(let element):
        .members(("type", .string("array")), ("items", element.schema))
      case .part(let name): .members(("$ref", .string("#/$defs/\(name)")))
      }
    }
  }
}

extension Document {
  /// The JSON Schema of these documents.
  static func schema() throws(DocumentProblem) -> String {
    let draft = SchemaDraft()
    draft.note("kind", .word([kind]), isRequired: true)
    draft.note("formatVersion", .exactly(formatVersion), isRequired: true)
    _ = try Self(from: ObjectReader(draft: draft))
    let definitions =
      draft.parts.schemas.isEmpty
      ? [] : [JSONValue.Member("$defs", .object(draft.parts.schemas))]
    return JSONValue.schema(title: "Setpoint \(kind)", draft.closed + definitions).text
  }
}
