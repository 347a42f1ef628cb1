import Foundation
import GRDB
import Testing

/// A state file that is locked, newer, foreign or damaged: a clear error, and nothing lost.
@Suite struct StateTests {
  let state = ".setpoint/state.db"

  /// A directory where a service was applied.
  func applied() throws -> Shell {
    let shell = try Shell(["web.yaml": Small.service()])
    let run = try shell.run("apply web.yaml --yes")
    try #require(run.status == 0, "\(run.talk)")
    return shell
  }

  /// All that any command says of it, with the file left as it is.
  func expectRefused(
    _ shell: Shell, _ code: String,
    by commands: [String] = ["plan web.yaml", "apply web.yaml --yes", "get nodes", "run --once"]
  ) throws {
    let before = try shell.bytes(state)
    for words in commands {
      let run = try shell.run(words)
      #expect(run.status == 1, "\(words)")
      #expect(run.talk.contains("error[\(code)]"), "\(words): \(run.talk)")
      #expect(try shell.bytes(state) == before, "\(words) wrote")
    }
  }

  @Test func ofANewerRelease() throws {
    let shell = try applied()
    try DatabaseQueue(path: shell.path(state).path).write {
      try $0.execute(sql: "PRAGMA user_version = 99")
    }
    try expectRefused(shell, "state/newer")
  }

  @Test(arguments: ["this is no database", String(repeating: "x", count: 9000)])
  func thatIsNone(text: String) throws {
    let shell = try Shell(["web.yaml": Small.service(), state: text])
    try expectRefused(shell, "state/corrupt")
  }

  @Test func ofAnotherProgram() throws {
    let shell = try Shell(["web.yaml": Small.service(), state: ""])
    try DatabaseQueue(path: shell.path(state).path).write {
      try $0.execute(sql: "CREATE TABLE mail (subject); PRAGMA user_version = 3")
    }
    try expectRefused(shell, "state/corrupt")
  }

  @Test func thatIsDamagedInTheMiddle() throws {
    let shell = try applied()
    var bytes = try shell.bytes(state)
    try #require(bytes.count > 3 * 4096)
    bytes.replaceSubrange(4096..<(bytes.count - 4096), with: Data(count: bytes.count - 2 * 4096))
    try bytes.write(to: shell.path(state))
    try expectRefused(shell, "state/corrupt")
  }

  @Test func thatIsADirectory() throws {
    let shell = try Shell(["web.yaml": Small.service(), state + "/file": ""])
    for words in ["plan web.yaml", "apply web.yaml --yes"] {
      let run = try shell.run(words)
      #expect(run.status == 1)
      #expect(run.talk.contains("error[state/unreadable]"), "\(run.talk)")
    }
  }

  @Test func thatIsLocked() throws {
    let shell = try applied()
    try shell.write("web.yaml", Small.service(replicas: 3))
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let other = try DatabaseQueue(path: shell.path(state).path, configuration: configuration)
    try other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
    let refused = try shell.run("apply web.yaml --yes")
    #expect(refused.status == 1)
    #expect(refused.talk.contains("error[state/busy]"), "\(refused.talk)")
    #expect(try shell.run("plan web.yaml").status == 0, "who only looks is not in the way")
    try other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
    try other.close()
    #expect(try shell.run("apply web.yaml --yes").status == 0)
  }

  @Test(arguments: ["not a world", ""]) func aWorldThatIsNone(text: String) throws {
    let shell = try applied()
    try shell.write(".setpoint/world.db", text)
    for suffix in ["-wal", "-shm"] {
      try? FileManager.default.removeItem(at: shell.path(".setpoint/world.db" + suffix))
    }
    let run = try shell.run("plan web.yaml --detailed-exitcode")
    if text.isEmpty {
      #expect(run.status == 2, "an empty world has none of the nodes")
    } else {
      #expect(run.status == 1)
      #expect(run.talk.contains("error[world/unreadable]"), "\(run.talk)")
    }
  }
}
