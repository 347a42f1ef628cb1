import Model
import Scheduling
import Testing

/// What has gone wrong in other schedulers, by the numbers of their issues.
@Suite struct KnownFailures {
  private func placed(_ result: SchedulingResult, _ workload: String) -> Int {
    result.placements.count { $0.replica.workload == WorkloadName(workload) }
  }

  private func lawful(_ input: SchedulingInput) -> SchedulingResult {
    let result = Scheduler.schedule(input)
    #expect(Judge(input, result).complaints.isEmpty)
    return result
  }

  /// kueue#11137: sums of quotas beyond 2⁶³ turned negative and let everybody or nobody in.
  @Test func sumsOfQuotasDoNotOverflow() {
    let result = lawful(
      SchedulingInput(
        nodes: [node("n", gpus: 8)],
        demands: [
          service("x", 3, gpu: 1, queue: "a"), service("y", 3, gpu: 1, queue: "b"),
          service("z", 9, gpu: 1, queue: "c"),
        ],
        queues: [
          queue("a", in: "org", quota: .max), queue("b", in: "org", quota: .max),
          queue("c", in: "org", quota: .max, limit: 1), queue("org"),
        ]))
    #expect(placed(result, "x") == 3)
    #expect(placed(result, "y") == 3)
    #expect(placed(result, "z") == 1)
  }

  /// kueue#11137 from the other side: what is asked for overflows, and takes nothing from others.
  @Test func absurdDemandsLeaveOthersAlone() {
    var huge = gang("huge", 1000, gpu: 1, priority: 900, queue: "a")
    huge.resources.accelerator?.milliDevices = .max
    let result = lawful(
      SchedulingInput(
        nodes: [node("n", gpus: 8)],
        demands: [huge, service("x", 2, gpu: 1, queue: "a")], queues: [queue("a", quota: 4)]))
    #expect(placed(result, "huge") == 0)
    #expect(placed(result, "x") == 2)
  }

  /// kueue#6925: a queue of weight zero took all, or let fair sharing divide by nothing.
  @Test func weightZeroIsNoWay() {
    var idle = queue("a")
    idle.weight = 0
    let result = lawful(
      SchedulingInput(
        nodes: [node("n", gpus: 4)],
        demands: [service("x", 4, gpu: 1, queue: "a"), service("y", 4, gpu: 1, queue: "b")],
        queues: [idle, queue("b")]))
    #expect(placed(result, "x") == 2)
    #expect(placed(result, "y") == 2)
  }

  /// kueue#9322 and #11005: what was seen twice was charged twice.
  @Test func whatIsSeenTwiceCountsOnce() {
    let twice = [
      running(0, on: "n", devices: [0]), running(0, on: "m", devices: [0]),
      running(0, on: "n", devices: [0]),
    ]
    let result = Scheduler.schedule(
      SchedulingInput(
        nodes: [node("m", gpus: 2), node("n", gpus: 2)],
        demands: [service("x", 2, gpu: 1, queue: "a", running: twice)],
        queues: [queue("a", quota: 2, borrowing: false)]))
    #expect(placed(result, "x") == 2)
    #expect(result.preemptions.isEmpty)
  }

  /// kueue#822, #2873, #10797: siblings that borrow at the same time took more than there was.
  @Test func borrowersTogetherStayWithinWhatIsGuaranteed() {
    let result = lawful(
      SchedulingInput(
        nodes: [node("m", gpus: 8), node("n", gpus: 8)],
        demands: [
          service("x", 8, gpu: 1, queue: "a"), service("y", 8, gpu: 1, queue: "b"),
        ],
        queues: [
          queue("a", in: "org", quota: 1), queue("b", in: "org", quota: 1),
          queue("c", in: "org", quota: 4), queue("org", quota: 6),
          queue("other", quota: 0, borrowing: false),
        ]))
    #expect(result.placements.count == 6)
  }

