import Model

/// The tree of queues with what each guarantees and allows, in thousandths of devices.
///
/// Dimension 0 counts devices of all models, dimension 1 + m those of model m. Node 0 of the tree is a
/// root over all queues without a parent, which guarantees what they guarantee together, so that they
/// may borrow from one another. Workloads without a queue are outside of the tree, in a queue of their
/// own without bounds.
struct QueueTree {
  /// No chain of parents is followed beyond this: manifests are checked for cycles, inputs are not.
  static let depthMax = 64

  let dimensions: Int
  /// -1 for the root and for the queue of those without one.
  private(set) var parent: [Int]
  private(set) var quota: [Int64]
  private(set) var limit: [Int64]
  private(set) var borrows: [Bool]
  private(set) var weight: [Int64]
  private var ids: [QueueName: Int] = [:]

  /// The queue of workloads without one.
  var outside: Int { parent.count - 1 }
  var count: Int { parent.count }

  init(_ specs: [QueueSpec], models: [AcceleratorModel]) {
    dimensions = 1 + models.count
    let sorted = specs.sorted { $0.name < $1.name }
    for (index, spec) in sorted.enumerated() { ids[spec.name] = index + 1 }
    let count = sorted.count + 2
    parent = Array(repeating: -1, count: count)
    quota = Array(repeating: .max, count: count * dimensions)
    limit = quota
    borrows = Array(repeating: false, count: count)
    weight = Array(repeating: 1, count: count)
    for (index, spec) in sorted.enumerated() {
      let id = index + 1
      parent[id] = spec.parent.flatMap { ids[$0] } ?? 0
      borrows[id] = spec.borrowing
      weight[id] = Int64(max(1, spec.weight))
      set(&quota, id, spec.quota, models)
      if let bound = spec.limit { set(&limit, id, bound, models) }
    }
    cutCycles()
    guaranteeTheLeftOut()
  }

  func index(of queue: QueueName?) -> Int { queue.flatMap { ids[$0] } ?? outside }

  func quota(_ queue: Int, _ dimension: Int) -> Int64 { quota[queue * dimensions + dimension] }
  func limit(_ queue: Int, _ dimension: Int) -> Int64 { limit[queue * dimensions + dimension] }

  /// The queue and its parents, the root last.
  func chain(_ queue: Int) -> [Int] {
    var chain: [Int] = []
    var node = queue
    while node >= 0 && chain.count < QueueTree.depthMax {
      chain.append(node)
      node = parent[node]
    }
    return chain
  }

  private func set(
    _ bounds: inout [Int64], _ id: Int, _ quota: Quota, _ models: [AcceleratorModel]
  ) {
    func milli(_ count: Int) -> Int64 { Int64(max(0, count)).multipliedSaturated(by: 1000) }
    if let accelerators = quota.accelerators { bounds[id * dimensions] = milli(accelerators) }
    for entry in quota.byModel {
      guard let model = models.firstIndex(of: entry.model) else { continue }
      bounds[id * dimensions + 1 + model] = milli(entry.count)
    }
  }

  private mutating func cutCycles() {
    for id in parent.indices where id > 0 && id < outside {
      if chain(id).last != 0 { parent[id] = 0 }
    }
  }

  /// A parent that states no quota guarantees what its children do together; a child that states none
  /// is guaranteed what its siblings leave of the parent's.
  private mutating func guaranteeTheLeftOut() {
    let depths = parent.indices.map { chain($0).count }
    let deepestFirst = parent.indices.sorted { (depths[$1], $0) < (depths[$0], $1) }
    let children = parent.indices.map { id in parent.indices.filter { parent[$0] == id } }
    func sum(_ ids: [Int], _ dimension: Int) -> Int64 {
      ids.reduce(0) { $0.addingSaturated(quota(($1), dimension)) }
    }
    for dimension in 0..<dimensions {
      for id in deepestFirst where quota(id, dimension) == .max && !children[id].isEmpty {
        quota[id * dimensions + dimension] = sum(children[id], dimension)
      }
      for id in deepestFirst.reversed() where quota(id, dimension) < .max {
        let stated = children[id].filter { quota($0, dimension) < .max }
        let left = max(0, quota(id, dimension).subtractingSaturated(sum(stated, dimension)))
        for child in children[id] where quota(child, dimension) == .max {
          quota[child * dimensions + dimension] = left
        }
      }
    }
  }
}

