import Foundation
import Testing

/// What is paused stays as it is, whatever its manifest says and whatever becomes of the world.
@Suite struct PauseTests {
  private func running() throws -> Shell {
    let shell = try Shell([
      "m/web.yaml": Small.service(), "m/other.yaml": Small.workload("other", replicas: 1),
    ])
    try #require(try shell.run("apply m --yes").status == 0)
    return shell
  }

  private func replicas(_ shell: Shell, of workload: String) throws -> [String] {
    try shell.run("get replicas").output.split(separator: "\n").map(String.init)
      .filter { $0.contains("\(workload)/") }
  }

  @Test func changesOfAManifestAreNotTaken() throws {
    let shell = try running()
    let pause = try shell.run("pause Workload/web --reason debugging")
    #expect(pause.status == 0 && pause.talk.contains("Workload/web is paused"), "\(pause.talk)")
    try shell.write("m/web.yaml", Small.service(replicas: 4))
    try shell.write("m/other.yaml", Small.workload("other", replicas: 2))
    let plan = try shell.run("plan m")
    #expect(plan.talk.contains("warning[paused/held-back]"), "\(plan.talk)")
    #expect(!plan.output.contains("web") && plan.output.contains("other"), "\(plan.output)")
    #expect(try shell.run("apply m --yes").status == 0)
    #expect(try replicas(shell, of: "web").count == 2)
    #expect(try replicas(shell, of: "other").count == 2)
    let status = try shell.run("status").output
    #expect(status.contains("Paused") && status.contains("debugging"), "\(status)")
    #expect(try shell.run("status -o json").output.contains("\"object\": \"Workload/web\""))

    #expect(try shell.run("resume Workload/web").talk.contains("goes on"))
    #expect(try shell.run("apply m --yes").status == 0)
    #expect(try replicas(shell, of: "web").count == 4)
    let events = try shell.run("events").output
    #expect(events.contains("Paused") && events.contains("Resumed"), "\(events)")
  }

  @Test func itsRemovalIsNotTakenEither() throws {
    let shell = try running()
    try shell.run("pause Workload/other")
    try FileManager.default.removeItem(at: shell.path("m/other.yaml"))
    #expect(try shell.run("apply m --yes").status == 0)
    #expect(try replicas(shell, of: "other").count == 1)
    let delete = try shell.run("delete Workload/other --yes")
    #expect(delete.status == 1 && delete.talk.contains("error[paused/touched]"), "\(delete.talk)")
  }

  @Test func nothingIsDoneToIt() throws {
    let shell = try running()
    let node = try #require(
      replicas(shell, of: "web")[0].firstMatch(of: #/lab/l4-\d+/#)
    ).0
    try shell.run("pause Workload/web")
    try shell.run("drill lose node \(node)")
    #expect(try shell.run("run --once").status == 0)
    #expect(try replicas(shell, of: "web").allSatisfy { !$0.contains("starting") })
    #expect(
      try shell.run("get nodes").output.split(separator: "\n").count <= 4, "no node is bought")
    let apply = try shell.run("apply m --yes")
    #expect(apply.status == 1 && apply.talk.contains("error[paused/touched]"), "\(apply.talk)")
    #expect(apply.talk.contains("resume Workload/web"))
    try shell.run("resume Workload/web")
    #expect(try shell.run("run --once").status == 0)
    #expect(try shell.run("status --detailed-exitcode").status == 0)
  }

  @Test func aPausedPoolKeepsItsNodes() throws {
    let shell = try running()
    try shell.run("pause NodePool/l4")
    try shell.write("m/other.yaml", Small.workload("other", replicas: 0))
    #expect(try shell.run("apply m --yes").status == 0)
    try shell.run("drill time +1h")
    let before = try shell.run("get nodes").output.split(separator: "\n").count
    #expect(try shell.run("run --once").status == 0)
    #expect(try shell.run("get nodes").output.split(separator: "\n").count == before)
    try shell.run("resume NodePool/l4")
    #expect(try shell.run("apply m --yes").status == 0)
    try shell.run("drill time +2m")
    #expect(try shell.run("get nodes").output.split(separator: "\n").count == before - 1)
  }

  @Test func aSavedPlanThatTouchesItIsRefused() throws {
    let shell = try running()
    try shell.write("m/web.yaml", Small.service(replicas: 3))
    #expect(try shell.run("plan m -out plan.json").status == 0)
    try shell.run("pause Workload/web")
    let apply = try shell.run("apply plan.json")
    #expect(apply.status == 1 && apply.talk.contains("error[paused/touched]"), "\(apply.talk)")
    try shell.run("resume Workload/web")
    #expect(try shell.run("apply plan.json").status == 0)
  }

  @Test func mistakesAreTold() throws {
    let shell = try running()
    let unknown = try shell.run("pause Workload/wbe")
    #expect(unknown.status == 1 && unknown.talk.contains("did you mean 'Workload/web'?"))
    #expect(try shell.run("resume Workload/web").talk.contains("was not paused"))
    #expect(try shell.run("resume Workload/gone").status == 1)
    #expect(try shell.run("pause web").status == 64)
    let empty = try Shell()
    #expect(try empty.run("pause Workload/web").status == 1)
    #expect(!empty.exists(".setpoint"))
  }
}
