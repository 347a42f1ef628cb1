import Model
import Scheduling
import Testing

/// Who must make room: against all sets of victims that there are, and over random worlds.
@Suite struct Preempting {
  /// Not a single set of victims does better: not for one replica, not for several, not for a gang.
  @Test func noSetOfVictimsIsCheaper() {
    var preempted = 0
    for seed in seeds(240) {
      var maker = WorldMaker(seed: seed)
      let input = maker.crowded(preemptors: 1, isRanked: false)
      let best = BestVictims(input)
      let result = Scheduler.schedule(input)
      let boss = WorkloadName("boss0")
      let victims = victims(input, result, of: boss)
      let loss = victims.reduce(Int64(0)) { $0 + $1.lossMilliDeviceSeconds }
      #expect(
        result.placements.count { $0.replica.workload == boss } == best.placed, "seed \(seed)")
      #expect(loss == best.loss, "seed \(seed)")
      #expect(victims.count == best.victims, "seed \(seed)")
      preempted += best.victims > 0 ? 1 : 0
    }
    #expect(preempted > seeds(240).count / 3)
  }

  @Test func crowdedWorldsComeOutLawful() {
    for seed in seeds(300) {
      var maker = WorldMaker(seed: seed)
      let input = maker.crowded(preemptors: 1 + Int(seed % 3), isRanked: true)
      #expect(Judge(input, Scheduler.schedule(input)).complaints.isEmpty, "seed \(seed)")
    }
  }

  /// Give any victim back, and whoever took its room no longer fits.
  @Test func noVictimIsNeedless() {
    var given = 0
    for seed in seeds(240) {
      var maker = WorldMaker(seed: seed)
      let input = maker.crowded(preemptors: 1 + Int(seed % 3), isRanked: false)
      let result = Scheduler.schedule(input)
      for unit in victimUnits(input, result) {
        given += 1
        #expect(!isNeedless(unit.replicas, by: unit.by, input, result), "seed \(seed): \(unit)")
      }
    }
    #expect(given > seeds(240).count / 3)
  }

  /// Whoever is moved or left waiting does not find his old place free.
  @Test func nobodyLeavesAPlaceThatStaysFree() {
    for seed in seeds(300) {
      var maker = WorldMaker(seed: seed)
      let input = seed % 2 == 0 ? maker.busy() : maker.crowded(preemptors: 2, isRanked: true)
      let result = Scheduler.schedule(input)
      for unit in victimUnits(input, result) where unit.replicas.count == 1 {
        let demand = input.demands.first { $0.workload == unit.replicas[0].workload }
        guard let demand, demand.queue == nil, demand.rules.spread == nil, !demand.isGang else {
          continue
        }
        var world = after(input, result)
        lift(Set(unit.replicas), from: &world)
        #expect(!fits(unit.replicas, back: input, into: world), "seed \(seed): \(unit)")
      }
    }
  }

  /// Nodes go and come back, more is wanted and less: nobody takes room from somebody who took it from
  /// him, and a plan on the plan is quiet.
  @Test func preemptionNeverGoesRoundInCircles() {
    var taken = 0
    for seed in seeds(150) {
      var maker = WorldMaker(seed: seed)
      var world = seed % 2 == 0 ? maker.busy() : maker.crowded(preemptors: 2, isRanked: true)
      let (nodes, demands) = (world.nodes, world.demands)
      var pairs: Set<[WorkloadName]> = []
      for _ in 0..<6 {
        let result = Scheduler.schedule(world)
        for preemption in result.preemptions where preemption.cause != .gang {
          pairs.insert([preemption.by, preemption.replica.workload])
          taken += 1
        }
        world = after(world, result)
        #expect(Scheduler.schedule(world).preemptions.isEmpty, "seed \(seed)")
        maker.disturb(&world, nodes, demands)
      }
      let circles = pairs.filter { pairs.contains([$0[1], $0[0]]) }
      #expect(circles.isEmpty, "seed \(seed): \(circles)")
    }
    #expect(taken > seeds(150).count / 2)
  }
}

// MARK: Giving victims back

/// Those that had to go: of a gang all that ran, since those that stand where they stood start anew too.
private func victims(
  _ input: SchedulingInput, _ result: SchedulingResult, of winner: WorkloadName
) -> [RunningReplica] {
  input.demands.flatMap { demand in
    let gone = result.preemptions.filter {
      $0.replica.workload == demand.workload && $0.by == winner
    }
    return demand.running.filter { replica in
      demand.isGang && !gone.isEmpty
        || gone.contains { $0.replica.ordinal == replica.ordinal }
    }
  }
}

