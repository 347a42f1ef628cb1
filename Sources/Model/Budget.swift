/// How much may be spent in a month, and what comes of it when it is.
public struct Budget: Hashable, Sendable {
  public var monthly: Money
  public var onExceed: OnExceed

  public init(monthly: Money, onExceed: OnExceed = .warn) {
    self.monthly = monthly
    self.onExceed = onExceed
  }

  public enum OnExceed: String, CaseIterable, Hashable, Sendable {
    /// Plans say so.
    case warn
    /// A cluster buys no more nodes, a queue gets no more devices than it holds.
    case hold
    /// The same, and workloads that are idle by what their manifests say are stopped.
    case stopIdle
  }
}

/// Whose budget it is.
public enum BudgetOwner: Hashable, Comparable, Sendable, CustomStringConvertible {
  case cluster(ClusterName)
  case queue(QueueName)

  public var object: ObjectID {
    switch self {
    case .cluster(let name): ObjectID(.cluster, name.text)
    case .queue(let name): ObjectID(.queue, name.text)
    }
  }

  public var description: String { object.description }

  public static func < (left: BudgetOwner, right: BudgetOwner) -> Bool {
    left.object < right.object
  }
}
