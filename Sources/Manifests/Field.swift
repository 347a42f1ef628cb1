import Model
import YAML

/// One field of `Owner`: how it is read and written, and all that people are told about it.
public struct Field<Owner>: Sendable {
  let name: String
  private let nameUTF8: [UInt8]
  let shape: Shape
  let documentation: String
  /// A value as a manifest would write it.
  let example: String?
  private(set) var isRequired = false
  private(set) var effect = FieldChange.Effect.inPlace
  /// Reads a value into the owner, or reports why it can't.
  let read: @Sendable (YAMLNode, inout Owner, inout Reading) -> Void
  /// The owner's value; nil where there is nothing to write.
  let write: @Sendable (Owner) -> Written?

  private init(
    _ name: String, _ shape: Shape, _ documentation: String, example: String?,
    read: @escaping @Sendable (YAMLNode, inout Owner, inout Reading) -> Void,
    write: @escaping @Sendable (Owner) -> Written?
  ) {
    self.name = name
    self.nameUTF8 = Array(name.utf8)
    self.shape = shape
    self.documentation = documentation
    self.example = example
    self.read = read
    self.write = write
  }

  /// A field with a value of its own.
  init<Value>(
    _ name: String, _ path: any WritableKeyPath<Owner, Value> & Sendable, _ form: Form<Value>,
    example: String, _ documentation: String
  ) {
    self.init(
      name, form.shape, documentation, example: example,
      read: { node, owner, reading in
        if let value = form.read(node, &reading) { owner[keyPath: path] = value }
      },
      write: { form.write($0[keyPath: path]) })
  }

  /// A field that may be left out, which is nil then.
  init<Value>(
    _ name: String, _ path: any WritableKeyPath<Owner, Value?> & Sendable, _ form: Form<Value>,
    example: String, _ documentation: String
  ) {
    self.init(
      name, form.shape, documentation, example: example,
      read: { node, owner, reading in
        if let value = form.read(node, &reading) { owner[keyPath: path] = value }
      },
      write: { $0[keyPath: path].flatMap(form.write) })
  }

  /// A field that holds fields, each with its own default.
  init<Value>(
    _ name: String, _ path: any WritableKeyPath<Owner, Value> & Sendable, fields: Table<Value>,
    _ documentation: String
  ) {
    self.init(
      name, .object(fields.description), documentation, example: nil,
      read: { fields.read($0, into: &$1[keyPath: path], &$2) },
      write: { fields.write($0[keyPath: path]) })
  }

  /// A field that holds fields and may be left out as a whole, which is nil then.
  init<Value>(
    _ name: String, _ path: any WritableKeyPath<Owner, Value?> & Sendable,
    optionalFields: Table<Value>,
    _ documentation: String
  ) {
    self.init(
      name, .object(optionalFields.description), documentation, example: nil,
      read: { node, owner, reading in
        var value = optionalFields.blank
        optionalFields.read(node, into: &value, &reading)
        owner[keyPath: path] = value
      },
      write: { $0[keyPath: path].flatMap(optionalFields.write) })
  }

  /// A field that always says the same.
  init(
    _ name: String, alwaysSays word: String, orElse problem: WordProblem, _ documentation: String
  ) {
    self.init(
      name, .word(word), documentation, example: word,
      read: { node, _, reading in
        if !node.hasText(word) { reading.report(.not(word, node, problem)) }
      },
      write: { _ in .plain(word) })
    isRequired = true
  }

  /// Whether a key of these bytes means this field.
  func isNamed(_ name: ArraySlice<UInt8>) -> Bool {
    name.count == nameUTF8.count && name.elementsEqual(nameUTF8)
  }

  // MARK: In the tables, these stand behind a field like adjectives.

  var required: Field {
    var field = self
    field.isRequired = true
    return field
  }

  var restartsReplicas: Field { with(.restartsReplicas) }
  var replacesNodes: Field { with(.replacesNodes) }

  private func with(_ effect: FieldChange.Effect) -> Field {
    var field = self
    field.effect = effect
    return field
  }
}
