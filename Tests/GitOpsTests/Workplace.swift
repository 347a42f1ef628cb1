import Diagnostics
import Foundation
import YAML

/// A repository with manifests, a state in which they are applied, and a server to push to: what the
/// files of `docs/gitops` are run in.
final class Workplace: Sendable {
  let directory: URL

  static let checkout = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  init() throws {
    directory = FileManager.default.temporaryDirectory.appending(
      path: "setpoint-gitops-\(UUID().uuidString)")
    for path in ["", "bin", "runner", "clone/manifests", "server.git"] {
      try FileManager.default.createDirectory(
        at: directory.appending(path: path), withIntermediateDirectories: true)
    }
    try run("git init -q --bare -b main .", in: "server.git")
    try FileManager.default.copyItem(
      at: Self.checkout.appending(path: "manifests/quickstart"),
      to: directory.appending(path: "clone/manifests/quickstart"))
    try run("git init -q -b main . && echo .setpoint > .gitignore && git add -A")
    try run(
      "git commit -q -m base && git remote add origin ../server.git && git push -q origin main")
    try run("setpoint apply --yes manifests")
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  struct Ended {
    let status: Int32
    let output: String
  }

  /// Runs a script as a forge's runner does, in the clone unless said otherwise.
  @discardableResult
  func run(
    _ script: String, in folder: String = "clone", with variables: [String: String] = [:],
    expecting statuses: ClosedRange<Int32> = 0...0
  ) throws -> Ended {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-e", "-c", script]
    process.currentDirectoryURL = directory.appending(path: folder)
    process.environment = environment.merging(variables) { $1 }
    process.standardInput = FileHandle.nullDevice
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let ended = Ended(
      status: process.terminationStatus, output: String(decoding: text, as: UTF8.self))
    guard statuses.contains(ended.status) else { throw Failed(script: script, ended: ended) }
    return ended
  }

  struct Failed: Error {
    let script: String
    let ended: Ended
  }

  private var environment: [String: String] {
    [
      "PATH":
        "\(path("bin")):\(Self.programs.path):"
        + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"),
      "HOME": path("runner"), "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1",
      "GIT_AUTHOR_NAME": "test", "GIT_AUTHOR_EMAIL": "test@example.com",
      "GIT_COMMITTER_NAME": "test", "GIT_COMMITTER_EMAIL": "test@example.com",
    ]
  }

  /// Where the build put `setpoint`, beside the tests themselves.
  private static let programs = URL(filePath: ProcessInfo.processInfo.arguments[0])
    .deletingLastPathComponent()

  func path(_ path: String) -> String { directory.appending(path: path).path }

  func text(_ path: String) throws -> String {
    try String(contentsOf: directory.appending(path: path), encoding: .utf8)
  }

  func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: self.path(path)) }

  /// A program of this name that writes down how it is called, and prints `answer` to a question.
  func fake(_ name: String, answer: String = "") throws {
    let script = """
      #!/bin/sh
      printf '%s\\n' "$*" >> '\(path("\(name).log"))'
      case "$*" in *--jq*) printf '%s' '\(answer)' ;; esac
      """
    try Data(script.utf8).write(to: directory.appending(path: "bin/\(name)"))
    try run("chmod +x ../bin/\(name)")
  }

  /// Changes the manifests on a branch of their own, by a command of sed.
  func change(_ edit: String) throws {
    try run("git checkout -q -b topic && sed -i '\(edit)' manifests/quickstart/workloads.yaml")
    try run("git add -A && git commit -q -m change && git push -q origin topic")
  }

  func publish() throws {
    try run("\(Self.checkout.path)/docs/gitops/publish-snapshot ../server.git")
    try run("git fetch -q origin +refs/heads/*:refs/remotes/origin/*")
  }
}

/// The texts under a key of a YAML file, wherever it stands, in their order.
func scripts(_ key: String, of name: String) throws -> [String] {
  let file = Workplace.checkout.appending(path: "docs/gitops/\(name)")
  let text = SourceText(path: name, bytes: Array(try Data(contentsOf: file)))
  let read = YAMLReader.read(text, id: SourceID(index: 0))
  guard !read.hasErrors, let root = read.value.documents.first?.root else { return [] }
  var found: [String] = []
  func collect(_ node: YAMLNode) {
    switch node.kind {
    case .scalar: break
    case .sequence: for item in node.items { collect(item) }
    case .mapping:
      for entry in node.entries {
        if entry.key.hasText(key) {
          found +=
            entry.value.kind == .sequence
            ? entry.value.items.compactMap(\.text) : [entry.value.text].compactMap(\.self)
        } else {
          collect(entry.value)
        }
      }
    }
  }
  collect(root)
  return found
}
