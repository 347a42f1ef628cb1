public import Model

/// One of the five kinds of object that manifests declare.
public protocol Spec: Hashable, Sendable {
  static var kind: Kind { get }
  /// The fields of a whole manifest of this kind.
  static var table: Table<Self> { get }
  var metadata: Metadata { get set }
}

extension Spec {
  public var id: ObjectID { ObjectID(Self.kind, metadata.name) }

  /// The table of a manifest: the envelope that all kinds share, with the fields of `spec` in it.
  static func manifest(
    _ documentation: String, blank: Self, metadata: any WritableKeyPath<Self, Metadata> & Sendable,
    rules: [Rule] = [], @FieldList<Self> fields: () -> [Field<Self>]
  ) -> Table<Self> {
    let spec = Table(
      "\(kind.rawValue)'s spec", blank: blank, rules: rules, documentation, fields: fields)
    return Table(kind.rawValue, blank: blank, documentation) {
      Field(
        "apiVersion", alwaysSays: ManifestFormat.apiVersion, orElse: .apiVersion,
        "The version of this format.")
      Field("kind", alwaysSays: kind.rawValue, orElse: .kind, "What the manifest declares.")
      Field("metadata", metadata, fields: .metadata, "What every object has.").required
      Field("spec", \.self, fields: spec, documentation).required
    }
  }
}

extension Table<Metadata> {
  /// The set of an object whose manifest names none is filled in by the reader, so it has no default.
  static let metadata = Table(
    "metadata", blank: Metadata(name: "", set: .unnamed), "What every object has besides its spec."
  ) {
    Field(
      "name", \.name, .name(.object, "a name"), example: "llama-pretrain",
      "Unique among the objects of its kind."
    ).required
    Field(
      "labels", \.labels, .labels, example: "{tier: prod}",
      "Keys and values of your own, which gates and selectors can refer to.")
    Field(
      "set", \.namedSet, .reference(to: "the name of a set"), example: "research",
      """
      The set that owns the object. An object is deleted when its own set is applied without it, and \
      by nothing else. The directory's `setpoint.yaml` names the set where this is left out, and \
      without one it is `default`.
      """)
    Field(
      "protected", \.isProtected, .boolean, example: "true",
      "Whether deletion must leave this object, and the nodes that belong to it, alone.")
  }
}

extension SetName {
  /// Stands in for a set that no manifest has named yet; never leaves this target.
  static let unnamed = SetName("")
}

extension Metadata {
  fileprivate var namedSet: SetName? {
    get { set == .unnamed ? nil : set }
    set { set = newValue ?? .unnamed }
  }
}
