import Foundation
import GRDB
import Testing

/// Looking after the state itself: is it whole, can it be copied, and what if it is lost.
@Suite struct CareTests {
  let state = ".setpoint/state.db"

  func applied(replicas: Int = 2) throws -> Shell {
    let shell = try Shell(["web.yaml": Small.service(replicas: replicas)])
    let run = try shell.run("apply web.yaml --yes")
    try #require(run.status == 0, "\(run.talk)")
    return shell
  }

  func database(_ shell: Shell) throws -> DatabaseQueue {
    try DatabaseQueue(path: shell.path(state).path)
  }

  /// Everything of the state goes; the world stays.
  func lose(_ shell: Shell) throws {
    for suffix in ["", "-wal", "-shm"] where shell.exists(state + suffix) {
      try FileManager.default.removeItem(at: shell.path(state + suffix))
    }
  }

  @Test func ofASoundStateNothingIsBad() throws {
    let shell = try applied()
    let run = try shell.run("doctor")
    #expect(run.status == 0, "\(run.output)")
    for check in ["file", "form", "integrity", "chain", "intents", "orphans"] {
      #expect(run.output.contains(try Regex("(?m)^\(check) +good ")), "\(check): \(run.output)")
    }
    #expect(try shell.run("doctor -o json").output.contains("\"grade\": \"good\""))
  }

  @Test func whereThereIsNoStateNoneIsMade() throws {
    let shell = try Shell()
    let run = try shell.run("doctor")
    #expect(run.status == 0)
    #expect(run.output.contains("there is no state at .setpoint/state.db"))
    #expect(try shell.run("audit verify").status == 0)
    let backup = try shell.run("backup copy.db")
    #expect(backup.status == 1)
    #expect(backup.talk.contains("error[state/unreadable]"), "\(backup.talk)")
    #expect(!shell.exists(".setpoint") && !shell.exists("copy.db"))
  }

