import Foundation
import GRDB
import Interfaces
import Model
import Planning
import ProviderContract
import SimulatedProvider
import Simulation
import Testing

/// A world with one of everything.
private func fullWorld(in harness: SimulatedHarness) async throws -> World {
  let cluster = Fixture.cluster(SimulatedSettings(spotLifetime: .hours(2)))
  let train = Fixture.workload(
    "train", type: .training, milliDevices: 500, checkpointEvery: .minutes(5),
    duration: .minutes(1))
  func apply(_ step: Step) async throws {
    try await harness.provider.apply(step, key: IdempotencyKey("\(step.id)"), in: cluster)
  }
  try await apply(.createNode(Fixture.node("a", .spot)))
  try await apply(.createNode(Fixture.node("b")))
  _ = try harness.file.run(.time(.minutes(2))).get()
  try await apply(Fixture.start(train, on: "a", devices: [1], of: 1))
  _ = try harness.file.run(.time(.minutes(2))).get()
  try await apply(Fixture.start(Fixture.workload(), on: "a"))
  try await apply(Fixture.start(train.renamed("longer"), on: "b", devices: [0], of: 1))
  try await apply(.createNode(Fixture.node("c")))
  try harness.file.change { $0.add(foreign: Fixture.foreignNode("theirs")) }
  for text in [
    "occupy b other cpu=1 accelerator=H100:2", "time 30s", "lose node c", "crash chat",
    "stock out p5.48xlarge:spot", "partial elsewhere", "cut off faraway",
  ] {
    _ = try harness.file.run(Drill.parse(text.split(separator: " ").map(String.init))).get()
  }
  return try harness.file.read()
}

extension WorkloadSpec {
  fileprivate func renamed(_ name: String) -> WorkloadSpec {
    var copy = self
    copy.metadata.name = name
    return copy
  }
}

@Test func everyProcessReadsTheSameWorld() async throws {
  let harness = try SimulatedHarness()
  let world = try await fullWorld(in: harness)
  #expect(world.nodes.count == 4 && world.runs.count == 1 && world.finished.count == 1)
  #expect(world.faults.crashing.count == 1 && world.receipts.count == 6)
  let other = try WorldFile(path: harness.path)
  #expect(try other.read() == world)

  let later = world.now + .hours(30)
  try other.change { $0.advance(to: later) }
  var expected = world
  expected.advance(to: later)
  #expect(try harness.file.read() == expected)
  #expect(try WorldFile(path: harness.path).read() == expected)
  #expect(expected.receipts.isEmpty)
}

@Test func changesOfManyProcessesAreAllKept() async throws {
  let harness = try SimulatedHarness()
  try await withThrowingTaskGroup(of: Void.self) { group in
    for process in 0..<4 {
      group.addTask {
        let provider = SimulatedProvider(try WorldFile(path: harness.path))
        for number in 0..<10 {
          let step = Step.createNode(Fixture.node("n\(process)-\(number)"))
          try await provider.apply(step, key: IdempotencyKey(step.id.text), in: harness.cluster)
        }
      }
    }
    try await group.waitForAll()
  }
  #expect(try harness.file.read().nodes.count == 40)
  #expect(try WorldFile(path: harness.path).read().nodes.count == 40)
}

/// Neither for the process that tried nor for any other, whether or not something was done before.
@Test(arguments: [true, false]) func whatFailsChangesNothing(isHalfDone: Bool) async throws {
  let harness = try SimulatedHarness()
  let before = try await fullWorld(in: harness)
  #expect(throws: Failure.terminal("no")) {
    try harness.file.change { (world) throws(Failure) in
      if isHalfDone { world.add(foreign: Fixture.foreignNode("late")) }
      throw Failure.terminal("no")
    }
  }
  #expect(try harness.file.read() == before)
  #expect(try WorldFile(path: harness.path).read() == before)
  try harness.file.change { $0.add(foreign: Fixture.foreignNode("later")) }
  #expect(try WorldFile(path: harness.path).read().nodes.count == before.nodes.count + 1)
}

/// A world in memory says what its file must take in.
@Test func whatWasTouchedIsWrittenAndNothingElse() async throws {
  let harness = try SimulatedHarness()
  var world = try await fullWorld(in: harness)
  let rest = world.rest
  #expect(!world.isChanged(from: rest) && world.nodes.touched.isEmpty)
  _ = try world.run(.loseNode("a"))
  #expect(world.nodes.touched.map(\.name) == ["a"])
  #expect(world.isChanged(from: rest))
  world.forgetChanges()
  #expect(!world.isChanged(from: world.rest))
  world.advance(to: world.now + Seconds(1))
  #expect(world.isChanged(from: rest))
}

@Test func timePassesInStridesWhileSomeoneWaits() async throws {
  let harness = try SimulatedHarness()
  let clock = VirtualClock(harness.file, stride: Seconds(7), rest: .zero)
  let start = await clock.now()
  #expect(start == World.epoch)
  await clock.wait(until: start + Seconds(90))
  #expect(await clock.now() == start + Seconds(90))
  await clock.wait(until: start)
  #expect(await clock.now() == start + Seconds(90))
}

@Test func aCancelledWaitEnds() async throws {
  let harness = try SimulatedHarness()
  let clock = VirtualClock(harness.file, stride: Seconds(1), rest: .seconds(3600))
  let task = Task { await clock.wait(until: World.epoch + .hours(1)) }
  task.cancel()
  await task.value
  #expect(await clock.now() < World.epoch + .hours(1))
}

@Test func aFileThatIsNoWorldIsLeftAlone() throws {
  let harness = try SimulatedHarness()
  let directory = URL(filePath: harness.path).deletingLastPathComponent()
  let text = directory.appending(path: "notes.txt")
  try Data(String(repeating: "not a database\n", count: 100).utf8).write(to: text)
  let before = try Data(contentsOf: text)
  check(text.path, "is damaged, or is no simulated world")
  #expect(try Data(contentsOf: text) == before)
  check(directory.path, "be opened")
  check(text.appending(path: "below").path, "be opened")
}

@Test func aNewerFileIsRefused() throws {
  let harness = try SimulatedHarness()
  try DatabaseQueue(path: harness.path).write { try $0.execute(sql: "PRAGMA user_version = 9") }
  check(harness.path, "written by a newer release")
}

@Test func aFullDiskIsSaidAndLosesNothing() async throws {
  let harness = try SimulatedHarness()
  let before = try await fullWorld(in: harness)
  let small = try WorldFile(path: harness.path, pagesMax: 1)
  let problem = #expect(throws: Failure.self) {
    try small.change { world in
      for number in 0..<100 { world.add(foreign: Fixture.foreignNode("n\(number)")) }
    }
  }
  #expect("\(String(describing: problem))".contains("the disk is full"))
  #expect(try small.read() == before)
  #expect(try WorldFile(path: harness.path).read() == before)
}

private func check(
  _ path: String, _ words: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  let problem = #expect(throws: Failure.self, sourceLocation: sourceLocation) {
    try WorldFile(path: path)
  }
  #expect(
    "\(String(describing: problem))".contains(words), sourceLocation: sourceLocation)
}