/// What stands, by queue with its children: devices in thousandths by dimension, and amounts for
/// fairness.
struct QueueUsage {
  private let dimensions: Int
  private(set) var devices: [Int64]
  private(set) var cpu: [Int64]
  private(set) var memory: [Int64]

  init(_ tree: QueueTree) {
    dimensions = tree.dimensions
    devices = Array(repeating: 0, count: tree.count * tree.dimensions)
    cpu = Array(repeating: 0, count: tree.count)
    memory = cpu
  }

  func devices(_ queue: Int, _ dimension: Int) -> Int64 {
    devices[queue * dimensions + dimension]
  }

  mutating func add(_ problem: Problem, want: Int, model: Int, sign: Int64) {
    let replica = problem.classes[problem.wants[want].classID]
    let charge = sign * replica.charge
    var queue = problem.wants[want].queue
    while queue >= 0 {
      devices[queue * dimensions].addSaturated(charge)
      if model >= 0 && charge != 0 {
        devices[queue * dimensions + 1 + model].addSaturated(charge)
      }
      cpu[queue].addSaturated(sign * replica.cpu)
      memory[queue].addSaturated(sign * replica.memory)
      queue = problem.queues.parent[queue]
    }
  }
}

extension Int64 {
  fileprivate mutating func addSaturated(_ other: Int64) { self = addingSaturated(other) }
}

// MARK: Bounds

extension Standing {
  /// What the queue may still take of a model, and the bound that says so.
  ///
  /// A queue that borrows is bounded by its limit and, further up, by what the tree guarantees
  /// together; one that does not also by its own quota.
  func headroom(queue: Int, model: Int) -> (milli: Int64, bound: PendingReason) {
    var least = Int64.max
    var bound = PendingReason.queueQuota
    let tree = problem.queues
    var id = queue
    while id >= 0 {
      let bindsQuota = !tree.borrows[id] || tree.parent[id] < 0
      for dimension in stride(from: 0, through: 1 + model, by: 1 + max(0, model)) {
        let used = usage.devices(id, dimension)
        let toLimit = tree.limit(id, dimension).subtractingSaturated(used)
        if toLimit < least { (least, bound) = (toLimit, .queueLimit) }
        let toQuota = tree.quota(id, dimension).subtractingSaturated(used)
        if bindsQuota && toQuota < least { (least, bound) = (toQuota, .queueQuota) }
      }
      id = tree.parent[id]
    }
    return (least, bound)
  }

  func isOutside(_ want: Int) -> Bool { problem.wants[want].queue == problem.queues.outside }

  /// Whether the want's queue allows one more replica on a node with accelerators of `model`.
  func queueAdmits(_ want: Int, model: Int) -> Bool {
    let queue = problem.wants[want].queue
    if queue == problem.queues.outside { return true }
    let charge = replicaClass(of: want).charge
    return charge == 0 || headroom(queue: queue, model: model).milli >= charge
  }

  /// Whether `victim`'s queue holds devices that the queue of `want` is guaranteed: below the queue
  /// that both are in, the victim's side uses more than its own quota.
  func isBorrowing(_ victim: Int, from want: Int) -> Bool {
    let tree = problem.queues
    let owners = tree.chain(problem.wants[want].queue)
    guard owners.last == 0 else { return false }
    let side = tree.chain(problem.wants[victim].queue)
    guard let meeting = side.firstIndex(where: owners.contains), meeting > 0 else { return false }
    let borrower = side[meeting - 1]
    return (0..<tree.dimensions).contains {
      usage.devices(borrower, $0) > tree.quota(borrower, $0)
    }
  }
}
