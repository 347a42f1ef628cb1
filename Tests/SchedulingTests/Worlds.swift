import Model
import Scheduling

/// A small generator whose numbers depend on the seed alone (Steele, Lea and Flood's SplitMix64).
struct SplitMix64 {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

  mutating func oneOf<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }

  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  mutating func shuffle<Element>(_ list: [Element]) -> [Element] {
    var list = list
    for index in list.indices.dropFirst() { list.swapAt(index, below(index + 1)) }
    return list
  }
}

/// Seeds of random worlds: a third of them where nothing is optimised, since they cost ten times as much
/// there.
func seeds(_ count: Int) -> Range<UInt64> {
  #if DEBUG
    0..<UInt64(count / 3)
  #else
    0..<UInt64(count)
  #endif
}

/// Random worlds, a few of everything.
struct WorldMaker {
  var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  /// A world where nothing runs yet.
  mutating func empty() -> SchedulingInput {
    var input = SchedulingInput()
    for index in 0..<(1 + random.below(6)) { input.nodes.append(aNode(index)) }
    if random.chance(60) { addOffers(&input) }
    if random.chance(60) { input.queues = someQueues() }
    for index in 0..<(1 + random.below(6)) { input.demands.append(aDemand(index, input.queues)) }
    return input
  }

  /// A world in which the first half of the demands has been scheduled before the others came.
  mutating func busy() -> SchedulingInput {
    let input = empty()
    var before = input
    before.demands = Array(input.demands.prefix((input.demands.count + 1) / 2))
    var now = after(before, Scheduler.schedule(before))
    for index in now.demands.indices {
      for replica in now.demands[index].running.indices {
        now.demands[index].running[replica].lossMilliDeviceSeconds = Int64(random.below(5)) * 1000
      }
    }
    now.demands += input.demands.dropFirst(before.demands.count)
    if random.chance(30) {
      now.nodes = now.nodes.filter { _ in !random.chance(20) }
    }
    return now
  }

  /// A fleet so large that the scheduler keeps boards of it, fuller than it can hold.
  mutating func large(nodes: Int, workloads: Int) -> SchedulingInput {
    var input = SchedulingInput()
    for index in 0..<nodes { input.nodes.append(aNode(index)) }
    if random.chance(50) { addOffers(&input) }
    if random.chance(50) { input.queues = someQueues() }
    for index in 0..<workloads {
      var demand = aDemand(index, input.queues)
      demand.count *= 1 + random.below(3)
      input.demands.append(demand)
    }
    return input
  }

  /// What may happen to a world, one after the other.
  mutating func changes(in world: SchedulingInput, _ count: Int) -> [FleetChange] {
    (0..<count).map { index in
      switch random.below(6) {
      case 0: return .lost(random.oneOf(world.nodes).id)
      case 1: return .unwanted(random.oneOf(world.demands).workload)
      case 2:
        var node = random.oneOf(world.nodes)
        node.id = NodeID(node.id.cluster, "later-\(index)")
        return .added(node)
      default: return .wanted(random.oneOf(world.demands))
      }
    }
  }

  mutating func shuffled(_ input: SchedulingInput) -> SchedulingInput {
    var other = SchedulingInput(
      nodes: random.shuffle(input.nodes), demands: random.shuffle(input.demands),
      offers: random.shuffle(input.offers), pools: random.shuffle(input.pools),
      clusters: random.shuffle(input.clusters), queues: random.shuffle(input.queues))
    other.headrooms = random.shuffle(input.headrooms)
    for index in other.demands.indices {
      other.demands[index].running = random.shuffle(other.demands[index].running)
    }
    return other
  }

  private mutating func aNode(_ index: Int) -> FleetNode {
    let gpus = random.oneOf([0, 1, 2, 4, 8])
    let cluster = random.chance(80) ? "c" : "d"
    return node(
      "n\(index)", cluster: cluster, zone: random.oneOf(["z1", "z2"]),
      rack: random.oneOf([nil, "r1", "r2"]), cpu: Int64(random.oneOf([4, 16, 32])),
      memory: Int64(random.oneOf([16, 64])), gpus: gpus, model: random.oneOf(["H100", "A100"]),
      labels: random.chance(30) ? [("disk", "ssd")] : [],
      taints: random.chance(15) ? [Taint(key: "keep-off")] : [], isOpen: !random.chance(10))
  }

  private mutating func addOffers(_ input: inout SchedulingInput) {
    for zone in ["z1", "z2"] {
      input.offers.append(offer("small", zone: zone, dollars: 2, cpu: 16, gpus: 1))
      input.offers.append(offer("large", zone: zone, dollars: 12, cpu: 64, gpus: 8))
      input.offers.append(offer("plain", pool: "q", zone: zone, dollars: 1, cpu: 16))
    }
    if random.chance(50) {
      input.offers.append(
        offer(
          "large", pool: "p", dollars: 4, cpu: 64, gpus: 8, capacityType: .spot, preference: 0))
      for index in input.offers.indices where input.offers[index].capacityType == .onDemand {
        input.offers[index].preference = 1
      }
    }
    input.pools = [
      pool("p", min: random.below(2), max: random.below(4)), pool("q", max: random.below(3)),
    ]
    if random.chance(40) {
      input.clusters = [
        ClusterRoom(
          cluster: ClusterName("c"), nodes: random.chance(50) ? random.below(4) : nil,
          accelerators: random.chance(50) ? random.below(17) : nil,
          costPerHour: random.chance(50) ? Money(micros: Int64(random.below(20)) * 1_000_000) : nil)
      ]
    }
  }

  private mutating func someQueues() -> [QueueSpec] {
    var queues = [
      queue("a", in: "org", quota: random.below(6), borrowing: random.chance(70)),
      queue(
        "b", in: "org", quota: random.below(6), limit: random.chance(30) ? random.below(8) : nil),
    ]
    queues.append(queue("org", quota: random.chance(50) ? 4 + random.below(6) : nil))
    if random.chance(30) { queues.append(queue("other", quota: random.below(5))) }
    return queues
  }

  private mutating func aDemand(_ index: Int, _ queues: [QueueSpec]) -> ReplicaDemand {
    let isGang = random.chance(35)
    var rules = PlacementRules()
    if random.chance(20) { rules.pack = random.oneOf([.zone, .rack, .node]) }
    if rules.pack == nil && random.chance(20) {
      rules.spread = random.oneOf([.zone, .rack, .node])
    }
    rules.maxSkew = 1 + random.below(2)
    if random.chance(10) { rules.nodeSelector = Labels([("disk", "ssd")]) }
    if random.chance(20) { rules.tolerations = [Toleration(key: "keep-off")] }
    var demand = service(
      "w\(index)", 1 + random.below(5), gpu: random.oneOf([0, 0.25, 0.5, 1, 1, 2, 4]),
      cpu: Int64(1 + random.below(6)), models: random.chance(25) ? ["H100"] : [],
      priority: random.oneOf([100, 100, 200, 500]),
      queue: queues.isEmpty || random.chance(20) ? nil : random.oneOf(["a", "b", "org", "other"]),
      rules: rules, clusters: random.chance(10) ? ["c"] : [])
    demand.isGang = isGang
    return demand
  }
}