/// Victims as they went: each by itself, gangs whole.
private func victimUnits(
  _ input: SchedulingInput, _ result: SchedulingResult
) -> [(replicas: [ReplicaID], by: WorkloadName)] {
  var units: [(replicas: [ReplicaID], by: WorkloadName)] = []
  for demand in input.demands {
    let gone = result.preemptions.filter { $0.replica.workload == demand.workload }
    guard let first = gone.first else { continue }
    if demand.isGang {
      units.append((gone.map(\.replica), first.by))
    } else {
      units += gone.map { ([$0.replica], $0.by) }
    }
  }
  return units
}

private func lift(_ replicas: Set<ReplicaID>, from world: inout SchedulingInput) {
  for index in world.demands.indices {
    let workload = world.demands[index].workload
    world.demands[index].running.removeAll { replicas.contains(ReplicaID(workload, $0.ordinal)) }
  }
}

/// Whether the replicas fit again where they ran before.
private func fits(
  _ replicas: [ReplicaID], back before: SchedulingInput, into world: SchedulingInput
) -> Bool {
  var whole = world
  put(replicas, back: before, into: &whole)
  var rooms: [NodeID: CountedRoom] = [:]
  for node in whole.nodes { rooms[node.id] = CountedRoom(node) }
  for demand in whole.demands {
    for replica in demand.running {
      guard rooms[replica.node]?.take(demand.resources, on: replica.devices) ?? false else {
        return false
      }
    }
  }
  return true
}

private func put(
  _ replicas: [ReplicaID], back before: SchedulingInput, into world: inout SchedulingInput
) {
  for index in world.demands.indices {
    guard let old = before.demands.first(where: { $0.workload == world.demands[index].workload })
    else { continue }
    world.demands[index].running += old.running.filter {
      replicas.contains(ReplicaID(old.workload, $0.ordinal))
    }
  }
}

/// Whether the winner would fit although these victims stayed. Whoever has a later claim and a new place
/// waits meanwhile, and whoever had to go for one of those is back.
private func isNeedless(
  _ victims: [ReplicaID], by winner: WorkloadName, _ input: SchedulingInput,
  _ result: SchedulingResult
) -> Bool {
  guard let boss = input.demands.first(where: { $0.workload == winner }) else { return true }
  let later = Set(input.demands.filter { $0.priority < boss.priority }.map(\.workload))
  let back = victims + result.preemptions.filter { later.contains($0.by) }.map(\.replica)
  var world = after(input, result)
  var lifted = Set(back)
  for demand in world.demands where later.contains(demand.workload) || demand.workload == winner {
    let old = input.demands.first { $0.workload == demand.workload }?.running ?? []
    for replica in demand.running where !old.contains(where: { $0.stands(like: replica) }) {
      lifted.insert(ReplicaID(demand.workload, replica.ordinal))
    }
  }
  let placed = world.demands.first { $0.workload == winner }?.running.count ?? 0
  lift(lifted, from: &world)
  guard fits(back, back: input, into: world) else { return false }
  put(back, back: input, into: &world)
  let standing = world.demands.first { $0.workload == winner }?.running.count ?? 0
  var rest = boss
  rest.count = placed - standing
  return BestVictims.reach(rest, world, without: []) >= rest.count
}

extension RunningReplica {
  fileprivate func stands(like other: RunningReplica) -> Bool {
    ordinal == other.ordinal && node == other.node && devices == other.devices
  }
}

extension WorldMaker {
  /// A node goes, all come back, or a workload is not wanted for a while.
  fileprivate mutating func disturb(
    _ world: inout SchedulingInput, _ nodes: [FleetNode], _ demands: [ReplicaDemand]
  ) {
    switch random.below(3) {
    case 0 where !world.nodes.isEmpty:
      let lost = random.oneOf(world.nodes).id
      world.nodes.removeAll { $0.id == lost }
    case 0, 1:
      let present = Set(world.nodes.map(\.id))
      world.nodes += nodes.filter { !present.contains($0.id) }
    default:
      let index = random.below(world.demands.count)
      let full = demands.first { $0.workload == world.demands[index].workload }?.count ?? 0
      world.demands[index].count = world.demands[index].count == 0 ? full : 0
    }
    let present = Set(world.nodes.map(\.id))
    for index in world.demands.indices {
      let count = world.demands[index].count
      world.demands[index].running.removeAll {
        !present.contains($0.node) || $0.ordinal >= count
      }
    }
  }
}
