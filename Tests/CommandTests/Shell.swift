import Foundation
import Testing

/// A directory of its own, in which commands run as a person would run them: the built program, its own
/// home, no terminal.
final class Shell {
  let directory: URL

  /// With `files` in it, by their paths.
  init(_ files: [String: String] = [:]) throws {
    directory = FileManager.default.temporaryDirectory.appending(
      path: "setpoint-command-\(ProcessInfo.processInfo.processIdentifier)-\(UUID())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    for (path, text) in files { try write(path, text) }
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  /// The program beside the test bundle.
  static let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appending(path: "setpoint")

  /// The directories of `manifests` in the repository.
  static let examples = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "manifests")

  func path(_ path: String) -> URL { directory.appending(path: path) }

  func write(_ path: String, _ text: String) throws {
    let file = self.path(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  /// Makes `example` stand here under its own name.
  func copyExample(_ example: String) throws {
    try FileManager.default.copyItem(
      at: Self.examples.appending(path: example), to: path(example))
  }

  func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: self.path(path).path)
  }

  func bytes(_ path: String) throws -> Data { try Data(contentsOf: self.path(path)) }

  /// Runs `setpoint` with these words to its end.
  @discardableResult
  func run(
    _ words: String, input: String? = nil, output: Output = .kept,
    environment: [String: String] = [:]
  ) throws -> CommandRun {
    try start(words, input: input, output: output, environment: environment).end()
  }

  /// Begins to run `setpoint`, to be watched and interrupted.
  func start(
    _ words: String, input: String? = nil, output: Output = .kept,
    environment: [String: String] = [:]
  ) throws -> RunningCommand {
    let process = Process()
    process.executableURL = Self.program
    process.arguments = words.split(separator: " ").map(String.init)
    process.currentDirectoryURL = directory
    process.environment = ["HOME": directory.path, "PATH": "/usr/bin:/bin"]
      .merging(environment) { $1 }
    return try RunningCommand(process, in: directory, input: input, output: output)
  }

  /// Where standard output leads to.
  enum Output {
    case kept
    case file(String)
    /// A pipe that nobody reads from any more.
    case closedPipe
  }
}

/// What a command said, and how it ended.
struct CommandRun {
  let status: Int32
  /// Standard output.
  let output: String
  /// Standard error.
  let talk: String
}

/// A command that has begun.
struct RunningCommand {
  let process: Process
  private let output: URL
  private let talk: URL

  /// Files take what it says: they can't fill up as pipes do, and can be looked at meanwhile.
  init(_ process: Process, in directory: URL, input: String?, output: Shell.Output) throws {
    let id = UUID()
    self.process = process
    self.output = directory.appending(path: ".output-\(id)")
    talk = directory.appending(path: ".talk-\(id)")
    for file in [self.output, talk] { try Data().write(to: file) }
    process.standardError = try FileHandle(forWritingTo: talk)
    process.standardInput = FileHandle.nullDevice
    let feed = Pipe()
    if input != nil { process.standardInput = feed }
    switch output {
    case .kept: process.standardOutput = try FileHandle(forWritingTo: self.output)
    case .file(let path): process.standardOutput = FileHandle(forWritingAtPath: path)
    case .closedPipe:
      let pipe = Pipe()
      try pipe.fileHandleForReading.close()
      process.standardOutput = pipe
    }
    try process.run()
    if let input {
      try feed.fileHandleForWriting.write(contentsOf: Data(input.utf8))
      try feed.fileHandleForWriting.close()
    }
  }

  /// What it said on standard error so far.
  var talked: String {
    (try? Data(contentsOf: talk)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// Waits until it has said `words` on standard error; false where it ended before.
  func hasSaid(_ words: String) -> Bool {
    while process.isRunning {
      if talked.contains(words) { return true }
      usleep(2000)
    }
    return talked.contains(words)
  }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  func end() throws -> CommandRun {
    process.waitUntilExit()
    let status =
      process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    return CommandRun(
      status: status, output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      talk: talked)
  }
}
