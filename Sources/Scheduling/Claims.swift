import Model

/// In which order wants get their turn, and who may take room from whom.
///
/// Replicas within the guarantees of their queues come first, by priority; those that borrow come after
/// all of them, by priority. The order depends on what is wanted alone, never on what stands, and room
/// is only ever taken from a later claim for an earlier one: so preemption can't go round in circles.
struct Claims {
  enum Pass: CaseIterable {
    /// Within the guarantees of the queue, or without a queue.
    case guaranteed
    case borrowed
  }

  /// How many replicas of each want are within the guarantees of its queue.
  let guaranteed: [Int]
  /// The wants of each priority, highest first; in each the largest replicas first, then by name.
  let levels: [[Int]]
  /// Steps of elastic gangs in the order in which free room is given to them.
  let steps: [Int]

  init(_ problem: Problem) {
    let all = problem.inClaimOrder(problem.wants.indices)
    let order = all.filter {
      !problem.wants[$0].isStep && problem.wants[$0].headroomOf == nil
    }
    steps = all.filter { problem.wants[$0].isStep }
    var levels: [[Int]] = []
    for want in order {
      if let last = levels.last?.first,
        problem.wants[last].priority == problem.wants[want].priority
      {
        levels[levels.count - 1].append(want)
      } else {
        levels.append([want])
      }
    }
    self.levels = levels
    guaranteed = Claims.guaranteed(problem, order)
  }

  /// How many replicas of the want are to stand after the pass.
  func target(_ want: Int, _ pass: Pass, _ problem: Problem) -> Int {
    switch pass {
    case .guaranteed: guaranteed[want]
    case .borrowed: problem.wants[want].count
    }
  }

  private static func guaranteed(_ problem: Problem, _ order: [Int]) -> [Int] {
    let tree = problem.queues
    var granted = Array(repeating: Int64(0), count: tree.count * tree.dimensions)
    var result = problem.wants.map { $0.isStep ? 0 : $0.count }
    for index in order where problem.wants[index].queue != tree.outside {
      let want = problem.wants[index]
      let replica = problem.classes[want.classID]
      guard replica.charge > 0 else { continue }
      var dimensions = [0]
      if let models = replica.request?.models, models.count == 1,
        let model = problem.models.firstIndex(of: models[0])
      {
        dimensions.append(1 + model)
      }
      let chain = tree.chain(want.queue)
      var count = Int64(want.count)
      for queue in chain {
        for dimension in dimensions {
          let left = tree.quota(queue, dimension)
            .subtractingSaturated(granted[queue * tree.dimensions + dimension])
          count = min(count, max(0, left / replica.charge))
        }
      }
      if want.isGang && count < want.count { count = 0 }
      result[index] = Int(count)
      for queue in chain {
        for dimension in dimensions {
          let place = queue * tree.dimensions + dimension
          granted[place] = granted[place]
            .addingSaturated(replica.charge.multipliedSaturated(by: count))
        }
      }
    }
    return result
  }
}

extension Problem {
  /// Highest priority first, of those the largest replicas, gangs before others, then by name.
  func inClaimOrder(_ wants: some Sequence<Int>) -> [Int] {
    let sizes = classes.map { [$0.charge, $0.cpu, $0.memory, $0.storage, $0.network] }
    return wants.sorted { left, right in
      let (one, other) = (self.wants[left], self.wants[right])
      if one.priority != other.priority { return one.priority > other.priority }
      if one.classID != other.classID {
        for (size, rival) in zip(sizes[one.classID], sizes[other.classID]) where size != rival {
          return size > rival
        }
      }
      if one.isGang != other.isGang { return one.isGang }
      return one.workload != other.workload ? one.workload < other.workload : left < right
    }
  }
}

// MARK: Fairness

extension Standing {
  /// The most that the queue uses of anything that the fleet has, in billionths, by weight: one number
  /// for each level of the tree, from the top.
  func dominantShares(of queue: Int, totals: Totals) -> [Int64] {
    problem.queues.chain(queue).reversed().map { id in
      let share = totals.share(
        milliDevices: usage.devices(id, 0), cpu: usage.cpu[id], memory: usage.memory[id])
      return share / problem.queues.weight[id]
    }
  }
}

/// All that the fleet has, to measure shares by.
struct Totals {
  private let milliDevices: Int64
  private let cpu: Int64
  private let memory: Int64

  init(_ problem: Problem) {
    var (devices, cpu, memory) = (Int64(0), Int64(0), Int64(0))
    let capacities =
      problem.nodes.isEmpty
      ? problem.offers.map(\.offer.capacity) : problem.nodes.map(\.capacity)
    for capacity in capacities {
      let count = Int64(capacity.accelerators?.count ?? 0)
      devices = devices.addingSaturated(count.multipliedSaturated(by: 1000))
      cpu = cpu.addingSaturated(capacity.amounts.cpuMilli)
      memory = memory.addingSaturated(capacity.amounts.memoryBytes)
    }
    milliDevices = devices
    self.cpu = cpu
    self.memory = memory
  }

  /// The dominant share in billionths (dominant resource fairness, Ghodsi et al., NSDI'11).
  func share(milliDevices: Int64, cpu: Int64, memory: Int64) -> Int64 {
    func part(_ used: Int64, _ total: Int64) -> Int64 {
      Int64(clamping: Int128(used) * 1_000_000_000 / Int128(max(1, total)))
    }
    return max(
      part(milliDevices, self.milliDevices),
      max(part(cpu, self.cpu), part(memory, self.memory)))
  }
}
