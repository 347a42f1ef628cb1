public import Model
public import Planning

extension World {
  /// A key that was carried out, and when.
  public struct Receipt: Hashable, Sendable {
    public var key: IdempotencyKey
    public var at: Timestamp

    public init(key: IdempotencyKey, at: Timestamp) {
      self.key = key
      self.at = at
    }
  }

  /// Keys that were carried out, oldest first, and each once.
  public struct Receipts: Hashable, Sendable {
    public private(set) var list: [Receipt] = []
    private var keys: Set<IdempotencyKey> = []

    public init(_ list: [Receipt] = []) { for receipt in list { add(receipt) } }

    public var count: Int { list.count }
    public var isEmpty: Bool { list.isEmpty }

    public func contains(_ key: IdempotencyKey) -> Bool { keys.contains(key) }

    mutating func add(_ receipt: Receipt) {
      if keys.insert(receipt.key).inserted { list.append(receipt) }
    }

    /// Drops the oldest for as long as they are past.
    mutating func forget(while isPast: (Receipt) -> Bool) {
      let past = list.prefix(while: isPast)
      for receipt in past { keys.remove(receipt.key) }
      list.removeFirst(past.count)
    }

    public static func == (left: Receipts, right: Receipts) -> Bool { left.list == right.list }

    public func hash(into hasher: inout Hasher) { hasher.combine(list) }
  }
}
