import Model
import Planning
import ProviderContract
import Simulation
import Testing

@Test(arguments: [
  ("lose node lab/a", Drill.loseNode("lab/a")), ("lose zone us-east-1a", .loseZone("us-east-1a")),
  ("reclaim a", .reclaim("a")), ("stock out p5.48xlarge:spot", .stockOut("p5.48xlarge:spot")),
  ("restock", .restock(nil)), ("restock p5.48xlarge", .restock("p5.48xlarge")),
  ("crash chat", .crash(WorkloadName("chat"))), ("partial lab", .partial(ClusterName("lab"))),
  ("cut off lab", .cutOff(ClusterName("lab"))), ("heal a", .heal("a")),
  ("time +1h30m", .time(.minutes(90))), ("time 5s", .time(Seconds(5))),
  ("occupy a theirs", .occupy(node: "a", name: "theirs", ReplicaResources())),
  (
    "occupy a theirs cpu=1500m memory=8Gi accelerator=H100:2",
    .occupy(
      node: "a", name: "theirs",
      ReplicaResources(
        amounts: Resources(cpuMilli: 1500, memoryBytes: 8 << 30),
        accelerator: AcceleratorRequest(models: [AcceleratorModel("H100")], milliDevices: 2000)))
  ),
])
func drillsAreReadAsWritten(text: String, drill: Drill) throws {
  #expect(try Drill.parse(text.split(separator: " ").map(String.init)) == drill)
}

@Test(arguments: [
  "", "lose", "lose node", "lose node a b", "loose node a", "time", "time soon", "time -5m",
  "occupy a", "occupy a b cpu", "occupy a b cpu=x", "occupy a b disk=1", "cut a",
])
func otherWordsAreNoDrill(text: String) {
  #expect(throws: DrillProblem.self) {
    try Drill.parse(text.split(separator: " ").map(String.init))
  }
}

@Test(arguments: [
  ("lose node x", "there is no node 'x'; there are: lab/a, lab/b"),
  ("lose zone mars", "no node runs in zone 'mars'"), ("heal chat", "nothing is wrong with 'chat'"),
  ("occupy a big cpu=99", "big does not fit on lab/a"),
  ("occupy a big accelerator=T4:1", "big does not fit on lab/a"),
])
func drillsThatCanNotBeSayWhy(text: String, why: String) throws {
  var story = Story()
  try story.boot("a")
  try story.boot("b")
  let before = story.world
  #expect(throws: DrillProblem(why)) { try story.drill(text) }
  #expect(story.world == before)
}

@Test func aReclaimedNodeGivesNoticeFirst() throws {
  var story = Story()
  try story.boot("a")
  try story.apply(Fixture.start(Fixture.workload(), on: "a"))
  story.pass(20)
  #expect(
    try story.drill("reclaim a") == ["lab/a will be reclaimed at \(story.world.now + Seconds(120))"]
  )
  #expect(try story.look() == "a draining, chat/0 ready on a")
  #expect(try story.node("a")?.reason == "reclaimed by the provider")
  story.pass(119)
  #expect(try story.look() == "a draining, chat/0 ready on a")
  story.pass(1)
  #expect(try story.look() == "")
}

@Test func spotNodesLiveAsLongAsTheirSeedSays() throws {
  func notices(seed: Int64, names: [String]) throws -> [Int64] {
    var story = Story(SimulatedSettings(seed: seed, spotLifetime: .hours(2)))
    for name in names { try story.apply(.createNode(Fixture.node(name, .spot))) }
    return story.world.nodes.compactMap(\.noticeAt).map { ($0 - story.world.now).count }
  }
  let three = try notices(seed: 1, names: ["a", "b", "c"])
  #expect(three.allSatisfy { (3600...10_800).contains($0) } && Set(three).count == 3)
  #expect(try notices(seed: 1, names: ["a", "b", "c", "d"]).prefix(3) == three[...])
  #expect(try notices(seed: 2, names: ["a", "b", "c"]) != three)

  var story = Story(SimulatedSettings(spotLifetime: .hours(2)))
  try story.boot("onDemand")
  try story.boot("spot", .spot)
  story.pass(3 * 3600)
  #expect(try story.look() == "onDemand ready")
}

@Test func aLostZoneTakesAllItsNodes() throws {
  var story = Story()
  try story.boot("a")
  try story.apply(.createNode(Fixture.node("b", zone: "us-east-1b")))
  story.pass(90)
  try story.apply(Fixture.start(Fixture.workload(), on: "a"))
  #expect(
    try story.drill("lose zone us-east-1a") == ["lab/a is lost, and with it chat/0"])
  #expect(try story.look() == "a lost, b ready, chat/0 lost on a")
  #expect(try story.drill("heal a") == ["lab/a is back, empty"])
  #expect(try story.look() == "a ready, b ready")
}

@Test func brokenListingsSayThatTheyArePartial() throws {
  var story = Story()
  for name in ["a", "b", "c"] { try story.boot(name) }
  try story.drill("partial lab")
  #expect(try story.world.observe(Fixture.clusterName).isComplete == false)
  #expect(try story.look() == "a ready")
  try story.drill("heal lab")
  #expect(try story.look() == "a ready, b ready, c ready")
  try story.drill("cut off lab")
  #expect(throws: Failure.transient("cluster 'lab' does not answer")) { try story.look() }
  #expect(throws: Failure.transient("cluster 'lab' does not answer")) {
    try story.apply(.createNode(Fixture.node("d")))
  }
}
