import Model
import Scheduling
import Testing

@Suite struct PlacingOnFreeRoom {
  @Test func wholeDevicesNeedWhollyFreeOnes() {
    check(
      SchedulingInput(
        nodes: [node("a", gpus: 2)],
        demands: [service("share", 1, gpu: 0.5), service("whole", 2, gpu: 1, priority: 50)]),
      [
        "share/0 on a [0]", "whole/0 on a [1]",
        "whole[1] pending: acceleratorCount 1+0",
      ])
  }

  @Test func sharesOfOneDeviceArePackedTightly() {
    check(
      SchedulingInput(
        nodes: [node("a", gpus: 2)],
        demands: [
          service("big", 1, gpu: 0.6, priority: 300), service("small", 2, gpu: 0.4, priority: 200),
          service("rest", 1, gpu: 0.5),
        ]),
      ["big/0 on a [0]", "rest/0 on a [1]", "small/0 on a [0]", "small/1 on a [1]"])
  }

  @Test func sharesThatUseADeviceUpReplaceALargerOneOfTheirPriority() {
    check(
      SchedulingInput(
        nodes: [node("a", gpus: 1)],
        demands: [
          service("big", 1, gpu: 0.81), service("half", 1, gpu: 0.5), service("less", 1, gpu: 0.47),
        ]),
      ["half/0 on a [0]", "less/0 on a [0]", "big[0] pending: acceleratorCount 1+0"])
  }

  @Test func demandsThatArriveOneByOneStayWhereTheyWerePlaced() {
    var engine = PlacementEngine(nodes: [node("a", gpus: 2), node("b", gpus: 2)])
    let arrivals = [
      service("x", 1, gpu: 0.6), service("y", 1, gpu: 0.4), service("z", 2, gpu: 2),
      gang("g", 2, gpu: 1),
    ]
    let homes = arrivals.map { demand in
      engine.place(demand).map { "\($0.replica) on \($0.home) \($0.devices)" }.count
    }
    #expect(homes == [1, 1, 1, 0])
  }

  @Test func replicasWithoutDevicesAvoidNodesThatHaveSome() {
    check(
      SchedulingInput(
        nodes: [node("a", gpus: 8), node("b", cpu: 8)], demands: [service("web", 2, cpu: 4)]),
      ["web/0 on b", "web/1 on b"])
  }

  @Test func otherPeoplesWorkCounts() {
    let taken = Occupancy(resources: needs(gpu: 1, cpu: 90), devices: [0])
    check(
      SchedulingInput(
        nodes: [node("a", gpus: 2, occupants: [taken])], demands: [service("x", 1, gpu: 1, cpu: 8)]
      ),
      ["x[0] pending: cpu 1+0"])
  }

  @Test func rulesKeepReplicasAwayInOrder() {
    let rules = PlacementRules(nodeSelector: Labels([("disk", "ssd")]))
    check(
      SchedulingInput(
        nodes: [
          node("closed", gpus: 8, labels: [("disk", "ssd")], isOpen: false),
          node("far", cluster: "d", gpus: 8, labels: [("disk", "ssd")]),
          node("full", cpu: 2, gpus: 8, labels: [("disk", "ssd")]),
          node("old", gpus: 8, model: "T4", labels: [("disk", "ssd")]),
          node("spinning", gpus: 8),
          node("tainted", gpus: 8, labels: [("disk", "ssd")], taints: [Taint(key: "x")]),
        ],
        demands: [
          service("w", 1, gpu: 1, cpu: 4, models: ["H100"], rules: rules, clusters: ["c"])
        ]),
      [
        "w[0] pending: cluster 1+0, nodeClosed 1+0, nodeSelector 1+0, taint 1+0, "
          + "acceleratorModel 1+0, cpu 1+0"
      ])
  }

  @Test func ordinalsBeyondTheCountLeaveTheirRoom() {
    check(
      SchedulingInput(
        nodes: [node("a", gpus: 1)],
        demands: [
          service("new", 1, gpu: 1),
          service("old", 0, gpu: 1, running: [running(0, on: "a", devices: [0])]),
        ]),
      ["new/0 on a [0]"])
  }

  @Test func saturatesWhereAmountsAreAbsurd() {
    var huge = service("huge", 3, cpu: 1)
    huge.resources.amounts = Resources(cpuMilli: .max, memoryBytes: .max)
    check(
      SchedulingInput(nodes: [node("a")], demands: [huge]),
      ["huge[0, 1, 2] pending: cpu 1+0"])
  }
}

