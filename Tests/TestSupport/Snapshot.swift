import Foundation
public import Testing

/// Compares text with a file that people have read: `Tests/Snapshots/<test target>/<name>`.
///
/// `UPDATE_SNAPSHOTS=1 swift test` writes the files anew and still fails, so that no run is green
/// before someone has looked at the difference.
public func expectSnapshot(
  _ actual: String, _ name: String, fileID: String = #fileID, filePath: String = #filePath,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let target = fileID.prefix { $0 != "/" }
  let tests = URL(filePath: filePath).deletingLastPathComponent().deletingLastPathComponent()
  expectFile(
    actual, tests.appending(path: "Snapshots/\(target)/\(name)"), sourceLocation: sourceLocation)
}

/// Compares text with a file of the repository that is generated, such as `schemas/queue.schema.json`.
public func expectGenerated(
  _ actual: String, _ path: String, filePath: String = #filePath,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let root = URL(filePath: filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  expectFile(actual, root.appending(path: path), sourceLocation: sourceLocation)
}

private func expectFile(_ actual: String, _ file: URL, sourceLocation: SourceLocation) {
  let name = file.lastPathComponent
  let expected = (try? Data(contentsOf: file)).map { String(decoding: $0, as: UTF8.self) }
  if let expected, expected.utf8.elementsEqual(actual.utf8) { return }

  if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1" {
    do {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(actual.utf8).write(to: file)
      Issue.record("wrote \(name): look at it and run again", sourceLocation: sourceLocation)
    } catch {
      Issue.record("could not write \(name): \(error)", sourceLocation: sourceLocation)
    }
    return
  }
  let difference = expected.map { lineDifference(from: $0, to: actual) } ?? actual
  Issue.record(
    "\(expected == nil ? "no snapshot" : "other than snapshot") \(name)\n\(difference)",
    sourceLocation: sourceLocation)
}

/// The lines that differ: `-` for expected, `+` for actual, with line numbers of their own side.
public func lineDifference(from expected: String, to actual: String) -> String {
  let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
  let new = actual.split(separator: "\n", omittingEmptySubsequences: false)
  return new.difference(from: old).map { change in
    switch change {
    case .remove(let offset, let line, _): "-\(offset + 1): \(line)"
    case .insert(let offset, let line, _): "+\(offset + 1): \(line)"
    }
  }.joined(separator: "\n")
}
