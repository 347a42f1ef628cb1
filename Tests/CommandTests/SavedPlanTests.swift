import Foundation
import Testing

/// A plan that was saved is carried out exactly, or not at all.
@Suite struct SavedPlanTests {
  /// A directory where a service runs, and a plan for one replica more is saved.
  func saved() throws -> Shell {
    let shell = try Shell(["web.yaml": Small.service()])
    try #require(try shell.run("apply web.yaml --yes").status == 0)
    try shell.write("web.yaml", Small.service(replicas: 3))
    let plan = try shell.run("plan web.yaml -out plan.json")
    try #require(plan.status == 0, "\(plan.talk)")
    #expect(plan.talk.contains("Saved to plan.json"))
    return shell
  }

  func expectRefused(
    _ shell: Shell, _ code: String, _ words: String = "", apply: String = "apply plan.json",
    location: SourceLocation = #_sourceLocation
  ) throws {
    let before = try shell.run("get replicas").output
    let revisions = try shell.run("history").output
    let run = try shell.run(apply)
    #expect(run.status == 1, sourceLocation: location)
    #expect(run.talk.contains("error[\(code)]"), "\(run.talk)", sourceLocation: location)
    #expect(
      words.isEmpty || run.talk.contains(words), "\(run.talk)", sourceLocation: location)
    #expect(try shell.run("get replicas").output == before, sourceLocation: location)
    #expect(try shell.run("history").output == revisions, sourceLocation: location)
  }

  @Test func isCarriedOutWithoutAPrompt() throws {
    let shell = try saved()
    try FileManager.default.removeItem(at: shell.path("web.yaml"))
    let apply = try shell.run("apply plan.json")
    #expect(apply.status == 0, "\(apply.talk)")
    #expect(apply.output.contains("+ lab/l4-3"))
    #expect(apply.talk.contains("Done: planning again finds nothing to do."))
    try shell.write("web.yaml", Small.service(replicas: 3))
    #expect(try shell.run("plan web.yaml --detailed-exitcode").status == 0)
    let events = try shell.run("events").output
    #expect(events.split(separator: "\n").filter { $0.contains("Adopted") }.count == 2)
  }

  @Test func isTheFirstOfAState() throws {
    let shell = try Shell(["web.yaml": Small.service()])
    #expect(try shell.run("plan web.yaml --out plan.json").status == 0)
    #expect(!shell.exists(".setpoint"), "planning makes no state")
    #expect(try shell.run("apply plan.json").status == 0)
    try expectRefused(shell, "plan/applied", "as revision 1")
  }

  @Test func isTheSameDocumentAsPrintedOne() throws {
    let shell = try saved()
    let printed = try shell.run("plan web.yaml -o json").output
    #expect(try shell.bytes("plan.json") == Data(printed.utf8))
    let both = try shell.run("plan web.yaml -o json -out other.json")
    #expect(both.output == printed)
    #expect(try shell.bytes("other.json") == Data(printed.utf8))
    let mode = try FileManager.default.attributesOfItem(atPath: shell.path("plan.json").path)
    #expect(mode[.posixPermissions] as? Int == 0o600)
    let dash = try shell.run("plan web.yaml -out -")
    #expect(dash.status == 64)
    #expect(dash.talk.contains("'setpoint plan -o json' prints a plan as it would be saved"))
  }

  @Test func isAppliedOnce() throws {
    let shell = try saved()
    #expect(try shell.run("apply plan.json").status == 0)
    try expectRefused(shell, "plan/applied", "this plan was applied already, as revision 2")
    try shell.write("web.yaml", Small.service(replicas: 4))
    #expect(try shell.run("apply web.yaml --yes").status == 0)
    try expectRefused(shell, "plan/applied", "as revision 2")
  }

  @Test func isNotAppliedOverAnotherRevision() throws {
    let shell = try saved()
    try shell.write("web.yaml", Small.service(replicas: 4))
    #expect(try shell.run("apply web.yaml --yes").status == 0)
    try expectRefused(
      shell, "plan/overtaken", "goes on from revision 1, and current is revision 2")
    try expectRefused(
      shell, "plan/overtaken", "current is a state where nothing was applied",
      apply: "apply plan.json --state other/state.db")
    #expect(!shell.exists("other"))
  }

  @Test(arguments: [
    ("replicas: 3", "replicas: 4", "document/altered"),
    ("nodes +1 −0", "nodes +0 −0", "document/altered"),
    ("\"perHourMicros\": 977600", "\"perHourMicros\": 1", "document/altered"),
    ("\"formatVersion\": 1", "\"formatVersion\": 2", "document/version"),
    ("\"kind\": \"plan\"", "\"kind\": \"plot\"", "document/shape"),
    ("\"readSet\"", "\"readset\"", "document/shape"),
  ]) func isRefusedWhenTamperedWith(was: String, now: String, code: String) throws {
    let shell = try saved()
    let text = String(decoding: try shell.bytes("plan.json"), as: UTF8.self)
    try #require(text.contains(was))
    try shell.write("plan.json", text.replacing(was, with: now))
    try expectRefused(shell, code)
  }

  @Test func isRefusedWhenCutOff() throws {
    let shell = try saved()
    let bytes = try shell.bytes("plan.json")
    for count in [100, bytes.count / 2, bytes.count - 3] {
      try bytes.prefix(count).write(to: shell.path("plan.json"))
      let run = try shell.run("apply plan.json")
      #expect(run.status == 1, "\(run.talk)")
      #expect(run.talk.contains("error[") && run.talk.contains("plan.json"), "\(run.talk)")
    }
  }

  @Test func namesThePriceThatChanged() throws {
    let service = Small.service(replicas: 1, catalog: "catalog: prices.yaml")
    let shell = try Shell(["m/web.yaml": service, "m/prices.yaml": Small.prices("$5/h")])
    #expect(try shell.run("plan m -out plan.json").status == 0)
    try shell.write("m/prices.yaml", Small.prices("$6/h"))
    try expectRefused(
      shell, "plan/stale", "it buys g6.2xlarge (on-demand) in lab for $5.00/h; the price is $6.00/h"
    )
    try FileManager.default.removeItem(at: shell.path("m/prices.yaml"))
    try expectRefused(shell, "source/not-found", "there is no 'm/prices.yaml'")
    try shell.write("m/prices.yaml", Small.prices("$5/h"))
    #expect(try shell.run("apply plan.json").status == 0)
    #expect(try shell.run("plan m --detailed-exitcode").status == 0)
  }

  @Test func namesTheNodeThatChanged() throws {
    let shell = try Shell(["web.yaml": Small.service()])
    #expect(try shell.run("apply web.yaml --yes").status == 0)
    try shell.write("web.yaml", Small.service().replacing("web:1", with: "web:2"))
    #expect(try shell.run("plan web.yaml -out plan.json").status == 0)
    #expect(try shell.run("simulate lose node lab/l4-1").status == 0)
    try expectRefused(shell, "plan/stale", "lab/l4-1")
  }

  @Test func namesWhatItWouldDoBesides() throws {
    let shell = try saved()
    #expect(try shell.run("simulate lose node lab/l4-1").status == 0)
    try expectRefused(
      shell, "plan/touches-more", "'start web/0 on lab/l4-1 #1', which the plan does not list")
  }

  @Test func whatChangesElsewhereMakesNoPlanStale() throws {
    let shell = try saved()
    #expect(try shell.run("simulate time +30m").status == 0)
    #expect(try shell.run("apply plan.json").status == 0)
  }

  @Test func standsAlone() throws {
    let shell = try saved()
    try expectRefused(shell, "plan/not-alone", apply: "apply plan.json web.yaml")
    try shell.write("snapshot.json", try shell.run("snapshot").output)
    try expectRefused(shell, "document/shape", "not a plan document", apply: "apply snapshot.json")
  }

  @Test func isAsItWasWhereItCanNotBeWritten() throws {
    let shell = try saved()
    let before = try shell.bytes("plan.json")
    for path in ["/dev/full", "nowhere/plan.json", "plan.json/plan.json", ".setpoint"] {
      let run = try shell.run("plan web.yaml -out \(path)")
      #expect(run.status == 1)
      #expect(run.talk.contains("error[plan/unwritable]"), "\(run.talk)")
      #expect(run.talk.contains(path))
    }
    #expect(try shell.bytes("plan.json") == before)
    #expect(!shell.exists(".setpoint.part"))
    #expect(try shell.run("plan web.yaml -out plan.json", output: .file("/dev/full")).status == 1)
  }

  @Test func isNothingToDo() throws {
    let shell = try saved()
    #expect(try shell.run("apply plan.json").status == 0)
    #expect(try shell.run("plan web.yaml -out empty.json --detailed-exitcode").status == 0)
    let apply = try shell.run("apply empty.json")
    #expect(apply.status == 0, "\(apply.talk)")
    #expect(try shell.run("history").output.split(separator: "\n").count == 3)
  }
}
