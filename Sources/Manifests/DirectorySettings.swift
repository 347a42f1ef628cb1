import Model
import YAML

/// What a directory's `setpoint.yaml` says of the manifests in it and below:
///
///     apiVersion: setpoint/v1
///     set: research
///
/// It declares no object, so it has no kind.
struct DirectorySettings: Hashable, Sendable {
  static let fileName = "setpoint.yaml"

  var set: SetName

  static let table = Table(
    fileName, blank: DirectorySettings(set: SetName("default")),
    "What a directory's `setpoint.yaml` says of the manifests in it and below."
  ) {
    Field(
      "apiVersion", alwaysSays: ManifestFormat.apiVersion, orElse: .apiVersion,
      "The version of this format.")
    Field(
      "set", \.set, .reference(to: "the name of a set"), example: "research",
      "The set that owns all objects here whose `metadata` names no other."
    ).required
  }

  /// The directory that a path lies in, with its slash; empty for one that names none.
  static func directory(of path: String) -> Substring {
    let utf8 = path.utf8
    guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
    return path[...slash]
  }

  static func isSettings(_ path: String) -> Bool {
    path.dropFirst(directory(of: path).count).utf8.elementsEqual(fileName.utf8)
  }
}
