import Foundation

/// Test data from elsewhere, read in place; its tests are skipped where it is not.
enum Corpus: String {
  case quantities = "k8s-quantity"
  case names = "k8s-names"

  var path: String { "../shared/corpora/\(rawValue).json" }
  var isThere: Bool { FileManager.default.fileExists(atPath: path) }
  var data: Data { get throws { try Data(contentsOf: URL(filePath: path)) } }
}
