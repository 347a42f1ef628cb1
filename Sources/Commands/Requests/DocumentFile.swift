import Diagnostics
import Documents
import YAML

/// Files that hold one document: plans and snapshots, and what people write for one command.
enum DocumentFile {
  /// Whether `path` leads to a document of Setpoint's own: JSON that says its format, as no manifest
  /// does.
  static func isOne(_ path: String) -> Bool {
    do throws(POSIX.Problem) {
      guard try POSIX.status(path).type == .file else { return false }
      let start = try POSIX.read(path, bytesMax: headBytesMax)
      return start.first == UInt8(ascii: "{")
        && String(decoding: start, as: UTF8.self).contains("\"formatVersion\"")
    } catch {
      // Whoever reads it as manifests says what is wrong.
      return false
    }
  }

  /// The format stands behind the kind, at the very front.
  private static let headBytesMax = 200

  static func read<Content: Document>(_ path: String) throws(Trouble) -> Content {
    try read(path, .generated) { Content.read($0) }.content
  }

  /// What `reader` makes of the file, beside its text; throws all that is wrong with it.
  static func read<Content>(
    _ path: String, _ limits: YAMLLimits, as reader: (SourceText) -> Diagnosed<Content?>
  ) throws(Trouble) -> (content: Content, source: SourceText) {
    let bytes: [UInt8]
    do throws(POSIX.Problem) {
      bytes = try POSIX.read(path, bytesMax: limits.fileBytesMax)
    } catch {
      throw .problem(SourceWording.unreadable(path, error.text))
    }
    let source = SourceText(path: path, bytes: bytes)
    let read = reader(source)
    guard let content = read.value, !read.hasErrors else {
      throw .input(read.diagnostics, Sources([source]))
    }
    return (content, source)
  }
}
