import Foundation
import TestSupport
import Testing

/// What the main commands print, as golden files that people have read.
@Suite struct TranscriptTests {
  /// Each command with all that it said: standard error stands behind a bar.
  func transcript(_ shell: Shell, _ commands: [String]) throws -> String {
    var text = ""
    for words in commands {
      let run = try shell.run(words)
      text += "$ setpoint \(words)\n" + run.output
      text += run.talk.split(separator: "\n").map { "| \($0)\n" }.joined()
      if run.status != 0 { text += "[exit \(run.status)]\n" }
      text += "\n"
    }
    return text
  }

  @Test func theMainJob() throws {
    let shell = try Shell()
    try shell.copyExample("quickstart")
    let story = try transcript(
      shell,
      [
        "validate quickstart", "plan quickstart", "diff quickstart", "get workloads",
        "apply quickstart", "apply quickstart --yes", "plan quickstart --detailed-exitcode",
        "diff quickstart", "get", "get clusters", "get nodepools", "get nodes", "get queues",
        "get replicas", "history", "drill lose node demo/a100-1",
        "plan quickstart --detailed-exitcode", "apply quickstart --yes", "describe Workload/chat",
        "delete Workload/finetune --yes", "drill time +1m", "get replicas",
      ])
    expectSnapshot(Self.steady(story), "main-job.txt")
  }

  @Test func lookingAfterIt() throws {
    let shell = try Shell(["web.yaml": Small.service()])
    var story = try transcript(shell, ["status", "apply web.yaml --yes", "status"])
    try shell.write("web.yaml", Small.service(replicas: 3))
    story += try transcript(
      shell,
      [
        "plan web.yaml -out plan.json", "apply plan.json", "apply plan.json", "rollback 1",
        "rollback 1 --yes", "history", "drill lose node lab/l4-1",
        "status --detailed-exitcode", "status -o json", "run --once", "status", "rollback 9",
      ])
    expectSnapshot(Self.steady(story), "looking-after.txt")
  }

  @Test func mistakes() throws {
    let shell = try Shell([
      "m/web.yaml": """
      apiVersion: setpoint/v1
      kind: Workload
      metadata: {name: web}
      spec:
        type: inference
        replicsa: 3
        queue: nlp
        resources: {cpu: lots}
        image: registry.example/web:1

      """
    ])
    let story = try transcript(
      shell,
      [
        "validate m", "validate n", "plan m/web.yml", "describe Workload/web",
        "explain workload.spec.replicsa", "explain manifest/unknown", "drill loose node a",
        "schema Pod",
      ])
    expectSnapshot(story, "mistakes.txt")
  }

  @Test func learning() throws {
    let shell = try Shell([
      "demand.yaml": """
      apiVersion: setpoint/v1
      kind: Cluster
      metadata: {name: lab}
      spec:
        provider: simulated
        region: us-east-1
        zones: [us-east-1a]
        demandModel: {base: 50, alpha: 0.5, beta: 0.2, gamma: 0.1}
      ---
      apiVersion: setpoint/v1
      kind: NodePool
      metadata: {name: l4}
      spec: {cluster: lab, instanceTypes: [g6.2xlarge], nodes: 0..20, unitsPerReplica: 100}
      ---
      apiVersion: setpoint/v1
      kind: Workload
      metadata: {name: web}
      spec:
        type: inference
        demand: {compute: 1000, storage: 500, network: 200}
        resources: {accelerator: L4:1, cpu: 4, memory: 16Gi}
        image: registry.example/web:1

      """
    ])
    let story = try transcript(
      shell,
      [
        "version", "explain workload.spec.resources", "explain source/no-manifests",
        "assess demand.yaml", "schema queue",
      ])
    expectSnapshot(story, "learning.txt")
  }

  @Test func everyCommandExplainsItself() throws {
    let shell = try Shell()
    let commands = try shell.run("--help").output.matches(of: /\n {2}([a-z][a-z-]*) {2,}[A-Z]/)
      .map { String($0.1) }
    #expect(commands.count >= 18)
    for command in commands {
      let help = try shell.run("\(command) --help").output
      #expect(help.contains("\nExamples:\n  setpoint \(command)"), "\(command) has no example")
    }
    let story = try transcript(shell, ["--help"] + commands.map { "\($0) --help" })
    expectSnapshot(story, "help.txt")
  }

  /// Without what depends on how fast this machine is: progress between its first and last lines, ages
  /// and moments.
  private static func steady(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("|   ") || $0.contains("= help:") }
      .map { $0.replacing(#/ +\d+[smh]$/#, with: " AGE") }
      .map { $0.replacing(#/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/#, with: "TIME") }
      .map { $0.replacing(#/TIME  [0-9a-f]{12}  [0-9a-f]{12}/#, with: "TIME  PLAN  TARGET") }
      .reduce(into: [String]()) { insertInOrder(&$0, String($1)) }
      .joined(separator: "\n")
  }

  /// What is started at once is reported as it happens: one way today and another tomorrow.
  private static func insertInOrder(_ lines: inout [String], _ line: String) {
    var index = lines.count
    if line.contains("ReplicaStarted") {
      while index > 0, lines[index - 1].contains("ReplicaStarted"), lines[index - 1] > line {
        index -= 1
      }
    }
    lines.insert(line, at: index)
  }
}
