import Foundation
import Testing

/// What a plan needs besides a yes: gates that hold or are overridden, and consent to grave deletions.
@Suite struct AgreementTests {
  let gates = """
    ---
    apiVersion: setpoint/v1
    kind: Gate
    metadata: {name: cheap}
    spec: {deny: [{costIncreaseAbove: $1/h}]}
    ---
    apiVersion: setpoint/v1
    kind: Gate
    metadata: {name: small}
    spec: {deny: [{costAbove: $3/h}]}

    """

  /// A directory where two gates hold, and manifests that break both.
  func gated() throws -> Shell {
    let shell = try Shell(["web.yaml": Small.service(replicas: 1) + gates])
    try #require(try shell.run("apply web.yaml --yes").status == 0)
    try shell.write("web.yaml", Small.service(replicas: 5) + gates)
    return shell
  }

  @Test(arguments: [
    ("", "gates 'cheap', 'small'"),
    ("--override cheap --reason agreed", "gate 'small'"),
    ("--override small --reason agreed", "gate 'cheap'"),
  ]) func everyBrokenGateStandsInTheWay(flags: String, named: String) throws {
    let shell = try gated()
    let run = try shell.run("apply web.yaml --yes \(flags)")
    #expect(run.status == 3)
    #expect(
      run.talk.contains("error[apply/gate-broken]: the plan breaks \(named)\n"), "\(run.talk)")
    #expect(try shell.run("history").output.split(separator: "\n").count == 2)
  }

  @Test(arguments: ["web.yaml --yes", "plan.json"])
  func anOverrideIsRecorded(what: String) throws {
    let shell = try gated()
    #expect(try shell.run("plan web.yaml -out plan.json").status == 0)
    let run = try shell.run(
      "apply \(what) --override cheap --override small --reason Ann-agreed")
    #expect(run.status == 0, "\(run.talk)")
    let history = try shell.run("history").output
    #expect(history.contains("overrides 'cheap', 'small': Ann-agreed"), "\(history)")
    let events = try shell.run("events").output.split(separator: "\n")
      .filter { $0.contains("Overridden") }
    #expect(events.count == 2)
    #expect(events.allSatisfy { $0.contains("Ann-agreed") && $0.contains("cost ") }, "\(events)")
    #expect(try shell.run("plan web.yaml --detailed-exitcode").status == 0)
  }

  @Test func overridesOfWhatHoldsAreNotRecorded() throws {
    let shell = try Shell(["web.yaml": Small.service(replicas: 1) + gates])
    #expect(
      try shell.run("apply web.yaml --yes --override cheap --reason just-in-case").status == 0)
    #expect(try !shell.run("history").output.contains("just-in-case"))
    #expect(try !shell.run("events").output.contains("just-in-case"))
  }

  @Test(arguments: [
    ("--override chaep --reason x", 1, "did you mean 'cheap'?"),
    ("--override quality --reason x", 1, "the gates are cheap, small"),
    ("--override cheap", 64, "--override needs a --reason"),
    ("--reason x", 64, "--reason goes with --override"),
  ]) func mistakesAreTold(flags: String, status: Int32, words: String) throws {
    let run = try gated().run("apply web.yaml --yes \(flags)")
    #expect(run.status == status)
    #expect(run.talk.contains(words), "\(run.talk)")
  }

  // MARK: Consent

  /// A directory where a set of 12 objects was applied.
  func large() throws -> Shell {
    let shell = try Shell(["m/web.yaml": Small.service(replicas: 1)])
    for name in 1...9 {
      try shell.write("m/w\(name).yaml", Small.workload("w\(name)", replicas: 0))
    }
    let run = try shell.run("apply m --yes")
    try #require(run.status == 0, "\(run.talk)")
    return shell
  }

  func remove(_ shell: Shell, _ names: ClosedRange<Int>) throws {
    for name in names { try FileManager.default.removeItem(at: shell.path("m/w\(name).yaml")) }
  }

  @Test func oneOfManyNeedsNone() throws {
    let shell = try large()
    try remove(shell, 1...1)
    #expect(try shell.run("apply m --yes").status == 0)
  }

  @Test func muchOfASetNeedsConsentToThatPlan() throws {
    let shell = try large()
    try remove(shell, 1...3)
    let refused = try shell.run("apply m --yes")
    #expect(refused.status == 1)
    #expect(
      refused.talk.contains(
        "error[apply/needs-consent]: the plan deletes 3 of the 12 objects of set 'default'"),
      "\(refused.talk)")
    let id = try #require(refused.talk.firstMatch(of: #/--consent ([0-9a-f]{12})/#)).1

    try remove(shell, 4...4)
    let other = try shell.run("apply m --yes --consent \(id)")
    #expect(other.status == 1)
    #expect(other.talk.contains("was given to another plan"), "\(other.talk)")
    #expect(try shell.run("get workloads").output.contains("w4"))

    try shell.write("m/w4.yaml", Small.workload("w4", replicas: 0))
    let run = try shell.run("apply m --yes --consent \(id)")
    #expect(run.status == 0, "\(run.talk)")
    #expect(try !shell.run("get workloads").output.contains("w3"))
  }

  @Test func aSavedPlanNeedsItAsWell() throws {
    let shell = try large()
    try remove(shell, 1...3)
    #expect(try shell.run("plan m -out plan.json").status == 0)
    let refused = try shell.run("apply plan.json")
    #expect(refused.talk.contains("error[apply/needs-consent]"), "\(refused.talk)")
    let id = try #require(refused.talk.firstMatch(of: #/--consent ([0-9a-f]{12})/#)).1
    #expect(try shell.run("apply plan.json --consent \(id)").status == 0)
  }

  @Test func theLastOfAKindNeedsIt() throws {
    let shell = try gated()
    let cheap = String(gates.split(separator: "---")[0])
    try shell.write("web.yaml", Small.service(replicas: 1) + "---" + cheap)
    #expect(try shell.run("apply web.yaml --yes").status == 0, "one of two gates")
    try shell.write("web.yaml", Small.service(replicas: 1))
    let refused = try shell.run("apply web.yaml --yes")
    #expect(refused.status == 1)
    #expect(refused.talk.contains("the plan deletes the last Gate"), "\(refused.talk)")
    #expect(try shell.run("delete Gate/cheap --yes").status == 0, "it was named")
  }

  @Test func whatIsProtectedNeedsItEvenByName() throws {
    let precious = Small.workload("precious", replicas: 0)
      .replacing("{name: precious}", with: "{name: precious, protected: true}")
    let shell = try Shell(["web.yaml": Small.service(replicas: 1) + "---\n" + precious])
    #expect(try shell.run("apply web.yaml --yes").status == 0)
    let refused = try shell.run("delete Workload/precious --yes")
    #expect(refused.status == 1)
    #expect(
      refused.talk.contains("the plan deletes Workload/precious, which is protected"),
      "\(refused.talk)")
  }
}
