public import Diagnostics

/// Everything that can be wrong with one manifest.
extension Code {
  public static let unknownField = Code("manifest", "unknown-field")
  public static let missingField = Code("manifest", "missing-field")
  /// Fields of which only one may be given.
  public static let exclusiveFields = Code("manifest", "exclusive-fields")
  /// A mapping where a text is expected, or the like.
  public static let wrongType = Code("manifest", "wrong-type")
  public static let unknownKind = Code("manifest", "unknown-kind")
  public static let apiVersion = Code("manifest", "api-version")
  /// A word that is none of an enumeration's.
  public static let unknownValue = Code("manifest", "unknown-value")
  /// A provider that this release has not.
  public static let unsupportedProvider = Code("manifest", "unsupported-provider")
  public static let missingUnit = Code("manifest", "missing-unit")
  public static let outOfRange = Code("manifest", "out-of-range")
  public static let invalidQuantity = Code("manifest", "invalid-quantity")
  public static let invalidDuration = Code("manifest", "invalid-duration")
  public static let invalidCron = Code("manifest", "invalid-cron")
  public static let invalidDate = Code("manifest", "invalid-date")
  public static let invalidMoney = Code("manifest", "invalid-money")
  public static let invalidRange = Code("manifest", "invalid-range")
  public static let invalidShare = Code("manifest", "invalid-share")
  public static let invalidInteger = Code("manifest", "invalid-integer")
  public static let invalidBoolean = Code("manifest", "invalid-boolean")
  public static let invalidAccelerator = Code("manifest", "invalid-accelerator")
  public static let invalidName = Code("manifest", "invalid-name")
  public static let invalidLabelKey = Code("manifest", "invalid-label-key")
  public static let invalidLabelValue = Code("manifest", "invalid-label-value")
  public static let invalidVariable = Code("manifest", "invalid-variable")
  public static let emptyList = Code("manifest", "empty-list")
  public static let repeatedItem = Code("manifest", "repeated-item")
  /// A load file that is not one document.
  public static let loadShape = Code("load", "shape")
  /// Points of a load that do not follow one another.
  public static let loadOrder = Code("load", "order")
  /// A usage file that is not one document.
  public static let usageShape = Code("usage", "shape")
  /// Nothing is declared, which never means that everything should go.
  public static let emptySet = Code("manifest", "empty-set")
}
