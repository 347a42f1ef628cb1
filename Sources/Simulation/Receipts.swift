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

  /// Keys that were carried out, oldest first, each once; and what came and went since somebody last
  /// asked.
  public struct Receipts: Hashable, Sendable {
    private var list: [Receipt] = []
    private var keys: Set<IdempotencyKey> = []
    public private(set) var added: [Receipt] = []
    public private(set) var forgotten: [Receipt] = []

    public init(_ list: [Receipt] = []) {
      for receipt in list { add(receipt) }
      forgetChanges()
    }

    public var count: Int { list.count }
    public var isEmpty: Bool { list.isEmpty }

    public func contains(_ key: IdempotencyKey) -> Bool { keys.contains(key) }

    mutating func add(_ receipt: Receipt) {
      guard keys.insert(receipt.key).inserted else { return }
      list.append(receipt)
      added.append(receipt)
    }

    /// Drops the oldest for as long as they are past.
    mutating func forget(while isPast: (Receipt) -> Bool) {
      let past = list.prefix(while: isPast)
      guard !past.isEmpty else { return }
      for receipt in past { keys.remove(receipt.key) }
      forgotten += past
      list.removeFirst(past.count)
    }

    public mutating func forgetChanges() {
      added = []
      forgotten = []
    }

    public static func == (left: Receipts, right: Receipts) -> Bool { left.list == right.list }

    public func hash(into hasher: inout Hasher) { hasher.combine(list) }
  }
}
