public import Diagnostics
public import Manifests
public import Model

/// Where the objects and fields of a change stand in their files: with the change where they are
/// still there, else as they stood before it.
public struct ChangePlaces: Sendable {
  public struct Place: Hashable, Sendable, CustomStringConvertible {
    /// From the top of the repository.
    public var path: String
    public var line: Int
    public var column: Int
    /// Whether it is a place of the version with the change.
    public var isInHead: Bool

    public init(path: String, line: Int, column: Int, isInHead: Bool = true) {
      self.path = path
      self.line = line
      self.column = column
      self.isInHead = isInHead
    }

    public var description: String { "\(Visible.line(path)):\(line)" }
  }

  private struct Key: Hashable {
    let object: ObjectID
    /// Nil for the object as a whole.
    let field: String?
  }

  private var places: [Key: Place] = [:]

  public static let unknown = ChangePlaces()

  private init() {}

  /// `objects` are those whose places are asked for besides the changed ones, such as gates. A side
  /// that could not be read is left out.
  public init(
    _ changes: [ObjectChange], and objects: [ObjectID], base: (ManifestSet, Sources)?,
    head: (ManifestSet, Sources)
  ) {
    for (side, isHead) in [(base, false), (Optional(head), true)] {
      guard let (manifests, sources) = side else { continue }
      add(changes, objects, manifests, sources, isHead: isHead)
    }
  }

  public subscript(object: ObjectID, field: String? = nil) -> Place? {
    places[Key(object: object, field: field)]
  }

  /// A later side goes over an earlier one.
  private mutating func add(
    _ changes: [ObjectChange], _ objects: [ObjectID], _ manifests: ManifestSet,
    _ sources: Sources, isHead: Bool
  ) {
    let origins = Dictionary(manifests.manifests.map { ($0.spec.id, $0.origin) }) { first, _ in
      first
    }
    var indices: [SourceID: LineIndex] = [:]
    func place(_ span: Span) -> Place {
      let source = sources[span.source]
      let index = indices[span.source] ?? LineIndex(source)
      indices[span.source] = index
      let position = index.position(of: span.range.lowerBound)
      return Place(
        path: source.path, line: position.line, column: position.column, isInHead: isHead)
    }
    for object in objects + changes.map(\.object) {
      guard let origin = origins[object] else { continue }
      places[Key(object: object, field: nil)] = place(origin.nameSpan)
    }
    for change in changes {
      guard let origin = origins[change.object] else { continue }
      for field in change.fields {
        places[Key(object: change.object, field: field.path)] = place(
          origin.span(Self.names(of: field.path)))
      }
    }
  }

  /// `spec.env['a/b']` as the names that lead there: `spec`, `env`, `a/b`.
  static func names(of path: String) -> [String] {
    guard let bracket = path.firstRange(of: "['"), path.hasSuffix("']") else {
      return path.split(separator: ".").map(String.init)
    }
    return path[..<bracket.lowerBound].split(separator: ".").map(String.init)
      + [String(path[bracket.upperBound...].dropLast(2))]
  }
}
