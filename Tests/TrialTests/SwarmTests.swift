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
    wishes: 9, isTimed: true, isElastic: true, jitter: 4,
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

/// Those that failed once, and as many others as take a few CPU seconds in a debug build;
/// `setpoint-sim --count 400`, release-built, is for more.
@Test(arguments: Array(1..<4) + [13] as [UInt64])
func aSeedIsJudgedWell(seed: UInt64) {
  let verdict = Trials.run(seed: seed, steps: 300)
  #expect(verdict.violations == [], "setpoint-sim --seed \(seed) --steps 300")
}

/// What larger trials found, cut down to what still failed.
@Test(arguments: [
  "wishes 63 timed\n+0 apply 0\n+72 drill cut off lab-0\n+473 apply 7",
  """
  wishes 94 timed
  jitter 94
  +0 apply 0
  +60 pause 1 40
  +121 drill stock out g6.12xlarge
  +526 apply 5
  +546 drill lose zone us-east-1b
  #131 crash-after
  """, "wishes 67\njitter 67\n+0 apply 0\n+146 skew 0 -3600\n+151 drill lose node @6",
  "wishes 78\njitter 78\n+20 apply 1\n+966 apply 8",
  "wishes 104\njitter 104\n+0 apply 0\n+826 apply 7",
  "wishes 121\njitter 121\n+0 apply 0\n+156 apply 3\n+297 drill lose node @7",
])
func whatFailedOnceIsWell(script: String) throws {
  let script = try #require(Script(script))
  #expect(Trials.run(script).violations == [])
}

/// A look that saw what had just been made too early, or was late: the same is done as without it.
@Test(arguments: [(5, Fault.crashAfter), (16, .lookTimesOut), (26, .lookLags)])
func aLateLookMakesNoNewStarts(number: Int, fault: Fault) throws {
  let story = try #require(Stories.all.first { $0.name == "bring-up" }).script
  var faulty = story
  faulty.faults[number] = fault
  #expect(Trials.run(faulty).differences(from: Trials.run(story)) == [])
}

/// Two applies at once: whatever happens to the first one, the second has the last word.
@Test func whoIsOvertakenLeavesItAtThat() throws {
  let story = try #require(Stories.all.first { $0.name == "overtaken" }).script
  var faulty = story
  faulty.faults[51] = .crashAfter
  #expect(Trials.run(faulty).differences(from: Trials.run(story)) == [])
}