  @Test func whatOthersCouldReadIsBad() throws {
    let shell = try applied()
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o644], ofItemAtPath: shell.path(state).path)
    let run = try shell.run("doctor")
    #expect(run.status == 1)
    #expect(run.output.contains("has mode 644"), "\(run.output)")
  }

  @Test func everyFileIsForItsOwnerOnly() throws {
    let shell = try applied()
    try shell.run("plan web.yaml -out plan.json")
    try shell.run("backup copy.db")
    let run = try shell.start("run")
    #expect(run.hasSaid("converged"))
    let files = try FileManager.default.contentsOfDirectory(
      atPath: shell.path(".setpoint").path)
    #expect(files.contains("state.db-wal"))
    for file in files.map({ ".setpoint/" + $0 }) + ["plan.json", "copy.db"] {
      let mode =
        try FileManager.default.attributesOfItem(
          atPath: shell.path(file).path)[.posixPermissions] as? Int
      #expect(mode == 0o600, "\(file)")
    }
    run.signal(SIGINT)
    _ = try run.end()
  }

  @Test func anEditOfTheRecordShows() throws {
    let shell = try applied()
    let whole = try shell.run("audit verify")
    #expect(whole.status == 0, "\(whole.talk)")
    let head = try #require(whole.output.firstMatch(of: /head +(\S+)/)?.1)
    try shell.run("simulate lose node lab/l4-1")
    try shell.run("apply web.yaml --yes")
    #expect(try shell.run("audit verify --head \(head)").status == 0, "the record goes on from it")
    try database(shell).write {
      try $0.execute(sql: "DROP TRIGGER event_keeps; UPDATE event SET message = 'x' WHERE seq = 2")
    }
    let changed = try shell.run("audit verify")
    #expect(changed.status == 1)
    #expect(changed.talk.contains("event 2 is not as it was recorded"), "\(changed.talk)")
    #expect(try shell.run("doctor").output.contains("event 2 is not as it was recorded"))
    #expect(try shell.run("audit verify --head nonsense").status == 64)
  }

  @Test func whatRunsIsFoundAgainAndNothingIsMadeTwice() throws {
    let shell = try applied()
    let nodes = try shell.run("get nodes -o json").output
    let replicas = try shell.run("get replicas -o json").output
    try lose(shell)
    let again = try shell.run("apply web.yaml --yes")
    #expect(again.status == 0, "\(again.output)\(again.talk)")
    #expect(try shell.run("get nodes -o json").output == nodes)
    #expect(try shell.run("get replicas -o json").output == replicas)
    let events = try shell.run("events").output
    #expect(events.contains("Adopted"))
    #expect(!events.contains("NodeCreated") && !events.contains("ReplicaStarted"), "\(events)")
    #expect(try shell.run("doctor").status == 0)
  }

  @Test func aBackupOfARunningStateCanBeGoneBackTo() throws {
    let shell = try applied()
    let run = try shell.start("run")
    #expect(run.hasSaid("converged"))
    let backup = try shell.run("backup copy.db")
    #expect(backup.status == 0, "\(backup.talk)")
    #expect(try shell.run("backup copy.db").talk.contains("error[state/backup-exists]"))
    run.signal(SIGINT)
    _ = try run.end()
    // More happens, of which the copy knows nothing.
    try shell.write("web.yaml", Small.service(replicas: 4))
    #expect(try shell.run("apply web.yaml --yes").status == 0)
    let nodes = try shell.run("get nodes -o json").output

    try lose(shell)
    try FileManager.default.copyItem(at: shell.path("copy.db"), to: shell.path(state))
    let found = try shell.run("doctor")
    #expect(found.status == 1)
    #expect(found.output.contains("node lab/l4-4"), "\(found.output)")
    let again = try shell.run("apply web.yaml --yes")
    #expect(again.status == 0, "\(again.output)\(again.talk)")
    #expect(try shell.run("get nodes -o json").output == nodes, "nothing is made twice")
    #expect(try shell.run("doctor").status == 0)
  }

  @Test func whatRunsDiedOverIsSetAside() throws {
    let shell = try applied()
    let wishes = try #require(
      try database(shell).read {
        try String.fetchOne(
          $0, sql: "SELECT substr(json_extract(body, '$.desired'), 1, 12) FROM target")
      })
    func die(_ times: Int) throws {
      try database(shell).write {
        try $0.execute(
          sql: "INSERT OR REPLACE INTO in_flight VALUES (?, ?, '2026-01-01T00:00:00Z')",
          arguments: ["planning of \(wishes)", times])
      }
    }
    try die(2)
    let twice = try shell.run("run --once --drift report")
    #expect(twice.status == 0, "two can be bad luck: \(twice.talk)")
    try die(3)
    for _ in 0..<2 {
      let run = try shell.run("run --once --drift report")
      #expect(run.status == 1)
      #expect(run.talk.contains("error[state/quarantined]"), "\(run.talk)")
    }
    let events = try shell.run("events").output
    #expect(events.components(separatedBy: "Quarantined").count == 2, "it is told once")
    #expect(try shell.run("doctor").output.contains("it is set aside"))
    // Others are planned as ever.
    try shell.write("web.yaml", Small.service(replicas: 3))
    #expect(try shell.run("apply web.yaml --yes").status == 0)
    #expect(try shell.run("run --once --drift report").status == 0)
    // A person may try those again.
    try shell.write("web.yaml", Small.service())
    #expect(try shell.run("apply web.yaml --yes").status == 0)
    #expect(try shell.run("run --once --drift report").status == 0)
    #expect(try shell.run("doctor").status == 0)
  }

  @Test func aRunThatMayNotPlanKeepsWhatWasDecided() throws {
    let shell = try applied()
    let run = try shell.start("run")
    #expect(run.hasSaid("converged"))
    run.signal(SIGKILL)
    _ = try run.end()
    try database(shell).write {
      try $0.execute(
        sql: """
          INSERT OR REPLACE INTO in_flight
          SELECT 'planning of ' || substr(json_extract(body, '$.desired'), 1, 12), 3,
            '2026-01-01T00:00:00Z' FROM target;
          DELETE FROM lease
          """)
    }
    let next = try shell.start("run")
    #expect(next.hasSaid("was under way at 3 crashes"), "\(next.talked)")
    next.signal(SIGINT)
    #expect(try next.end().status == 0)
  }
}
