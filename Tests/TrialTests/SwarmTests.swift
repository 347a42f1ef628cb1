import Model
import Testing
import Trials

// A handful of short trials: thousands of them are run by scripts/trials, optimised.

@Test func aSeedIsJudgedWellAndGivesTheSameTrialAgain() {
  let verdict = Trials.run(seed: 2, steps: 40)
  #expect(verdict.violations == [], "setpoint-sim --seed 2 --steps 40")
  #expect(Trials.run(seed: 2, steps: 40) == verdict)
}

/// Judges that are content with everything would make all trials worthless.
@Test func aPlantedMistakeIsCaught() throws {
  let bug = try #require(PlantedBug.all.first { $0.name == "no-intent" })
  #expect(bug.caught(inStories: false, seeds: 2...2, steps: 40)?.by == "seed 2")
}

@Test func plantedMistakesHaveNamesOfTheirOwn() {
  let names = PlantedBug.all.map(\.name)
  #expect(Set(names).count == names.count)
  #expect(names.count >= 20)
}

@Test func everyFaultHasAPointWhereItStrikes() {
  let points = FaultPoint.all
  #expect(Set(points.map(\.fault)) == Set(Fault.allCases))
  #expect(Set(points).count == points.count)
}

@Test func aScriptIsReadAsItIsWritten() throws {
  let script = Script(
    wishes: 9, isTimed: true, jitter: 4,
    entries: [
      Script.Entry(.zero, .apply(0)), Script.Entry(Seconds(5), .second),
      Script.Entry(Seconds(6), .pause(0, Seconds(40))),
      Script.Entry(Seconds(7), .skew(1, Seconds(-3600))), Script.Entry(Seconds(8), .loseState),
      Script.Entry(Seconds(9), .drill("lose node @3")),
    ], faults: [3: .crashAfter, 12: .storeDoubtful])
  #expect(Script("\(script)") == script)
  #expect(Script("wishes 1\n+5 dance\n") == nil)
  #expect(Script("wishes 1\n#2 no-such-fault\n") == nil)
}

/// Of a script that fails, what has nothing to do with it goes.
@Test func whatIsNotNeededToFailIsTakenAway() {
  let entries = (0..<12).map { Script.Entry(Seconds(Int64($0)), .apply($0)) }
  let script = Script(wishes: 1, entries: entries, faults: [1: .lookFails, 2: .lookSlow])
  let small = Trials.shrunk(script) { script in
    script.faults[2] != nil && script.entries.contains { $0.happening == .apply(7) }
  }
  #expect(small.entries.map(\.happening) == [.apply(7)])
  #expect(small.faults == [2: .lookSlow])
}
