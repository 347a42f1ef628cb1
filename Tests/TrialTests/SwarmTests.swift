import Model
import Testing
import Trials

@Test(arguments: 1..<21 as Range<UInt64>)
func aSeedIsJudgedWell(seed: UInt64) {
  guard open.contains(seed) else { return check(seed) }
  withKnownIssue { check(seed) }
}

/// FIXME: what is missing at the end is not said there; docs/reliability.md lists what else is open.
private let open: Set<UInt64> = [13]

private func check(_ seed: UInt64) {
  let verdict = Trials.run(seed: seed, steps: 300)
  #expect(verdict.violations == [], "setpoint-sim --seed \(seed) --steps 300")
}

@Test func theSameSeedGivesTheSameTrial() {
  #expect(Trials.run(seed: 7, steps: 300) == Trials.run(seed: 7, steps: 300))
}
