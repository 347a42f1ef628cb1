import Model
import Planning
import ProviderContract
import Simulation
import Testing

@Test func nodesAndReplicasTakeTheirTime() throws {
  var story = Story(SimulatedSettings(bootTime: Seconds(90), startTime: Seconds(20)))
  let chat = Fixture.workload()
  try story.apply(.createNode(Fixture.node("a")))
  story.pass(89)
  #expect(try story.look() == "a booting")
  story.pass(1)
  #expect(try story.look() == "a ready")
  try story.apply(Fixture.start(chat, on: "a"))
  story.pass(19)
  #expect(try story.look() == "a ready, chat/0 starting on a")
  story.pass(1)
  #expect(try story.look() == "a ready, chat/0 ready on a")
  #expect(story.world.nextEventTime == nil)
  try story.apply(Fixture.stop(chat, on: "a"))
  #expect(try story.look() == "a ready, chat/0 stopping on a")
  story.pass(5)
  try story.apply(.deleteNode(Fixture.id("a")))
  #expect(try story.look() == "a deleting")
  story.pass(15)
  #expect(try story.look() == "")
}

@Test func timeInOneLeapIsTimeInManySteps() throws {
  func world(steps: Int64, of seconds: Int64) throws -> World {
    var story = Story(SimulatedSettings(spotLifetime: .minutes(20)))
    for name in ["a", "b", "c"] { try story.boot(name, .spot) }
    let train = Fixture.workload("train", type: .training, duration: .minutes(30))
    try story.apply(Fixture.start(train, 0, on: "a"))
    try story.apply(Fixture.start(train, 1, on: "b"))
    try story.apply(Fixture.start(Fixture.workload(), on: "c"))
    try story.drill("crash chat")
    for _ in 0..<steps { story.pass(seconds) }
    return story.world
  }
  #expect(try world(steps: 1, of: 3600) == world(steps: 3600, of: 1))
  #expect(try world(steps: 60, of: 60) == world(steps: 36, of: 100))
}

@Test func emptyNodesSayHowLong() throws {
  var story = Story()
  let chat = Fixture.workload()
  try story.apply(.createNode(Fixture.node("a")))
  #expect(try story.node("a")?.emptySince == nil)
  story.pass(90)
  let ready = story.world.now
  story.pass(600)
  #expect(try story.node("a")?.emptySince == ready)
  try story.apply(Fixture.start(chat, on: "a"))
  #expect(try story.node("a")?.emptySince == nil)
  try story.apply(Fixture.stop(chat, on: "a"))
  story.pass(60)
  #expect(try story.node("a")?.emptySince == story.world.now + Seconds(5 - 60))
  try story.drill("occupy a theirs cpu=1")
  #expect(try story.node("a")?.emptySince == nil)
}

@Test func aGangFinishesWhenAllOfItHasRunLongEnough() throws {
  var story = Story(SimulatedSettings(startTime: Seconds(20)))
  let train = Fixture.workload("train", type: .training, duration: .minutes(30))
  try story.boot("a")
  try story.apply(Fixture.start(train, 0, on: "a"))
  story.pass(3600)
  #expect(try story.look() == "a ready, train/0 ready on a")
  try story.apply(Fixture.start(train, 1, on: "a"))
  story.pass(20 + 1799)
  #expect(try story.look() == "a ready, train/0 ready on a, train/1 ready on a")
  story.pass(1)
  #expect(try story.look() == "a ready, train/0 finished on a, train/1 finished on a")
  #expect(try story.node("a")?.emptySince == story.world.now)

  try story.apply(.deleteNode(Fixture.id("a")))
  story.pass(15)
  #expect(try story.look() == "train/0 finished on a, train/1 finished on a")
  try story.apply(Fixture.stop(train, 0, on: "a"))
  #expect(try story.look() == "train/1 finished on a")
}

@Test func aGangOfUnknownLengthNeverFinishes() throws {
  var story = Story()
  let train = Fixture.workload("train", type: .training)
  try story.boot("a")
  try story.apply(Fixture.start(train, on: "a", of: 1))
  story.pass(365 * 86_400)
  #expect(try story.look() == "a ready, train/0 ready on a")
}

/// Ten minutes of an hour are done when the node is lost.
@Test(
  arguments: [
    (nil, 3600), (Seconds.minutes(4), 3600 - 480), (Seconds.minutes(5), 3000),
  ] as [(Seconds?, Int64)])
func interruptionsLoseWhatNoCheckpointKept(checkpointEvery: Seconds?, rest: Int64) throws {
  var story = Story(SimulatedSettings(startTime: .zero))
  let train = Fixture.workload(
    "train", type: .training, checkpointEvery: checkpointEvery, duration: .hours(1))
  try story.boot("a")
  try story.boot("b")
  try story.apply(Fixture.start(train, on: "a", of: 1))
  story.pass(600)
  try story.drill("lose node a")
  try story.apply(Fixture.start(train, on: "b", of: 1))
  story.pass(0)
  #expect(story.world.nextEventTime == story.world.now + Seconds(rest))
  story.pass(rest)
  #expect(
    try story.look() == "a lost, b ready, train/0 lost on a, train/0 finished on b")
}

@Test func anotherRevisionTrainsFromTheStart() throws {
  var story = Story(SimulatedSettings(startTime: .zero))
  let train = Fixture.workload(
    "train", type: .training, checkpointEvery: .minutes(1), duration: .hours(1))
  try story.boot("a")
  try story.apply(Fixture.start(train, on: "a", of: 1))
  story.pass(1800)
  try story.apply(Fixture.stop(train, on: "a"))
  story.pass(5)
  try story.apply(Fixture.start(train, on: "a", revision: "r2", of: 1))
  story.pass(3599)
  #expect(try story.look() == "a ready, train/0 ready on a")
  story.pass(1)
  #expect(try story.look() == "a ready, train/0 finished on a")
}

@Test func crashesPauseLongerEachTime() throws {
  var story = Story(SimulatedSettings(startTime: Seconds(20)))
  try story.boot("a")
  try story.drill("crash chat")
  try story.apply(Fixture.start(Fixture.workload(), on: "a"))
  var restarts: [Int64] = []
  let start = story.world.now
  for _ in 0..<8 {
    story.world.advance(to: try #require(story.world.nextEventTime))
    restarts.append((story.world.now - start).count)
  }
  #expect(restarts == [20, 30, 50, 90, 170, 330, 630, 930])
  #expect(try story.look() == "a ready, chat/0 crashLooping on a")
  try story.drill("heal chat")
  story.pass(300)
  #expect(try story.look() == "a ready, chat/0 ready on a")
  #expect(try story.world.observe(Fixture.clusterName).replicas.map(\.restarts) == [8])
}

@Test func aVastLeapDoesNotOverflow() throws {
  var story = Story(SimulatedSettings(bootTime: Seconds(.max)))
  try story.apply(.createNode(Fixture.node("a")))
  story.world.advance(to: Timestamp(seconds: .max))
  #expect(story.world.now == Timestamp(seconds: .max))
}
