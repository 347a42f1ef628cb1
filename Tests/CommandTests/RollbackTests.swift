import Foundation
import GRDB
import Testing

/// Going back is going on: the wishes of an earlier revision become a plan like any other.
@Suite struct RollbackTests {
  /// A directory where revision 1 wanted two replicas, and revision 2 three.
  func grown() throws -> Shell {
    let shell = try Shell(["web.yaml": Small.service()])
    try #require(try shell.run("apply web.yaml --yes").status == 0)
    try shell.write("web.yaml", Small.service(replicas: 3))
    try #require(try shell.run("apply web.yaml --yes").status == 0)
    return shell
  }

  func revisions(_ shell: Shell) throws -> [String] {
    try shell.run("history").output.split(separator: "\n").dropFirst().map(String.init)
  }

  @Test func isANewRevision() throws {
    let shell = try grown()
    let before = try revisions(shell)
    let run = try shell.run("rollback 1 --yes")
    #expect(run.status == 0, "\(run.talk)")
    #expect(run.output.contains("spec.replicas:  3 → 2"), "\(run.output)")
    let after = try revisions(shell)
    #expect(after.count == 3)
    #expect(after[0].contains(" · back to revision 1"), "\(after[0])")
    #expect(Array(after[1...]) == before, "the past is as it was")
    #expect(try shell.run("plan web.yaml --detailed-exitcode").status == 2, "files are untouched")
    #expect(try shell.run("rollback 2 --yes").status == 0, "and forth")
    #expect(try shell.run("plan web.yaml --detailed-exitcode").status == 0)
  }

  @Test func isNothingWhereNothingWasWantedOtherwise() throws {
    let shell = try grown()
    let run = try shell.run("rollback 2 --yes")
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("No changes."), "\(run.output)")
    #expect(try revisions(shell).count == 2)
  }

  @Test func asksFirst() throws {
    let shell = try grown()
    let run = try shell.run("rollback 1")
    #expect(run.status == 1)
    #expect(run.talk.contains("error[apply/not-confirmed]"), "\(run.talk)")
    #expect(try revisions(shell).count == 2)
  }

  @Test func canBeSavedFirst() throws {
    let shell = try grown()
    let look = try shell.run("rollback 1 -out back.json")
    #expect(look.status == 0, "\(look.talk)")
    #expect(look.output.contains("spec.replicas:  3 → 2"))
    #expect(try revisions(shell).count == 2)
    #expect(try shell.run("apply back.json").status == 0)
    #expect(try revisions(shell)[0].contains(" · back to revision 1"))
    #expect(try shell.run("apply back.json").talk.contains("error[plan/applied]"))
  }

  @Test(arguments: ["rollback 1 --yes", "rollback 1 -out back.json"])
  func pricesGoBackAsWell(words: String) throws {
    let service = Small.service(replicas: 1, catalog: "catalog: prices.yaml")
    let shell = try Shell(["m/web.yaml": service, "m/prices.yaml": Small.prices("$5/h")])
    try #require(try shell.run("apply m --yes").status == 0)
    try shell.write("m/prices.yaml", Small.prices("$6/h"))
    try #require(try shell.run("apply m --yes").status == 0)
    #expect(try shell.run(words).status == 0)
    if words.contains("-out") {
      let run = try shell.run("apply back.json")
      #expect(run.status == 0, "\(run.talk)")
    }
    try shell.write("m/prices.yaml", Small.prices("$5/h"))
    #expect(try shell.run("plan m --detailed-exitcode").status == 0)
  }

  /// Rolling back to before objects were declared deletes them.
  @Test func deletionsNeedConsent() throws {
    let shell = try Shell(["m/web.yaml": Small.service(replicas: 1)])
    try #require(try shell.run("apply m --yes").status == 0)
    for name in 1...3 {
      try shell.write("m/w\(name).yaml", Small.workload("w\(name)", replicas: 0))
    }
    try #require(try shell.run("apply m --yes").status == 0)
    let refused = try shell.run("rollback 1 --yes")
    #expect(refused.status == 1)
    #expect(refused.talk.contains("deletes 3 of the 6 objects of set 'default'"), "\(refused.talk)")
    let id = try #require(refused.talk.firstMatch(of: #/--consent ([0-9a-f]{12})/#)).1
    #expect(try shell.run("rollback 1 --yes --consent \(id)").status == 0)
  }

  @Test func gatesOfThatTimeHold() throws {
    func service(_ replicas: Int, limit: String) -> String {
      Small.service(replicas: replicas) + """
        ---
        apiVersion: setpoint/v1
        kind: Gate
        metadata: {name: cheap}
        spec: {deny: [{costAbove: \(limit)}]}

        """
    }
    let override = "--override cheap --reason agreed"
    let shell = try Shell(["web.yaml": service(4, limit: "$3/h")])
    try #require(try shell.run("apply web.yaml --yes \(override)").status == 0)
    try shell.write("web.yaml", service(3, limit: "$9/h"))
    try #require(try shell.run("apply web.yaml --yes").status == 0)

    let refused = try shell.run("rollback 1 --yes")
    #expect(refused.status == 3, "\(refused.output)")
    #expect(refused.talk.contains("the plan breaks gate 'cheap'"), "\(refused.talk)")
    #expect(try shell.run("rollback 1 --yes \(override)").status == 0)
    let last = try revisions(shell)[0]
    #expect(last.contains(" · back to revision 1 · overrides 'cheap': agreed"), "\(last)")
  }

  @Test(arguments: [("0", "the newest is 2"), ("3", "the newest is 2"), ("-1", "")])
  func revisionsThatThereAreNot(number: String, words: String) throws {
    let run = try grown().run("rollback \(number)")
    #expect(run.status == (words.isEmpty ? 64 : 1), "\(run.talk)")
    #expect(words.isEmpty || run.talk.contains("error[revision/unknown]"), "\(run.talk)")
    #expect(words.isEmpty || run.talk.contains(words), "\(run.talk)")
  }

  @Test func whereNothingWasApplied() throws {
    let shell = try Shell()
    let run = try shell.run("rollback 1")
    #expect(run.status == 1)
    #expect(run.talk.contains("nothing was applied in this state yet"), "\(run.talk)")
    #expect(!shell.exists(".setpoint"))
  }

  @Test func aRevisionThatWasForgotten() throws {
    let shell = try grown()
    try DatabaseQueue(path: shell.path(".setpoint/state.db").path).write { db in
      let old = "(SELECT target_id FROM revision WHERE number = 1)"
      try db.execute(sql: "UPDATE revision SET manifests = '' WHERE number = 1")
      try db.execute(sql: "UPDATE target SET body = 'null' WHERE id = \(old)")
    }
    let run = try shell.run("rollback 1 --yes")
    #expect(run.status == 1)
    #expect(run.talk.contains("error[revision/forgotten]"), "\(run.talk)")
    #expect(run.talk.contains("the oldest that is whole is 2"), "\(run.talk)")
  }
}
