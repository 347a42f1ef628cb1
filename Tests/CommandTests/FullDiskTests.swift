import Foundation
import Testing

/// A disk that is too small by a little more each time: wherever in an apply it fills up, that is said
/// in plain words, nothing is lost, and with room again the next apply ends the work.
@Suite(.enabled(if: SmallDisk.isPossible, "needs the right to mount a file system of its own"))
struct FullDiskTests {
  /// From a disk where not even the state fits to one that fills up between the last actions.
  @Test(arguments: [4, 8, 24, 48, 112, 136, 168, 200, 240, 264, 288, 352])
  func ofSoManyKibibytes(size: Int) throws {
    try expectWayBack(fromDiskWith: "size=\(size)k", to: "size=10M")
  }

  /// The disk's own directory is the first file of all.
  @Test(arguments: 1...6) func ofSoManyFiles(count: Int) throws {
    try expectWayBack(fromDiskWith: "nr_inodes=\(count)", to: "nr_inodes=100")
  }

  private func expectWayBack(fromDiskWith little: String, to enough: String) throws {
    let shell = try Shell(["web.yaml": Small.service()])
    let runs = try SmallDisk.run(
      in: shell, [little, enough, enough],
      "apply web.yaml --yes", "apply web.yaml --yes", "plan web.yaml --detailed-exitcode")
    #expect(runs[0].status == 1, "\(runs[0].talk)")
    let isSaid = ["no space left", "the disk is full"].contains { runs[0].talk.contains($0) }
    #expect(isSaid, "\(runs[0].talk)")
    #expect(runs[1].status == 0, "\(runs[1].talk)")
    #expect(runs[2].status == 0, "\(runs[2].output)")
  }
}

/// A file system of its own for `.setpoint`, seen by nobody else and gone with its last process.
private enum SmallDisk {
  static let isPossible: Bool = {
    guard let shell = try? Shell(), let run = try? script("mount -t tmpfs tmpfs .", in: shell)
    else { return false }
    return run == 0
  }()

  /// Runs the commands one after another, each after the disk was given such `options`.
  static func run(
    in shell: Shell, _ options: [String], _ commands: String...
  ) throws -> [CommandRun] {
    var lines = ["mkdir .setpoint", "mount -t tmpfs -o \(options[0]) tmpfs .setpoint"]
    for (number, words) in commands.enumerated() {
      lines.append("mount -o remount,\(options[number]) .setpoint")
      lines.append("'\(Shell.program.path)' \(words) >out\(number) 2>talk\(number)")
      lines.append("echo $? >status\(number)")
    }
    try #require(try script(lines.joined(separator: "\n"), in: shell) == 0)
    return try commands.indices.map { number in
      func text(_ name: String) throws -> String {
        String(decoding: try shell.bytes("\(name)\(number)"), as: UTF8.self)
      }
      let status = Int32(try text("status").trimmingCharacters(in: .whitespacesAndNewlines))
      return CommandRun(
        status: try #require(status), output: try text("out"), talk: try text("talk"))
    }
  }

  private static func script(_ text: String, in shell: Shell) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/unshare")
    process.arguments = ["--map-root-user", "--mount", "bash", "-c", text]
    process.currentDirectoryURL = shell.directory
    process.environment = ["HOME": shell.directory.path, "PATH": "/usr/bin:/bin"]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
