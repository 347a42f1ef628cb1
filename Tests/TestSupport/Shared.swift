public import Foundation

/// The directory `shared` beside the checkout: outside test data that is read in place and kept out
/// of the repository. Tests that need it are `.enabled(if: Shared.isPresent)`.
public enum Shared {
  public static let directory = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "shared")

  public static let isPresent = FileManager.default.fileExists(
    atPath: directory.appending(path: "corpora").path)

  /// The bytes of a file, such as `corpora/k8s-quantity.json`.
  public static func data(_ path: String) throws -> Data {
    try Data(contentsOf: directory.appending(path: path))
  }

  public static func decode<Value: Decodable>(_ type: Value.Type, _ path: String) throws -> Value {
    try JSONDecoder().decode(type, from: data(path))
  }

  /// The records of a file of JSON lines behind its first, which names its source.
  public static func decodeLines<Value: Decodable>(
    _ type: Value.Type, _ path: String
  ) throws -> [Value] {
    try data(path).split(separator: UInt8(ascii: "\n")).dropFirst().map {
      try JSONDecoder().decode(type, from: $0)
    }
  }
}
