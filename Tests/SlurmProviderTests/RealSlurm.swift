import Foundation
import Model
import Testing

/// A throwaway Slurm of its own, from its start to its end: `Tests/slurm/up` and `down`.
///
/// `make test-slurm` installs Slurm and sets `SETPOINT_TEST_SLURM`; without that, what needs a Slurm is
/// skipped. As root only: daemons and device files are made.
final class RealSlurm: Sendable {
  static let isWanted = ProcessInfo.processInfo.environment["SETPOINT_TEST_SLURM"] != nil

  let directory: URL
  private static let scripts = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "slurm")

  var configuration: String { directory.appending(path: "etc/slurm.conf").path }

  /// Its slurmrestd.
  var rest: SlurmREST {
    SlurmREST(
      address: "http://127.0.0.1:\(port + 1)", user: "root",
      tokenFile: directory.appending(path: "token").path)
  }

  private let port: Int

  /// `variables` are those of `Tests/slurm/up`.
  init(_ variables: [String: String], port: Int) throws {
    self.port = port
    directory = URL(
      filePath: "/tmp/setpoint-slurm-\(ProcessInfo.processInfo.processIdentifier)-\(port)")
    let up = try Self.run(
      Self.scripts.appending(path: "up").path, [directory.path],
      variables.merging(["PORT": "\(port)"]) { $1 })
    try #require(up.status == 0, "\(up.output)")
  }

  deinit { _ = try? Self.run(Self.scripts.appending(path: "down").path, [directory.path]) }

  func crash(_ node: String) throws {
    _ = try Self.run(Self.scripts.appending(path: "crash").path, [directory.path, node])
  }

  /// One of Slurm's tools, to its end.
  @discardableResult
  func tool(_ name: String, _ arguments: String...) throws -> String {
    let ended = try Self.run("/usr/bin/\(name)", arguments, ["SLURM_CONF": configuration])
    try #require(ended.status == 0, "\(name) \(arguments): \(ended.output)")
    return ended.output
  }

  static func run(
    _ program: String, _ arguments: [String], _ variables: [String: String] = [:]
  ) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"].merging(variables) { $1 }
    // A file and no pipe: daemons that are started keep what they inherit open.
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID())")
    _ = FileManager.default.createFile(atPath: file.path, contents: nil)
    defer { try? FileManager.default.removeItem(at: file) }
    let handle = try FileHandle(forWritingTo: file)
    process.standardOutput = handle
    process.standardError = handle
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, try String(contentsOf: file, encoding: .utf8))
  }
}

/// Waits until `body` says so, for `seconds` at most.
func eventually(
  within seconds: Int = 90, _ what: String, _ body: () async throws -> Bool
) async throws {
  for _ in 0..<(seconds * 5) {
    if try await body() { return }
    try await Task.sleep(for: .milliseconds(200))
  }
  Issue.record("not within \(seconds) s: \(what)")
}
