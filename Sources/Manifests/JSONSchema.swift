import JSON
public import Model

/// The field tables as JSON Schemas (draft 2020-12), for editors and for validators of others.
///
/// A schema accepts what the reader accepts when a YAML 1.2 parser has read it; it can't know what
/// other manifests hold, so references and limits are for `setpoint validate`.
public enum JSONSchema {
  /// The schema of manifests of one kind.
  public static func text(for kind: Kind) -> String {
    JSONValue.schema(title: "Setpoint \(kind.rawValue)", kind.table.schema).text
  }

  /// The schema of manifests of any kind, for files that hold several.
  public static var manifests: String {
    let kinds = Kind.allCases.map(\.rawValue)
    let branches = kinds.map { kind in
      JSONValue.members(
        ("if", .members(("properties", .members(("kind", .members(("const", .string(kind)))))))),
        ("then", .members(("$ref", .string("#/$defs/\(kind)")))))
    }
    let definitions = Kind.allCases.map {
      JSONValue.Member($0.rawValue, .object($0.table.schema))
    }
    return JSONValue.schema(
      title: "Setpoint manifest",
      [
        JSONValue.Member("type", .string("object")),
        JSONValue.Member(
          "properties",
          .members(
            ("apiVersion", .members(("const", .string(ManifestFormat.apiVersion)))),
            ("kind", .members(("enum", .array(kinds.map { .string($0) })))))),
        JSONValue.Member("required", .array([.string("apiVersion"), .string("kind")])),
        JSONValue.Member("allOf", .array(branches)),
        JSONValue.Member("$defs", .object(definitions)),
      ]
    ).text
  }

  /// The schema of a directory's `setpoint.yaml`.
  public static var settings: String {
    JSONValue.schema(
      title: "Setpoint directory settings", DirectorySettings.table.description.schema
    ).text
  }

  /// The schema of a price file.
  public static var priceFile: String {
    JSONValue.schema(title: "Setpoint price file", Table.priceFile.description.schema).text
  }

  /// The schema of a load file.
  public static var load: String {
    JSONValue.schema(title: "Setpoint load", Table.load.description.schema).text
  }

  /// The schema of a usage file.
  public static var usage: String {
    JSONValue.schema(title: "Setpoint usage", Table.usage.description.schema).text
  }

  /// Every schema by the name of its file in `schemas/`.
  public static var files: [(name: String, text: String)] {
    Kind.allCases.map { ("\($0.rawValue.lowercased()).schema.json", text(for: $0)) }
      + [
        ("load.schema.json", load), ("pricefile.schema.json", priceFile),
        ("setpoint.schema.json", manifests),
        ("settings.schema.json", settings), ("usage.schema.json", usage),
      ]
  }
}

extension TableDescription {
  fileprivate var schema: [JSONValue.Member] {
    let properties = fields.map { JSONValue.Member($0.name, .object($0.schema)) }
    let required = fields.filter(\.isRequired).map { JSONValue.string($0.name) }
    var members = [
      JSONValue.Member("description", .string(documentation)),
      JSONValue.Member("type", .string("object")),
      JSONValue.Member("properties", .object(properties)),
    ]
    if !required.isEmpty { members.append(JSONValue.Member("required", .array(required))) }
    members.append(JSONValue.Member("additionalProperties", .boolean(false)))
    return members + rules.map(\.schema)
  }
}

extension Rule {
  fileprivate var schema: JSONValue.Member {
    if let chooser {
      let rules = names.map { name in
        JSONValue.members(
          ("if", .members(("required", .array([.string(name)])))),
          (
            "then",
            .members(("properties", .members((chooser, .members(("const", .string(name)))))))
          ))
      }
      return JSONValue.Member("allOf", .array(rules))
    }
    let choices = names.map { JSONValue.members(("required", .array([.string($0)]))) }
    return JSONValue.Member(isExclusive ? "oneOf" : "anyOf", .array(choices))
  }
}

extension FieldDescription {
  fileprivate var schema: [JSONValue.Member] {
    var members = shape.schema.filter { $0.name != "description" }
    members.insert(JSONValue.Member("description", .string(documentation)), at: 0)
    if let defaultValue {
      members.append(JSONValue.Member("default", defaultValue.json))
    }
    return members
  }
}

extension Shape {
  fileprivate var schema: [JSONValue.Member] {
    switch self {
    case .text(let text): text.schema
    case .integer(let range):
      [
        JSONValue.Member("type", .string("integer")),
        JSONValue.Member("minimum", .integer(range.lowerBound)),
        JSONValue.Member("maximum", .integer(range.upperBound)),
      ]
    case .boolean: [JSONValue.Member("type", .string("boolean"))]
    case .word(let word): [JSONValue.Member("const", Written.plain(word).json)]
    case .choice(let words):
      [JSONValue.Member("enum", .array(words.map { .string($0) }))]
    case .list(let element, let atLeast, let isUnique):
      [
        JSONValue.Member("type", .string("array")),
        JSONValue.Member("items", .object(element.schema)),
      ] + (atLeast > 0 ? [JSONValue.Member("minItems", .integer(Int64(atLeast)))] : [])
        + (isUnique ? [JSONValue.Member("uniqueItems", .boolean(true))] : [])
    case .map(let keys, let values):
      [
        JSONValue.Member("type", .string("object")),
        JSONValue.Member("propertyNames", .members(("pattern", .string(keys.pattern)))),
        JSONValue.Member("additionalProperties", .object(values.schema)),
      ]
    case .object(let table): table.schema
    case .either(let first, let second):
      [JSONValue.Member("anyOf", .array([.object(first.schema), .object(second.schema)]))]
    }
  }
}

extension TextShape {
  fileprivate var schema: [JSONValue.Member] {
    let types: [JSONValue] =
      switch plain {
      case .text: [.string("string")]
      case .number: [.string("string"), .string("number")]
      case .anything: [.string("string"), .string("number"), .string("boolean")]
      }
    let type = types.count == 1 ? types[0] : .array(types)
    return [JSONValue.Member("type", type)]
      + (pattern.map { [JSONValue.Member("pattern", .string($0))] } ?? [])
  }
}

extension Written {
  /// What a YAML 1.2 parser would make of it.
  fileprivate var json: JSONValue {
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
      .object(entries.map { JSONValue.Member($0.key, $0.value.json) })
    }
  }
}
