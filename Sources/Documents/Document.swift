public import Diagnostics
public import JSON
import YAML

/// A value as versioned JSON, both ways: what is written reads back as the same value.
///
/// The two directions of a type stand side by side in one file, so that they are changed together.
/// JSON is read by the YAML reader, which knows all of it; so a problem has a place in the text.
public protocol Document {
  /// What the document says it is: `target`, `snapshot`.
  static var kind: String { get }
  /// Goes up with every change that older releases would misread.
  static var formatVersion: Int { get }

  /// Writes the members of the object, those of the envelope left aside.
  func write(to writer: inout JSONWriter)
  init(from object: ObjectReader) throws(DocumentProblem)
}

extension Document {
  /// The whole text, the same for the same value.
  public var json: String {
    JSONWriter.object { json in
      json.member("kind", Self.kind)
      json.member("formatVersion", Self.formatVersion)
      write(to: &json)
    }
  }

  /// Reads what `json` wrote; nil, and one diagnostic at least, where the text is something else.
  public static func read(
    _ source: SourceText, id: SourceID = SourceID(index: 0)
  ) -> Diagnosed<Self?> {
    let file = YAMLReader.read(source, id: id, limits: documentLimits)
    guard !file.hasErrors, let root = file.value.documents.first?.root else {
      let nothing = Diagnostic(.documentShape, "no document", at: .path(source.path))
      return Diagnosed(nil, file.diagnostics.isEmpty ? [nothing] : file.diagnostics)
    }
    do throws(DocumentProblem) {
      return Diagnosed(try read(ObjectReader(root)), file.diagnostics)
    } catch {
      return Diagnosed(nil, file.diagnostics + [error.diagnostic])
    }
  }

  /// Of a program's making; one of its texts may be all manifests together.
  private static var documentLimits: YAMLLimits {
    var limits = YAMLLimits.generated
    limits.scalarBytesMax = limits.fileBytesMax
    return limits
  }

  private static func read(_ object: ObjectReader) throws(DocumentProblem) -> Self {
    guard try object.text("kind") == kind else {
      throw object.problem("kind", .documentShape, "not a \(kind) document")
    }
    let version = try object.int("formatVersion")
    guard version <= formatVersion else {
      throw object.problem(
        "formatVersion", .documentVersion,
        "format \(version) of a \(kind) document, newer than \(formatVersion), the newest known",
        help: "use the release that wrote it, or a newer one")
    }
    return try Self(from: object)
  }
}

/// Why a document can't be read.
public struct DocumentProblem: Error {
  public let diagnostic: Diagnostic
}

extension Code {
  /// A document that is not what it should be.
  public static let documentShape = Code("document", "shape")
  /// A document of a newer release.
  public static let documentVersion = Code("document", "version")
  /// A document whose content is not what its id or digest was made from.
  public static let documentAltered = Code("document", "altered")
}
