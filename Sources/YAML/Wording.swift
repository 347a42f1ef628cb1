import Diagnostics

/// Every sentence of this area, in one place so that they can be reviewed as text.
extension Problem {
  // MARK: The bytes

  static func tooLarge(path: String, bytes: Int, bytesMax: Int) -> Problem {
    Problem(
      .yamlTooLarge, "\(bytes) bytes, more than the \(bytesMax) that one file may have",
      at: .path(path), help: "spread the documents over several files")
  }

  static func encoding(_ range: Range<Int>, _ what: String) -> Problem {
    Problem(.yamlEncoding, what, at: .range(range), help: "save the file as UTF-8")
  }

  static func control(_ range: Range<Int>, _ scalar: Unicode.Scalar) -> Problem {
    Problem(
      .yamlControlCharacter, "the invisible character \(name(scalar))", at: .range(range),
      help: "remove it, or write \(escape(scalar)) between double quotes")
  }

  static func lineSeparator(_ range: Range<Int>, _ scalar: Unicode.Scalar) -> Problem {
    Problem(
      .yamlLineSeparator,
      "the character \(name(scalar)), which ends a line for YAML and for no editor",
      at: .range(range),
      help: "write a line end, or \(escape(scalar)) between double quotes")
  }

  static func directive(_ range: Range<Int>, _ line: some Collection<UInt8>) -> Problem {
    Problem(
      .yamlDirective, "the directive '\(String(decoding: line, as: UTF8.self))'",
      at: .range(range), help: "remove the line; only '%YAML 1.1' and '%YAML 1.2' are read")
  }

  // MARK: Nodes

  static func tag(_ range: Range<Int>, _ tag: String) -> Problem {
    Problem(
      .yamlTag, "the tag '\(tag)'", at: .range(range),
      help: "remove it; a value's type follows from its field, and only '!!str' is read")
  }

  static func mergeKey(_ range: Range<Int>) -> Problem {
    Problem(
      .yamlMergeKey, "the merge key '<<'", at: .range(range),
      help: "write the fields out, or alias one whole value with '*name'")
  }

  static func keyNotScalar(_ range: Range<Int>) -> Problem {
    Problem(
      .yamlKeyNotScalar, "a key that is not text", at: .range(range),
      help: "put text that begins with '{' or '[' between quotes")
  }

  static func emptyKey(_ range: Range<Int>) -> Problem {
    Problem(
      .yamlEmptyKey, "a key without text", at: .range(range),
      help: "write the field's name before the ':'")
  }

  static func duplicateKey(_ range: Range<Int>, _ key: String, first: Range<Int>) -> Problem {
    Problem(
      .yamlDuplicateKey, "the key '\(key)' a second time", at: .range(range),
      note: (first, "first given here"), help: "keep one of the two")
  }

  static func undefinedAlias(_ range: Range<Int>, _ name: [UInt8], known: [String]) -> Problem {
    let name = String(decoding: name, as: UTF8.self)
    let nearest = NearestName.suggest(name, among: known)
    return Problem(
      .yamlUndefinedAlias, "the alias '*\(name)' without an anchor before it", at: .range(range),
      help: nearest.map { "did you mean '*\($0)'?" }
        ?? "write '&\(name)' before the value that it stands for, in the same document")
  }

  static func recursiveAlias(_ range: Range<Int>, _ name: [UInt8]) -> Problem {
    Problem(
      .yamlRecursiveAlias,
      "the alias '*\(String(decoding: name, as: UTF8.self))' inside of the value that it names",
      at: .range(range), help: "a value can't contain itself")
  }

  // MARK: Limits

  static func tooDeep(_ range: Range<Int>, _ limit: Int) -> Problem {
    Problem(.yamlTooDeep, "more than \(limit) levels of nesting", at: .range(range))
  }

  static func scalarTooLarge(_ range: Range<Int>, _ bytes: Int, _ limit: Int) -> Problem {
    Problem(
      .yamlScalarTooLarge, "a text of \(bytes) bytes, more than the \(limit) that one may have",
      at: .range(range))
  }

  static func tooManyDocuments(_ range: Range<Int>, _ limit: Int) -> Problem {
    Problem(
      .yamlTooManyDocuments, "more than \(limit) documents in one file", at: .range(range),
      help: "spread them over several files")
  }

  static func tooManyEvents(_ range: Range<Int>, _ limit: Int) -> Problem {
    Problem(
      .yamlTooManyEvents, "more than \(limit) parts in one file", at: .range(range),
      help: "spread the documents over several files")
  }

  static func tooManyNodes(_ range: Range<Int>, _ limit: Int) -> Problem {
    Problem(
      .yamlTooManyNodes, "more than \(limit) values in one file, aliases counted as copies",
      at: .range(range), help: "spread the documents over several files")
  }

  static func tooManyAliases(_ range: Range<Int>, _ limit: Int) -> Problem {
    Problem(.yamlTooManyAliases, "more than \(limit) aliases in one file", at: .range(range))
  }

  static func tooManyProblems(_ place: Place, _ limit: Int) -> Problem {
    Problem(
      .yamlTooManyProblems, "more than \(limit) problems; the rest of the file was not read",
      at: place)
  }

  // MARK: Characters

  private static func name(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// As YAML writes it between double quotes.
  private static func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let (letter, width) = scalar.value < 0x100 ? ("x", 2) : ("u", 4)
    return "\\" + letter + String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
