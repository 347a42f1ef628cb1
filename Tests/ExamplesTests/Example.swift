import Diagnostics
import Foundation
import Manifests
import Testing

/// A directory of `manifests/`.
enum Example: String, CaseIterable {
  case quickstart
  case aiResearch = "ai-research"
  case autonomousDriving = "autonomous-driving"
  case medicalImaging = "medical-imaging"
  case fintech
  case slurm
  case kubernetes
  case elastic

  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Its files, sorted by path, as `setpoint plan manifests/NAME` reads them.
  func sources() throws -> Sources {
    let directory = Self.root.appending(path: "manifests/\(rawValue)")
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
    var sources = Sources()
    for name in names.sorted() where name.hasSuffix(".yaml") {
      let data = try Data(contentsOf: directory.appending(path: name))
      _ = sources.add(SourceText(path: "manifests/\(rawValue)/\(name)", bytes: Array(data)))
    }
    return sources
  }
}
