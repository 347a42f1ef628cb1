import Model
import Scheduling
import Testing

@Suite struct BuyingNodes {
  private let offers = [
    offer("g1", dollars: 3, cpu: 16, gpus: 1), offer("g8", dollars: 20, cpu: 96, gpus: 8),
  ]

  @Test func freeRoomFirstThenTheCheapest() {
    check(
      SchedulingInput(
        nodes: [node("a", gpus: 1)], demands: [service("x", 3, gpu: 1)], offers: offers,
        pools: [pool("p", max: 9)]),
      [
        "x/0 on a [0]", "x/1 on new 0 [0]", "x/2 on new 1 [0]",
        "buy g1 on-demand in z1 for x", "buy g1 on-demand in z1 for x",
      ])
  }

  @Test func aLargeNodeForManyWhereItIsCheaper() {
    check(
      SchedulingInput(
        demands: [service("x", 8, gpu: 1)], offers: offers, pools: [pool("p", max: 9)]),
      (0..<8).map { "x/\($0) on new 0 [\($0)]" } + ["buy g8 on-demand in z1 for x"])
  }

  @Test func aLargeNodeWhereTheLimitLeavesNoOther() {
    check(
      SchedulingInput(
        demands: [service("x", 2, gpu: 1)], offers: offers, pools: [pool("p", max: 1)]),
      ["x/0 on new 0 [0]", "x/1 on new 0 [1]", "buy g8 on-demand in z1 for x"])
  }

  @Test func aBatchIsBoughtAsAWhole() {
    // Alone, "thin" would take small nodes and "wide" leave half of the devices of a large one idle.
    let result = Scheduler.schedule(
      SchedulingInput(
        demands: [
          service("thin", 4, gpu: 1, cpu: 1), service("wide", 4, gpu: 1, cpu: 23),
        ], offers: offers, pools: [pool("p", max: 20)]))
    #expect(result.pending.isEmpty)
    #expect(result.purchases.map(\.offer.instanceType) == ["g8"])
  }

  @Test func aGangSharesTheNodesOfABatch() {
    // Bought for one after the other: two small nodes for the gang, and a large one.
    let result = Scheduler.schedule(
      SchedulingInput(
        demands: [gang("gang", 2, gpu: 1), service("wide", 1, gpu: 6)],
        offers: offers, pools: [pool("p", max: 20)]))
    #expect(result.pending.isEmpty)
    #expect(result.purchases.map(\.offer.instanceType) == ["g8"])
  }

  @Test func aGangIsNotBoughtForInPart() {
    let result = Scheduler.schedule(
      SchedulingInput(
        demands: [gang("gang", 9, gpu: 8), service("small", 1, gpu: 1)],
        offers: offers, pools: [pool("p", max: 8)]))
    #expect(result.placements.map(\.replica) == [ReplicaID(WorkloadName("small"), 0)])
    #expect(result.purchases.map(\.offer.instanceType) == ["g1"])
  }

  @Test func preferredCapacityTypeWhateverTheOtherCosts() {
    check(
      SchedulingInput(
        demands: [service("x", 1, gpu: 1)],
        offers: [
          offer("g1", dollars: 1, gpus: 1, preference: 1),
          offer("g1", dollars: 5, gpus: 1, capacityType: .spot),
        ], pools: [pool("p", max: 1)]),
      ["x/0 on new 0 [0]", "buy g1 spot in z1 for x"])
  }

  @Test func allNodesOfAGangOrNone() {
    let world = SchedulingInput(
      demands: [gang("g", 4, gpu: 8)], offers: offers, pools: [pool("p", max: 3)])
    check(world, ["g[0, 1, 2, 3] pending: acceleratorCount 0+1, poolLimit 0+1"])
    #expect(Scheduler.schedule(world).pending[0].remedy == .raisePoolMaximum(PoolName("p"), to: 4))
  }

  @Test func limitsOfTheClusterHold() {
    check(
      SchedulingInput(
        demands: [service("x", 2, gpu: 8)], offers: offers, pools: [pool("p", max: 9)],
        clusters: [ClusterRoom(cluster: ClusterName("c"), costPerHour: Money(micros: 30_000_000))]),
      [
        "x/0 on new 0 [0, 1, 2, 3, 4, 5, 6, 7]", "buy g8 on-demand in z1 for x",
        "x[1] pending: acceleratorCount 0+1, clusterCostLimit 0+1",
      ])
  }

  @Test func poolMinimumIsBoughtAndUsed() {
    check(
      SchedulingInput(
        demands: [service("x", 1, gpu: 1)], offers: offers, pools: [pool("p", min: 2, max: 9)]),
      [
        "x/0 on new 0 [0]", "buy g1 on-demand in z1 for x",
        "buy g1 on-demand in z1 for the minimum",
      ])
  }

  @Test func spreadBuysInEveryZone() {
    check(
      SchedulingInput(
        demands: [service("x", 2, gpu: 1, rules: PlacementRules(spread: .zone))],
        offers: offers
          + offers.map { offer -> NodeOffer in
            var other = offer
            other.zone = "z2"
            return other
          }, pools: [pool("p", max: 9)]),
      [
        "x/0 on new 0 [0]", "x/1 on new 1 [0]", "buy g1 on-demand in z1 for x",
        "buy g1 on-demand in z2 for x",
      ])
  }

  @Test func buyingComesBeforeTakingRoom() {
    check(
      SchedulingInput(
        nodes: [node("a", gpus: 1)],
        demands: [
          service("high", 1, gpu: 1, priority: 500),
          service("low", 1, gpu: 1, priority: 10, running: [running(0, on: "a", devices: [0])]),
        ], offers: offers, pools: [pool("p", max: 1)]),
      ["high/0 on new 0 [0]", "low/0 on a [0]", "buy g1 on-demand in z1 for high"])
  }
}

@Suite struct Remedying {
  static let full = [running(0, on: "a", devices: [0])]

  @Test(arguments: [
    (
      service("x", 1, gpu: 1, rules: PlacementRules(nodeSelector: Labels([("disk", "ssd")]))),
      Remedy.dropNodeSelector(key: "disk")
    ),
    (service("x", 1, gpu: 4), .lowerAcceleratorCount(milliDevicesTo: 2000)),
    (gang("x", 3, gpu: 1), .lowerReplicas(to: 2)),
    (service("x", 1, gpu: 1, clusters: ["elsewhere"]), .allowCluster(ClusterName("c"))),
    (service("x", 2, gpu: 1, rules: PlacementRules(spread: .node)), .dropSpread),
  ])
  func theGentlestChangeThatHelps(_ demand: ReplicaDemand, _ remedy: Remedy) {
    let second = node("b", zone: "z2", gpus: 0)
    let world = SchedulingInput(
      nodes: [
        node("a", gpus: 2), demand.rules.spread == nil ? second : node("b", cpu: 0, gpus: 1),
      ],
      demands: [demand])
    #expect(Scheduler.schedule(world).pending.first?.remedy == remedy)
  }

  @Test func aHigherPriorityWhereSomeoneLowerStands() {
    let world = SchedulingInput(
      nodes: [node("a", gpus: 1)],
      demands: [
        service("low", 1, gpu: 1, priority: 70, running: Self.full),
        service("x", 1, gpu: 1, priority: 50),
      ])
    #expect(Scheduler.schedule(world).pending.first?.remedy == .raisePriority(to: 71))
  }
}
