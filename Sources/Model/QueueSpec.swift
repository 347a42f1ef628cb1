/// A share of the accelerators for a group of people; queues form a tree.
public struct QueueSpec: Hashable, Sendable {
  public var metadata: Metadata
  public var parent: QueueName?
  /// Guaranteed to this queue and its children.
  public var quota: Quota
  /// Whether the queue may use what its siblings leave idle.
  public var borrowing: Bool
  /// Never exceeded, borrowing included.
  public var limit: Quota?
  /// Its share of what can be borrowed, relative to its siblings; at least 1.
  public var weight: Int
  /// For what its workloads use, and those of the queues below it.
  public var budget: Budget?

  public init(
    metadata: Metadata, parent: QueueName? = nil, quota: Quota = Quota(), borrowing: Bool = true,
    limit: Quota? = nil, weight: Int = 1, budget: Budget? = nil
  ) {
    self.metadata = metadata
    self.parent = parent
    self.quota = quota
    self.borrowing = borrowing
    self.limit = limit
    self.weight = weight
    self.budget = budget
  }

  public var name: QueueName { QueueName(metadata.name) }
}

/// Numbers of accelerators: of all models together, and of single models.
public struct Quota: Hashable, Sendable {
  public struct Entry: Hashable, Sendable {
    public let model: AcceleratorModel
    public let count: Int

    public init(_ model: AcceleratorModel, _ count: Int) {
      self.model = model
      self.count = count
    }
  }

  /// Unbounded where left out.
  public var accelerators: Int?
  /// Sorted by model.
  public var byModel: [Entry]

  public init(accelerators: Int? = nil, byModel: [Entry] = []) {
    self.accelerators = accelerators
    self.byModel = byModel.sorted { $0.model < $1.model }
  }
}
