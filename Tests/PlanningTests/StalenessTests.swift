import Catalog
import Model
import Planning
import Simulation
import Testing

/// A plan that was made earlier holds as long as what it depends on does, and no shorter.
@Suite struct StalenessTests {
  /// A plan that does something in a random world, with what it was made from.
  fileprivate struct Made {
    var plan: Plan
    var input: PlanningInput
    var random: SplitMix64

    init?(seed: Int) {
      random = SplitMix64(seed: UInt64(seed))
      var stage = RandomWorldTests.stage(&random)
      for _ in 0..<Int(random.next(below: 4)) {
        stage.settle(rounds: Int(random.next(below: 40)))
        _ = RandomWorldTests.disturb(&stage, &random)
      }
      if random.next(below: 3) == 0 { stage.queueUp() }
      input = stage.input
      plan = Planner.plan(input)
      guard !plan.actions.isEmpty else { return nil }
    }

    mutating func pick<Item>(_ items: [Item]) -> Item? {
      items.isEmpty ? nil : items[Int(random.next(below: UInt64(items.count)))]
    }
  }

  private static let made = (0..<600).compactMap { seed in Made(seed: seed).map { (seed, $0) } }

  @Test func thereAreEnough() { #expect(Self.made.count >= 300) }

  @Test func holdsInTheWorldItWasMadeOn() {
    for (seed, made) in Self.made {
      #expect(made.plan.staleness(in: made.input) == nil, "seed \(seed)")
    }
  }

  @Test func anotherTargetIsCurrent() {
    for (seed, made) in Self.made.prefix(20) {
      var input = made.input
      input.previous = made.plan.target
      #expect(
        made.plan.staleness(in: input) == .overtaken(by: made.plan.target.id), "seed \(seed)")
    }
  }

  @Test func aChangeOfAFactIsNamed() {
    var kinds: [String: Int] = [:]
    for (seed, plan) in Self.made {
      var made = plan
      guard let fact = made.pick(made.plan.readSet.facts), made.input.break(fact) else { continue }
      kinds[fact.word, default: 0] += 1
      guard case .changed(let broken) = made.plan.staleness(in: made.input) else {
        Issue.record("seed \(seed): \(fact) is broken, and nobody says so")
        continue
      }
      #expect(broken.contains { $0.fact == fact }, "seed \(seed): \(fact), said: \(broken)")
    }
    #expect(kinds.values.reduce(0, +) >= 250, "\(kinds)")
    #expect(kinds.count == 7, "\(kinds)")
  }

  @Test func aClusterThatCanNotBeSeenIsNamed() {
    for (seed, made) in Self.made.prefix(100) {
      guard let cluster = made.plan.actions.first?.step.cluster else { continue }
      var input = made.input
      input.observed.observations.removeAll { $0.cluster == cluster }
      guard case .changed(let broken) = made.plan.staleness(in: input) else {
        Issue.record("seed \(seed)")
        continue
      }
      #expect(broken.contains { $0.found == .unseen(cluster) }, "seed \(seed)")
    }
  }

  @Test func whatChangesElsewhereMakesNoDifference() {
    var count = 0
    for (seed, plan) in Self.made {
      var made = plan
      let change = Int(made.random.next(below: 6))
      guard let what = made.changeElsewhere(change) else { continue }
      count += 1
      #expect(made.plan.staleness(in: made.input) == nil, "seed \(seed): \(what)")
    }
    #expect(count >= 250)
  }

  /// A node that is lost elsewhere is no fact of the plan; whatever has to be done about it is not in
  /// the plan either, and is said.
  @Test func aNodeLostElsewhereIsNotSaidToBeAFact() {
    for (seed, plan) in Self.made {
      var made = plan
      guard let node = made.pick(made.uninvolvedNodes) else { continue }
      made.input.observed.change(node) { $0.phase = .lost }
      if case .changed(let broken) = made.plan.staleness(in: made.input) {
        Issue.record("seed \(seed): \(node) is lost: \(broken)")
      }
    }
  }

