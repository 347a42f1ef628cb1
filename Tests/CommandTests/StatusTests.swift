import Foundation
import GRDB
import Testing

/// Is it settled, and if not, what is missing?
@Suite struct StatusTests {
  func expect(
    _ shell: Shell, _ verdict: String, _ words: String, exit: Int32,
    location: SourceLocation = #_sourceLocation
  ) throws {
    let told = try shell.run("status --detailed-exitcode")
    #expect(told.status == exit, "\(told.output)\(told.talk)", sourceLocation: location)
    #expect(told.output.contains(words), "\(told.output)", sourceLocation: location)
    let data = Data(try shell.run("status -o json").output.utf8)
    let document = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    #expect(document?["verdict"] as? String == verdict, sourceLocation: location)
  }

  @Test func beforeAnythingWasApplied() throws {
    let shell = try Shell()
    try expect(shell, "nothingApplied", "Nothing was applied yet.", exit: 0)
    #expect(!shell.exists(".setpoint"), "who only looks makes no state")
  }

  @Test func fromAnApplyToALossAndBack() throws {
    let shell = try Shell(["web.yaml": Small.service()])
    try #require(try shell.run("apply web.yaml --yes").status == 0)
    try expect(shell, "settled", "Settled: nothing is to be done · 0 pending", exit: 0)
    try shell.run("simulate lose node lab/l4-1")
    try expect(shell, "unsettled", "lab/l4-1 is lost", exit: 2)
    #expect(try shell.run("status").status == 0, "only who asks for it gets a code")
    try #require(try shell.run("run --once").status == 0)
    try expect(shell, "settled", "lab          2      2         2        2", exit: 0)
  }

  @Test func whereSomethingIsOnItsWay() throws {
    let shell = try Shell([
      "web.yaml": Small.service(bootTime: "9000h").replacing(
        "nodes: 0..20", with: "nodes: 0..20, limits: {readyWithin: never}")
    ])
    let apply = try shell.start("apply web.yaml --yes")
    #expect(apply.hasSaid("until node lab/l4-"))
    apply.signal(SIGINT)
    #expect(try apply.end().status == 130)
    try expect(shell, "unsettled", "Not ready\n  nodes lab/l4-1, l4-2\n", exit: 2)
  }

  @Test func whereAGateStandsInTheWay() throws {
    let gate = """
      ---
      apiVersion: setpoint/v1
      kind: Gate
      metadata: {name: small}
      spec: {deny: [{costAbove: $1/h}]}

      """
    let shell = try Shell(["web.yaml": Small.service() + gate])
    try #require(
      try shell.run("apply web.yaml --yes --override small --reason agreed").status == 0)
    try expect(shell, "settled", "Settled", exit: 0)
    try shell.run("simulate lose node lab/l4-1")
    try expect(shell, "held", "and a gate refuses it", exit: 3)
  }

  @Test func whatFindsNoHomeIsPending() throws {
    let service = Small.service(replicas: 3).replacing("nodes: 0..20", with: "nodes: 0..2")
    let shell = try Shell(["web.yaml": service])
    try #require(try shell.run("apply web.yaml --yes").status == 0)
    try expect(shell, "settled", "? web  1 replica without a home (2)", exit: 0)
  }

  @Test func whatCanNotBeSeenIsNotSaidToBeSettled() throws {
    let shell = try Shell(["web.yaml": Small.service()])
    try #require(try shell.run("apply web.yaml --yes").status == 0)
    try shell.run("simulate cut off lab")
    try expect(shell, "unknown", "cluster 'lab' does not answer", exit: 2)
    try shell.run("simulate heal lab")
    try expect(shell, "settled", "Settled", exit: 0)
  }

  @Test func whatNobodyKnowsTheOutcomeOf() throws {
    let shell = try Shell(["web.yaml": Small.service()])
    try #require(try shell.run("apply web.yaml --yes").status == 0)
    // As if the process had died after the calls and before their outcomes were written.
    try DatabaseQueue(path: shell.path(".setpoint/state.db").path).write { db in
      try db.execute(
        sql: """
          DROP TRIGGER journal_stays; DELETE FROM journal WHERE kind <> 'intent';
          INSERT INTO open_intent SELECT key, max(seq) FROM journal GROUP BY key
          """)
    }
    try expect(shell, "unsettled", "Outcome unknown\n  create lab/l4-1\n", exit: 2)
  }
}
