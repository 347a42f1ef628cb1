import Foundation
import GRDB
import Testing

/// Apply where something comes between: nothing is made twice, nothing is lost, and the next one goes
/// on.
@Suite struct ApplyTests {
  /// Nodes take long enough to boot for something to happen meanwhile.
  let slow = Small.service(replicas: 3, bootTime: "10m")

  /// Nothing is left to do, and there is one node for each of so many replicas.
  func expectSettled(_ shell: Shell, nodes: Int) throws {
    let plan = try shell.run("plan web.yaml --detailed-exitcode")
    #expect(plan.status == 0, "\(plan.output)")
    let listed = try shell.run("get nodes").output.split(separator: "\n").dropFirst()
    #expect(listed.count == nodes, "\(listed)")
    let created = try shell.run("events --limit 1000").output.split(separator: "\n")
      .filter { $0.contains("NodeCreated") }
    #expect(Set(created).count == created.count)
  }

  @Test(arguments: [
    "quickstart", "ai-research", "autonomous-driving", "medical-imaging", "fintech",
  ])
  func planAfterApplyIsEmpty(example: String) throws {
    let shell = try Shell()
    try shell.copyExample(example)
    let apply = try shell.run("apply \(example) --yes")
    #expect(apply.status == 0, "\(apply.talk.suffix(2000))")
    let again = try shell.run("plan \(example) --detailed-exitcode")
    #expect(again.status == 0, "\(again.output)")
    #expect(try shell.run("apply \(example) --yes").status == 0)
    #expect(try shell.run("history").output.split(separator: "\n").count == 2, "one revision")
  }

  @Test func whatABudgetPutsOffIsForTheNextPlan() throws {
    let shell = try Shell([
      "web.yaml": Small.service(replicas: 3).replacing(
        "nodes: 0..20}", with: "nodes: 0..20, disruption: {budget: 1, expireAfter: 1h}}")
    ])
    #expect(try shell.run("apply web.yaml --yes").status == 0)
    try shell.run("drill time +2h")
    let apply = try shell.run("apply web.yaml --yes")
    #expect(apply.status == 0, "\(apply.talk)")
    let plan = try shell.run("plan web.yaml")
    #expect(plan.output.contains("older than its pool allows") || plan.output.contains("for now"))
  }

  @Test func exitCodesTellWhatAPlanHolds() throws {
    let gate = """
      ---
      apiVersion: setpoint/v1
      kind: Gate
      metadata: {name: cheap}
      spec: {deny: [{costIncreaseAbove: $1/h}]}

      """
    let shell = try Shell(["web.yaml": Small.service(replicas: 1)])
    #expect(try shell.run("plan web.yaml").status == 0)
    #expect(try shell.run("plan web.yaml --detailed-exitcode").status == 2)
    #expect(try shell.run("apply web.yaml --yes").status == 0)
    #expect(try shell.run("plan web.yaml --detailed-exitcode").status == 0)
    try shell.write("web.yaml", Small.service(replicas: 5) + gate)
    #expect(try shell.run("plan web.yaml --detailed-exitcode").status == 3)
    let refused = try shell.run("apply web.yaml --yes")
    #expect(refused.status == 3)
    #expect(refused.talk.contains("error[apply/gate-broken]: the plan breaks gate 'cheap'"))
    #expect(try shell.run("get nodes").output.split(separator: "\n").count == 2)
  }

  @Test(arguments: [SIGINT, SIGTERM]) func stopsInGoodOrderAndGoesOn(signal: Int32) throws {
    let shell = try Shell(["web.yaml": slow])
    let apply = try shell.start("apply web.yaml --yes")
    #expect(apply.hasSaid("create lab/l4-3"))
    apply.signal(signal)
    let stopped = try apply.end()
    #expect(stopped.status == 130, "\(stopped.talk)")
    #expect(stopped.talk.contains("goes on from there"))
    #expect(try openIntents(shell) == [])
    #expect(try shell.run("apply web.yaml --yes").status == 0)
    try expectSettled(shell, nodes: 3)
  }

