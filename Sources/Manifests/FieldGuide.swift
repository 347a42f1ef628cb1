import Diagnostics
public import Model

/// What there is to know of one field, or of one kind: the facts behind `setpoint explain`.
public struct FieldTopic: Hashable, Sendable {
  /// `workload.spec.resources`.
  public let path: String
  /// In a few words, with the article.
  public let type: String
  public let documentation: String
  public let isRequired: Bool
  /// What holds where the field is left out; nil where that is nothing.
  public let defaultText: String?
  /// As a manifest would write it.
  public let example: String?
  public let effect: FieldChange.Effect
  /// What must hold between the fields below, each one sentence.
  public let rules: [String]
  /// The fields below this one, in the order in which they are written.
  public let fields: [Summary]

  public struct Summary: Hashable, Sendable {
    public let name: String
    public let type: String
    public let documentation: String
    public let isRequired: Bool
  }
}

/// Looks up what the field tables say.
public enum FieldGuide {
  public enum Answer: Hashable, Sendable {
    case topic(FieldTopic)
    /// There is no such field; `nearest` is the path that was probably meant.
    case unknown(nearest: String?)
  }

  /// The topic of a path such as `workload.spec.resources`; the kind's case doesn't matter, and `spec`
  /// may be left out.
  public static func topic(_ path: String) -> Answer {
    var names = path.split(separator: ".").map(String.init)
    guard let kindName = names.first else { return .unknown(nearest: nil) }
    guard let kind = Kind.allCases.first(where: { $0.path == kindName.lowercased() }) else {
      return .unknown(
        nearest: NearestName.suggest(kindName, among: Kind.allCases.map(\.path)))
    }
    names[0] = kind.path
    var field = FieldDescription(kind.table)
    for (index, name) in names.enumerated().dropFirst() {
      guard let next = field.child(named: name) else {
        let nearest = NearestName.suggest(name, among: field.childNames)
        return .unknown(nearest: nearest.map { (names[..<index] + [$0]).joined(separator: ".") })
      }
      field = next.inheriting(field.effect)
    }
    return .topic(FieldTopic(field, path: names.joined(separator: ".")))
  }

  /// Every path that there is a topic for, in the order of the tables.
  public static let paths: [String] = Kind.allCases.flatMap { kind in
    var paths: [String] = []
    func collect(_ field: FieldDescription, _ path: String) {
      paths.append(path)
      for child in field.shape.table?.fields ?? [] { collect(child, "\(path).\(child.name)") }
    }
    collect(FieldDescription(kind.table), kind.path)
    return paths
  }
}

extension Kind {
  var table: TableDescription {
    switch self {
    case .cluster: ClusterSpec.table.description
    case .nodePool: NodePoolSpec.table.description
    case .queue: QueueSpec.table.description
    case .workload: WorkloadSpec.table.description
    case .gate: GateSpec.table.description
    }
  }

  fileprivate var path: String { rawValue.lowercased() }
}

extension FieldDescription {
  /// A kind, as if it were a field.
  fileprivate init(_ table: TableDescription) {
    self.init(
      name: table.name, shape: .object(table), documentation: table.documentation, example: nil,
      isRequired: false, defaultValue: nil, effect: .inPlace)
  }

  fileprivate var children: [FieldDescription] { shape.table?.fields ?? [] }

  fileprivate func child(named name: String) -> FieldDescription? {
    children.first { $0.name.lowercased() == name.lowercased() }
      ?? children.first { $0.name == "spec" }?.child(named: name)
  }

  fileprivate var childNames: [String] { children.map(\.name) }

  fileprivate func inheriting(_ around: FieldChange.Effect) -> FieldDescription {
    FieldDescription(
      name: name, shape: shape, documentation: documentation, example: example,
      isRequired: isRequired, defaultValue: defaultValue,
      effect: effect == .inPlace ? around : effect)
  }
}

extension Shape {
  /// The fields that values have, directly or as items.
  var table: TableDescription? {
    switch self {
    case .object(let table): table
    case .list(let element, _, _): element.table
    case .either(let first, let second): first.table ?? second.table
    case .text, .integer, .boolean, .word, .choice, .map: nil
    }
  }
}

extension FieldTopic {
  fileprivate init(_ field: FieldDescription, path: String) {
    self.path = path
    self.type = field.shape.noun
    self.documentation = field.documentation
    self.isRequired = field.isRequired
    self.defaultText = field.defaultValue?.flow
    self.example = field.example
    self.effect = field.effect
    self.rules = field.shape.table?.rules.map(\.sentence) ?? []
    self.fields = (field.shape.table?.fields ?? []).map {
      Summary(
        name: $0.name, type: $0.shape.noun, documentation: $0.documentation,
        isRequired: $0.isRequired)
    }
  }
}

extension Rule {
  fileprivate var sentence: String {
    let list = names.map { "'\($0)'" }.joined(separator: ", ")
    if let chooser { return "Of \(list) only the one that '\(chooser)' names." }
    return isExclusive ? "Exactly one of \(list)." : "At least one of \(list)."
  }
}
