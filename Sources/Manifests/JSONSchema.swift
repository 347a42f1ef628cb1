public import Model

/// The field tables as JSON Schemas (draft 2020-12), for editors and for validators of others.
///
/// A schema accepts what the reader accepts when a YAML 1.2 parser has read it; it can't know what
/// other manifests hold, so references and limits are for `setpoint validate`.
public enum JSONSchema {
  /// The schema of manifests of one kind.
  public static func text(for kind: Kind) -> String {
    JSON.document(title: "Setpoint \(kind.rawValue)", kind.table.schema).text
  }

  /// The schema of manifests of any kind, for files that hold several.
  public static var manifests: String {
    let kinds = Kind.allCases.map(\.rawValue)
    let branches = kinds.map { kind in
      JSON.members(
        ("if", .members(("properties", .members(("kind", .members(("const", .string(kind)))))))),
        ("then", .members(("$ref", .string("#/$defs/\(kind)")))))
    }
    let definitions = Kind.allCases.map {
      JSON.Member(name: $0.rawValue, value: .object($0.table.schema))
    }
    return JSON.document(
      title: "Setpoint manifest",
      [
        JSON.Member(name: "type", value: .string("object")),
        JSON.Member(
          name: "properties",
          value: .members(
            ("apiVersion", .members(("const", .string(ManifestFormat.apiVersion)))),
            ("kind", .members(("enum", .array(kinds.map { .string($0) })))))),
        JSON.Member(name: "required", value: .array([.string("apiVersion"), .string("kind")])),
        JSON.Member(name: "allOf", value: .array(branches)),
        JSON.Member(name: "$defs", value: .object(definitions)),
      ]
    ).text
  }

  /// The schema of a directory's `setpoint.yaml`.
  public static var settings: String {
    JSON.document(
      title: "Setpoint directory settings", DirectorySettings.table.description.schema
    ).text
  }

  /// The schema of a price file.
  public static var priceFile: String {
    JSON.document(title: "Setpoint price file", Table.priceFile.description.schema).text
  }

  /// Every schema by the name of its file in `schemas/`.
  public static var files: [(name: String, text: String)] {
    Kind.allCases.map { ("\($0.rawValue.lowercased()).schema.json", text(for: $0)) }
      + [
        ("pricefile.schema.json", priceFile), ("setpoint.schema.json", manifests),
        ("settings.schema.json", settings),
      ]
  }
}

extension JSON {
  fileprivate static func document(title: String, _ schema: [Member]) -> JSON {
    .object(
      [
        Member(name: "$schema", value: .string("https://json-schema.org/draft/2020-12/schema")),
        Member(name: "title", value: .string(title)),
      ] + schema)
  }
}

extension TableDescription {
  fileprivate var schema: [JSON.Member] {
    let properties = fields.map { JSON.Member(name: $0.name, value: .object($0.schema)) }
    let required = fields.filter(\.isRequired).map { JSON.string($0.name) }
    var members = [
      JSON.Member(name: "description", value: .string(documentation)),
      JSON.Member(name: "type", value: .string("object")),
      JSON.Member(name: "properties", value: .object(properties)),
    ]
    if !required.isEmpty { members.append(JSON.Member(name: "required", value: .array(required))) }
    members.append(JSON.Member(name: "additionalProperties", value: .boolean(false)))
    return members + rules.map(\.schema)
  }
}

extension Rule {
  fileprivate var schema: JSON.Member {
    let choices = names.map { JSON.members(("required", .array([.string($0)]))) }
    return JSON.Member(name: isExclusive ? "oneOf" : "anyOf", value: .array(choices))
  }
}

extension FieldDescription {
  fileprivate var schema: [JSON.Member] {
    var members = shape.schema.filter { $0.name != "description" }
    members.insert(JSON.Member(name: "description", value: .string(documentation)), at: 0)
    if let defaultValue {
      members.append(JSON.Member(name: "default", value: defaultValue.json))
    }
    return members
  }
}

extension Shape {
  fileprivate var schema: [JSON.Member] {
    switch self {
    case .text(let text): text.schema
    case .integer(let range):
      [
        JSON.Member(name: "type", value: .string("integer")),
        JSON.Member(name: "minimum", value: .integer(range.lowerBound)),
        JSON.Member(name: "maximum", value: .integer(range.upperBound)),
      ]
    case .boolean: [JSON.Member(name: "type", value: .string("boolean"))]
    case .word(let word): [JSON.Member(name: "const", value: Written.plain(word).json)]
    case .choice(let words):
      [JSON.Member(name: "enum", value: .array(words.map { .string($0) }))]
    case .list(let element, let atLeast, let isUnique):
      [
        JSON.Member(name: "type", value: .string("array")),
        JSON.Member(name: "items", value: .object(element.schema)),
      ] + (atLeast > 0 ? [JSON.Member(name: "minItems", value: .integer(Int64(atLeast)))] : [])
        + (isUnique ? [JSON.Member(name: "uniqueItems", value: .boolean(true))] : [])
    case .map(let keys, let values):
      [
        JSON.Member(name: "type", value: .string("object")),
        JSON.Member(
          name: "propertyNames", value: .members(("pattern", .string(keys.pattern)))),
        JSON.Member(name: "additionalProperties", value: .object(values.schema)),
      ]
    case .object(let table): table.schema
    case .either(let first, let second):
      [JSON.Member(name: "anyOf", value: .array([.object(first.schema), .object(second.schema)]))]
    }
  }
}

extension TextShape {
  fileprivate var schema: [JSON.Member] {
    let types: [JSON] =
      switch plain {
      case .text: [.string("string")]
      case .number: [.string("string"), .string("number")]
      case .anything: [.string("string"), .string("number"), .string("boolean")]
      }
    let type = types.count == 1 ? types[0] : .array(types)
    return [JSON.Member(name: "type", value: type)]
      + (pattern.map { [JSON.Member(name: "pattern", value: .string($0))] } ?? [])
  }
}

extension Written {
  /// What a YAML 1.2 parser would make of it.
  fileprivate var json: JSON {
    switch self {
    case .plain(let word):
      switch word {
      case "true": .boolean(true)
      case "false": .boolean(false)
      default: Int64(word).map { .integer($0) } ?? .string(word)
      }
    case .text(let text): .string(text)
    case .list(let items): .array(items.map(\.json))
    case .fields(let entries), .map(let entries):
      .object(entries.map { JSON.Member(name: $0.key, value: $0.value.json) })
    }
  }
}
