public import Diagnostics

/// Everything that the reader can refuse.
extension Code {
  /// Not YAML; the text is libyaml's.
  public static let yamlSyntax = Code("yaml", "syntax")
  /// Not UTF-8.
  public static let yamlEncoding = Code("yaml", "encoding")
  /// A character that people can't see.
  public static let yamlControlCharacter = Code("yaml", "control-character")
  /// NEL, LS or PS, which end a line for the parser but not for the people who review it.
  public static let yamlLineSeparator = Code("yaml", "line-separator")
  /// A `%` line other than `%YAML 1.1` and `%YAML 1.2`.
  public static let yamlDirective = Code("yaml", "directive")
  /// A tag other than `!!str` on a scalar.
  public static let yamlTag = Code("yaml", "tag")
  /// The merge key `<<`.
  public static let yamlMergeKey = Code("yaml", "merge-key")
  /// A mapping or a sequence as key, such as an unquoted `{{ template }}`.
  public static let yamlKeyNotScalar = Code("yaml", "key-not-scalar")
  /// A key without text.
  public static let yamlEmptyKey = Code("yaml", "empty-key")
  /// The same key twice in one mapping.
  public static let yamlDuplicateKey = Code("yaml", "duplicate-key")
  /// An alias without an anchor of that name before it in the document.
  public static let yamlUndefinedAlias = Code("yaml", "undefined-alias")
  /// An alias inside of the very node that it names.
  public static let yamlRecursiveAlias = Code("yaml", "recursive-alias")
  public static let yamlTooLarge = Code("yaml", "too-large")
  public static let yamlTooDeep = Code("yaml", "too-deep")
  public static let yamlScalarTooLarge = Code("yaml", "scalar-too-large")
  public static let yamlTooManyDocuments = Code("yaml", "too-many-documents")
  public static let yamlTooManyEvents = Code("yaml", "too-many-events")
  public static let yamlTooManyNodes = Code("yaml", "too-many-nodes")
  public static let yamlTooManyAliases = Code("yaml", "too-many-aliases")
  public static let yamlTooManyProblems = Code("yaml", "too-many-problems")
  public static let yamlTooManyFiles = Code("yaml", "too-many-files")
  public static let yamlSetTooLarge = Code("yaml", "set-too-large")
}