@Suite struct StandingTogetherAndApart {
  @Test func spreadKeepsZonesWithinTheSkew() {
    let rules = PlacementRules(spread: .zone)
    check(
      SchedulingInput(
        nodes: [node("a", cpu: 9), node("b", zone: "z2", cpu: 1)],
        demands: [service("web", 4, rules: rules)]),
      ["web/0 on b", "web/1 on a", "web/2 on a", "web[3] pending: cpu 1+0, spread 1+0"])
  }

  @Test func gangStandsInOneClusterOrNotAtAll() {
    check(
      SchedulingInput(
        nodes: [node("a", gpus: 4), node("b", cluster: "d", gpus: 4)],
        demands: [gang("six", 6, gpu: 1), gang("three", 3, gpu: 1)]),
      [
        "three/0 on a [0]", "three/1 on a [1]", "three/2 on a [2]",
        "six[0, 1, 2, 3, 4, 5] pending: gang 2+0",
      ])
  }

  @Test func packTakesTheTightestRackThatHoldsAll() {
    let rules = PlacementRules(pack: .rack)
    check(
      SchedulingInput(
        nodes: [
          node("a", rack: "r1", gpus: 8), node("b", rack: "r2", gpus: 2),
          node("c", rack: "r2", gpus: 2), node("d", gpus: 4),
        ],
        demands: [gang("g", 4, gpu: 1, rules: rules)]),
      ["g/0 on b [0]", "g/1 on b [1]", "g/2 on c [0]", "g/3 on c [1]"])
  }

  @Test func ranksFollowRacksAndNodes() {
    check(
      SchedulingInput(
        nodes: [
          node("a", rack: "r2", gpus: 1), node("b", rack: "r1", gpus: 1),
          node("c", rack: "r2", gpus: 1),
        ],
        demands: [gang("g", 3, gpu: 1)]),
      ["g/0 on a [0]", "g/1 on c [0]", "g/2 on b [0]"])
  }

  @Test func gangThatLostAMemberIsCompletedOrReleased() {
    let members = [running(0, on: "a", devices: [0]), running(1, on: "a", devices: [1])]
    check(
      SchedulingInput(
        nodes: [node("a", gpus: 2), node("b", gpus: 1)],
        demands: [gang("g", 3, gpu: 1, running: members)]),
      ["g/0 on a [0]", "g/1 on a [1]", "g/2 on b [0]"])
    check(
      SchedulingInput(
        nodes: [node("a", gpus: 2)], demands: [gang("g", 3, gpu: 1, running: members)]),
      [
        "g/0 leaves a for g (gang)", "g/1 leaves a for g (gang)",
        "g[0, 1, 2] pending: gang 1+0",
      ])
  }
}

@Suite struct SharingByQueue {
  private let tree = [
    queue("a", in: "org", quota: 2), queue("b", in: "org", quota: 2), queue("org", quota: 4),
  ]

  @Test func borrowsWhatSiblingsLeaveIdle() {
    check(
      SchedulingInput(
        nodes: [node("n", gpus: 8)], demands: [service("x", 6, gpu: 1, queue: "a")], queues: tree),
      [
        "x/0 on n [0]", "x/1 on n [1]", "x/2 on n [2]", "x/3 on n [3]",
        "x[4, 5] pending: queueQuota 1+0",
      ])
  }

  @Test func quotaWithoutBorrowingAndLimitsAreNeverExceeded() {
    check(
      SchedulingInput(
        nodes: [node("n", gpus: 8)],
        demands: [service("x", 3, gpu: 1, queue: "own"), service("y", 3, gpu: 1, queue: "top")],
        queues: [
          queue("own", quota: 1, borrowing: false), queue("top", quota: 8, limit: 2),
        ]),
      [
        "x/0 on n [0]", "y/0 on n [1]", "y/1 on n [2]", "x[1, 2] pending: queueQuota 1+0",
        "y[2] pending: queueLimit 1+0",
      ])
  }

  @Test func ownerTakesBackWhatWasBorrowed() {
    let borrowed = (0..<4).map { running($0, on: "n", devices: [$0], loss: Int64($0) * 10) }
    check(
      SchedulingInput(
        nodes: [node("n", gpus: 4)],
        demands: [
          service("x", 4, gpu: 1, priority: 900, queue: "a", running: borrowed),
          service("y", 1, gpu: 1, queue: "b"),
        ], queues: tree),
      [
        "x/1 on n [1]", "x/2 on n [2]", "x/3 on n [3]", "y/0 on n [0]",
        "x/0 leaves n for y (reclaim)", "x[0] pending: acceleratorCount 1+0",
      ])
  }

