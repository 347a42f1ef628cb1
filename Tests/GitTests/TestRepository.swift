import Foundation
import Git

/// A repository in a directory of its own, which goes with it.
final class TestRepository: Sendable {
  let directory: URL

  init(bare: Bool = false) throws {
    directory = FileManager.default.temporaryDirectory.appending(
      path: "setpoint-git-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    try git("init", "-q", "-b", "main", bare ? "--bare" : ".")
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  var path: String { directory.path }

  /// Runs git with the test's own hands, and gives what it printed.
  @discardableResult
  func git(_ arguments: String..., input: Data = Data()) throws -> String {
    try git(arguments: arguments, input: input)
  }

  @discardableResult
  func git(arguments: [String], input: Data = Data()) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["git", "-C", directory.path] + arguments
    process.environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "LC_ALL": "C",
      "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
      "GIT_AUTHOR_NAME": "test", "GIT_AUTHOR_EMAIL": "test@example.com",
      "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z", "GIT_COMMITTER_NAME": "test",
      "GIT_COMMITTER_EMAIL": "test@example.com", "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
    ]
    let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
    process.standardInput = stdin
    process.standardOutput = stdout
    process.standardError = stderr
    try process.run()
    try stdin.fileHandleForWriting.write(contentsOf: input)
    try stdin.fileHandleForWriting.close()
    let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
    let complaint = try stderr.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Refused(text: String(decoding: complaint, as: UTF8.self))
    }
    return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .newlines)
  }

  struct Refused: Error { let text: String }

  func write(_ text: String, to path: String) throws {
    let file = directory.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  /// Commits files, beside those that are there already.
  @discardableResult
  func commit(_ files: [String: String]) throws -> String {
    for (path, text) in files { try write(text, to: path) }
    return try commitAll()
  }

  @discardableResult
  func commitAll() throws -> String {
    try git("add", "-A")
    try git("commit", "-q", "--allow-empty", "-m", "change")
    return try git("rev-parse", "HEAD")
  }

  /// A commit of a tree that no work tree could hold: entries as `mode type id<tab>name`.
  func commit(tree entries: [String]) throws -> String {
    let records = entries.map { Data($0.utf8) }
    return try commit(records: records)
  }

  func commit(records: [Data]) throws -> String {
    let input = records.reduce(into: Data()) { $0 += $1 + [0] }
    let tree = try git("mktree", "-z", "--missing", input: input)
    return try git("commit-tree", tree, "-m", "made by hand")
  }

  func blob(_ text: String) throws -> String {
    try git("hash-object", "-w", "--stdin", input: Data(text.utf8))
  }

  func open(
    named: Bool = true, _ limits: GitLimits = .forTests
  ) async throws -> GitRepository {
    try await GitRepository(
      named ? path : nil,
      searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", limits: limits)
  }

  /// The texts under `path` at a revision, by their paths.
  func texts(_ path: String, at revision: String) async throws -> [String: String] {
    let repository = try await open()
    let range = try await repository.resolve(RevisionRangeText("\(revision)..\(revision)"))
    let listing = try await repository.list(path, at: range.head)
    let contents = try await repository.contents(of: listing.files)
    return Dictionary(
      uniqueKeysWithValues: listing.files.map {
        ($0.path, String(decoding: contents[$0.blob] ?? [], as: UTF8.self))
      })
  }

  func refused(_ path: String, at revision: String) async throws -> [String] {
    let repository = try await open()
    let range = try await repository.resolve(RevisionRangeText("\(revision)..\(revision)"))
    return try await repository.list(path, at: range.head).refused.map { "\($0.path): \($0.why)" }
  }
}

extension GitLimits {
  static let forTests = GitLimits(fileBytesMax: 1 << 20, filesMax: 1000, totalBytesMax: 16 << 20)
}

/// What `work` refuses to do.
func problem(_ work: () async throws -> Void) async -> GitProblem? {
  do {
    try await work()
    return nil
  } catch {
    return error as? GitProblem
  }
}
