import Diagnostics
import Documents
import YAML

/// Plans and snapshots as files.
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
    let limits = YAMLLimits.generated
    let bytes: [UInt8]
    do throws(POSIX.Problem) {
      bytes = try POSIX.read(path, bytesMax: limits.fileBytesMax)
    } catch {
      throw .problem(SourceWording.unreadable(path, error.text))
    }
    let source = SourceText(path: path, bytes: bytes)
    let read = Content.read(source)
    guard let content = read.value, !read.hasErrors else {
      throw .input(read.diagnostics, Sources([source]))
    }
    return content
  }
}
