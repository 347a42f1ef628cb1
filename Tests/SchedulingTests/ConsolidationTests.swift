import Model
import Scheduling
import Testing

/// Which nodes to give back, on fleets small enough to see through, and against every choice there is.
@Suite struct ConsolidationTests {
  @Test func whatFitsElsewhereLeavesItsNode() {
    let fleet = Fleet(
      nodes: [16, 16, 16], [("a", 4, [0, 1]), ("b", 4, [1, 2])])
    let choice = Scheduler.consolidate(fleet.input, fleet.terms())
    #expect(choice?.nodes.count == 2)
    #expect(choice?.purchases == 0)
    #expect(choice?.savingPerHour == Money(micros: 32_000_000))
  }

  @Test func manyGoForOneThatIsCheaperThanAll() {
    let fleet = Fleet(
      nodes: [16, 16, 16], [("a", 5, [0, 1, 2]), ("b", 3, [0]), ("c", 7, [1, 2])],
      offers: [(cores: 32, dollars: 26)])
    #expect(Scheduler.consolidate(fleet.input, fleet.terms(drainsMax: 1)) == nil)
    let choice = Scheduler.consolidate(fleet.input, fleet.terms())
    #expect(choice?.nodes.count == 3)
    #expect(choice?.purchases == 1)
    #expect(choice?.savingPerHour == Money(micros: 22_000_000))
  }

  @Test func aLossIsPaidOnceForAWholeGang() {
    let fleet = Fleet(
      nodes: [16, 16, 16], [("gang", 4, [0, 1]), ("other", 8, [2])], gangs: ["gang"])
    // Each node saves 115.2 over eight hours less a tenth.
    let loss = Int64(150_000_000)
    let dear = 2_000_000_000 as Int64
    let choice = Scheduler.consolidate(
      fleet.input, fleet.terms(losses: ["gang": loss, "other": dear]))
    #expect(choice?.nodes.map(\.name) == ["n0", "n1"], "either node alone is not worth it")
    let none = Scheduler.consolidate(
      fleet.input, fleet.terms(losses: ["gang": loss * 2, "other": dear]))
    #expect(none == nil)
  }

  @Test func aPoolKeepsItsMinimum() {
    let fleet = Fleet(nodes: [16, 16, 16], [("a", 4, [0, 1, 2])])
    #expect(Scheduler.consolidate(fleet.input, fleet.terms(spare: 0)) == nil)
    #expect(Scheduler.consolidate(fleet.input, fleet.terms(spare: 1))?.nodes.count == 1)
  }

  @Test func nothingGoesForLessThanTheMargin() {
    let fleet = Fleet(nodes: [16], [("a", 4, [0])], offers: [(cores: 8, dollars: 15)])
    #expect(Scheduler.consolidate(fleet.input, fleet.terms(marginPercent: 5)) != nil)
    #expect(Scheduler.consolidate(fleet.input, fleet.terms(marginPercent: 7)) == nil)
  }

  @Test func nobodyMovesToAClosedNode() {
    var fleet = Fleet(nodes: [16, 16], [("a", 4, [0])])
    fleet.input.nodes[1].isOpen = false
    #expect(Scheduler.consolidate(fleet.input, fleet.terms()) == nil)
  }

  @Test func spreadIsKept() {
    // The full nodes keep both zones in the reckoning.
    var fleet = Fleet(nodes: [16, 16, 16, 16], [("a", 4, [0, 1]), ("b", 14, [2, 3])])
    for index in fleet.input.nodes.indices { fleet.input.nodes[index].zone = "z\(index % 2)" }
    #expect(Scheduler.consolidate(fleet.input, fleet.terms()) != nil)
    fleet.input.demands[0].rules = PlacementRules(spread: .zone)
    #expect(Scheduler.consolidate(fleet.input, fleet.terms()) == nil)
  }

  @Test func orderHasNoInfluence() {
    for seed in 0..<50 {
      var dice = Dice(state: UInt64(seed))
      let fleet = Fleet(&dice)
      var input = fleet.input
      input.nodes.reverse()
      input.demands.reverse()
      input.offers.reverse()
      var terms = fleet.terms()
      let choice = Scheduler.consolidate(fleet.input, terms)
      terms.candidates.reverse()
      terms.losses.reverse()
      #expect(Scheduler.consolidate(input, terms) == choice, "seed \(seed)")
    }
  }

  /// At most two in a hundred may be worse than the best of all sets and all placements; none better,
  /// or the money is counted wrongly.
  @Test func aChoiceIsHardlyEverWorseThanTheBest() {
    var worse: [Int] = []
    var chosen = 0
    for seed in 0..<300 {
      var dice = Dice(state: UInt64(seed))
      let fleet = Fleet(&dice)
      let drainsMax = [1, 2, 9][dice.roll(3)]
      let worth =
        Scheduler.consolidate(fleet.input, fleet.terms(drainsMax: drainsMax))?.worth.micros ?? 0
      let best = fleet.best(drainsMax: drainsMax)
      #expect(worth <= best + 10, "seed \(seed)")
      if worth > 0 { chosen += 1 }
      if worth < best - 10 { worse.append(seed) }
    }
    #expect(chosen > 100)
    #expect(worse.count <= 6, "\(worse)")
  }
}

