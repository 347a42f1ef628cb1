/// Trials in numbers: one by its seed, all points of a story with all faults, many seeds, and the
/// smallest script that still fails.
public enum Trials {
  /// A trial that failed, with what it takes to repeat it.
  public struct Finding: Sendable {
    public var what: String
    public var violations: [String]
    public var script: Script
  }

  public static func run(
    _ script: Script, _ strategies: Strategies = Strategies(), chance: Trial.Chance? = nil
  ) -> Verdict {
    do {
      var trial = try Trial(script, strategies, chance: chance)
      return trial.verdict()
    } catch {
      var verdict = Verdict()
      verdict.violations = ["the trial can't begin: \(error)"]
      return verdict
    }
  }

  public static func run(
    seed: UInt64, steps: Int, isElastic: Bool = false, _ strategies: Strategies = Strategies()
  ) -> Verdict {
    let (script, chance) = Stories.swarm(seed, steps: steps, isElastic: isElastic)
    return run(script, strategies, chance: chance)
  }

  /// Every point of the story × every fault that can strike there, each judged also by comparison
  /// with the story without it. `report` is called after each.
  public static func exhaust(
    _ name: String, _ script: Script, _ strategies: Strategies = Strategies(),
    only part: (Int) -> Bool = { _ in true },
    report: (Verdict, Finding?) -> Void
  ) {
    let quiet = run(script, strategies)
    report(quiet, finding("\(name) without a fault", quiet, quiet))
    var number = 0
    for (index, point) in quiet.points.enumerated() {
      for fault in Fault.possible(at: point) {
        number += 1
        guard part(number) else { continue }
        var faulty = script
        faulty.faults[index + 1] = fault
        let verdict = run(faulty, strategies)
        let what = "\(name), \(fault.rawValue) at \(point.rawValue) #\(index + 1)"
        report(verdict, finding(what, verdict, quiet))
      }
    }
  }

  private static func finding(_ what: String, _ verdict: Verdict, _ quiet: Verdict) -> Finding? {
    let violations = verdict.violations + verdict.differences(from: quiet)
    return violations.isEmpty
      ? nil : Finding(what: what, violations: violations, script: verdict.script)
  }

  /// The script with all entries and faults taken away without which it still fails.
  ///
  /// Halves are tried first, as in Zeller's delta debugging; `runsMax` bounds the search.
  public static func shrunk(
    _ script: Script, runsMax: Int = 300, fails: (Script) -> Bool
  ) -> Script {
    var best = script
    var runs = 0
    var size = max(best.entries.count, best.faults.count)
    while size > 0 {
      for drop in [dropEntries, dropFaults] {
        var start = 0
        while let smaller = drop(best, start, size), runs < runsMax {
          runs += 1
          if fails(smaller) { best = smaller } else { start += size }
        }
      }
      size /= 2
    }
    return best
  }

  private static func dropEntries(_ script: Script, _ start: Int, _ size: Int) -> Script? {
    guard start < script.entries.count else { return nil }
    var smaller = script
    smaller.entries.removeSubrange(start..<min(start + size, script.entries.count))
    return smaller
  }

  private static func dropFaults(_ script: Script, _ start: Int, _ size: Int) -> Script? {
    let numbers = script.faults.keys.sorted()
    guard start < numbers.count else { return nil }
    var smaller = script
    for number in numbers[start..<min(start + size, numbers.count)] {
      smaller.faults[number] = nil
    }
    return smaller
  }
}