  @Test func queuesOfOnePriorityShareEvenly() {
    check(
      SchedulingInput(
        nodes: [node("n", gpus: 4)],
        demands: [service("x", 4, gpu: 1, queue: "a"), service("y", 4, gpu: 1, queue: "b")],
        queues: [queue("a"), queue("b")]),
      [
        "x/0 on n [0]", "x/1 on n [3]", "y/0 on n [1]", "y/1 on n [2]",
        "x[2, 3] pending: acceleratorCount 1+0", "y[2, 3] pending: acceleratorCount 1+0",
      ])
  }
}

@Suite struct MakingRoom {
  @Test func takesTheOneThatLosesLeast() {
    check(
      SchedulingInput(
        nodes: [node("a", gpus: 1), node("b", gpus: 1)],
        demands: [
          service("high", 1, gpu: 1, priority: 500),
          service(
            "low", 2, gpu: 1, priority: 10,
            running: [
              running(0, on: "a", devices: [0], loss: 900), running(1, on: "b", devices: [0]),
            ]),
        ]),
      [
        "high/0 on b [0]", "low/0 on a [0]", "low/1 leaves b for high (priority)",
        "low[1] pending: acceleratorCount 2+0",
      ])
  }

  @Test func evictsOneWhereOneIsEnough() {
    check(
      SchedulingInput(
        nodes: [node("a", gpus: 8)],
        demands: [
          service("high", 1, gpu: 4, priority: 500),
          service(
            "small", 4, gpu: 1, priority: 10,
            running: (0..<4).map { running($0, on: "a", devices: [$0]) }),
          service(
            "wide", 1, gpu: 4, priority: 10, running: [running(0, on: "a", devices: [4, 5, 6, 7])]),
        ]),
      [
        "high/0 on a [4, 5, 6, 7]", "small/0 on a [0]", "small/1 on a [1]", "small/2 on a [2]",
        "small/3 on a [3]", "wide/0 leaves a for high (priority)",
        "wide[0] pending: acceleratorCount 1+0",
      ])
  }

  @Test func gangsGoWholeAndFindAnotherHome() {
    check(
      SchedulingInput(
        nodes: [
          node("a", gpus: 2), node("b", gpus: 1, model: "A100"), node("c", gpus: 1, model: "A100"),
        ],
        demands: [
          gang(
            "g", 2, gpu: 1, priority: 10,
            running: [running(0, on: "a", devices: [0]), running(1, on: "a", devices: [1])]),
          service("high", 1, gpu: 2, models: ["H100"], priority: 500),
        ]),
      [
        "g/0 on b [0]", "g/1 on c [0]", "high/0 on a [0, 1]",
        "g/0 leaves a for high (priority)", "g/1 leaves a for high (gang)",
      ])
  }

  /// Neither the one node that may be bought nor the one that can be freed is enough by itself.
  @Test func aGangBuysWhatItMayAndTakesTheRest() {
    check(
      SchedulingInput(
        nodes: [node("a", gpus: 2), node("b", gpus: 2)],
        demands: [
          gang("boss", 2, gpu: 2, priority: 200),
          service(
            "peer", 1, gpu: 2, priority: 200, running: [running(0, on: "a", devices: [0, 1])]),
          service("small", 1, gpu: 2, running: [running(0, on: "b", devices: [0, 1])]),
        ],
        offers: [offer("g2", dollars: 9, gpus: 2)], pools: [pool("p", max: 1)]),
      [
        "boss/0 on b [0, 1]", "boss/1 on new 0 [0, 1]", "peer/0 on a [0, 1]",
        "buy g2 on-demand in z1 for boss", "small/0 leaves b for boss (priority)",
        "small[0] pending: acceleratorCount 2+0, poolLimit 0+1",
      ])
  }

  @Test func nobodyGoesWhereThePreemptorWouldNotFitAnyway() {
    check(
      SchedulingInput(
        nodes: [node("a", gpus: 2)],
        demands: [
          gang("high", 3, gpu: 1, priority: 500),
          service("low", 1, gpu: 1, priority: 10, running: [running(0, on: "a", devices: [0])]),
        ]),
      ["low/0 on a [0]", "high[0, 1, 2] pending: gang 1+0"])
  }

  @Test func equalPriorityStays() {
    check(
      SchedulingInput(
        nodes: [node("a", gpus: 1)],
        demands: [
          service("new", 1, gpu: 1),
          service("old", 1, gpu: 1, running: [running(0, on: "a", devices: [0])]),
        ]),
      ["old/0 on a [0]", "new[0] pending: acceleratorCount 1+0"])
  }
}