private struct Dice {
  var state: UInt64

  mutating func roll(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }
}

/// Nodes of so many cores at a dollar a core, workloads of so many cores, and nodes that can be bought.
private struct Fleet {
  typealias Workload = (name: String, cores: Int, on: [Int])

  var input: SchedulingInput
  private let cores: [Int]
  private let workloads: [Workload]
  private let offers: [(cores: Int, dollars: Int)]
  private let pool = PoolName("p")

  init(
    nodes cores: [Int], _ workloads: [Workload], offers: [(cores: Int, dollars: Int)] = [],
    gangs: [String] = []
  ) {
    self.cores = cores
    self.workloads = workloads
    self.offers = offers
    let pool = pool
    input = SchedulingInput(
      nodes: cores.enumerated().map { index, count in
        var node = node("n\(index)", cpu: Int64(count))
        node.pool = pool
        return node
      },
      demands: workloads.map { workload in
        let running = workload.on.enumerated().map {
          RunningReplica(
            ordinal: $0, node: NodeID(ClusterName("c"), "n\($1)"), devices: [])
        }
        let isGang = gangs.contains(workload.name)
        let cpu = Int64(workload.cores)
        return isGang
          ? gang(workload.name, running.count, cpu: cpu, running: running)
          : service(workload.name, running.count, cpu: cpu, running: running)
      },
      offers: offers.map { offer in
        NodeOffer(
          pool: pool, cluster: ClusterName("c"), instanceType: "t\(offer.cores)", zone: "z1",
          capacityType: .onDemand, pricePerHour: Money(micros: Int64(offer.dollars) * 1_000_000),
          capacity: capacity(cpu: Int64(offer.cores)), labels: .none, taints: [], preference: 0)
      },
      pools: [PoolRoom(pool: pool, cluster: ClusterName("c"), nodesMin: 0, nodesMax: 9)])
  }

  init(_ dice: inout Dice) {
    let cores = (0..<(2 + dice.roll(4))).map { _ in [8, 16, 24][dice.roll(3)] }
    var free = cores
    var count = 0
    let workloads = (0..<(1 + dice.roll(4))).map { index -> Workload in
      let size = 1 + dice.roll(10)
      var on: [Int] = []
      for _ in 0..<(1 + dice.roll(3)) where count < 8 {
        let node = dice.roll(cores.count)
        guard free[node] >= size else { continue }
        free[node] -= size
        on.append(node)
        count += 1
      }
      return ("w\(index)", size, on)
    }
    self.init(
      nodes: cores, workloads, offers: dice.roll(2) == 0 ? [] : [(8, 7), (24, 20)])
  }

  func terms(
    drainsMax: Int = 9, spare: Int = 9, marginPercent: Int = 10, losses: [String: Int64] = [:]
  ) -> ConsolidationTerms {
    let used = Set(workloads.flatMap(\.on))
    return ConsolidationTerms(
      candidates: cores.indices.filter(used.contains).map {
        ConsolidationTerms.Candidate(
          node: NodeID(ClusterName("c"), "n\($0)"), pool: pool,
          pricePerHour: Money(micros: Int64(cores[$0]) * 1_000_000), horizon: .hours(8),
          marginPercent: marginPercent)
      }, pools: [ConsolidationTerms.PoolTerms(pool: pool, drainsMax: drainsMax, spare: spare)],
      losses: losses.sorted { $0.key < $1.key }.map {
        ConsolidationTerms.WorkloadLoss(
          workload: WorkloadName($0.key), amount: Money(micros: $0.value))
      })
  }

  /// The best of all sets of nodes, all ways to place what stood there, and all purchases.
  func best(drainsMax: Int) -> Int64 {
    let used = Set(workloads.flatMap(\.on)).sorted()
    var best: Int64 = 0
    for word in 1..<max(1, 1 << used.count) {
      let set = used.enumerated().filter { word >> $0.offset & 1 == 1 }.map(\.element)
      guard set.count <= drainsMax else { continue }
      let movers = workloads.flatMap { workload in
        workload.on.filter(set.contains).map { _ in workload.cores }
      }.sorted(by: >)
      let rooms = cores.indices.filter { !set.contains($0) }.map { node in
        cores[node]
          - workloads.reduce(0) { sum, workload in
            sum + workload.cores * workload.on.count { $0 == node }
          }
      }
      let gain = set.reduce(Int64(0)) { $0 + Int64(cores[$1]) } * 8 * 900_000
      if let cost = leastCost(movers[...], rooms) {
        best = max(best, gain - Int64(cost) * 8_000_000)
      }
    }
    return best
  }

  private func leastCost(_ rest: ArraySlice<Int>, _ rooms: [Int]) -> Int? {
    guard let next = rest.first else { return 0 }
    var least: Int?
    func note(_ cost: Int?) { if let cost { least = min(least ?? cost, cost) } }
    var tried: Set<Int> = []
    for index in rooms.indices where rooms[index] >= next && tried.insert(rooms[index]).inserted {
      var after = rooms
      after[index] -= next
      note(leastCost(rest.dropFirst(), after))
    }
    for offer in offers where offer.cores >= next {
      note(leastCost(rest.dropFirst(), rooms + [offer.cores - next]).map { $0 + offer.dollars })
    }
    return least
  }
}