  /// A file may say whatever it likes of what it depends on: the audit looks at the world itself.
  @Test func whatTheAuditRefusesIsRefused() {
    var count = 0
    for (seed, made) in Self.made {
      guard let room = made.plan.readSet.facts.compactMap(\.room).first else { continue }
      var content = made.plan.content
      content.readSet = ReadSet()
      var input = made.input
      input.observed.add(
        Occupant(
          name: "guest", node: room.node,
          resources: ReplicaResources(amounts: Resources(cpuMilli: 1_000_000))))
      guard case .unsound(let violations) = Plan(content).staleness(in: input) else {
        Issue.record("seed \(seed): \(room.node) is full")
        continue
      }
      count += 1
      #expect(violations.contains(.standing(.amountsExceeded(room.node))), "seed \(seed)")
    }
    #expect(count >= 50)
  }

  @Test func whatThePlanDoesNotListIsSaid() {
    for (seed, made) in Self.made.prefix(100) {
      var content = made.plan.content
      content.actions.removeLast()
      let missing = made.plan.actions.suffix(1)
      #expect(
        Plan(content).staleness(in: made.input) == .touchesMore(missing.map(\.id)), "seed \(seed)")
    }
  }
}

extension StalenessTests.Made {
  /// Nodes that the plan neither uses nor touches.
  fileprivate var uninvolvedNodes: [NodeID] {
    var involved: Set<NodeID> = []
    for fact in plan.readSet.facts {
      switch fact {
      case .room(let room): involved.insert(room.node)
      case .absent(let node), .lost(let node), .idle(let node, _): involved.insert(node)
      case .runs(_, let nodes): involved.formUnion(nodes)
      case .price, .quota: break
      }
    }
    return input.observed.nodes.map(\.id).filter { !involved.contains($0) }.sorted()
  }

  fileprivate mutating func changeElsewhere(_ number: Int) -> String? {
    let untouched = uninvolvedNodes
    switch number {
    case 0:
      guard let cluster = pick(input.observed.observations.indices.map(\.self)) else { return nil }
      let name = input.observed.observations[cluster].cluster
      input.observed.observations[cluster].nodes.append(.some(NodeID(name, "foreign")))
      return "a foreign node"
    case 1:
      guard let node = pick(untouched) else { return nil }
      input.observed.change(node) { $0.labels["colour"] = "blue" }
      return "a label of \(node)"
    case 2:
      guard let node = pick(untouched) else { return nil }
      input.observed.add(
        Occupant(
          name: "cron", node: node, resources: ReplicaResources(amounts: Resources(cpuMilli: 1))))
      return "an occupant on \(node)"
    case 3:
      input.now = input.now + .minutes(90)
      return "time"
    case 4:
      let moved = Set(
        plan.readSet.facts.compactMap { fact -> ReplicaID? in
          if case .runs(let replica, _) = fact { replica } else { nil }
        })
      let others = input.observed.replicas.map(\.id).filter { !moved.contains($0) }
      guard let replica = pick(others) else { return nil }
      input.observed.change(replica) { $0.restarts += 1 }
      return "a restart of \(replica)"
    default:
      let bought = Set(plan.readSet.facts.map(\.instanceType))
      guard let type = pick(["gpu8", "gpu1", "cpu16"].filter { !bought.contains($0) }) else {
        return nil
      }
      input.catalogs = input.catalogs.mapValues { $0.without(type) }
      return "\(type) is not sold any more"
    }
  }
}

extension PlanningInput {
  /// Makes `fact` untrue; false where that is not known how.
  fileprivate mutating func `break`(_ fact: ReadSet.Fact) -> Bool {
    switch fact {
    case .room(let room): observed.change(room.node) { $0.phase = .draining }
    case .absent(let node): observed.add(.some(node))
    case .lost(let node):
      if observed.nodes.contains(where: { $0.id == node }) {
        observed.change(node) { $0.phase = .ready }
      } else {
        observed.add(.some(node))
      }
    case .idle(let node, _):
      observed.add(Occupant(name: "guest", node: node, resources: ReplicaResources(amounts: .zero)))
    case .runs(let replica, let nodes):
      guard !nodes.isEmpty else { return false }
      for index in observed.observations.indices {
        observed.observations[index].replicas.removeAll { $0.id == replica }
      }
    case .price(let cluster, let instanceType, _, _):
      catalogs[cluster] = catalogs[cluster]?.without(instanceType)
    case .quota(let queue, _, _):
      guard let workload = desired.workloads.first(where: { $0.isIn(queue) }),
        let cluster = observed.observations.first?.cluster
      else { return false }
      observed.crowd(cluster, with: workload)
    }
    return true
  }
}

