import Model
import Scheduling
import Testing

/// Nodes that are kept for some queues, and for those below them.
@Suite struct ReservationTests {
  private let queues = [queue("org"), queue("nlp", in: "org"), queue("vision", in: "org")]

  private func reserved(_ name: String, for queue: String, cpu: Int64 = 4) -> FleetNode {
    var node = node(name, cpu: cpu)
    node.reservedFor = [QueueName(queue)]
    return node
  }

  @Test func onlyTheirQueuesUseThem() {
    check(
      SchedulingInput(
        nodes: [reserved("a", for: "nlp")],
        demands: [
          service("mine", 1, queue: "nlp"), service("none", 1),
          service("other", 1, queue: "vision"),
        ], queues: queues),
      ["mine/0 on a", "none[0] pending: reserved 1+0", "other[0] pending: reserved 1+0"])
  }

  @Test func queuesBelowMayUseThemToo() {
    check(
      SchedulingInput(
        nodes: [reserved("a", for: "org")], demands: [service("s", 1, queue: "vision")],
        queues: queues), ["s/0 on a"])
    check(
      SchedulingInput(
        nodes: [reserved("a", for: "nlp")], demands: [service("s", 1, queue: "org")],
        queues: queues), ["s[0] pending: reserved 1+0"])
  }

  @Test func whoWouldBeLetInIsTold() {
    let result = Scheduler.schedule(
      SchedulingInput(
        nodes: [reserved("a", for: "nlp", cpu: 1), reserved("b", for: "vision")],
        demands: [service("s", 1, cpu: 2)], queues: queues))
    #expect(result.pending.map(\.remedy) == [.joinQueue(QueueName("vision"))])
  }

  /// The cheaper node is not for everybody.
  @Test func noneIsBoughtForOthers() {
    var cheap = offer("cheap", dollars: 1)
    cheap.reservedFor = [QueueName("nlp")]
    let input = SchedulingInput(
      demands: [service("mine", 1, queue: "nlp")],
      offers: [cheap, offer("dear", pool: "q", dollars: 2)],
      pools: [pool("p", max: 1), pool("q", max: 1)], queues: queues)
    check(input, ["mine/0 on new 0", "buy cheap on-demand in z1 for mine"])
    var other = input
    other.demands = [service("other", 1, queue: "vision")]
    check(other, ["other/0 on new 0", "buy dear on-demand in z1 for other"])
  }

  /// A higher priority is no claim to a node of another queue.
  @Test func nobodyHasToLeaveThemForOthers() {
    check(
      SchedulingInput(
        nodes: [reserved("a", for: "nlp")],
        demands: [
          service("boss", 1, cpu: 4, priority: 900),
          service("mine", 1, cpu: 4, queue: "nlp", running: [running(0, on: "a")]),
        ], queues: queues),
      ["mine/0 on a", "boss[0] pending: reserved 1+0"])
  }

  @Test func randomWorldsKeepThem() {
    for seed in seeds(150) {
      var maker = WorldMaker(seed: seed)
      var input = seed % 2 == 0 ? maker.empty() : maker.busy()
      for index in input.nodes.indices where maker.random.chance(30) {
        input.nodes[index].reservedFor = [QueueName(maker.random.oneOf(["a", "org"]))]
      }
      for index in input.offers.indices where maker.random.chance(30) {
        input.offers[index].reservedFor = [QueueName(maker.random.oneOf(["b", "org"]))]
      }
      let result = Scheduler.schedule(input)
      #expect(Judge(input, result).complaints == [], "seed \(seed)")
      #expect(result == Scheduler.schedule(maker.shuffled(input)), "seed \(seed)")
    }
  }
}
