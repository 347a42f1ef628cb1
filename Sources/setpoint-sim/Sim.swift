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

  @Option(help: "About how many steps befall each before nothing fails any more.")
  var steps = 500

  @Option(help: "A trial by its script, as a failing one is printed.")
  var script: String?

  @Flag(help: "Every effect of every story with every fault.")
  var exhaustive = false

  @Option(help: "Of the exhaustive trials only every n-th.")
  var every = 1

  @Option(help: "Only the story of this name.")
  var story: String?

  @Flag(help: "Print the last lines of what happened.")
  var trace = false

  @Option(help: "Stop at so many failures.")
  var failuresMax = 10

  func run() throws {
    var tally = Tally(failuresMax: failuresMax)
    if exhaustive {
      exhaust(&tally)
    } else if let script {
      try replay(script, &tally)
    } else {
      swarm(&tally)
    }
    print(tally.summary)
    guard tally.failures == 0 else { throw ExitCode(1) }
  }

  private func replay(_ path: String, _ tally: inout Tally) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    guard let script = Script(text) else { throw ValidationError("\(path) is no script") }
    let verdict = Trials.run(script)
    tally.count(verdict)
    if trace { print(verdict.trace.joined(separator: "\n")) }
    if !verdict.violations.isEmpty { tally.tell(path, verdict.violations, verdict.script) }
  }

  private func swarm(_ tally: inout Tally) {
    let first = seed ?? 1
    for seed in first..<(first + UInt64(max(1, count))) {
      let verdict = Trials.run(seed: seed, steps: steps)
      tally.count(verdict)
      if trace { print(verdict.trace.joined(separator: "\n")) }
      guard !verdict.violations.isEmpty else { continue }
      let kind = verdict.violations[0].prefix(4)
      let small = Trials.shrunk(verdict.script) {
        Trials.run($0).violations.contains { $0.prefix(4) == kind }
      }
      tally.tell("setpoint-sim --seed \(seed) --steps \(steps)", verdict.violations, small)
      if tally.isFull { return }
    }
  }

  private func exhaust(_ tally: inout Tally) {
    for (name, script) in Stories.all where story == nil || story == name {
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
}

/// What is told at the end.
private struct Tally {
  let failuresMax: Int
  let start = Date()
  var trials = 0
  var steps = 0
  var plans = 0
  var failures = 0
  var faults: [Fault: Int] = [:]
  var times: [Int64] = []
  var digest: UInt64 = 0

  var isFull: Bool { failures >= failuresMax }

  init(failuresMax: Int) { self.failuresMax = failuresMax }

  mutating func count(_ verdict: Verdict) {
    trials += 1
    steps += verdict.steps
    plans += verdict.plansAudited
    for fault in verdict.script.faults.values { faults[fault, default: 0] += 1 }
    times.append(verdict.convergedAfter.count)
    digest = (digest &* 0x100_0000_01b3) ^ verdict.digest
  }

  mutating func tell(_ what: String, _ violations: [String], _ script: Script) {
    failures += 1
    guard failures <= failuresMax else { return }
    print("FAILED: \(what)")
    for violation in violations.prefix(6) { print("  \(violation)") }
    print("  as a script:")
    for line in "\(script)".split(separator: "\n") { print("    \(line)") }
  }

  var summary: String {
    let seconds = max(Date().timeIntervalSince(start), 0.001)
    let sorted = times.sorted()
    let median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    let late = sorted.isEmpty ? 0 : sorted[sorted.count * 99 / 100]
    let struck = faults.values.reduce(0, +)
    let kinds = "\(faults.count) of \(Fault.allCases.count) kinds"
    return """
      \(trials) trials, \(steps) steps, \(plans) plans audited, \(struck) faults of \(kinds), \
      \(failures) failures
      converged after the last fault: median \(median) s, p99 \(late) s of virtual time
      \(Int(seconds)) s, \(Int(Double(steps) / seconds)) steps a second
      digest \(String(digest, radix: 16))
      """
  }
}