  @Test func isKilledAndGoesOn() throws {
    let shell = try Shell(["web.yaml": slow])
    for _ in 0..<3 {
      let apply = try shell.start("apply web.yaml --yes")
      #expect(apply.hasSaid("  "))
      apply.signal(SIGKILL)
      #expect(try apply.end().status == -SIGKILL)
    }
    #expect(try shell.run("apply web.yaml --yes").status == 0)
    try expectSettled(shell, nodes: 3)
  }

  @Test(arguments: ["apply web.yaml --yes", "run --once"])
  func settlesByLookingWhatNobodyKnows(words: String) throws {
    let shell = try Shell(["web.yaml": Small.service()])
    #expect(try shell.run("apply web.yaml --yes").status == 0)
    // As if the process had died after the calls and before their outcomes were written.
    try DatabaseQueue(path: shell.path(".setpoint/state.db").path).write { db in
      try db.execute(sql: "DROP TRIGGER journal_stays; DELETE FROM journal WHERE kind <> 'intent'")
    }
    #expect(try !openIntents(shell).isEmpty)
    let run = try shell.run(words)
    #expect(run.status == 0, "\(run.talk)")
    try expectSettled(shell, nodes: 2)
  }

  @Test func ofTwoAtOnceOneWins() throws {
    let shell = try Shell([
      "left.yaml": slow, "right.yaml": slow.replacing("replicas: 3", with: "replicas: 5"),
    ])
    let left = try shell.start("apply left.yaml --yes")
    let right = try shell.start("apply right.yaml --yes")
    let runs = [try left.end(), try right.end()]
    #expect(runs.map(\.status).sorted() == [0, 1])
    let loser = try #require(runs.first { $0.status == 1 })
    #expect(loser.talk.contains("error[state/overtaken]"), "\(loser.talk)")
    let winner = runs[0].status == 0 ? "left.yaml" : "right.yaml"
    #expect(try shell.run("plan \(winner) --detailed-exitcode").status == 0)
  }

  @Test func aNodeDiesBetweenPlanAndApply() throws {
    let shell = try Shell(["web.yaml": Small.service()])
    try shell.run("apply web.yaml --yes")
    try shell.write("web.yaml", Small.service(replicas: 3))
    #expect(try shell.run("plan web.yaml").output.contains("nodes +1 −0"))
    #expect(try shell.run("simulate lose node lab/l4-1").status == 0)
    let apply = try shell.run("apply web.yaml --yes")
    #expect(apply.status == 0, "\(apply.talk)")
    #expect(apply.output.contains("node lab/l4-1 is lost"))
    #expect(apply.output.contains("nodes +2 −1"))
    try expectSettled(shell, nodes: 3)
  }

  @Test func aNodeDiesDuringApply() throws {
    let shell = try Shell(["web.yaml": slow])
    let apply = try shell.start("apply web.yaml --yes")
    #expect(apply.hasSaid("until node"))
    #expect(try shell.run("simulate lose node lab/l4-2").status == 0)
    let run = try apply.end()
    #expect(run.status == 0, "\(run.talk)")
    try expectSettled(shell, nodes: 3)
  }

  @Test func aClusterThatDoesNotAnswerIsLeftAlone() throws {
    let shell = try Shell(["web.yaml": Small.service()])
    try shell.run("apply web.yaml --yes")
    try shell.run("simulate cut off lab")
    let plan = try shell.run("plan web.yaml")
    #expect(
      plan.output.contains("lab could not be seen completely (cluster 'lab' does not answer)"))
    #expect(try shell.run("snapshot").output.contains("cluster 'lab' does not answer"))
    try shell.run("simulate heal lab")
    #expect(try shell.run("plan web.yaml --detailed-exitcode").status == 0)
  }

  private func openIntents(_ shell: Shell) throws -> [String] {
    try DatabaseQueue(path: shell.path(".setpoint/state.db").path).read { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT action FROM journal WHERE kind = 'intent'
            AND seq = (SELECT max(seq) FROM journal AS later WHERE later.key = journal.key)
          """)
    }
  }
}