  /// kueue#11195 and #11198: of two workloads alike in all but their names, the quota of the one that went
  /// stayed taken.
  @Test func quotaOfOneThatGoesIsFreeForItsTwin() {
    var engine = PlacementEngine(
      SchedulingInput(
        nodes: [node("n", gpus: 4)], queues: [queue("a", quota: 1, borrowing: false)]))
    for _ in 0..<50 {
      engine.apply([.wanted(service("x", 1, gpu: 1, queue: "a"))])
      #expect(
        engine.apply([.wanted(service("y", 1, gpu: 1, queue: "a"))]).waiting == [WorkloadName("y")])
      let answer = engine.apply([.unwanted(WorkloadName("x"))])
      #expect(answer.placements.map(\.replica.workload) == [WorkloadName("y")])
      engine.apply([.unwanted(WorkloadName("y"))])
    }
  }

  /// kueue#10478: a workload of no replicas was scheduled for ever.
  @Test func nothingIsWantedAndNothingHappens() {
    let result = lawful(
      SchedulingInput(
        nodes: [node("n", gpus: 4)],
        demands: [gang("g", 0, gpu: 1), service("s", 0, gpu: 1, queue: "a")],
        offers: [offer("g1", dollars: 1, gpus: 1)], pools: [pool("p", max: 3)],
        queues: [queue("a", quota: 0)]))
    #expect(result == SchedulingResult())
    let fewer = SchedulingInput(nodes: [node("n")], demands: [service("t", -3)])
    #expect(Scheduler.schedule(fewer) == SchedulingResult())
  }

  /// kueue#7665 and #4165: the one at the head that can't be served kept all others waiting.
  @Test func oneThatNeverFitsKeepsNobodyWaiting() {
    var demands = (0..<20).map { gang("never\($0)", 3, gpu: 8, priority: 900, queue: "a") }
    demands.append(service("x", 4, gpu: 1, priority: 1, queue: "a"))
    let result = lawful(
      SchedulingInput(
        nodes: [node("n", gpus: 8)], demands: demands, queues: [queue("a", quota: 64)]))
    #expect(placed(result, "x") == 4)
    #expect(result.pending.count == 20)
  }

  /// kueue#6570: small ones that keep coming starved a large gang of the same queue.
  @Test func smallOnesDoNotStarveALargeGang() {
    var world = SchedulingInput(nodes: (0..<4).map { node("n\($0)", gpus: 8) })
    for step in 0..<6 {
      for index in 0..<4 { world.demands.append(service("s\(step)-\(index)", 2, gpu: 1)) }
      if step == 2 { world.demands.append(gang("large", 3, gpu: 8, priority: 200)) }
      let result = lawful(world)
      if step >= 2 { #expect(placed(result, "large") == 3, "step \(step)") }
      world = after(world, result)
    }
  }

  /// karpenter-provider-aws#2821, karpenter#2083: a replica that no node suits bought one every turn.
  @Test func whatFitsNowhereBuysNothing() {
    let offers = [
      offer("g1", dollars: 1, cpu: 8, gpus: 1), offer("g4", dollars: 3, cpu: 32, gpus: 4),
    ]
    var selective = service("x", 1, gpu: 1)
    selective.rules.nodeSelector = Labels([("disk", "nvme")])
    var world = SchedulingInput(
      demands: [selective, service("wide", 1, gpu: 8), gang("g", 2, gpu: 4, cpu: 33)],
      offers: offers, pools: [pool("p", max: 100)])
    for _ in 0..<5 {
      let result = lawful(world)
      #expect(result.purchases.isEmpty)
      world = after(world, result)
    }
  }

  /// karpenter#1928: what is bought already, and is not up yet, was bought again.
  @Test func whatIsBootingIsNotBoughtAgain() {
    let world = SchedulingInput(
      demands: [service("x", 8, gpu: 1), gang("g", 2, gpu: 4)],
      offers: [offer("g4", dollars: 3, cpu: 32, gpus: 4)], pools: [pool("p", max: 100)])
    let first = lawful(world)
    #expect(first.purchases.count == 4)
    #expect(lawful(after(world, first)).purchases.isEmpty)
  }
}
