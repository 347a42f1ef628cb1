import ArgumentParser
import Foundation
import Model
import Trials

/// The house on trial, for its developers; see docs/reliability.md.
@main
struct Sim: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "setpoint-sim",
    abstract: "Runs Setpoint over a simulated world where anything fails, and judges what it does.",
    discussion: """
      Ends with the digest of all that happened, which is the same for the same seed, and exits with 0 \
      when all judges are content.
      """)

  @Option(help: "The trial that this number draws.")
  var seed: UInt64?

  @Option(help: "So many trials from the seed on.")
  var count = 1

  @Option(
    help: "Seeds to leave out, such as 63,94: those that docs/reliability.md lists as open.",
    transform: { $0.split(separator: ",").compactMap { UInt64($0) } })
  var except: [UInt64] = []

  @Option(help: "About how many steps befall each before nothing fails any more.")
  var steps = 500

  @Option(help: "A trial by its script, as a failing one is printed.")
  var script: String?

  @Flag(help: "Every effect of every story with every fault.")
  var exhaustive = false

  @Option(help: "Of the exhaustive trials only every n-th.")
  var every = 1

  @Option(help: "Only the stories of these names, such as change,reclaim.")
  var story: String?

  @Option(help: "Plant a mistake by its name, or each of 'all', and say what catches it.")
  var plant: String?

  @Option(help: "Print how many trials each fault point was struck in; fail below so many.")
  var coverage: Int?

  @Flag(help: "Whether applying a plan does what it says, in worlds in which nothing fails.")
  var effects = false

  @Flag(help: "With --seed or --effects: in these worlds gangs grow and shrink.")
  var elastic = false

  @Flag(help: "Print all that happened, and what every plan saw and chose.")
  var trace = false

  @Option(help: "Stop at so many failures.")
  var failuresMax = 10

  func run() throws {
    if let plant { return try catchPlanted(plant) }
    var tally = Tally(failuresMax: failuresMax)
    if effects {
      checkEffects(&tally)
    } else if exhaustive {
      exhaust(&tally)
    } else if let script {
      try replay(script, &tally)
    } else {
      swarm(&tally)
    }
    let isCovered = coverage.map { tally.tellCoverage(trialsMin: $0) } ?? true
    print(tally.summary)
    guard tally.failures == 0, isCovered else { throw ExitCode(1) }
  }

  private var strategies: Strategies {
    var strategies = Strategies()
    strategies.tells = trace
    return strategies
  }

  private func replay(_ path: String, _ tally: inout Tally) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    guard let script = Script(text) else { throw ValidationError("\(path) is no script") }
    let verdict = Trials.run(script, strategies)
    tally.count(verdict)
    if trace { print(verdict.trace.joined(separator: "\n")) }
    if !verdict.violations.isEmpty { tally.tell(path, verdict.violations, verdict.script) }
  }

  private func swarm(_ tally: inout Tally) {
    let first = seed ?? 1
    for seed in first..<(first + UInt64(max(1, count))) where !except.contains(seed) {
      let verdict = Trials.run(seed: seed, steps: steps, isElastic: elastic, strategies)
      tally.count(verdict)
      if trace { print(verdict.trace.joined(separator: "\n")) }
      guard !verdict.violations.isEmpty else { continue }
      let kind = verdict.violations[0].prefix(4)
      // Who looks at all that happened wants the numbers that stand in it.
      let small =
        trace
        ? verdict.script
        : Trials.shrunk(verdict.script) {
          Trials.run($0).violations.contains { $0.prefix(4) == kind }
        }
      tally.tell(
        "setpoint-sim\(elastic ? " --elastic" : "") --seed \(seed) --steps \(steps)",
        verdict.violations, small)
      if tally.isFull { return }
    }
  }

  private func checkEffects(_ tally: inout Tally) {
    for seed in (self.seed ?? 0)..<((self.seed ?? 0) + UInt64(max(1, count))) {
      let tell: @Sendable ([String]) -> Void = { lines in print(lines.joined(separator: "\n")) }
      let faults = PlanIsEffect.faults(
        seed: seed, isElastic: elastic, tell: trace ? tell : nil)
      tally.trials += 1
      if !faults.isEmpty {
        tally.tell(
          "setpoint-sim --effects\(elastic ? " --elastic" : "") --seed \(seed)", faults, nil)
        if tally.isFull { return }
      }
    }
  }

  private func exhaust(_ tally: inout Tally) {
    let wanted = story?.split(separator: ",").map(String.init)
    for (name, script) in Stories.all where wanted?.contains(name) ?? true {
      var trials = 0
      var points = 0
      Trials.exhaust(name, script, only: { $0 % every == 0 }) { verdict, finding in
        trials += 1
        if trials == 1 { points = verdict.points.count }
        tally.count(verdict)
        if let finding { tally.tell(finding.what, finding.violations, finding.script) }
      }
      print("\(name): \(points) points, \(trials) trials")
      if tally.isFull { return }
    }
  }

  /// The mistakes of that name, each in the seeds from the first on.
  private func catchPlanted(_ name: String) throws {
    let bugs = PlantedBug.all.filter { name == "all" || $0.name == name }
    guard !bugs.isEmpty else {
      let names = PlantedBug.all.map(\.name).joined(separator: ", ")
      throw ValidationError("no mistake is called '\(name)'; there are: \(names)")
    }
    let first = seed ?? 1
    let seeds = first...(first + UInt64(max(count, 40)) - 1)
    var caught = 0
    for bug in bugs {
      if let found = bug.caught(seeds: seeds, steps: steps) {
        caught += 1
        print("caught   \(bug.name): \(bug.what)\n         \(found.by): \(found.violation)")
      } else {
        print("MISSED   \(bug.name): \(bug.what)")
      }
    }
    print("\(caught) of \(bugs.count) planted mistakes caught")
    guard caught == bugs.count else { throw ExitCode(1) }
  }
}