extension Stage {
  /// Everybody gets into one queue, whose limit is far away.
  fileprivate mutating func queueUp() {
    let queue = QueueSpec(metadata: Metadata(name: "all"), limit: Quota(accelerators: 400))
    desired.queues = [queue]
    for index in desired.workloads.indices { desired.workloads[index].queue = queue.name }
  }
}

extension WorkloadSpec {
  fileprivate func isIn(_ queue: QueueName) -> Bool {
    self.queue == queue && resources.accelerator != nil
  }
}

extension Plan {
  /// All that it says, to be changed.
  fileprivate var content: PlanContent {
    var content = PlanContent(target: target)
    content.changes = changes
    content.actions = actions
    content.placements = placements
    content.nodes = nodes
    content.pending = pending
    content.report = report
    content.cost = cost
    content.gates = gates
    content.readSet = readSet
    return content
  }
}

extension ReadSet.Fact {
  fileprivate var word: String {
    switch self {
    case .room: "room"
    case .absent: "absent"
    case .lost: "lost"
    case .idle: "idle"
    case .runs: "runs"
    case .price: "price"
    case .quota: "quota"
    }
  }

  fileprivate var room: ReadSet.Room? {
    if case .room(let room) = self { room } else { nil }
  }

  fileprivate var instanceType: String {
    if case .price(_, let instanceType, _, _) = self { instanceType } else { "" }
  }
}

extension ObservedState {
  fileprivate mutating func change(_ node: NodeID, _ change: (inout ObservedNode) -> Void) {
    for index in observations.indices {
      for place in observations[index].nodes.indices
      where observations[index].nodes[place].id == node {
        change(&observations[index].nodes[place])
      }
    }
  }

  fileprivate mutating func change(
    _ replica: ReplicaID, _ change: (inout ObservedReplica) -> Void
  ) {
    for index in observations.indices {
      for place in observations[index].replicas.indices
      where observations[index].replicas[place].id == replica {
        change(&observations[index].replicas[place])
      }
    }
  }

  /// A thousand replicas of `workload` that no plan knows of.
  fileprivate mutating func crowd(_ cluster: ClusterName, with workload: WorkloadSpec) {
    let node = NodeID(cluster, "crowd")
    add(.some(node))
    for index in observations.indices where observations[index].cluster == cluster {
      observations[index].replicas += (1000..<2000).map { ordinal in
        ObservedReplica(
          id: ReplicaID(workload.name, ordinal), node: node, devices: [],
          resources: workload.resources, revision: Revision("r"), phase: .ready,
          startedAt: Timestamp(seconds: 0))
      }
    }
  }

  fileprivate mutating func add(_ node: ObservedNode) {
    for index in observations.indices where observations[index].cluster == node.id.cluster {
      observations[index].nodes.append(node)
    }
  }

  fileprivate mutating func add(_ occupant: Occupant) {
    for index in observations.indices where observations[index].cluster == occupant.node.cluster {
      observations[index].occupants.append(occupant)
    }
  }
}

extension ObservedNode {
  /// A ready node of nobody's.
  fileprivate static func some(_ id: NodeID) -> ObservedNode {
    ObservedNode(
      id: id, pool: nil, instanceType: "cpu16", zone: "a", capacityType: .onDemand,
      labels: .none,
      capacity: NodeCapacity(amounts: Resources(cpuMilli: 16_000, memoryBytes: 16 << 33)),
      phase: .ready, createdAt: Timestamp(seconds: 0))
  }
}

extension Catalog {
  fileprivate func without(_ instanceType: String) -> Catalog {
    Catalog(
      regions: [Region(name: "r", cloud: "test")],
      instanceTypes: instanceTypes, prices: prices.filter { $0.instanceType != instanceType })
  }
}
