import Diagnostics
import YAML

/// All fields of `Owner`, in the order in which they are written.
public struct Table<Owner>: Sendable where Owner: Sendable {
  let name: String
  let documentation: String
  /// An owner with its defaults, and placeholders for what is required.
  let blank: Owner
  let rules: [Rule]
  let fields: [Field<Owner>]
  private let requiredMask: UInt64
  /// The fields that each rule is about.
  private let ruleMasks: [UInt64]

  /// Sets of fields are bits of one word.
  private static var fieldsMax: Int { 64 }

  init(
    _ name: String, blank: Owner, rules: [Rule] = [], _ documentation: String,
    @FieldList<Owner> fields: () -> [Field<Owner>]
  ) {
    let fields = fields()
    precondition(fields.count <= Self.fieldsMax, "a table has at most \(Self.fieldsMax) fields")
    self.name = name
    self.documentation = documentation
    self.blank = blank
    self.rules = rules
    self.fields = fields
    func mask(_ isIn: (Field<Owner>) -> Bool) -> UInt64 {
      fields.indices.reduce(0) { isIn(fields[$1]) ? $0 | 1 << $1 : $0 }
    }
    self.requiredMask = mask(\.isRequired)
    self.ruleMasks = rules.map { rule in mask { rule.names.contains($0.name) } }
  }

  // MARK: Reading

  /// Reads the fields that `node` gives over those of `owner`, and reports all that is wrong with them.
  func read(_ node: YAMLNode, into owner: inout Owner, _ reading: inout Reading) {
    guard node.kind == .mapping, !node.isRefused else {
      return reading.report(.wrongType(node, expected: "a mapping with fields"))
    }
    var seen: UInt64 = 0
    var expected = 0
    var unknown: [YAMLEntry] = []
    for entry in node.entries {
      guard let index = index(of: entry.key, expected: expected) else {
        unknown.append(entry)
        continue
      }
      seen |= 1 << index
      expected = index + 1
      fields[index].read(entry.value, &owner, &reading)
    }
    let missing = requiredMask & ~seen
    if missing != 0 || !unknown.isEmpty { report(missing, unknown, seen, in: node, &reading) }
    for (rule, mask) in zip(rules, ruleMasks) {
      check(rule, given: (seen & mask).nonzeroBitCount, unknown, in: node, &reading)
    }
  }

  /// The field of this key. People mostly write fields in one order, so the next one is tried first.
  private func index(of key: YAMLNode, expected: Int) -> Int? {
    let name = key.utf8
    return (expected..<fields.count).first { fields[$0].isNamed(name) }
      ?? (0..<expected).first { fields[$0].isNamed(name) }
  }

  /// Reports fields that are not known and those that are missing, but none that is only misspelt.
  private func report(
    _ missing: UInt64, _ unknown: [YAMLEntry], _ seen: UInt64, in node: YAMLNode,
    _ reading: inout Reading
  ) {
    let unseen = fields.indices.filter { seen & 1 << $0 == 0 }.map { fields[$0].name }
    var misspelt: [String] = []
    for entry in unknown {
      let meant = NearestName.suggest(entry.name, among: unseen)
      if let meant { misspelt.append(meant) }
      reading.report(.unknownField(entry.key, meant: meant, known: fields.map(\.name), in: name))
    }
    for index in fields.indices where missing & 1 << index != 0 {
      guard !misspelt.contains(fields[index].name) else { continue }
      reading.report(.missingField(fields[index].name, fields[index].example, in: node))
    }
  }

  private func check(
    _ rule: Rule, given: Int, _ unknown: [YAMLEntry], in node: YAMLNode,
    _ reading: inout Reading
  ) {
    if let chooser = rule.chooser {
      let chosen = node.entries.first { $0.name == chooser }?.value.text
      for entry in node.entries where rule.names.contains(entry.name) && entry.name != chosen {
        if let chosen { reading.report(.settingsOfAnother(entry.key, chooser, chosen)) }
      }
      return
    }
    if given > 1, rule.isExclusive {
      let keys = node.entries.filter { rule.names.contains($0.name) }.map(\.key)
      return reading.report(.exclusiveFields(keys, rule.names))
    }
    guard given == 0, rule.needsOne else { return }
    // A misspelt one has been reported, with the name that was meant; so has a wrong choice where there
    // is nothing else to give.
    let isMisspelt = unknown.contains {
      rule.names.count == fields.count || NearestName.suggest($0.name, among: rule.names) != nil
    }
    if !isMisspelt { reading.report(.missingChoice(rule.names, in: node)) }
  }

  // MARK: Writing

  /// Every field that has something to write; nil if none has.
  func write(_ owner: Owner) -> Written? {
    let entries = fields.compactMap { field in
      field.write(owner).map { Written.Entry(field.name, $0) }
    }
    return entries.isEmpty ? nil : .fields(entries)
  }
}

/// What must hold between the fields of one table, beside each being right on its own.
struct Rule: Hashable, Sendable {
  let names: [String]
  let needsOne: Bool
  let isExclusive: Bool
  /// The field whose value names the one of them that may be given.
  var chooser: String?

  static func settings(of chooser: String, _ names: String...) -> Rule {
    Rule(names: names, needsOne: false, isExclusive: true, chooser: chooser)
  }

  static func exactlyOne(_ names: String...) -> Rule {
    Rule(names: names, needsOne: true, isExclusive: true)
  }

  static func atLeastOne(_ names: String...) -> Rule {
    Rule(names: names, needsOne: true, isExclusive: false)
  }
}

@resultBuilder
enum FieldList<Owner> {
  static func buildExpression(_ field: Field<Owner>) -> Field<Owner> { field }
  static func buildBlock(_ fields: Field<Owner>...) -> [Field<Owner>] { fields }
}
