import Foundation
import GRDB
import Testing

/// The loop as a process.
@Suite struct RunTests {
  @Test func keepsAWorldUntilItIsStopped() throws {
    let shell = try Shell(["web.yaml": Small.service()])
    try shell.run("apply web.yaml --yes")
    let run = try shell.start("run")
    #expect(run.hasSaid("converged"))
    try shell.run("simulate lose node lab/l4-1")
    #expect(run.hasSaid("create lab/l4-3"))
    run.signal(SIGINT)
    let stopped = try run.end()
    #expect(stopped.status == 0, "\(stopped.talk)")
    #expect(try shell.run("run --once").status == 0)
    #expect(try shell.run("plan web.yaml --detailed-exitcode").status == 0)
  }

  @Test func oneRoundGivesBackWhatHasBeenEmptyForLong() throws {
    let shell = try Shell(["web.yaml": Small.service(), "less.yaml": Small.service(replicas: 1)])
    try shell.run("apply web.yaml --yes")
    try shell.run("apply less.yaml --yes")
    try shell.run("drill time +15m")
    let run = try shell.run("run --once")
    #expect(run.status == 0)
    #expect(run.talk.contains("delete lab/l4-2"), "\(run.talk)")
    #expect(try !shell.run("get nodes").output.contains("l4-2"), "it ended once the node was gone")
  }

  @Test func oneAtATimeAndTheNextTakesOver() throws {
    let shell = try Shell(["web.yaml": Small.service()])
    try shell.run("apply web.yaml --yes")
    let first = try shell.start("run")
    #expect(first.hasSaid("converged"))
    let second = try shell.run("run --once")
    #expect(second.status == 1)
    #expect(second.talk.contains("error[state/kept]"), "\(second.talk)")
    #expect(second.talk.contains("process \(first.process.processIdentifier) on "))

    first.signal(SIGKILL)
    #expect(try first.end().status == -SIGKILL)
    #expect(try shell.run("run --once").status == 1, "nobody knows yet that it died")
    // As if half a minute had passed.
    try DatabaseQueue(path: shell.path(".setpoint/state.db").path).write {
      try $0.execute(sql: "UPDATE lease SET ends_at = '2020-01-01T00:00:00Z'")
    }
    #expect(try shell.run("run --once").status == 0)
    #expect(try shell.run("run --once").status == 0, "who ends in good order gives its turn back")
  }
}
