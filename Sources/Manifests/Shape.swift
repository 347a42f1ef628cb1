import Model

/// What values of one form look like, for people and for JSON Schema.
indirect enum Shape: Hashable, Sendable {
  /// A text of some form.
  case text(TextShape)
  case integer(ClosedRange<Int64>)
  case boolean
  /// Nothing but this.
  case word(String)
  case choice([String])
  case list(of: Shape, atLeast: Int, isUnique: Bool)
  /// Keys that people choose.
  case map(keys: NameRule, values: Shape)
  case object(TableDescription)
  case either(Shape, Shape)
}

/// A form of text, as it is called and as it can be recognised.
struct TextShape: Hashable, Sendable {
  /// With its article: `a duration`.
  let noun: String
  let examples: [String]
  /// A regular expression that every value matches; nil where any text will do.
  let pattern: String?
  /// What other readers of YAML may see in such a text where it stands without quotes.
  var plain = Plain.text

  enum Plain: Hashable, Sendable {
    case text
    /// `96` and `1.10` are such texts.
    case number
    /// And so is `true`.
    case anything
  }
}

/// What a table says, without the types that it is about.
struct TableDescription: Hashable, Sendable {
  let name: String
  let documentation: String
  let rules: [Rule]
  let fields: [FieldDescription]
}

struct FieldDescription: Hashable, Sendable {
  let name: String
  let shape: Shape
  let documentation: String
  let example: String?
  let isRequired: Bool
  /// What holds where the field is left out; nil where that is nothing.
  let defaultValue: Written?
  let effect: FieldChange.Effect
}

extension Table {
  var description: TableDescription {
    // One of these must be given, so that none has a default.
    let chosen = rules.filter(\.needsOne).flatMap(\.names)
    return TableDescription(
      name: name, documentation: documentation, rules: rules,
      fields: fields.map { field in
        let isGiven = field.isRequired || chosen.contains(field.name)
        return FieldDescription(
          name: field.name, shape: field.shape, documentation: field.documentation,
          example: field.example, isRequired: field.isRequired,
          defaultValue: isGiven ? nil : field.write(blank), effect: field.effect)
      })
  }
}

extension Shape {
  /// In a few words, with the article: `a list of names`.
  var noun: String {
    switch self {
    case .text(let text): text.noun
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .boolean: "true or false"
    case .word(let word): "'\(word)'"
    case .choice(let words): words.map { "'\($0)'" }.joined(separator: " or ")
    case .list(let element, _, _): "a list, each \(element.noun)"
    case .map(_, let values): "a mapping of keys, each to \(values.noun)"
    case .object: "a mapping with fields"
    case .either(let first, let second): "\(first.noun), or \(second.noun)"
    }
  }
}
