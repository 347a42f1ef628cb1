public import Model

/// For whom money is spent: a workload in a cluster, or nobody there.
public struct SpendingKey: Hashable, Comparable, Sendable {
  public var cluster: ClusterName
  public var queue: QueueName?
  /// Nil for what is paid for and not used by us.
  public var workload: WorkloadName?

  public init(_ cluster: ClusterName, queue: QueueName? = nil, workload: WorkloadName? = nil) {
    self.cluster = cluster
    self.queue = queue
    self.workload = workload
  }

  public static func < (left: SpendingKey, right: SpendingKey) -> Bool {
    left.words.lexicographicallyPrecedes(right.words)
  }

  private var words: [String] { [cluster.text, queue?.text ?? "", workload?.text ?? ""] }
}

/// What was spent within one month, as far as somebody looked.
public struct Spending: Hashable, Sendable {
  public var month: Month
  public var amounts: [SpendingKey: Money]

  public init(_ month: Month, _ amounts: [SpendingKey: Money] = [:]) {
    self.month = month
    self.amounts = amounts
  }

  public var total: Money { amounts.values.reduce(.zero, +) }

  /// What `owner` spent: a cluster all that is paid for there, a queue what its workloads use and those
  /// of the queues below it.
  public func spent(by owner: BudgetOwner, among queues: [QueueSpec]) -> Money {
    switch owner {
    case .cluster(let name):
      return amounts.filter { $0.key.cluster == name }.values.reduce(.zero, +)
    case .queue(let name):
      let below = queues.subtree(of: name)
      return amounts.filter { $0.key.queue.map(below.contains) ?? false }.values
        .reduce(.zero, +)
    }
  }
}

extension [QueueSpec] {
  /// The queue itself and all below it.
  func subtree(of queue: QueueName) -> Set<QueueName> {
    let children = Dictionary(grouping: self, by: \.parent)
    var found: Set<QueueName> = []
    var next = [queue]
    while let name = next.popLast() {
      if found.insert(name).inserted { next += (children[name] ?? []).map(\.name) }
    }
    return found
  }
}

extension DesiredState {
  /// Every budget with its owner, sorted.
  public var budgets: [(owner: BudgetOwner, budget: Budget)] {
    let all =
      clusters.compactMap { cluster in
        cluster.budget.map { (BudgetOwner.cluster(cluster.name), $0) }
      }
      + queues.compactMap { queue in queue.budget.map { (BudgetOwner.queue(queue.name), $0) } }
    return all.sorted { $0.0 < $1.0 }.map { (owner: $0.0, budget: $0.1) }
  }
}
