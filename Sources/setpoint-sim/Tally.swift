import Foundation
import Model
import Trials

/// What is told at the end.
struct Tally {
  let failuresMax: Int
  let start = Date()
  var trials = 0
  var steps = 0
  var plans = 0
  var failures = 0
  /// By fault point, the trials in which it was struck.
  var hits: [FaultPoint: Int] = [:]
  var struck = 0
  var times: [Int64] = []
  var digest: UInt64 = 0

  var isFull: Bool { failures >= failuresMax }

  init(failuresMax: Int) { self.failuresMax = failuresMax }

  mutating func count(_ verdict: Verdict) {
    trials += 1
    steps += verdict.steps
    plans += verdict.plansAudited
    struck += verdict.script.faults.count
    for point in verdict.faultPoints { hits[point, default: 0] += 1 }
    times.append(verdict.convergedAfter.count)
    digest = (digest &* 0x100_0000_01b3) ^ verdict.digest
  }

  mutating func tell(_ what: String, _ violations: [String], _ script: Script?) {
    failures += 1
    guard failures <= failuresMax else { return }
    print("FAILED: \(what)")
    for violation in violations.prefix(6) { print("  \(violation)") }
    guard let script else { return }
    print("  as a script:")
    for line in "\(script)".split(separator: "\n") { print("    \(line)") }
  }

  /// Prints how often each fault point was struck; whether none was too seldom.
  func tellCoverage(trialsMin: Int) -> Bool {
    var isCovered = true
    for point in FaultPoint.all {
      let count = hits[point] ?? 0
      if count < trialsMin { isCovered = false }
      print("\(count < trialsMin ? "SELDOM " : "       ")\(point): \(count) trials")
    }
    let enough = FaultPoint.all.count { hits[$0] ?? 0 >= trialsMin }
    print("\(enough) of \(FaultPoint.all.count) fault points struck in \(trialsMin) trials or more")
    return isCovered
  }

  var summary: String {
    let seconds = max(Date().timeIntervalSince(start), 0.001)
    let sorted = times.sorted()
    let median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    let late = sorted.isEmpty ? 0 : sorted[sorted.count * 99 / 100]
    return """
      \(trials) trials, \(steps) steps, \(plans) plans audited, \(struck) faults at \(hits.count) \
      of \(FaultPoint.all.count) fault points, \(failures) failures
      converged after the last fault: median \(median) s, p99 \(late) s of virtual time
      \(Int(seconds)) s, \(Int(Double(steps) / seconds)) steps a second
      digest \(String(digest, radix: 16))
      """
  }
}
