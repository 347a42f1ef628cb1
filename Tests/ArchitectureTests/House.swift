import Foundation

/// The checkout as it lies on disk, and what `Package.swift` says of it.
struct House {
  struct Target {
    let name: String
    /// From the section of `Package.swift` that it stands in.
    let floor: Int
    let dependencies: Set<String>
  }

  struct File {
    let target: String
    let path: String
    let lines: [Substring]
  }

  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Floors whose targets are pure: everything above "The line" in `Package.swift`.
  static let pureFloors = 1...6

  let targets: [Target]
  let sources: [File]
  let tests: [File]

  init() throws {
    let manifest = try String(
      contentsOf: Self.root.appending(path: "Package.swift"), encoding: .utf8)
    targets = Self.targets(in: manifest)
    sources = try Self.files(under: "Sources")
    tests = try Self.files(under: "Tests")
  }

  func target(_ name: String) -> Target? { targets.first { $0.name == name } }

  var pureSources: [File] {
    sources.filter { Self.pureFloors.contains(target($0.target)?.floor ?? 0) }
  }

  private static func targets(in manifest: String) -> [Target] {
    var targets: [Target] = []
    for section in manifest.components(separatedBy: "// Floor ").dropFirst() {
      guard let floor = Int(section.prefix { $0.isNumber }) else { continue }
      for declaration in section.split(separator: /\n {4}(?=[.\w])/).dropFirst() {
        let quoted = declaration.matches(of: /"([\w-]+)"/).map { String($0.1) }
        guard let name = quoted.first else { continue }
        targets.append(Target(name: name, floor: floor, dependencies: Set(quoted.dropFirst())))
      }
    }
    return targets
  }

  private static func files(under folder: String) throws -> [File] {
    let base = root.appending(path: folder)
    let paths = try FileManager.default.subpathsOfDirectory(atPath: base.path).sorted()
    return try paths.filter { $0.hasSuffix(".swift") }.map { path in
      let text = try String(contentsOf: base.appending(path: path), encoding: .utf8)
      return File(
        target: String(path.prefix { $0 != "/" }), path: "\(folder)/\(path)",
        lines: text.split(separator: "\n", omittingEmptySubsequences: false))
    }
  }
}
