import Model
import Planning
import ProviderContract
import Simulation
import Testing

@Test(arguments: [
  ("p5.48xlarge", CapacityType.spot, false), ("p5.48xlarge", .onDemand, false),
  ("p5.48xlarge:spot", .spot, false), ("p5.48xlarge:spot", .onDemand, true),
  ("p5.48xlarge:on-demand", .onDemand, false), ("p4d.24xlarge", .spot, true),
])
func stockIsAsSettingsAndDrillsSay(offer: String, type: CapacityType, isSold: Bool) throws {
  let refusal: Failure? =
    isSold ? nil : .outOfStock(instanceType: "p5.48xlarge", type, zone: "us-east-1a")
  func check(_ story: inout Story) {
    do {
      try story.apply(.createNode(Fixture.node("a", type)))
      #expect(refusal == nil)
    } catch {
      #expect(error == refusal)
      #expect(story.world.nodes.isEmpty)
    }
  }
  var manifest = Story(SimulatedSettings(outOfStock: [offer]))
  check(&manifest)
  var drilled = Story()
  try drilled.drill("stock out \(offer)")
  check(&drilled)
  try drilled.drill("restock")
  try drilled.apply(.createNode(Fixture.node("b", type)))
}

@Test func aRefusedStepChangesNothing() throws {
  var story = Story()
  let train = Fixture.workload("train", type: .training, milliDevices: 4000)
  let other = Fixture.workload("other", cpu: 16)
  try story.boot("a")
  try story.boot("b")
  try story.apply(Fixture.start(train, on: "a", devices: [0, 1, 2, 3]))
  story.pass(20)
  try story.drill("occupy b theirs cpu=1")
  let before = story.world
  let refused: [Step] = [
    .deleteNode(Fixture.id("a")), .deleteNode(Fixture.id("b")),
    .createNode(Fixture.node("c", zone: "mars-1a")),
    .createNode(Fixture.node("a", .spot)),
    Fixture.start(train, on: "a", devices: [0, 1, 2, 3], revision: "r2"),
    Fixture.start(train, on: "b", devices: [0, 1, 2, 3]),
    Fixture.start(train, 1, on: "b", devices: [0, 1, 2]),
    Fixture.start(train, 1, on: "b", devices: [0, 1, 2, 2]),
    Fixture.start(train, 1, on: "b", devices: [1, 2, 3, 4]),
    Fixture.start(train, 1, on: "b", devices: [-1, 0, 1, 2]),
    Fixture.start(other, on: "b"), Fixture.start(other, on: "b", devices: [0]),
    .stopReplica(ReplicaID(WorkloadName("x"), 0), on: NodeID(ClusterName("elsewhere"), "a")),
  ]
  for step in refused {
    #expect(throws: Failure.self, "\(step.id)") { try story.apply(step) }
    #expect(story.world == before, "\(step.id)")
  }
}

/// A service may stand twice while it is exchanged; ranks of a gang are one of a kind.
@Test func onlyServicesOverlap() throws {
  var story = Story()
  try story.boot("a")
  try story.boot("b")
  let chat = Fixture.workload()
  let train = Fixture.workload("train", type: .training)
  for workload in [chat, train] { try story.apply(Fixture.start(workload, on: "a")) }
  try story.apply(Fixture.start(chat, on: "b", revision: "r2"))
  #expect(throws: Failure.conflict("train/0 still runs on 'lab/a'")) {
    try story.apply(Fixture.start(train, on: "b"))
  }
  try story.apply(Fixture.stop(train, on: "a"))
  try story.apply(Fixture.start(train, on: "b"))
}

@Test func aLostNodeIsDeletedWhateverRanThere() throws {
  var story = Story()
  try story.boot("a")
  try story.apply(Fixture.start(Fixture.workload(), on: "a"))
  try story.drill("lose node a")
  try story.apply(.deleteNode(Fixture.id("a")))
  story.pass(15)
  #expect(try story.look() == "")
}

@Test func keysAreForgottenAfterADay() throws {
  var story = Story()
  for day in 0..<5 {
    try story.boot("a\(day)")
    story.pass(40_000)
  }
  #expect(story.world.receipts.count == 2)
}
